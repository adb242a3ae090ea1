"""The question before the same person hands in the same once more.

The number of the earlier case is told only to whoever holds its slip or gives the mobile that its applicant
is known by: others may know a name and an identity number, and learn nothing. Cites: 个人信息保护法 第六条
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

from django.http import HttpRequest

from liuquan.applications import queries
from liuquan.applications.forms.portal import ApplicantForm
from liuquan.applications.types import Before
from liuquan.catalogue.types import ItemView
from liuquan.kernel import drafts, slip_holders
from liuquan.kernel.drafts import Draft
from liuquan.kernel.refusals import WrongState
from liuquan.parties import queries as parties
from liuquan.parties.types import PartyRef

GONE: Final = "这份草稿刚才已经提交，或者已经过期，请到“查进度”查看，或者重新申请。"
_BEFORE, _INCOMPLETE = "before", "incomplete"


def unanswered(
    request: HttpRequest, item: ItemView, form: ApplicantForm, applicant: PartyRef, now: datetime
) -> list[Before]:
    """The open applications that are asked about; none once the applicant has said to know of them all."""
    is_theirs = parties.has_phone(applicant.number, form.cleaned_data["phone"])
    found = [
        one
        for one in queries.open_before(applicant.number, item.terms.item_code, key=form.key)
        if is_theirs or slip_holders.holds(request, one.number, now=now)
    ]
    return found if len(found) > known(request, "again") else []


def known(request: HttpRequest, name: str) -> int:
    """How many of what was asked about (missing materials, earlier cases) the applicant has said to know of;
    more of them are asked about again."""
    said = request.POST.get(name, "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 4 else 0


def ask(request: HttpRequest, code: str, found: list[Before], now: datetime) -> Draft:
    """Keep the question with the draft, and what was answered to the one before. Refuses (409) a draft that
    another page handed in meanwhile."""
    draft = drafts.find(code, place="apply/", now=now)
    if draft is None:
        raise WrongState(GONE)
    asked = {
        _BEFORE: " ".join(f"{one.number}@{one.received_on:%Y-%m-%d}" for one in found),
        _INCOMPLETE: request.POST.get("incomplete", "")[:4],
    }
    drafts.write(code, {**draft.values, **asked}, now=now)
    return draft


def asked(values: Mapping[str, str]) -> tuple[list[Before], str]:
    """The question as it was kept, and how many missing materials were known of."""
    pairs = (one.partition("@") for one in values.get(_BEFORE, "").split())
    return [Before(number, date.fromisoformat(on)) for number, _, on in pairs], values.get(_INCOMPLETE, "")
