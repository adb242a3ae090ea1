"""The demo's city in a home of its own, with fifty operators more and a secret for the phone system: where
the hotline's pages are measured as they are served."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import office

#: Friday, 20 March 2026, 11:00 in Shanghai
NOW = datetime(2026, 3, 20, 3, 0, tzinfo=UTC)
OPERATORS = 50
SECRET = "a secret of the bench alone"  # noqa: S105 - it opens nothing
_POST = "RX-JX1"


@contextlib.contextmanager
def opened() -> Iterator[Any]:
    """The server of a home of its own with the city in it; both go in the end."""
    os.environ["LIUQUAN_PHONE_SECRET"] = SECRET
    with office.opened() as server:
        settle()
        yield server


def settle() -> None:
    """Make the tables, the calendar, the city of the demo's pack, and its operators."""
    from liuquan.kernel.home import CHECKOUT
    from liuquan.organisation import actions as organisation
    from liuquan.organisation.types import SYSTEM
    from liuquan.site import packs
    from liuquan.site.commands.database import migrate

    folder = CHECKOUT / "packs" / "demo"
    migrate()
    organisation.load_calendar(by=SYSTEM, now=NOW)
    packs.load_pack(folder, by=SYSTEM, now=NOW)
    organisation.load_organisation(_with_operators(packs.read_pack(folder).organisation), by=SYSTEM, now=NOW)


def operator(serial: int) -> str:
    """The login of one of the operators."""
    return f"bench{serial:02}"


def actor(login: str) -> Any:
    """Whoever signs in by this login, in their post."""
    from django.contrib.auth.models import User

    from liuquan.organisation import queries as organisation

    return organisation.actor_for(User.objects.get(username=login), on=NOW.date())


def session(login: str) -> tuple[str, str]:
    """The cookie of a session in which this person is signed in."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.auth.models import User
    from django.contrib.sessions.backends.db import SessionStore

    user = User.objects.get(username=login)
    opened = SessionStore()
    opened[SESSION_KEY], opened[BACKEND_SESSION_KEY] = str(user.pk), settings.AUTHENTICATION_BACKENDS[0]
    opened[HASH_SESSION_KEY] = user.get_session_auth_hash()
    opened.create()
    return settings.SESSION_COOKIE_NAME, str(opened.session_key)


def _with_operators(given: Any) -> Any:
    from liuquan.organisation.types import HoldingData, StaffData

    more = [StaffData(f"BN{serial:04}", f"席小{serial:02}", operator(serial)) for serial in range(OPERATORS)]
    holds = [HoldingData(one.number, _POST, datetime(2024, 1, 1, tzinfo=UTC).date()) for one in more]
    return replace(given, staff=(*given.staff, *more), holdings=(*given.holdings, *holds))
