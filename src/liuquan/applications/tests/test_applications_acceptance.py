"""Receipt and acceptance: a one-time notice in time, or acceptance by law. Golden dates around the Spring
Festival of 2026 (行政许可法 第三十一条, 第三十二条)."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.test import Client

from liuquan.applications import actions
from liuquan.casework import actions as casework
from liuquan.casework import queries as cases
from liuquan.casework.types import Running, Upload
from liuquan.clock import shanghai_day
from liuquan.desk import queries as desk_queries
from liuquan.journal import queries as journal
from liuquan.kernel import sql
from liuquan.kernel.refusals import BadInput, NotAllowed, NotVisible, Refusal, WrongState
from liuquan.testing.browsers import SetNow
from liuquan.testing.cast import ITEMS, Cast
from liuquan.testing.entries import last_said

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def at(month: int, day: int, hour: int = 10, year: int = 2026) -> datetime:
    """A moment by the clock in Shanghai."""
    return datetime(year, month, day, hour - 8 if hour >= 8 else hour + 16, tzinfo=UTC)


def midnight_after(month: int, day: int) -> datetime:
    """The first moment after a day in Shanghai."""
    return datetime(2026, month, day, 16, 0, tzinfo=UTC)


def events(number: str) -> list[str]:
    return [e.event.removeprefix("application.") for e in journal.entries_of(number)]


def count(table: str) -> int:
    return int(sql.run(f"SELECT count(*) AS n FROM {table}")[0]["n"])


@pytest.mark.fact("L-04")
def test_silence_accepts_as_of_the_day_of_receipt(city_db: str, cast: Cast) -> None:
    number = cast.applies("food", at=at(2, 10))
    acceptance = cases.read(number).deadline("acceptance")
    assert acceptance is not None
    assert acceptance.due_on == date(2026, 2, 24)

    assert casework.sweep(now=at(2, 24, 23)) == 0
    assert cases.read(number).state == "received"
    assert casework.sweep(now=midnight_after(2, 24)) == 1

    case = cases.read(number)
    assert case.state == "examining"
    assert case.accepted_at is not None
    assert shanghai_day(case.accepted_at) == date(2026, 2, 10)
    assert {d.key: d.due_on for d in case.deadlines if d.is_open and d.key != "step"} == {
        "statutory": date(2026, 3, 16),
        "promised": date(2026, 2, 27),
    }
    assert [d.state for d in case.deadlines if d.key == "acceptance"] == [Running.EXPIRED]
    assert [a.step for a in case.open_assignments] == ["site"]
    last = journal.entries_of(number)[-1]
    assert (last.event, last.actor_kind) == ("application.deemed_accepted", "system")
    assert last.effective_at == case.received_at
    assert casework.sweep(now=midnight_after(2, 24)) == 0


def test_what_took_effect_on_an_earlier_day_says_both_days(city_db: str, cast: Cast, set_now: SetNow) -> None:
    number, late = cast.applies("food", at=at(2, 10)), midnight_after(2, 24)
    casework.sweep(now=late)
    set_now(late)
    both = "登记于2026年2月25日 00:00，自2026年2月10日起生效"
    assert both in cast.client("clerk").get(f"/desk/cases/{number}/").content.decode()
    holder = Client()
    shown = holder.post("/track/", {"number": number, "code": cases.query_code(number)}, follow=True)
    assert "登记于2月25日 00:00，自2月10日起生效" in shown.content.decode()


@pytest.mark.fact("L-04")
@pytest.mark.parametrize("swept", [True, False], ids=["swept", "before the sweeper ran"])
def test_after_five_days_of_silence_no_notice_can_be_issued(city_db: str, cast: Cast, swept: bool) -> None:
    number = cast.applies("food", at=at(2, 10), materials=["form"])
    late = midnight_after(2, 24)
    if swept:
        casework.sweep(now=late)
    with pytest.raises(WrongState, match="审查中") as refused:
        casework.perform(
            number, "notify_supplement", by=cast.clerk, now=late, data={"items": ["layout", "rules"]}
        )
    assert refused.value.status == 409
    assert cases.read(number).state == "examining"
    assert events(number) == ["submitted", "deemed_accepted"]
    assert count("applications_supplement") == 0


@pytest.mark.fact("L-04")
def test_each_receipt_of_supplements_starts_the_five_days_again(city_db: str, cast: Cast) -> None:
    number = cast.applies("food", at=at(3, 2), materials=["form"])
    data = {"items": ["layout", "rules"]}
    casework.perform(number, "notify_supplement", by=cast.clerk, now=at(3, 3), data=data)
    case = cases.read(number)
    assert (case.state, [d for d in case.deadlines if d.is_open]) == ("supplementing", [])
    assert casework.sweep(now=at(3, 31)) == 0

    casework.perform(
        number, "receive_supplement", by=cast.clerk, now=at(3, 16), data={"materials": ["layout"]}
    )
    again = cases.read(number).deadline("acceptance")
    assert again is not None
    assert again.due_on == date(2026, 3, 23)

    assert casework.sweep(now=midnight_after(3, 23)) == 1
    case = cases.read(number)
    assert case.accepted_at is not None
    assert shanghai_day(case.accepted_at) == date(2026, 3, 16)
    statutory = case.deadline("statutory")
    assert statutory is not None
    assert shanghai_day(statutory.anchor_at) == date(2026, 3, 16)


@pytest.mark.fact("L-04")
def test_a_deadline_that_rests_on_an_unannounced_year_executes_nothing(city_db: str, cast: Cast) -> None:
    number = cast.applies("food", at=at(12, 28))
    acceptance = cases.read(number).deadline("acceptance")
    assert acceptance is not None
    assert acceptance.provisional
    assert casework.sweep(now=at(1, 25, year=2027)) == 0
    assert cases.read(number).state == "received"
    # the office may still answer: an unpublished calendar decides nothing
    casework.perform(number, "accept", by=cast.clerk, now=at(1, 25, year=2027))
    assert events(number) == ["submitted", "accepted"]


def test_silence_has_no_such_effect_where_no_licence_is_asked_for(city_db: str, cast: Cast) -> None:
    number = cast.applies("reward", at=at(3, 2))
    assert casework.sweep(now=at(3, 16)) == 1
    assert cases.read(number).state == "received"
    assert events(number) == ["submitted", "casework.deadline_breached"]


@pytest.mark.fact("L-04")
def test_a_notice_names_everything_that_is_missing(city_db: str, cast: Cast) -> None:
    number = cast.applies("food", at=at(3, 2), materials=["form"])
    with pytest.raises(BadInput, match="还漏了") as refused:
        casework.perform(number, "notify_supplement", by=cast.clerk, now=at(3, 3), data={"items": ["layout"]})
    assert "items" in refused.value.fields
    assert events(number) == ["submitted"]


@pytest.mark.requirement("CASE-04")
@pytest.mark.parametrize(
    ("came", "items", "flagged"),
    [
        pytest.param(["layout"], ["rules"], False, id="only what is still owed"),
        pytest.param(["layout"], ["layout", "rules"], True, id="something that came when asked for"),
        pytest.param(["layout"], ["form", "rules"], True, id="something never asked for"),
        pytest.param(["layout", "rules"], ["layout", "rules"], True, id="the same although all of it came"),
    ],
)
def test_a_later_notice_is_flagged_when_it_asks_for_something_new(
    city_db: str, cast: Cast, came: list[str], items: list[str], flagged: bool
) -> None:
    number = cast.applies("food", at=at(3, 2), materials=["form"])

    def notify(day: int, asked: list[str]) -> dict[str, object]:
        casework.perform(number, "notify_supplement", by=cast.clerk, now=at(3, day), data={"items": asked})
        return last_said(number)

    assert notify(3, ["layout", "rules"]) == {"count": 2, "items": ["layout", "rules"]}
    casework.perform(number, "receive_supplement", by=cast.clerk, now=at(3, 4), data={"materials": came})
    said = notify(5, items)
    assert said["items"] == items
    assert said.get("again", False) is flagged


def test_a_supplement_brings_something(city_db: str, cast: Cast) -> None:
    number = cast.applies("food", at=at(3, 2), materials=["form"])
    data = {"items": ["layout", "rules"]}
    casework.perform(number, "notify_supplement", by=cast.clerk, now=at(3, 3), data=data)
    case, rows = cases.read(number), count("casework_material")
    for empty in ({}, {"materials": []}, {"materials": [""]}):
        with pytest.raises(BadInput) as refused:
            casework.perform(number, "receive_supplement", by=cast.applicant, now=at(3, 4), data=empty)
        assert "materials" in refused.value.fields
    assert cases.read(number) == case
    assert count("casework_material") == rows


@pytest.mark.fact("L-22")
def test_only_materials_of_the_list_can_be_asked_for(city_db: str, cast: Cast) -> None:
    number = cast.applies("food", at=at(3, 2), materials=["form"])
    for items in (["layout", "rules", "无犯罪记录证明"], ["passport"]):
        with pytest.raises(BadInput, match="清单以内") as refused:
            casework.perform(number, "notify_supplement", by=cast.clerk, now=at(3, 3), data={"items": items})
        assert refused.value.citation == "行政许可法 第三十一条"
    assert events(number) == ["submitted"]


@pytest.mark.fact("L-22")
@pytest.mark.parametrize("action", ["accept", "accept_corrected", "receive_supplement"])
def test_materials_outside_the_list_are_not_taken(city_db: str, cast: Cast, action: str) -> None:
    number = cast.applies("food", at=at(3, 2))
    if action == "receive_supplement":
        data = {"items": ["form"]}
        casework.perform(number, "notify_supplement", by=cast.clerk, now=at(3, 2), data=data)
    before, rows = cases.read(number), count("casework_material")
    more = {"corrections": "改了"} if action == "accept_corrected" else {}
    for given in (
        {"materials": ["form", "passport"]},
        {"files_given": [Upload("passport", "护照.pdf", PDF)]},
    ):
        files = given.pop("files_given", [])
        with pytest.raises(BadInput, match="清单"):
            casework.perform(
                number,
                action,
                by=cast.clerk,
                now=at(3, 3),
                data={**more, **given},
                files_given=files,
            )
    assert cases.read(number) == before
    assert count("casework_material") == rows
    assert sql.run("SELECT 1 FROM kernel_storedfile WHERE erased_at IS NULL") == []


@pytest.mark.fact("L-05")
def test_what_is_complete_is_accepted_and_what_is_not_is_not(city_db: str, cast: Cast) -> None:
    number = cast.applies("food", at=at(3, 2), materials=["form", "layout"])
    with pytest.raises(BadInput, match="食品安全规章制度目录"):
        casework.perform(number, "accept", by=cast.clerk, now=at(3, 2))
    assert events(number) == ["submitted"]
    casework.perform(number, "accept", by=cast.clerk, now=at(3, 2), data={"materials": ["rules"]})
    case = cases.read(number)
    assert case.state == "examining"
    assert journal.entries_of(number)[-1].public["missing_deferred"] == ["health"]
    assert {m.key for m in cases.materials(case) if m.received} == {"form", "layout", "rules"}


@pytest.mark.fact("L-03")
def test_what_can_be_corrected_on_the_spot_is_corrected_and_noted(city_db: str, cast: Cast) -> None:
    number = cast.applies("food", at=at(3, 2))
    with pytest.raises(BadInput, match="必填"):
        casework.perform(number, "accept_corrected", by=cast.clerk, now=at(3, 2))
    casework.perform(
        number, "accept_corrected", by=cast.clerk, now=at(3, 2), data={"corrections": "门牌号写错，当场改正"}
    )
    assert events(number) == ["submitted", "accepted_corrected"]
    opened = casework.open_case_file(number, by=cast.clerk, now=at(3, 2))
    assert "门牌号写错，当场改正" in str(opened.texts)


@pytest.mark.parametrize(
    ("action", "data", "outcome"),
    [
        pytest.param(
            "refuse_not_needed", {"reason": "该活动不需要许可"}, "not_needed", marks=pytest.mark.fact("L-01")
        ),
        pytest.param(
            "refuse_not_ours",
            {"reason": "属于住建部门职权", "refer_to": "云溪市住房和城乡建设局"},
            "not_ours",
            marks=pytest.mark.fact("L-02"),
        ),
    ],
)
def test_what_is_not_needed_or_not_ours_is_not_accepted_at_once(
    city_db: str, cast: Cast, action: str, data: dict[str, str], outcome: str
) -> None:
    number = cast.applies("food", at=at(3, 2))
    for missing in data:
        with pytest.raises(BadInput):
            casework.perform(
                number,
                action,
                by=cast.clerk,
                now=at(3, 2),
                data={k: v for k, v in data.items() if k != missing},
            )
    assert events(number) == ["submitted"]
    casework.perform(number, action, by=cast.clerk, now=at(3, 2), data=data)
    case = cases.read(number)
    assert (case.state, case.outcome, case.closed_at) == ("not_accepted", outcome, at(3, 2))
    assert [d for d in case.deadlines if d.is_open] == []
    entry = journal.entries_of(number)[-1]
    assert entry.public.get("refer_to") == data.get("refer_to")
    assert data["reason"] not in str(entry.public)


def test_a_body_nobody_here_knows_is_named_on_the_paper_and_not_in_the_open_record(
    city_db: str, cast: Cast
) -> None:
    number = cast.applies("food", at=at(3, 2))
    data = {"reason": "属于邻市职权", "refer_to": "请找邻市某局的张三"}
    casework.perform(number, "refuse_not_ours", by=cast.clerk, now=at(3, 2), data=data)
    entry = journal.entries_of(number)[-1]
    assert entry.public["refer_to"] == "决定书写明的机关"
    assert "张三" not in str(entry)
    texts = casework.open_case_file(number, by=cast.clerk, now=at(3, 2)).texts
    assert texts[str(entry.number)]["refer_to"] == data["refer_to"]


def test_an_application_is_refused_with_the_reason_why(city_db: str, cast: Cast) -> None:
    def tries(**changed: object) -> Refusal:
        given = {
            "item_code": ITEMS["food"],
            "applicant": cast.applicant.party_number,
            "by": cast.clerk,
            "now": at(3, 2),
            "channel": "window",
            **changed,
        }
        with pytest.raises(Refusal) as refused:
            actions.submit(**given)  # type: ignore[arg-type]
        return refused.value

    assert isinstance(tries(item_code="11990100MB9901024C3990199999000"), NotVisible)
    assert isinstance(tries(now=at(6, 1, year=2025)), WrongState)
    assert tries(now=at(6, 1, year=2025)).code == "item_not_yet_in_force"
    assert isinstance(tries(materials=["passport"]), BadInput)
    assert isinstance(tries(by=cast.other_examiner), NotAllowed)
    assert isinstance(tries(by=cast.stranger), NotAllowed)
    assert isinstance(tries(received_at=at(3, 3)), BadInput)
    assert isinstance(tries(files_given=[Upload("form", "申请书.pdf", b"MZ\x90\x00")]), BadInput)
    assert isinstance(tries(files_given=[Upload("form", "空.pdf", b"")]), BadInput)
    assert isinstance(tries(by=cast.stranger, files_given=[Upload("form", "申请书.pdf", PDF)]), NotAllowed)
    assert count("casework_case") == 0
    assert count("casework_material") == 0
    assert sql.run("SELECT 1 FROM kernel_storedfile WHERE erased_at IS NULL") == []


def test_pressing_twice_makes_one_case(city_db: str, cast: Cast) -> None:
    from uuid import UUID

    key = UUID("00000000-0000-4000-8000-000000000001")
    first, second = (
        actions.submit(
            item_code=ITEMS["food"],
            applicant=cast.applicant.party_number,
            by=cast.applicant,
            now=now,
            channel="online",
            files_given=[Upload("form", "申请书.pdf", PDF)],
            submission_key=key,
        )
        for now in (at(3, 2), at(3, 2, 11))
    )
    assert (first.number, first.effective_at, first.entry) == (
        second.number,
        second.effective_at,
        second.entry,
    )
    assert (count("casework_case"), count("casework_material")) == (1, 1)
    assert len(sql.run("SELECT 1 FROM kernel_storedfile WHERE erased_at IS NULL")) == 1


def test_a_stranger_sees_nothing_of_a_case(city_db: str, cast: Cast) -> None:
    number = cast.applies("food", at=at(3, 2))
    entries = len(journal.entries_of(number))
    for by in (cast.stranger, cast.other_examiner):
        with pytest.raises(NotVisible):
            desk_queries.case_page(number, by=by, now=at(3, 2))
        with pytest.raises(NotVisible):
            casework.perform(number, "withdraw", by=by, now=at(3, 2))
        with pytest.raises(NotVisible):
            casework.open_case_file(number, by=by, now=at(3, 2))
    assert len(journal.entries_of(number)) == entries
    assert desk_queries.case_page(number, by=cast.supervisor, now=at(3, 2)).offers == ()
