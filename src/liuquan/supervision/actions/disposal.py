"""What people do with a finding: ask the unit, answer, read the answer, give the verdict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from liuquan.clock import Limit, Unit, deadline
from liuquan.journal import actions as journal
from liuquan.journal.types import Event, NewEntry
from liuquan.kernel import moments, secrecy
from liuquan.kernel.refusals import BadInput, NotVisible
from liuquan.organisation import queries as organisation
from liuquan.organisation.types import Actor
from liuquan.supervision import events, guards
from liuquan.supervision.models import Explanation, Finding, Verdict
from liuquan.supervision.types import EXCUSES, POINTS, FindingState, OpenedText, Ruling, Severity

DEFAULT_DAYS = 3
MOST_DAYS = 15
_TEXT = "supervision.explanation"
_NOTE = "supervision.verdict"
_LONGEST = 4000


def answer_due_on(days: int, *, now: datetime) -> date:
    """The last day to answer a request made now, so many working days ahead: today is not counted.

    Refuses fewer than 1 and more than 15. Cites: 民法典 第二百零一条
    """
    if not 1 <= days <= MOST_DAYS:
        sentence = f"答复期限应当在1至{MOST_DAYS}个工作日之间。"
        raise BadInput(sentence, fields={"days": sentence})
    return deadline(Limit(days, Unit.WORKING_DAY), moments.today(now), organisation.calendar()).due_on


def ask_explanation(
    number: str, *, by: Actor, now: datetime, days: int = DEFAULT_DAYS, points: Sequence[str] = ("cause",)
) -> date:
    """Ask the responsible unit to explain a red finding; returns the last day to answer.

    Refuses: not visible (404), not a supervising post with the mandate (403), yellow, already asked or
    settled (409), no point named (422). Cites: 优化营商环境条例 第三十六条
    """
    with transaction.atomic(durable=True):
        finding = _locked(number, by)
        guards.check_supervises(by, guards.ASK, finding.division_path)
        guards.check_can_be_asked(FindingState(finding.state), Severity(finding.severity))
        wanted = [point for point in POINTS if point in points]
        if not wanted or set(points) - POINTS.keys():
            raise BadInput("请选择要求说明的内容。", fields={"points": "请至少选择一项。"})
        due_on = answer_due_on(days, now=now)
        Explanation.objects.create(
            finding=finding, asked_at=now, asked_by=by.post_code, points=wanted, answer_due_on=due_on
        )
        _to(finding, FindingState.ASKED, now)
        public = {
            "case": finding.case_number,
            "due_on": due_on.isoformat(),
            "points": wanted,
            "points_label": "、".join(POINTS[p] for p in wanted),
        }
        _enter(events.EXPLANATION_ASKED, finding, by, now, public)
    return due_on


def explain(number: str, *, text: str, by: Actor, now: datetime) -> None:
    """Give the unit's explanation. One given after the last day to answer is accepted and marked late.

    Refuses: not visible (404), a post without the unit's mandate (403), not asked (409), an empty or overlong
    text (422). The text is kept encrypted.
    """
    said = _words(text, "text", "说明")
    with transaction.atomic(durable=True):
        finding = _locked(number, by)
        guards.check_answers_for(by, body_code=finding.body_code, item_code=finding.item_code)
        guards.check_can_be_explained(FindingState(finding.state))
        asked = finding.explanations.get(answered_at__isnull=True)
        asked.text = secrecy.encrypt(said, purpose=_TEXT)
        asked.answered_at, asked.answered_by = now, by.post_code
        asked.save(update_fields=["text", "answered_at", "answered_by"])
        _to(finding, FindingState.EXPLAINED, now)
        late = "(逾期）" if moments.today(now) > asked.answer_due_on else ""
        public = {"case": finding.case_number, "late_label": late}
        _enter(events.EXPLANATION_GIVEN, finding, by, now, public, {"text": said})


def close(number: str, *, ruling: str, note: str, by: Actor, now: datetime, ground: str = "") -> None:
    """Close a finding with a verdict: founded, unfounded, or excused on one of the listed grounds.

    Refuses: not visible (404), not a supervising post with the mandate (403), before the unit was heard
    or after it is settled (409), an unknown ruling, an excuse without ground, no reason (422).
    """
    chosen = _ruling(ruling, ground)
    reason = _words(note, "note", "认定的理由")
    with transaction.atomic(durable=True):
        finding = _locked(number, by)
        guards.check_supervises(by, guards.CLOSE, finding.division_path)
        open_one = finding.explanations.filter(answered_at__isnull=True).first()
        guards.check_can_be_closed(
            FindingState(finding.state),
            Severity(finding.severity),
            chosen,
            answer_due_on=open_one.answer_due_on if open_one else None,
            today=moments.today(now),
        )
        Verdict.objects.create(
            finding=finding,
            ruling=chosen.value,
            ground=ground,
            closed_at=now,
            closed_by=by.post_code,
            note=secrecy.encrypt(reason, purpose=_NOTE),
        )
        _to(finding, FindingState.CLOSED, now)
        label = chosen.label + (f"({EXCUSES[ground]})" if ground else "")
        public = {
            "case": finding.case_number,
            "verdict": chosen.value,
            "verdict_label": label,
            "ground": ground,
        }
        _enter(events.FINDING_CLOSED, finding, by, now, public, {"note": reason})


def open_explanations(number: str, *, by: Actor, now: datetime) -> list[OpenedText]:
    """The texts of a finding: the unit's explanations and the verdict's reason, after the reading is
    entered.

    Open to supervising posts that may ask or close, and to posts that answer for the unit; refuses others
    (403). Cites: 个人信息保护法 第五十一条
    """
    finding = _visible(Finding.objects.filter(number=number).first(), by)
    if not guards.may_read_texts(
        by, body_code=finding.body_code, item_code=finding.item_code, division_path=finding.division_path
    ):
        raise guards.texts_are_closed()
    with transaction.atomic(durable=True):
        _enter(events.EXPLANATION_OPENED, finding, by, now, {"post": by.post_name})
    opened = [
        OpenedText("情况说明", e.answered_at, secrecy.decrypt(bytes(e.text), purpose=_TEXT))
        for e in finding.explanations.filter(answered_at__isnull=False).order_by("id")
        if e.answered_at is not None and e.text is not None
    ]
    verdict = Verdict.objects.filter(finding=finding).first()
    if verdict is not None:
        note = secrecy.decrypt(bytes(verdict.note), purpose=_NOTE)
        opened.append(OpenedText("认定的理由", verdict.closed_at, note))
    return opened


def _locked(number: str, by: Actor) -> Finding:
    return _visible(Finding.objects.select_for_update().filter(number=number).first(), by)


def _visible(finding: Finding | None, by: Actor) -> Finding:
    if finding is None or not guards.may_see(
        by, body_code=finding.body_code, division_path=finding.division_path
    ):
        raise NotVisible("没有找到这条监察发现，请核对编号。")
    return finding


def _to(finding: Finding, state: FindingState, now: datetime) -> None:
    finding.state = state.value
    finding.settled_at = now if state is FindingState.CLOSED else None
    finding.save(update_fields=["state", "settled_at"])


def _words(text: str, name: str, label: str) -> str:
    said = text.strip()
    if not 10 <= len(said) <= _LONGEST:
        sentence = f"请把{label}写清楚，十个字以上，{_LONGEST}字以内。"
        raise BadInput(sentence, fields={name: sentence})
    return said


def _ruling(ruling: str, ground: str) -> Ruling:
    try:
        chosen = Ruling(ruling)
    except ValueError:
        raise BadInput("请选择认定结果。", fields={"ruling": "请选择认定结果。"}) from None
    if chosen is Ruling.EXCUSED and ground not in EXCUSES:
        raise BadInput("依法免责须选择免责事由。", fields={"ground": "请选择免责事由。"})
    if chosen is not Ruling.EXCUSED and ground:
        raise BadInput("只有依法免责才填免责事由，请清空该项。", fields={"ground": "请清空该项。"})
    return chosen


def _enter(
    event: Event,
    finding: Finding,
    by: Actor,
    now: datetime,
    public: Mapping[str, Any],
    private: Mapping[str, Any] | None = None,
) -> None:
    staff = {"staff": by.staff_id} if by.staff_id else {}
    journal.append(
        NewEntry(
            event=event.name,
            subject=finding.number,
            body_code=by.body_code,
            post_code=by.post_code,
            actor_kind=by.kind,
            effective_at=now,
            public=public,
            private={**staff, **(private or {})},
        )
    )
