"""Who has entered the query code of a case: kept in the session for half an hour, so no URL contains it."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.http import HttpRequest

_KEY = "cases_held"
_VISITOR = "visitor"
_FOR = timedelta(minutes=30)
_MOST = 20


def remember(request: HttpRequest, number: str, *, now: datetime, since: datetime | None = None) -> None:
    """Remember that this visitor holds the slip; `since`: when this was shown, if earlier than now. The
    session key is renewed to prevent session fixation."""
    request.session.setdefault(_VISITOR, uuid.uuid4().hex)
    held = _fresh(request, now) | {number: (since or now).isoformat()}
    request.session[_KEY] = dict(list(held.items())[-_MOST:])
    request.session.cycle_key()


def holds(request: HttpRequest, number: str, *, now: datetime) -> bool:
    """Whether this visitor showed the code of this case in the last half hour."""
    return number in _fresh(request, now)


def held(request: HttpRequest, *, now: datetime) -> list[str]:
    """The cases this visitor follows now, newest first."""
    return list(reversed(_fresh(request, now)))


def visitor(request: HttpRequest) -> str:
    """An identifier for the slip holder of this session, kept when the session key changes; else empty."""
    return str(request.session.get(_VISITOR, ""))


def _fresh(request: HttpRequest, now: datetime) -> dict[str, str]:
    known = request.session.get(_KEY)
    if not isinstance(known, dict):
        return {}
    return {
        number: at for number, at in known.items() if timedelta(0) <= now - datetime.fromisoformat(at) < _FOR
    }
