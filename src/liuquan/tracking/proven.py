"""Who has proven by a one-time code which party they are: kept in the session for half an hour."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.http import HttpRequest

_ASKED: Final = "mine_asked"
_EMAIL: Final = "mine_email"
_PROVEN: Final = "mine"
_FOR: Final = timedelta(minutes=30)


def asked(request: HttpRequest) -> str:
    """The number of the code this visitor asked for last; empty if none."""
    return str(request.session.get(_ASKED, ""))


def remember_asked(request: HttpRequest, number: str) -> None:
    """This visitor asked for a code."""
    request.session[_ASKED] = number


def asked_email(request: HttpRequest) -> str:
    """The number of the code sent to this visitor's address for mail; empty if none."""
    return str(request.session.get(_EMAIL, ""))


def remember_asked_email(request: HttpRequest, number: str) -> None:
    """A code was sent to this visitor's address for mail; empty: that is done with."""
    request.session[_EMAIL] = number


def remember(request: HttpRequest, party: str, *, now: datetime) -> None:
    """This visitor is the party. The session key is renewed to prevent session fixation."""
    request.session.pop(_ASKED, None)
    request.session[_PROVEN] = {"party": party, "at": now.isoformat()}
    request.session.cycle_key()


def party(request: HttpRequest, *, now: datetime) -> tuple[str, datetime] | None:
    """Which party this visitor is and since when that is proven; nothing after half an hour."""
    known = request.session.get(_PROVEN)
    if not isinstance(known, dict):
        return None
    at = datetime.fromisoformat(known["at"])
    return (str(known["party"]), at) if timedelta(0) <= now - at < _FOR else None


def forget(request: HttpRequest) -> None:
    """This visitor leaves: nothing of the session is kept, cases that were opened neither."""
    request.session.flush()
