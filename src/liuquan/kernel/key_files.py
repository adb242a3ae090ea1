"""The files of secret keys: one key a file, mode 0600, named by kind and generation, under the home's `keys`.

Generations of a kind are numbered from 1; the highest is the newest. A running process sees a new generation
at its next use: it only asks whether the next number is there. Keys that are there are read once. Nothing
here is ever written to a log, shown in a list of processes or put into the database.

`keys-made.txt` in the home, which goes with the backup of the data, names every key that was ever made and
8 bytes of a hash over it. So a key that was lost is noticed instead of silently made again, and another
installation's key is not taken for ours. Losing the folder loses what the keys protect: `docs/keys.md`.

Cites: 个人信息保护法 第五十一条
"""

from __future__ import annotations

import base64
import fcntl
import hashlib
import os
import secrets
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from liuquan.kernel.home import VARIABLE, current_home
from liuquan.kernel.refusals import Unavailable

KEY_BYTES: Final = 32
LIST: Final = "keys-made.txt"
RETIRED: Final = "retired-"
_STATES: Final = ("in_use", "retired", "lost")

# By the variable that names the home, since a process of tests works in several. Paths as text: these are
# asked for with every value.
_CACHE: dict[tuple[str, str, int], bytes] = {}
_FOLDERS: dict[str, Path] = {}
_NEWEST: dict[tuple[str, str], tuple[int, str]] = {}
_LOCK = threading.Lock()


@dataclass(frozen=True)
class Made:
    """A key that was made once: its name, the check over it, and whether it is in use, retired or lost."""

    name: str
    check: str
    state: str = "in_use"


def folder() -> Path:
    """The home's `keys` folder."""
    named = os.environ.get(VARIABLE, "")
    found = _FOLDERS.get(named)
    if found is None:
        found = _FOLDERS[named] = current_home().keys
    return found


def path_of(kind: str, generation: int) -> Path:
    """The path of a key, whether it exists or not."""
    return folder() / f"{kind}-{generation:05d}.key"


def generations(kind: str) -> list[int]:
    """The generations of a kind that are there, oldest first."""
    return sorted(int(path.stem.removeprefix(f"{kind}-")) for path in folder().glob(f"{kind}-[0-9]????.key"))


def newest(kind: str) -> int:
    """The newest generation; 1 where none is there yet. A generation added by another process is noticed."""
    place = (os.environ.get(VARIABLE, ""), kind)
    known, following = _NEWEST.get(place) or _newest_there(kind)
    while os.path.exists(following):
        known, following = known + 1, str(path_of(kind, known + 2))
    _NEWEST[place] = (known, following)
    return known


def next_of(kind: str) -> int:
    """The number after every generation that was ever made, lost ones included."""
    made = [int(each.name.rpartition("-")[2]) for each in made_keys() if each.name.rpartition("-")[0] == kind]
    return max([*made, *generations(kind)], default=0) + 1


def add(kind: str) -> int:
    """Make the next generation and return its number."""
    with exclusively():
        return add_locked(kind, secrets.token_bytes(KEY_BYTES))


def add_locked(kind: str, key: bytes) -> int:
    """As :func:`add`, with a key that was made elsewhere (by a library), inside `exclusively`."""
    number = next_of(kind)
    _make(path_of(kind, number), key)
    return number


def read(kind: str, generation: int, *, make: bool = False) -> bytes:
    """The key. With `make` the first use makes it.

    Refuses (503): missing, made before and lost, readable by others, damaged, another installation's.
    """
    place = (os.environ.get(VARIABLE, ""), kind, generation)
    known = _CACHE.get(place)
    if known is None:
        known = _CACHE[place] = _read(path_of(kind, generation), make)
    return known


def read_file(path: Path) -> bytes:
    """The key in a file, read again. Refuses (503): missing, readable by others, damaged."""
    try:
        if path.stat().st_mode & 0o077:
            raise Unavailable(
                f"密钥文件 {path.name} 的权限过宽，请系统管理员改为仅服务账户可读（0600）后重试。",
                code="key_readable_by_others",
            )
        key = base64.b16decode(path.read_text(encoding="ascii").strip(), casefold=True)
    except FileNotFoundError as error:
        if path.with_name(RETIRED + path.name).exists():
            raise Unavailable(
                f"密钥 {path.stem} 已停用：要打开用它加密的旧内容，"
                f"请系统管理员把 {RETIRED}{path.name} 改回原名。",
                code="key_retired",
            ) from error
        raise _missing(path.stem) from error
    except (ValueError, UnicodeDecodeError) as error:
        raise _damaged(path) from error
    if len(key) != KEY_BYTES:
        raise _damaged(path)
    return key


