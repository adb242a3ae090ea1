"""The drafts that this browser has open, so that Back, reload and a link find them.

No address names a code: it names a handle, which means nothing outside of this session. The code behind it
stands in the session encrypted, as the table of sessions must tell none either. All is over with the session
(eight hours, or when the browser is closed); the draft itself then opens by its code alone (`kernel.drafts`).
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.http import HttpRequest

from liuquan.kernel import drafts, secrecy
from liuquan.kernel.drafts import Draft
from liuquan.kernel.refusals import Unavailable

_KEY: Final = "drafts_held"
_PURPOSE: Final = "draft.held"
_MOST: Final = 10


@dataclass(frozen=True)
class Held:
    """One draft of this browser. `number`: what became of it; then it holds no draft any more."""

    handle: str
    place: str
    draft: Draft | None = None
    number: str = ""


def hold(request: HttpRequest, draft: Draft) -> str:
    """Hold this draft; its handle, the same one for the same draft."""
    if known := handle(request, draft.code):
        return known
    new = secrets.token_hex(8)
    row = {"place": draft.place, "sealed": secrecy.encrypt(draft.code, purpose=_PURPOSE).hex()}
    request.session[_KEY] = dict(list((_known(request) | {new: row}).items())[-_MOST:])
    return new


def handle(request: HttpRequest, code: str) -> str:
    """The handle of the draft with this code; nothing where this browser does not hold it."""
    return next((one for one, row in _known(request).items() if code and _code(row) == code), "")


def find(request: HttpRequest, handle: str, *, place: str, now: datetime) -> Held | None:
    """What this browser holds under the handle, if it belongs here; nothing once it is over."""
    row = _known(request).get(handle)
    if row is None or row["place"] != place:
        return None
    if number := str(row.get("number", "")):
        return Held(handle, place, number=number)
    draft = drafts.find(_code(row), place=place, now=now)
    return Held(handle, place, draft) if draft else None


def unfinished(request: HttpRequest, *, place: str, now: datetime) -> list[Held]:
    """The drafts of this place, or of all below it, that this browser may go on with, the newest first."""
    rows = reversed(_known(request).items())
    found = (
        find(request, handle, place=row["place"], now=now)
        for handle, row in rows
        if row["place"].startswith(place)
    )
    return [one for one in found if one is not None and one.draft is not None]


def handed_in(request: HttpRequest, code: str, number: str) -> None:
    """The draft became the case of this number: its addresses say so from now on."""
    known = _known(request)
    if one := handle(request, code):
        known[one] = {"place": known[one]["place"], "number": number}
        request.session[_KEY] = known


def forget(request: HttpRequest, handle: str) -> None:
    """Hold it no longer; the draft stays, and opens by its code."""
    known = _known(request)
    if known.pop(handle, None):
        request.session[_KEY] = known


def _known(request: HttpRequest) -> dict[str, dict[str, Any]]:
    known = request.session.get(_KEY)
    return dict(known) if isinstance(known, dict) else {}


def _code(row: dict[str, Any]) -> str:
    """The code; nothing where the draft was handed in, or the key is gone."""
    try:
        return secrecy.decrypt(bytes.fromhex(str(row.get("sealed", ""))), purpose=_PURPOSE)
    except (Unavailable, ValueError):
        return ""
