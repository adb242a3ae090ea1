"""The folder of keys outside the machine: sealed, with the key to it split among custodians, on paper.

`export` writes one sealed file and a share for each custodian; any `needed` of the shares open it, fewer tell
nothing (Shamir, `sealing.sharing`). The sealed file may lie with the data backups. A share is four short
lines in plain letters with a check in each, to be printed and typed in again. `bring_back` puts keys into a
home: from shares, or from the archive that `backup --keys` wrote. Neither writes over a key that is there.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import secrets
import tarfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag

from liuquan.kernel import key_files, sm_crypto
from liuquan.kernel.ciphers import AES_KEY_BYTES, NONCE_BYTES, SM4_KEY_BYTES, cipher
from liuquan.kernel.refusals import BadInput, Unavailable, WrongState
from liuquan.sealing import sharing

SEALED: Final = "keys.sealed"
DJANGO: Final = "django.txt"  #: the web pages' secret: where it is missing, a new one is made at the start
_MAGIC: Final = b"LQKEYS1\n"
_LINE: Final = 8
_ENDING: Final = ".key"
_HEAD: Final = re.compile(r"第\s*(\d+)\s*份.*共\s*(\d+)\s*份.*任意\s*(\d+)\s*份")
_SET: Final = re.compile(r"编号\s*([0-9a-f]{8})", re.IGNORECASE)
_ROW: Final = re.compile(r"^\s*(\d)\s+((?:[0-9a-f]{4}\s*){5})\s*$", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True)
class Exported:
    """What `export` wrote: the sealed file, the shares, and the number that ties them together."""

    sealed: Path
    shares: tuple[Path, ...]
    set_id: str


@dataclass(frozen=True)
class _Share:
    number: int
    needed: int
    set_id: str
    value: bytes


def export(target: Path, *, shares: int, needed: int) -> Exported:
    """Write the sealed keys and the shares into a new folder, readable by its owner alone.

    Refuses (422) numbers that make no sense, a folder that exists.
    """
    if not sharing.FEWEST_NEEDED <= needed <= shares <= sharing.MOST_SHARES:
        raise BadInput(
            f"份数应在 {sharing.FEWEST_NEEDED} 到 {sharing.MOST_SHARES} 之间，恢复所需份数不能多于总份数。"
        )
    try:
        target.mkdir(mode=0o700)
    except FileExistsError:
        raise BadInput(f"{target} 已经存在：请另指定一个新文件夹。") from None
    key = secrets.token_bytes(SM4_KEY_BYTES if sm_crypto.in_use() else AES_KEY_BYTES)
    nonce = os.urandom(NONCE_BYTES)
    content = _MAGIC + nonce + cipher(key).encrypt(nonce, _packed(), _MAGIC)
    set_id = _set_id(content)
    _write(target / SEALED, content)
    written = []
    for number, value in sharing.split(key, needed=needed, count=shares).items():
        path = target / f"share-{number}.txt"
        _write(path, _share_text(number, shares, needed, set_id, value).encode())
        written.append(path)
    return Exported(target / SEALED, tuple(written), set_id)


def open_sealed(sealed: bytes, texts: Sequence[str]) -> dict[str, bytes]:
    """The files of a sealed folder, opened with enough shares.

    Refuses (422): a mistyped line (which one), shares of another set, one share twice, too few.
    """
    if not sealed.startswith(_MAGIC):
        raise BadInput(f"这不是密钥备份：请选择导出时的 {SEALED}。")
    shares = {share.number: share for share in (_read_share(text) for text in texts)}
    if len(shares) != len(texts):
        raise BadInput("同一份额给了两次：请换另一位保管人的份额。")
    if any(share.set_id != _set_id(sealed) for share in shares.values()):
        raise BadInput("份额的备份编号与这个备份文件不符：请找同一次导出的份额。")
    needed = max((share.needed for share in shares.values()), default=sharing.FEWEST_NEEDED)
    if len(shares) < needed:
        raise BadInput(f"需要 {needed} 份份额，现在只有 {len(shares)} 份：请再请一位保管人到场。")
    longest = max(len(share.value) for share in shares.values())
    if short := [number for number, share in shares.items() if len(share.value) < longest]:
        raise BadInput(f"第 {short[0]} 份份额少录了几行：请照纸上全部录入。")
    chosen = {number: share.value for number, share in sorted(shares.items())[:needed]}
    nonce, content = sealed[len(_MAGIC) : len(_MAGIC) + NONCE_BYTES], sealed[len(_MAGIC) + NONCE_BYTES :]
    try:
        plain = cipher(sharing.value_at(chosen, 0)).decrypt(nonce, content, _MAGIC)
    except (InvalidTag, ValueError) as error:
        raise BadInput("份额或者备份文件有误，打不开：请逐行核对份额，或换另一份备份。") from error
    return read_archive(plain)


def read_archive(content: bytes) -> dict[str, bytes]:
    """The files of an archive of keys. Refuses (422) anything but plain files with plain names."""
    found = {}
    try:
        with tarfile.open(fileobj=io.BytesIO(content), mode="r:") as archive:
            for entry in archive:
                file = archive.extractfile(entry) if entry.isfile() else None
                if file is None or "/" in entry.name or entry.name.startswith("."):
                    raise BadInput(f"密钥备份里有不该有的条目“{entry.name}”：请换另一份备份。")
                found[entry.name] = file.read()
    except tarfile.TarError as error:
        raise BadInput("密钥备份不能读取：请换另一份备份。") from error
    return found


def bring_back(files: Mapping[str, bytes]) -> list[str]:
    """Put keys into the home; gives the names of those that were not there.

    Refuses (409), before anything is written, another installation's keys and a key that differs from the one
    that is there.
    """
    with key_files.exclusively():
        place = key_files.folder()
        refuse_other_keys(files, key_files.made_keys())
        for name, content in files.items():
            path = place / name
            if name != DJANGO and path.exists() and path.read_bytes() != content:
                raise WrongState(f"本机已有另一把 {name}：请先把它移走另存，再运行一次。")
        fresh = [name for name in sorted(files) if not (place / name).exists()]
        for name, content in files.items():
            key_files.write_whole(place / name, content.decode("ascii"))
    key_files.forget()
    return fresh


def refuse_other_keys(files: Mapping[str, bytes], made: Sequence[key_files.Made]) -> None:
    """Refuse (409) keys that are not those of this list: another installation's backup, or another's list."""
    known = {each.name: each.check for each in made}
    for name, content in files.items():
        plain = name.removeprefix(key_files.RETIRED)
        stem = plain.removesuffix(_ENDING)
        if stem == plain or stem not in known:
            continue
        try:
            check = key_files.check_of(stem, bytes.fromhex(content.decode("ascii").strip()))
        except ValueError as error:
            raise WrongState(f"密钥备份中的 {name} 已损坏：请换另一份备份。") from error
        if known[stem] != check:
            raise WrongState(f"密钥备份中的 {name} 不是本系统的密钥：请核对是哪个系统的备份。")


def _packed() -> bytes:
    buffer = io.BytesIO()
    with key_files.exclusively(), tarfile.open(fileobj=buffer, mode="w") as archive:
        for path in sorted(key_files.folder().iterdir()):
            if path.is_file() and not path.name.startswith("."):
                entry = tarfile.TarInfo(path.name)
                content = path.read_bytes()
                entry.mode, entry.size = 0o600, len(content)
                archive.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()


def _share_text(number: int, shares: int, needed: int, set_id: str, value: bytes) -> str:
    rows = []
    for line, start in enumerate(range(0, len(value), _LINE), 1):
        part = value[start : start + _LINE]
        shown = (part + _line_check(set_id, number, line, part)).hex()
        rows.append(f"{line}  " + " ".join(shown[at : at + 4] for at in range(0, len(shown), 4)))
    return "\n".join(
        [
            f"六权密钥备份 第 {number} 份（共 {shares} 份，任意 {needed} 份可恢复）",
            f"备份编号 {set_id}",
            *rows,
            f"请打印封存，由一人单独保管；不要拍照，不要与 {SEALED} 或其他份额放在一起。",
            "",
        ]
    )


def _read_share(text: str) -> _Share:
    head, found = _HEAD.search(text), _SET.search(text)
    rows = _ROW.findall(text)
    if head is None or found is None or not rows:
        raise BadInput("份额不完整：请照纸上的全部各行录入，包括“第几份”和备份编号。")
    number, needed, set_id = int(head[1]), int(head[3]), found[1].lower()
    value = b""
    for line, (shown_line, shown) in enumerate(rows, 1):
        raw = bytes.fromhex("".join(shown.split()))
        part = raw[:_LINE]
        if int(shown_line) != line or raw[_LINE:] != _line_check(set_id, number, line, part):
            raise BadInput(f"第 {number} 份份额的第 {line} 行有误：请核对后重新录入。")
        value += part
    if len(value) not in (AES_KEY_BYTES, SM4_KEY_BYTES) or not 0 < number <= sharing.MOST_SHARES:
        raise BadInput(f"第 {number} 份份额少录了几行：请照纸上全部录入。")
    return _Share(number, needed, set_id, value)


def _line_check(set_id: str, number: int, line: int, part: bytes) -> bytes:
    return hashlib.sha256(f"{set_id}/{number}/{line}/".encode() + part).digest()[:2]


def _set_id(sealed: bytes) -> str:
    return hashlib.sha256(sealed).hexdigest()[:8]


def _write(path: Path, content: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def refuse_missing() -> None:
    """Refuse (503) to start where keys that were made are not there."""
    if missing := key_files.missing_keys():
        raise Unavailable(
            f"缺少密钥 {'、'.join(missing)}：请先用 `keys import` 从密钥备份恢复（不要另造新密钥），再启动。",
            code="key_missing",
        )
