"""Sharing one server between processes: the first starts it, the last one stops it.

Who uses the server holds a shared lock on a file of the home; the kernel lets go of it when its holder dies,
however it dies. Entering and leaving are one at a time under a second lock, so that nobody enters a server
that is being stopped.
"""

import contextlib
import fcntl
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.parse import quote

from liuquan.kernel.home import Home
from liuquan.kernel.postgres.cluster import NOBODY, SUPERUSER, Cluster
from liuquan.kernel.postgres.place import Place, make_place, place_of
from liuquan.kernel.postgres.roles import prepare_server


@dataclass(frozen=True)
class Server:
    """A running server."""

    place: Place

    @property
    def host(self) -> str:
        """The folder of its socket, as libpq's `host`."""
        return str(self.place.sockets)

    def dsn(self, database: str, role: str = SUPERUSER) -> str:
        """The address of a database for a role, as libpq takes it."""
        return f"postgresql://{quote(role)}@/{quote(database)}?host={quote(self.host, safe='')}"


def address(home: Home) -> str:
    """The socket folder of the home's server, whether it runs or not."""
    return str(place_of(home).sockets)


@contextlib.contextmanager
def serving(home: Home, settings: Mapping[str, str] | None = None) -> Iterator[Server]:
    """Use the home's server; start it if it does not run, stop it when this was its last user.

    `settings` are the server's own, and count only for the one who starts it. Refuses (`ServerRefused`) what
    would endanger data: another major version, processes of a dead server still alive, a stranger's folder.
    """
    place = place_of(home)
    cluster = Cluster(place, settings)
    with _locked(home.root, "server.lock"):
        make_place(home, place)
        using = _open(home.root / "server.users")
        fcntl.flock(using, fcntl.LOCK_SH)
        try:
            server = Server(place)
            prepared = place.folder / "prepared"
            if cluster.ensure_running() or not prepared.exists():
                prepare_server(server.dsn)
                prepared.touch()
        except BaseException:
            _leave(using, cluster)
            raise
    try:
        yield server
    finally:
        with _locked(home.root, "server.lock"):
            _leave(using, cluster)


def revive(home: Home) -> bool:
    """Start the home's server again if it died, and say whether it had; long users call this often."""
    place = place_of(home)
    with _locked(home.root, "server.lock"):
        return Cluster(place).ensure_running()


def _leave(using: IO[bytes], cluster: Cluster) -> None:
    try:
        fcntl.flock(using, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return  # others still use it
    else:
        if cluster.answer() != NOBODY or cluster.postmaster() is not None:
            cluster.stop()
    finally:
        using.close()


@contextlib.contextmanager
def _locked(root: Path, name: str) -> Iterator[None]:
    root.mkdir(mode=0o711, parents=True, exist_ok=True)
    with _open(root / name) as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _open(path: Path) -> IO[bytes]:
    return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600), "r+b")