def list_path() -> Path:
    """The path of the list of all keys that were ever made: beside the folder, with the data."""
    return folder().parent / LIST


def made_keys() -> list[Made]:
    """Every key of this home that was ever made. Refuses (503) a list that cannot be read."""
    return read_list(list_path())


def read_list(path: Path) -> list[Made]:
    """The keys a list names; none where there is no list. Refuses (503) one that cannot be read."""
    try:
        lines = path.read_text(encoding="ascii").splitlines()
        found = [Made(*line.split(" ")) for line in lines]
    except FileNotFoundError:
        return []
    except (TypeError, ValueError) as error:
        raise Unavailable(
            f"密钥清单 {LIST} 已损坏，请系统管理员从数据备份恢复。", code="key_damaged"
        ) from error
    if any(each.state not in _STATES for each in found):
        raise Unavailable(f"密钥清单 {LIST} 已损坏，请系统管理员从数据备份恢复。", code="key_damaged")
    return found


def missing_keys() -> list[str]:
    """The names of keys in use whose file is not there: nothing that needs them may start."""
    return [
        each.name
        for each in made_keys()
        if each.state == "in_use" and not (folder() / f"{each.name}.key").exists()
    ]


def mark(name: str, state: str) -> None:
    """Enter in the list that a key is in use again, retired or lost; the lock is held."""
    _write_list([Made(each.name, each.check, state) if each.name == name else each for each in made_keys()])


def retire(kind: str, generation: int) -> None:
    """Take a key out of use by renaming its file, so that nothing opens with it; it can be renamed back."""
    path = path_of(kind, generation)
    with exclusively():
        read_file(path)
        mark(path.stem, "retired")
        path.rename(path.with_name(RETIRED + path.name))
        sync_folder(path.parent)
    forget()


def reinstate(kind: str, generation: int) -> None:
    """Undo :func:`retire`."""
    path = path_of(kind, generation)
    with exclusively():
        path.with_name(RETIRED + path.name).rename(path)
        sync_folder(path.parent)
        mark(path.stem, "in_use")


def check_of(name: str, key: bytes) -> str:
    """The check of a key in the list: enough to distinguish it from another, nothing to derive it from."""
    return hashlib.sha256(f"liuquan.key-check\0{name}\0".encode() + key).digest()[:8].hex()


def forget() -> None:
    """Forget what was read, so that the files are read again."""
    with _LOCK:
        _CACHE.clear()
        _NEWEST.clear()
        _FOLDERS.clear()


@contextmanager
def exclusively() -> Iterator[None]:
    """One process at a time changes what is in the folder; the lock ends with the process."""
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


def _newest_there(kind: str) -> tuple[int, str]:
    known = max(generations(kind), default=1)
    return known, str(path_of(kind, known + 1))


def _read(path: Path, make: bool) -> bytes:
    with exclusively():
        if make and not path.exists():
            _make(path, secrets.token_bytes(KEY_BYTES))
        key = read_file(path)
        _enter(path.stem, key)
    return key


def _make(path: Path, key: bytes) -> None:
    """Write a new key whole, and enter it in the list; the lock is held. Never writes over a key, and makes
    none in place of one that was lost."""
    if any(each.name == path.stem for each in made_keys()):
        raise _missing(path.stem)
    draft = _draft(path, key.hex() + "\n")
    try:
        os.link(draft, path)
    finally:
        os.unlink(draft)
    sync_folder(path.parent)
    _enter(path.stem, key)


def _enter(name: str, key: bytes) -> None:
    """Compare a key with the list; one that is not in it yet (of an older version, or whose making was cut
    short) is added."""
    check = check_of(name, key)
    made = made_keys()
    for each in made:
        if each.name == name and each.check != check:
            raise Unavailable(
                f"密钥文件 {name}.key 不是本系统的密钥，请系统管理员从本系统的密钥备份恢复。",
                code="key_of_another",
            )
    if all(each.name != name for each in made):
        _write_list([*made, Made(name, check)])


def _write_list(made: list[Made]) -> None:
    lines = (f"{each.name} {each.check} {each.state}\n" for each in sorted(made, key=lambda one: one.name))
    write_whole(list_path(), "".join(lines))


def _missing(name: str) -> Unavailable:
    return Unavailable(f"缺少密钥文件 {name}.key，请系统管理员从密钥备份恢复后重试。", code="key_missing")


def _draft(path: Path, content: str) -> str:
    descriptor, draft = tempfile.mkstemp(prefix=".new-", dir=path.parent)  # mkstemp makes it 0600
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return draft


def _damaged(path: Path) -> Unavailable:
    return Unavailable(f"密钥文件 {path.name} 已损坏，请系统管理员从密钥备份恢复。", code="key_damaged")
