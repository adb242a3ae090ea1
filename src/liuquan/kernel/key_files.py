"""The files of secret keys: one key a file, mode 0600, named by kind and generation, under the home's `keys`.

Generations of a kind are numbered from 1; the highest is the newest. A running process sees a new generation
at its next use: it only asks whether the next number is there. Keys that are there are read once. Nothing
here is ever written to a log, shown in a list of processes or put into the database.

Losing the folder loses what the keys protect: it is backed up apart from the database (`docs/keys.md`).

Cites: 个人信息保护法 第五十一条
"""

from __future__ import annotations

import base64
import fcntl
import os
import secrets
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from liuquan.kernel.home import VARIABLE, current_home
from liuquan.kernel.refusals import Unavailable

KEY_BYTES: Final = 32

_CACHE: dict[Path, bytes] = {}
_FOLDERS: dict[str, Path] = {}
_NEWEST: dict[tuple[Path, str], int] = {}
_LOCK = threading.Lock()


def folder() -> Path:
    """The home's `keys` folder."""
    named = os.environ.get(VARIABLE, "")
    found = _FOLDERS.get(named)
    if found is None:
        found = _FOLDERS[named] = current_home().keys
    return found


def path_of(kind: str, generation: int) -> Path:
    """Where a key lies, or would lie."""
    return folder() / f"{kind}-{generation:05d}.key"


def generations(kind: str) -> list[int]:
    """The generations of a kind that are there, oldest first."""
    return sorted(int(path.stem.removeprefix(f"{kind}-")) for path in folder().glob(f"{kind}-[0-9]????.key"))


def newest(kind: str) -> int:
    """The newest generation; 1 where none is there yet. A generation added by another process is noticed."""
    place = (folder(), kind)
    known = _NEWEST.get(place)
    if known is None:
        known = max(generations(kind), default=0) or 1
    while path_of(kind, known + 1).exists():
        known += 1
    _NEWEST[place] = known
    return known


def add(kind: str) -> int:
    """Make the next generation and return its number."""
    with exclusively():
        number = max(generations(kind), default=0) + 1
        _make(path_of(kind, number), secrets.token_bytes(KEY_BYTES))
    return number


def keep(kind: str, generation: int, key: bytes) -> None:
    """Write a key that was made elsewhere (by a library). An existing one is never written over."""
    _make(path_of(kind, generation), key)


def read(kind: str, generation: int, *, make: bool = False) -> bytes:
    """The key. With `make` the first use makes it. Refuses (503): missing, readable by others, damaged."""
    path = path_of(kind, generation)
    known = _CACHE.get(path)
    if known is not None:
        return known
    if make and not path.exists():
        _make(path, secrets.token_bytes(KEY_BYTES))
    key = _CACHE[path] = read_file(path)
    return key


def read_file(path: Path) -> bytes:
    """The key in a file, afresh. Refuses (503): missing, readable by others, damaged."""
    try:
        if path.stat().st_mode & 0o077:
            raise Unavailable(
                f"密钥文件 {path.name} 的权限过宽，请系统管理员改为仅服务账户可读（0600）后重试。",
                code="key_readable_by_others",
            )
        key = base64.b16decode(path.read_text(encoding="ascii").strip(), casefold=True)
    except FileNotFoundError as error:
        raise Unavailable(
            f"缺少密钥文件 {path.name}，请系统管理员从密钥备份恢复后重试。", code="key_missing"
        ) from error
    except (ValueError, UnicodeDecodeError) as error:
        raise _damaged(path) from error
    if len(key) != KEY_BYTES:
        raise _damaged(path)
    return key


def forget() -> None:
    """Forget what was read, so that the files are read again."""
    with _LOCK:
        _CACHE.clear()
        _NEWEST.clear()
        _FOLDERS.clear()


@contextmanager
def exclusively() -> Iterator[None]:
    """One process at a time changes what is in the folder; the lock goes when the process goes."""
    with _LOCK:
        descriptor = os.open(folder(), os.O_RDONLY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)


def write_whole(path: Path, content: str, *, mode: int = 0o600) -> None:
    """Put a file in place of an old one so that readers see the old or the new, whole and on disk."""
    draft = _draft(path, content)
    try:
        os.chmod(draft, mode)
        os.replace(draft, path)
    finally:
        Path(draft).unlink(missing_ok=True)
    sync_folder(path.parent)


def sync_folder(place: Path) -> None:
    """Wait until names made or changed in a folder are on disk."""
    descriptor = os.open(place, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _make(path: Path, key: bytes) -> None:
    """Write a new key so that of several racing processes one wins and all read the same whole file."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = _draft(path, key.hex() + "\n")
    try:
        os.link(draft, path)  # fails when another process was first: then its key is the key
    except FileExistsError:
        return
    finally:
        os.unlink(draft)
    sync_folder(path.parent)


def _draft(path: Path, content: str) -> str:
    descriptor, draft = tempfile.mkstemp(prefix=".new-", dir=path.parent)  # mkstemp makes it 0600
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return draft


def _damaged(path: Path) -> Unavailable:
    return Unavailable(f"密钥文件 {path.name} 已损坏，请系统管理员从密钥备份恢复。", code="key_damaged")
