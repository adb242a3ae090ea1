"""The operator's screen, kept each second: a call that drops mid-form loses nothing.

What is typed stands in `kernel.drafts`; here stands whose draft it is, so that it is offered on the next
opening of the screen, also after signing in again. Cites: 个人信息保护法 第十九条"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from liuquan.hotline import models
from liuquan.hotline.queries import calls
from liuquan.hotline.types import DraftOffered
from liuquan.kernel import drafts
from liuquan.kernel.drafts import Draft
from liuquan.kernel.secrecy import blind_index, decrypt, encrypt
from liuquan.organisation.types import Actor

CODE: Final = "hotline.draft_code"
_KEPT_EMPTY: Final = frozenset(
    {"identity", "request_kind", "inlet", "may_publish", "call", "confirmed", "is_urgent"}
)


def keep_draft(code: str, values: Mapping[str, str], *, by: Actor, now: datetime) -> str:
    """Keep what is typed, under this code or, where it opens no draft of this person, under a new one; the
    code. Nothing is begun while nothing was typed."""
    if code and drafts.find(code, place=_place(by), now=now) is not None:
        drafts.write(code, values, now=now)
        return code
    if not any(value.strip() for name, value in values.items() if name not in _KEPT_EMPTY):
        return ""
    begun = drafts.begin(place=_place(by), now=now, values=values)
    models.OpenDraft.objects.create(
        staff_id=calls.staff_of(by),
        code_enc=encrypt(begun.code, purpose=CODE),
        code_index=blind_index(begun.code, purpose=CODE),
        call=values.get("call", "")[:36],
        begun_at=now,
    )
    return begun.code


def offered_drafts(*, by: Actor, now: datetime) -> list[DraftOffered]:
    """The forms that this person began and did not finish, the newest first; those that are over go."""
    found = []
    for row in models.OpenDraft.objects.filter(staff_id=calls.staff_of(by)).order_by("-begun_at"):
        if now >= row.begun_at + drafts.KEPT_FOR and _draft(row, by, now) is None:
            row.delete()
            continue
        call = calls.find(row.call)
        found.append(DraftOffered(row.pk, row.begun_at, call.phone_masked if call else ""))
    return found


def resume_draft(key: int, *, by: Actor, now: datetime) -> Draft | None:
    """A draft of this person; nothing where it is over or somebody else's."""
    row = models.OpenDraft.objects.filter(pk=key, staff_id=calls.staff_of(by)).first()
    return _draft(row, by, now) if row else None


def end_draft(code: str, *, by: Actor, now: datetime) -> None:
    """The form was handed in, or is not wanted any more: the draft is destroyed."""
    if code and drafts.find(code, place=_place(by), now=now) is not None:
        drafts.erase(code, now=now)
    models.OpenDraft.objects.filter(
        staff_id=calls.staff_of(by), code_index=blind_index(code, purpose=CODE)
    ).delete()


def _draft(row: models.OpenDraft, by: Actor, now: datetime) -> Draft | None:
    code = decrypt(bytes(row.code_enc), purpose=CODE)
    return drafts.find(code, place=_place(by), now=now)


def _place(by: Actor) -> str:
    return f"hotline/{by.staff_id}/"
