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
    {
        "identity",
        "request_kind",
        "inlet",
        "may_publish",
        "call",
        "confirmed",
        "is_urgent",
        "class_code",
        "division",
    }
)
FIRST_WORDS: Final = 20  #: characters by which a form that was not finished is told from others


def keep_draft(code: str, values: Mapping[str, str], *, form: str, by: Actor, now: datetime) -> str:
    """Keep what is typed in this form, under this code or, where it opens no draft of this person, under the
    form's own; the code. Nothing is begun while nothing was typed, and nothing of a form that was handed in:
    what was on its way meanwhile comes too late."""
    if code and drafts.find(code, place=_place(by), now=now) is not None:
        drafts.write(code, values, now=now)
        return code
    mine = models.OpenDraft.objects.filter(staff_id=calls.staff_of(by), form=form)
    if row := mine.first():
        return _written(row, values, by, now)
    if not any(value.strip() for name, value in values.items() if name not in _KEPT_EMPTY):
        return ""
    begun = drafts.begin(place=_place(by), now=now, values=values)
    row, is_new = models.OpenDraft.objects.get_or_create(
        form=form,
        defaults={
            "staff_id": calls.staff_of(by),
            "code_enc": encrypt(begun.code, purpose=CODE),
            "code_index": blind_index(begun.code, purpose=CODE),
            "call": values.get("call", "")[:36],
            "begun_at": now,
        },
    )
    if is_new:
        return begun.code
    drafts.erase(begun.code, now=now)  # the same form was kept a moment before
    return _written(row, values, by, now) if row.staff_id == by.staff_id else ""


def _written(row: models.OpenDraft, values: Mapping[str, str], by: Actor, now: datetime) -> str:
    found = None if row.ended_at else _draft(row, by, now)
    if found is None:
        return ""
    drafts.write(found.code, values, now=now)
    return found.code


def offered_drafts(*, by: Actor, now: datetime) -> list[DraftOffered]:
    """The forms that this person began and did not finish, the newest first, each with its first words; those
    that are over go."""
    found = []
    for row in models.OpenDraft.objects.filter(staff_id=calls.staff_of(by)).order_by("-begun_at", "-pk"):
        is_old = now >= row.begun_at + drafts.KEPT_FOR
        kept = None if row.ended_at else _draft(row, by, now)
        if is_old and kept is None:
            row.delete()
        if row.ended_at or (is_old and kept is None):
            continue
        call = calls.find(row.call)
        values = kept.values if kept else {}
        said = values.get("title") or values.get("text") or values.get("place") or ""
        masked = call.phone_masked if call else ""
        found.append(DraftOffered(row.pk, row.begun_at, masked, said[:FIRST_WORDS]))
    return found


def resume_draft(key: int, *, by: Actor, now: datetime) -> Draft | None:
    """A draft of this person; nothing where it is over or somebody else's."""
    row = models.OpenDraft.objects.filter(pk=key, staff_id=calls.staff_of(by), ended_at__isnull=True).first()
    return _draft(row, by, now) if row else None


def end_draft(code: str, *, by: Actor, now: datetime, form: str = "") -> None:
    """The form was handed in (`form`), or is not wanted any more: the draft is destroyed."""
    if code and drafts.find(code, place=_place(by), now=now) is not None:
        drafts.erase(code, now=now)
    rows = models.OpenDraft.objects.filter(staff_id=calls.staff_of(by))
    of_code = rows.filter(code_index=blind_index(code, purpose=CODE))
    (of_code.exclude(form=form) if form else of_code).delete()
    if form:
        models.OpenDraft.objects.update_or_create(
            form=form,
            defaults={"ended_at": now, "code_enc": None, "code_index": blind_index(form, purpose=CODE)},
            create_defaults={
                "staff_id": calls.staff_of(by),
                "code_enc": None,
                "code_index": blind_index(form, purpose=CODE),
                "begun_at": now,
                "ended_at": now,
            },
        )


def _draft(row: models.OpenDraft, by: Actor, now: datetime) -> Draft | None:
    if row.code_enc is None:
        return None
    code = decrypt(bytes(row.code_enc), purpose=CODE)
    return drafts.find(code, place=_place(by), now=now)


def _place(by: Actor) -> str:
    return f"hotline/{by.staff_id}/"
