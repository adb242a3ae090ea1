"""What people do with a finding: ask the unit, answer, read the answer, judge, report the correction.

A finding is asked about by opening a case of the kind `disposal`; the further acts are acts on that case, and
the finding follows in their statement. A false alarm is closed without a case.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

import psycopg
from django.db import transaction

from liuquan.casework import actions as casework
from liuquan.casework import queries as cases
from liuquan.casework.types import NewCase
from liuquan.clock import Limit, Unit, deadline
from liuquan.journal import actions as journal
from liuquan.journal.queries import entries_of
from liuquan.journal.types import Event, NewEntry
from liuquan.kernel import moments
from liuquan.kernel.refusals import BadInput, NotVisible
from liuquan.organisation import queries as organisation
from liuquan.organisation.types import Actor
from liuquan.parties.queries import ERASED
from liuquan.supervision import events, guards
from liuquan.supervision.actions import following
from liuquan.supervision.disposal import checks
from liuquan.supervision.disposal.terms import ANSWER, DEFAULT_DAYS, KIND, terms
from liuquan.supervision.models import Finding
from liuquan.supervision.types import FindingState, OpenedText, Ruling, Severity

#: one disposal for each finding: its key is made from the finding's number
_ONE_EACH = UUID("5f0c7a52-6a0b-4a41-9a86-4c7b3a1d9e10")
_TEXTS = {"text": "情况说明", "note": "认定的理由"}


def answer_due_on(days: int, *, now: datetime) -> date:
    """The last day to answer a request made now, so many working days ahead: today is not counted.

    Refuses fewer than 1 and more than 15. Cites: 民法典 第二百零一条
    """
    limit = Limit(checks.days(days), Unit.WORKING_DAY)
    return deadline(limit, moments.today(now), organisation.calendar()).due_on


def ask_explanation(
    number: str,
    *,
    by: Actor,
    now: datetime,
    days: int | None = None,
    points: Sequence[str] = ("cause",),
) -> date:
    """Ask the responsible unit to explain a red finding; returns the last day to answer. `days`: 3 if not
    said. One whose answer was not enough is asked again, within as many days as before.

    Refuses: not visible (404), not a supervising post with the mandate (403), yellow, already asked or
    settled (409), no point named (422). Cites: 优化营商环境条例 第三十六条
    """
    finding = _visible(number, by)
    again = bool(finding.disposal)
    guards.check_supervises(by, guards.ASK_AGAIN if again else guards.ASK, finding.division_path)
    guards.check_can_be_asked(FindingState(finding.state), Severity(finding.severity))
    wanted = checks.points(points)
    if again:
        _check_same(finding, days)
        casework.perform(finding.disposal, "ask_again", by=by, now=now, data={"points": wanted})
        disposal = finding.disposal
    else:
        disposal = _opened(finding, checks.days(DEFAULT_DAYS if days is None else days), wanted, by, now)
    clock = cases.read(disposal).deadline(ANSWER)
    if clock is None:
        raise LookupError(f"disposal {disposal} was asked about and has no clock")
    return clock.due_on


def explain(number: str, *, text: str, by: Actor, now: datetime) -> None:
    """Give the unit's explanation. One given after the last day to answer is accepted and marked late.

    Refuses: not visible (404), a post without the unit's mandate (403), not asked (409), an empty or overlong
    text (422).
    """
    said = checks.words(text, "text", "说明")
    finding = _visible(number, by)
    guards.check_answers_for(by, guards.EXPLAIN, body_code=finding.body_code, item_code=finding.item_code)
    guards.check_can_be_explained(FindingState(finding.state))
    casework.perform(finding.disposal, "explain", by=by, now=now, data={"text": said})


def close(number: str, *, ruling: str, note: str, by: Actor, now: datetime, ground: str = "") -> None:
    """Close a finding with a verdict: founded, unfounded, or excused on one of the listed grounds.

    Refuses: not visible (404), not a supervising post with the mandate (403), before the unit was heard
    or after it is settled (409), an unknown ruling, an excuse without ground, no reason (422).
    """
    chosen, reason = checks.ruling(ruling, ground), checks.words(note, "note", "认定的理由")
    finding = _visible(number, by)
    guards.check_supervises(by, guards.JUDGE, finding.division_path)
    guards.check_can_be_closed(FindingState(finding.state), Severity(finding.severity), chosen)
    if finding.disposal:
        data = {"ruling": chosen.value, "ground": ground, "note": reason}
        casework.perform(finding.disposal, "judge", by=by, now=now, data=data)
    else:
        _close_false_alarm(finding, chosen, reason, by, now)


def order_correction(number: str, *, note: str, by: Actor, now: datetime) -> None:
    """Find a finding true and order the unit to correct what it found, and to report that.

    Refuses: not visible (404), not a supervising post with the mandate (403), before the unit was heard
    or after it is settled (409), no reason (422). Cites: 行政许可法 第七十二条
    """
    reason = checks.words(note, "note", "认定的理由")
    finding = _visible(number, by)
    guards.check_supervises(by, guards.CORRECT, finding.division_path)
    guards.check_can_be_closed(FindingState(finding.state), Severity(finding.severity), Ruling.FOUNDED)
    casework.perform(finding.disposal, "order_correction", by=by, now=now, data={"note": reason})


def report_correction(number: str, *, text: str, by: Actor, now: datetime) -> None:
    """Report what the unit corrected, which closes the finding.

    Refuses: not visible (404), a post without the unit's mandate (403), not ordered (409), an empty or
    overlong text (422).
    """
    said = checks.words(text, "text", "改正情况")
    finding = _visible(number, by)
    guards.check_answers_for(by, guards.REPORT, body_code=finding.body_code, item_code=finding.item_code)
    guards.check_can_be_reported(FindingState(finding.state))
    casework.perform(finding.disposal, "report_correction", by=by, now=now, data={"text": said})


def open_explanations(number: str, *, by: Actor, now: datetime) -> list[OpenedText]:
    """The texts of a finding: the unit's explanations and the verdict's reason, after the reading is
    entered.

    Open to supervising posts that may ask or judge, and to posts that answer for the unit; refuses others
    (403). Cites: 个人信息保护法 第五十一条
    """
    finding = _visible(number, by)
    if not guards.may_read_texts(
        by, body_code=finding.body_code, item_code=finding.item_code, division_path=finding.division_path
    ):
        raise guards.texts_are_closed()
    subject = finding.disposal or finding.number
    receipt = _entry(events.EXPLANATION_OPENED, subject, by, now, {"post": by.post_name})
    journal.append_durably(receipt)
    private = journal.open_private_of(subject, receipt=receipt.number, erased=ERASED)
    return [
        OpenedText(_label(entry.event, name), entry.effective_at, said)
        for entry in entries_of(subject)
        for name in _TEXTS
        if (said := private.get(str(entry.number), {}).get(name))
    ]


def _opened(finding: Finding, days: int, points: list[str], by: Actor, now: datetime) -> str:
    """Open the disposal of a finding; its number. Refuses (409) a finding that somebody asked about, closed
    or lifted meanwhile."""
    new = NewCase(
        kind=KIND,
        number=casework.next_number(kind=KIND, now=now),
        terms=terms(
            finding.number,
            about=finding.subject_number,
            name=finding.subject_name,
            item_code=finding.item_code,
            body_code=finding.body_code,
            body_name=_body_name(finding.body_code, moments.today(now)),
            days=days,
        ),
        subject_version=str(finding.rule_version),
        division_path=finding.division_path,
        parties={},
        bodies={finding.body_code: "lead"},
        channel="board",
        submission_key=uuid5(_ONE_EACH, finding.number),
    )
    follows = [following.asked(finding.number)]
    try:
        outcome = casework.create(new, by=by, now=now, data={"points": points}, with_rows=follows)
    except psycopg.IntegrityError as settled:
        raise guards.somebody_was_first() from settled
    if outcome.number != new.number:
        raise guards.somebody_was_first()
    return new.number


def _check_same(finding: Finding, days: int | None) -> None:
    """Refuse (422) another number of days than at first: the terms of a case never change."""
    limit = cases.read(finding.disposal).terms.limits[ANSWER]
    if days not in (None, limit.amount):
        sentence = f"再次要求说明的期限与第一次相同，为{limit.amount}个工作日。"
        raise BadInput(sentence, fields={"days": sentence})


def _close_false_alarm(finding: Finding, ruling: Ruling, note: str, by: Actor, now: datetime) -> None:
    with transaction.atomic(durable=True):
        changed = Finding.objects.filter(pk=finding.pk, state=FindingState.OPEN.value).update(
            state=FindingState.CLOSED.value, settled_at=now, ruling=ruling.value
        )
        if not changed:
            raise guards.somebody_was_first()
        public = {
            "case": finding.subject_number,
            "verdict": ruling.value,
            "verdict_label": ruling.label,
            "ground": "",
        }
        journal.append(_entry(events.FINDING_CLOSED, finding.number, by, now, public, {"note": note}))


def _visible(number: str, by: Actor) -> Finding:
    finding = Finding.objects.filter(number=number).first()
    if finding is None or not guards.may_see(
        by, body_code=finding.body_code, division_path=finding.division_path
    ):
        raise NotVisible("没有找到这条监察发现，请核对编号。")
    return finding


def _label(event: str, name: str) -> str:
    return "改正情况" if event == events.CORRECTED.name else _TEXTS[name]


def _entry(
    event: Event,
    subject: str,
    by: Actor,
    now: datetime,
    public: Mapping[str, Any],
    private: Mapping[str, Any] | None = None,
) -> NewEntry:
    staff = {"staff": by.staff_id} if by.staff_id else {}
    return NewEntry(
        event=event.name,
        subject=subject,
        body_code=by.body_code,
        post_code=by.post_code,
        actor_kind=by.kind,
        effective_at=now,
        public=public,
        private={**staff, **(private or {})},
    )


def _body_name(code: str, on: date) -> str:
    return next((body.name for body in organisation.bodies(on=on) if body.code == code), code)
