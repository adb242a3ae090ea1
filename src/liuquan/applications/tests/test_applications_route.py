"""Who does what between acceptance and decision: routes, two officers, one reviews and another decides, and
what each act leaves in the record."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from liuquan.applications import actions
from liuquan.applications.procedure import PROCEDURE
from liuquan.applications.rules import decision_texts, decision_values
from liuquan.casework import actions as casework_actions
from liuquan.casework import queries as cases
from liuquan.casework.types import Given, Running, Upload
from liuquan.desk import queries as desk_queries
from liuquan.journal import queries as journal
from liuquan.kernel import moments
from liuquan.kernel.refusals import BadInput, NotAllowed, WrongState
from liuquan.organisation import actions as organisation
from liuquan.organisation import queries as offices
from liuquan.organisation.types import SYSTEM, Actor
from liuquan.papers import actions as papers_actions
from liuquan.testing.cast import ITEMS, Cast


def at(day: int, hour: int = 10) -> datetime:
    """A moment of March 2026, by the clock in Shanghai."""
    return datetime(2026, 3, day, hour - 8, tzinfo=UTC)


def completes(number: str, by: Actor, day: int, **data: object) -> None:
    given = {"result": "agree", "opinion": "符合要求", **data}
    casework_actions.perform(number, "complete_step", by=by, now=at(day), data=given)


def open_steps(number: str) -> list[str]:
    return sorted(a.step for a in cases.read(number).open_assignments)


def last(number: str) -> str:
    return journal.entries_of(number)[-1].event.removeprefix("application.")


# --- one reviews, another approves (CASE-08) ----------------------------------------------------------------


@pytest.mark.requirement("CASE-08")
def test_one_reviews_and_another_approves(city_db: str, cast: Cast) -> None:
    number = cast.accepted("device", at=at(2))
    assert open_steps(number) == ["review"]
    completes(number, cast.examiner, 3)
    case = cases.read(number)
    assert (case.state, [d.state for d in case.deadlines if d.key == "step"]) == ("deciding", [Running.MET])
    casework_actions.perform(number, "grant", by=cast.approver, now=at(4), data=cast.decision("device"))
    assert cases.read(number).state == "granted"


@pytest.mark.requirement("CASE-08")
@pytest.mark.parametrize("action", ["grant", "refuse", "send_back"])
def test_the_reviewer_does_not_approve_even_when_standing_in_for_the_approver(
    city_db: str, cast: Cast, action: str
) -> None:
    organisation.record_absence(
        post_code="SCJG-HZ",
        cover_post_code="SCJG-SC1",
        from_on=date(2026, 3, 3),
        to_on=date(2026, 3, 20),
        reason="外出培训",
        by=SYSTEM,
        now=at(3),
    )
    stands_in = cast.staff("examiner", on=date(2026, 3, 4), post_code="SCJG-HZ")
    assert stands_in.acting_for == "市小核"
    reviewed_by_me = cast.examined("device", at=at(3))
    with pytest.raises(NotAllowed, match="一审一核"):
        casework_actions.perform(
            reviewed_by_me, action, by=stands_in, now=at(4), data=cast.decision("device")
        )
    assert cases.read(reviewed_by_me).state == "deciding"
    assert action not in {o.action for o in cases.offers(cases.read(reviewed_by_me), by=stands_in, now=at(5))}


@pytest.mark.requirement("CASE-08")
def test_who_signed_the_site_check_as_second_officer_does_not_approve(city_db: str, cast: Cast) -> None:
    number = cast.accepted("food", at=at(2))
    completes(number, cast.second_examiner, 3, second_officer="YX0019")  # 市小管, the head
    completes(number, cast.examiner, 3)
    with pytest.raises(NotAllowed, match="一审一核"):
        casework_actions.perform(number, "grant", by=cast.head, now=at(4), data=cast.decision("food"))
    assert cases.read(number).state == "deciding"
    casework_actions.perform(number, "grant", by=cast.approver, now=at(4), data=cast.decision("food"))
    assert cases.read(number).state == "granted"


def test_what_is_sent_back_is_reviewed_again(city_db: str, cast: Cast) -> None:
    number = cast.examined("food", at=at(2))
    with pytest.raises(BadInput):
        casework_actions.perform(number, "send_back", by=cast.approver, now=at(3), data={"reason": "再看"})
    casework_actions.perform(
        number, "send_back", by=cast.approver, now=at(3), data={"reason": "现场照片缺一张，请补拍"}
    )
    case = cases.read(number)
    assert (case.state, open_steps(number)) == ("examining", ["review"])
    assert {d.key for d in case.deadlines if d.state is Running.RUNNING} == {"statutory", "promised", "step"}
    completes(number, cast.examiner, 4)
    assert cases.read(number).state == "deciding"


# --- two officers on site, decided on the spot (L-07) -------------------------------------------------------


@pytest.mark.fact("L-07")
@pytest.mark.parametrize(
    "second",
    ["", "YX0016", "YX9999", "YX0021", "YX0017", "YX0015"],
    ids=["nobody", "the same", "unknown", "of another body", "who decides", "absent"],
)
def test_a_site_check_is_signed_by_two_officers_of_the_body_who_are_at_work(
    city_db: str, cast: Cast, second: str
) -> None:
    number = cast.accepted("food", at=at(2))
    if second == "YX0015":
        organisation.record_absence(
            post_code="SCJG-SC1",
            from_on=date(2026, 3, 3),
            to_on=date(2026, 3, 4),
            reason="培训",
            by=SYSTEM,
            now=at(2),
        )
    with pytest.raises(BadInput, match="两名以上") as refused:
        completes(number, cast.second_examiner, 3, second_officer=second)
    assert "second_officer" in refused.value.fields
    assert last(number) == "accepted"
    completes(number, cast.second_examiner, 4, second_officer="YX0015")
    assert journal.entries_of(number)[-1].public["officers"] == 2
    assert open_steps(number) == ["review"]


@pytest.mark.fact("L-07")
def test_what_can_be_decided_on_the_spot_is_decided_on_the_spot(city_db: str, cast: Cast) -> None:
    number = cast.accepted("stall", at=at(2))
    case = cases.read(number)
    assert (case.state, case.assignments) == ("deciding", ())
    promised = case.deadline("promised")
    assert promised is not None
    assert promised.due_on == date(2026, 3, 2)
    with pytest.raises(WrongState, match="没有审查环节"):
        casework_actions.perform(
            number, "send_back", by=cast.chief_rep, now=at(2), data={"reason": "再看一看"}
        )
    assert cases.read(number).state == "deciding"
    casework_actions.perform(number, "grant", by=cast.chief_rep, now=at(2, 11), data=cast.decision("stall"))
    casework_actions.perform(number, "deliver", by=cast.clerk, now=at(2, 11), data={"way": "pick_up"})
    assert cases.read(number).state == "closed"


# --- parallel branches and their join -----------------------------------------------------------------------


def test_three_opinions_are_asked_at_once_and_the_review_waits_for_the_last(city_db: str, cast: Cast) -> None:
    number = cast.accepted("hoarding", at=at(2))
    assert open_steps(number) == ["appearance", "planning", "structure"]
    completes(number, cast.other_examiner, 3)  # the planning bureau, under its own mandate or none
    completes(number, cast.staff("building_second"), 3)
    assert open_steps(number) == ["appearance"]
    with pytest.raises(NotAllowed):
        completes(number, cast.other_examiner, 4)
    completes(number, cast.staff("building_examiner"), 4)
    assert open_steps(number) == ["review"]
    completes(number, cast.staff("building_examiner"), 5)
    case = cases.read(number)
    assert case.state == "deciding"
    assert sorted(a.step for a in case.assignments) == ["appearance", "planning", "review", "structure"]
    assert {a.state for a in case.assignments} == {"done"}


def test_one_person_with_two_open_steps_says_which(city_db: str, cast: Cast) -> None:
    number = cast.accepted("hoarding", at=at(2))
    mine = next(a for a in cases.read(number).open_assignments if a.post_code == "ZJJ-SC2")
    with pytest.raises(WrongState):
        completes(number, cast.staff("building_examiner"), 3, assignment=mine.id)
    with pytest.raises(WrongState):
        completes(number, cast.staff("building_examiner"), 3, assignment="x")
    assert open_steps(number) == ["appearance", "planning", "structure"]


# --- mandates (CASE-11) -------------------------------------------------------------------------------------


@pytest.mark.requirement("CASE-11")
def test_the_register_says_who_may_decide_what_and_nobody_else_may(city_db: str, cast: Cast) -> None:
    number = cast.examined("device", at=at(2))
    register = offices.authorisation_register(
        on=date(2026, 3, 4),
        body_code=cases.read(number).body_code,
        item_code=ITEMS["device"],
        action="application.grant",
    )
    assert {line.post_code for line in register} == {"SCJG-HZ", "SCJG-SX", "SCJG-FZ"}
    may = {
        who: "grant" in {o.action for o in cases.offers(cases.read(number), by=cast.staff(who), now=at(5))}
        for who in ("clerk", "examiner", "approver", "chief_rep", "head", "supervisor")
    }
    # the chief representative signs items that name that post as deciding; this item names the approver
    assert [who for who, allowed in may.items() if allowed] == ["approver", "head"]
    for who, allowed in may.items():
        if not allowed:
            with pytest.raises(NotAllowed):
                casework_actions.perform(
                    number, "grant", by=cast.staff(who), now=at(4), data=cast.decision("device")
                )
    assert cases.read(number).state == "deciding"


@pytest.mark.requirement("CASE-11")
def test_the_chief_representative_signs_at_the_window(city_db: str, cast: Cast) -> None:
    number = cast.accepted("stall", at=at(2))
    with pytest.raises(NotAllowed):
        casework_actions.perform(number, "grant", by=cast.approver, now=at(2), data=cast.decision("stall"))
    casework_actions.perform(number, "grant", by=cast.chief_rep, now=at(2), data=cast.decision("stall"))
    entry = journal.entries_of(number)[-1]
    assert (entry.event, entry.post_code) == ("application.granted", "SCJG-SX")


# --- every step leaves a trace (CASE-23) --------------------------------------------------------------------


@pytest.mark.requirement("CASE-23")
@pytest.mark.parametrize("action", ["grant", "refuse"])
@pytest.mark.parametrize(
    ("field", "value"),
    [("reason", ""), ("reason", "  "), ("reason", "好"), ("standard", ""), ("standard", "领导同意")],
)
def test_a_decision_without_reason_or_published_standard_is_refused(
    city_db: str, cast: Cast, action: str, field: str, value: str
) -> None:
    number = cast.examined("device", at=at(2))
    with pytest.raises(BadInput) as refused:
        casework_actions.perform(
            number, action, by=cast.approver, now=at(3), data={**cast.decision("device"), field: value}
        )
    assert field in refused.value.fields
    assert (cases.read(number).state, last(number)) == ("deciding", "step_completed")


def whole_course(cast: Cast) -> str:
    """A case that needs a supplement, a test and a second look before it is granted and delivered."""
    number = cast.applies("food", at=at(2), materials=["form"], by=cast.applicant)
    notice = {"items": ["layout", "rules"], "remarks": "电话13800000000"}
    casework_actions.perform(number, "notify_supplement", by=cast.clerk, now=at(2), data=notice)
    supplement = {"materials": ["layout", "rules"]}
    casework_actions.perform(number, "receive_supplement", by=cast.clerk, now=at(3), data=supplement)
    casework_actions.perform(number, "accept", by=cast.clerk, now=at(3))
    special = {"ground": "testing", "until": "2026-03-06", "document": "检测时间告知书"}
    casework_actions.perform(number, "start_special", by=cast.examiner, now=at(4), data=special)
    casework_actions.perform(number, "end_special", by=cast.examiner, now=at(6))
    cast.examines(number, at=at(9))
    casework_actions.perform(
        number, "extend", by=cast.head, now=at(9), data={"days": 5, "reason": "检测报告需要复核"}
    )
    casework_actions.perform(
        number, "send_back", by=cast.approver, now=at(10), data={"reason": "意见没有写明条款"}
    )
    cast.examines(number, at=at(10))
    casework_actions.perform(number, "grant", by=cast.approver, now=at(11), data=cast.decision("food"))
    actions.publicise(number, now=at(11))
    casework_actions.perform(number, "deliver", by=cast.clerk, now=at(12))
    return number


@pytest.mark.requirement("CASE-23")
def test_each_act_leaves_its_entry_and_no_name_stands_in_it(city_db: str, cast: Cast) -> None:
    number = whole_course(cast)
    entries = journal.entries_of(number)
    assert [e.event.removeprefix("application.") for e in entries] == [
        *("submitted", "supplement_notified", "supplement_received", "accepted"),
        *("special_started", "special_ended", "step_completed", "step_completed", "extended"),
        *("sent_back", "step_completed", "granted", "publicised", "delivered"),
    ]
    states = [(e.from_state, e.to_state) for e in entries if e.to_state]
    assert states[0] == (None, "received")
    assert all(one[1] == other[0] for one, other in zip(states, states[1:], strict=False))
    assert states[-1][1] == cases.read(number).state == "closed"
    public = " ".join(str(dict(e.public)) for e in entries)
    for secret in ("李云溪", "990101199003076548", "13800000000", cast.decision("food")["reason"]):
        assert secret not in public
    opened = casework_actions.open_case_file(number, by=cast.examiner, now=at(12))
    assert cast.decision("food")["reason"] in str(opened.texts)
    assert journal.entries_of(number)[-1].event == "casework.file_opened"


@pytest.mark.requirement("CASE-23")
def test_every_row_of_the_procedure_names_its_event_and_its_article() -> None:
    rows = (PROCEDURE.creation, *PROCEDURE.rows)
    assert all(row.cites for row in rows)
    assert len({row.event for row in rows}) == len(rows)


@pytest.mark.parametrize("who", ["leader", "overseer", "sysadmin", "hall_manager", "item_editor"])
def test_who_only_looks_on_reads_no_names_and_no_papers(city_db: str, cast: Cast, who: str) -> None:
    pdf = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
    number = cast.applies("device", at=at(2), materials=[], files_given=[Upload("form", "a.pdf", pdf)])
    paper = papers_actions.issue_papers(number, entry=journal.entries_of(number)[0].number, now=at(2))[0]
    file = next(m for m in cases.materials(cases.read(number)) if m.files).files[0]
    entries = len(journal.entries_of(number))
    looks_on = cast.staff(who)
    assert desk_queries.case_page(number, by=looks_on, now=at(2)).state_label == "已收件，待受理"
    for opens in (
        lambda by: casework_actions.open_case_file(number, by=by, now=at(2)),
        lambda by: casework_actions.open_material(number, file, by=by, now=at(2)),
        lambda by: papers_actions.open_paper(paper, by=by, now=at(2)),
    ):
        with pytest.raises(NotAllowed, match="承办岗位"):
            opens(looks_on)
    assert len(journal.entries_of(number)) == entries
    for handles in ("clerk", "examiner", "approver", "head", "supervisor"):
        assert casework_actions.open_case_file(number, by=cast.staff(handles), now=at(2)).names


# --- withdrawing --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["received", "examining", "deciding"])
def test_an_application_is_withdrawn_by_its_applicant_until_it_is_decided(
    city_db: str, cast: Cast, state: str
) -> None:
    begin = {"received": cast.applies, "examining": cast.accepted, "deciding": cast.examined}[state]
    number = begin("device", at=at(2))
    assert cases.read(number).state == state
    casework_actions.perform(number, "withdraw", by=cast.applicant, now=at(3), data={"reason": "不办了"})
    case = cases.read(number)
    assert (case.state, case.open_assignments) == ("withdrawn", ())
    assert [d for d in case.deadlines if d.is_open] == []
    with pytest.raises(WrongState, match="已撤回"):
        casework_actions.perform(number, "withdraw", by=cast.applicant, now=at(3))
    assert desk_queries.case_page(number, by=cast.clerk, now=at(3)).offers == ()


def test_a_window_withdraws_only_on_the_applicants_signed_request_and_tells_the_applicant(
    city_db: str, cast: Cast
) -> None:
    number = cast.accepted("device", at=at(2))
    data = {"request": "3月3日李云溪签名的撤回申请书", "reason": "设备已经转让"}
    with pytest.raises(NotAllowed):
        casework_actions.perform(number, "withdraw", by=cast.clerk, now=at(3), data=data)
    for missing in data:
        with pytest.raises(BadInput) as refused:
            casework_actions.perform(
                number, "withdraw_at_window", by=cast.clerk, now=at(3), data={**data, missing: " "}
            )
        assert missing in refused.value.fields
    assert (cases.read(number).state, last(number)) == ("examining", "accepted")

    outcome = casework_actions.perform(number, "withdraw_at_window", by=cast.clerk, now=at(3), data=data)
    assert (cases.read(number).state, cases.read(number).outcome) == ("withdrawn", "withdrawn")
    entry = journal.entries_of(number)[-1]
    assert not any(text in str(entry) for text in data.values())
    assert outcome.notices == ("withdrawal",)
    papers_actions.issue_papers(number, entry=entry.number, now=at(3))
    assert "withdrawal" in [notice.kind for notice in cases.notices(number)]


def test_only_the_applicant_and_the_agent_act_as_the_party(city_db: str, cast: Cast) -> None:
    number = cast.applies("device", at=at(2), agent=str(cast.agent.party_number))
    case = cases.read(number)
    beside = replace(case, parties={**case.parties, str(cast.stranger.party_number): "third_party"})
    refusal = cases.barred(beside, "withdraw", by=cast.stranger, now=at(5))
    assert refusal is not None
    assert (refusal.status, cases.offers(beside, by=cast.stranger, now=at(5))) == (403, [])
    for by in (cast.applicant, cast.agent):
        assert "withdraw" in {offer.action for offer in cases.offers(beside, by=by, now=at(5))}


def test_free_words_of_a_decision_stand_in_the_open_record_only_as_the_item_publishes_them(
    city_db: str, cast: Cast
) -> None:
    case = cases.read(cast.examined("device", at=at(2)))
    published, own = cast.decision("device"), {"reason": "事实清楚，予以准予", "standard": "王某某提供的标准"}
    bare = replace(case, terms=replace(case.terms, extra={**case.terms.extra, "decision_standards": []}))
    given = [Given(case, {}, published, at(3), cast.approver), Given(bare, {}, own, at(3), cast.approver)]
    assert [decision_values(one) for one in given] == [{"standard": published["standard"]}, {}]
    assert [decision_texts(one) for one in given] == [{"reason": published["reason"]}, own]


def test_each_day_of_a_case_belongs_to_one_holder_and_the_case_page_says_whose(
    city_db: str, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = cast.applies("food", at=at(2), materials=[])
    asked = {"items": cast.materials("food"), "remarks": "都还没有收到"}
    casework_actions.perform(number, "notify_supplement", by=cast.clerk, now=at(4), data=asked)
    brought = {"materials": cast.materials("food")}
    casework_actions.perform(number, "receive_supplement", by=cast.clerk, now=at(9), data=brought)
    spent = cases.days_spent(cases.read(number), until=at(12).date())
    assert spent == {"本机关": 2 + 3, "当事人": 5}
    monkeypatch.setattr(moments, "now", lambda: at(12))
    page = cast.client("clerk").get(reverse("desk-case", args=[number])).content.decode()
    assert "时间用在谁那里" in page
    assert re.search(r"<dt>申请人</dt>\s*<dd>5日</dd>", page)  # as the kind calls the party
