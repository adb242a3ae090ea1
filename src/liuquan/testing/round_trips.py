"""How often something asks the database: what libpq itself sends, counted on the wire."""

from __future__ import annotations

import tempfile
from collections.abc import Callable

from django.db import connection
from psycopg import pq


def round_trips(act: Callable[[], object]) -> int:
    """How many round trips to the database the act took."""
    wire: pq.abc.PGconn = connection.connection.pgconn
    with tempfile.TemporaryFile("w+") as file:
        wire.trace(file.fileno())
        try:
            act()
        finally:
            wire.untrace()
        file.seek(0)
        return sum(line.split("\t")[1:2] == ["F"] and ("Sync" in line or "Query" in line) for line in file)
