"""Which database, as which role, and the installation's secret key."""

import contextlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from liuquan.kernel.home import Home
from liuquan.kernel.postgres import ServerRefused, address
from liuquan.kernel.postgres.roles import APPLICATION, DATABASE, OWNER

ROLE_VARIABLE = "LIUQUAN_DATABASE_ROLE"
POOL_VARIABLE = "LIUQUAN_POOL_SIZE"
URLS = {"app": "DATABASE_URL", "owner": "DATABASE_OWNER_URL"}


def database(home: Home, role: str = "") -> dict[str, Any]:
    """Django's settings of the database: the home's embedded server, or the one that `DATABASE_URL` names."""
    role = role or os.environ.get(ROLE_VARIABLE, "app")
    if role not in URLS:
        raise ServerRefused(f"{ROLE_VARIABLE} 只能是 app 或 owner，不能是 {role}。")
    if os.environ.get("DATABASE_URL"):
        chosen = _from_url(os.environ.get(URLS[role]) or os.environ["DATABASE_URL"])
    else:
        chosen = {"NAME": DATABASE, "USER": OWNER if role == "owner" else APPLICATION, "HOST": address(home)}
    chosen.setdefault("OPTIONS", {})
    # The pool forbids persistent connections; it must hold at least one connection per web thread.
    if size := int(os.environ.get(POOL_VARIABLE) or 0):
        chosen["OPTIONS"]["pool"] = {"min_size": 1, "max_size": size, "timeout": 5}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,
        **chosen,
    }


@contextlib.contextmanager
def as_owner() -> Iterator[None]:
    """Switch this thread's connection to the owner of the tables for a while: for migrations only."""
    from django.conf import settings
    from django.db import connection

    before = {key: connection.settings_dict[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT")}
    owner = database(settings.HOME, role="owner")
    connection.close()
    connection.settings_dict.update({key: owner.get(key, "") for key in before})
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(before)


def secret_key(home: Home) -> str:
    """Django's secret key: made once for the home, kept with its keys, in no backup of the database."""
    path = home.keys / "django.txt"
    if not path.exists():
        _write_once(path, secrets.token_urlsafe(48))
    return path.read_text().strip()


def _write_once(path: Path, text: str) -> None:
    # Linked into place whole: two first starts agree on one key, and nobody reads half of it.
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text + "\n")
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _from_url(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"} or len(parts.path) < 2:
        raise ServerRefused("DATABASE_URL 应写成 postgresql://用户:口令@主机:5432/数据库，请改正。")
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    return {
        "NAME": unquote(parts.path[1:]),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", "") or unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
    }
