"""A case that changes after it is opened, on pages and by API: parties, bodies, posts, parts, children."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connections
from django.test import Client
from django.urls import reverse

from liuquan.casework import actions, queries, registry
from liuquan.casework.types import Snapshot, Upload
from liuquan.journal import actions as record
from liuquan.journal import queries as journal
from liuquan.kernel import sql
from liuquan.kernel.refusals import BadInput, NotVisible, Refusal, SomebodyWasFirst, WrongState
from liuquan.kinds.types import CaseKind
from liuquan.organisation.types import Actor, party_actor
from liuquan.parties import actions as parties
from liuquan.testing.browsers import SetNow
from liuquan.testing.cast import LI_YUNXI, ZHAO_YUANKE, Cast
from liuquan.testing.errand.kind import ERRAND
from liuquan.testing.errand.procedure import PROCEDURE
from liuquan.testing.errand.taking_in import mandate, taken_in, worker
from liuquan.testing.kinds import registered
from liuquan.testing.sources import squeezed

API = "/api/v1"
OFFICE, BUILDING, LAND = "11990100MB9901024C", "11990100MB99010327", "11990100MB99010402"
OFFICE_NAME, BUILDING_NAME = "云溪市市场监督管理局", "云溪市住房和城乡建设局"
POSTS = {OFFICE: "SCJG-SC1", BUILDING: "ZJJ-SC1", LAND: "ZRZY-SC1"}
WHY = "房屋安全由住建部门管"
FIVE = f"{OFFICE} 5\n{BUILDING} 6\n{LAND} 7\n{BUILDING} 8\n{LAND} 9"
#: what the case page shows in the end
SHOWN = (
    LI_YUNXI.name,
    ZHAO_YUANKE.name,
    "2026年3月12日 10:00退出",
    WHY,
    "紧急程度",
    "紧急",
    "回报期限",
    "承办期限",
    "分项期限",
    OFFICE_NAME,
    BUILDING_NAME,
    "子件一览",
    "交给岗位的工作",
    "3月11日（周三）完成",
)
PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def at(day: int, hour: int = 10) -> datetime:
    """A moment of March 2026, by the clock in Shanghai."""
    return datetime(2026, 3, day, hour - 8, tzinfo=UTC)


@pytest.fixture
def errand_kind() -> Iterator[CaseKind]:
    with registered(ERRAND) as kind:
        yield kind


@pytest.fixture
def errand(city_db: str, errand_kind: CaseKind, cast: Cast, set_now: SetNow, settings: Any) -> str:
    """An errand of one party, taken in by the market office on Monday 2 March 2026; its number."""
    settings.LIUQUAN_DEMO = True  # March 2026 is played, whatever day the database's clock shows
    cache.clear()
    set_now(at(2))
    for body, post in POSTS.items():
        mandate(post, body, now=at(2))
    return begun(cast)


def begun(cast: Cast) -> str:
    """An errand of one party, to be reported by 1 April 2026; its number."""
    applicant = {cast.applicant.party_number: "applicant"}
    return taken_in(applicant, body_code=OFFICE, by=office(), now=at(2), days=30)


def office() -> Actor:
    return worker(OFFICE, POSTS[OFFICE], 1)


def act(number: str, action: str, day: int, by: Actor | None = None, **data: Any) -> Snapshot:
    actions.perform(number, action, by=by or office(), now=at(day), data=data)
    return queries.read(number)


def words(answer: Any, status: int = 200) -> str:
    page: str = answer.content.decode()
    assert answer.status_code == status, page[:3000]
    return squeezed(page)


def good(answer: Any) -> Any:
    assert answer.status_code == 200, answer.content.decode()
    return answer.json()


def posted(client: Client, number: str, action: str, **data: Any) -> None:
    """Send the form of an act at the desk."""
    row, mine = PROCEDURE.row(action), queries.read(number).open_assignments
    if row and row.names_assignment:
        data = {"assignment": mine[0].id, **data}
    answer = client.post(reverse("desk-act", args=[number, action]), data)
    assert answer.status_code == 302, squeezed(answer.content.decode())


def everything(number: str) -> tuple[Any, ...]:
    """The case, its children, its entries, and how many cases there are at all."""
    case = queries.read(number)
    cases = sql.run("SELECT count(*) AS n FROM casework_case")[0]["n"]
    return case, len(journal.entries_of(number)), cases, queries.counts(kind="errand")


def stood(number: str, moment: datetime) -> Snapshot:
    """The case as the record says it was."""
    entries = [one for one in journal.entries_of(number) if journal.acted_at(one) <= moment]
    found = queries.as_it_stood(queries.read(number), entries, at=moment)
    assert found is not None
    return found


def agrees(number: str) -> bool:
    return queries.differences(queries.read(number), stood(number, at(31))) == ()


def walk(number: str, cast: Cast, set_now: SetNow) -> None:
    """All of it: at the desk of the office, then of the building office, then of the office again; in between
    what the second party does."""
    stranger = cast.stranger.party_number
    here, there = cast.client("examiner"), cast.client("building_examiner")
    posted(here, number, "admit", party=stranger)
    posted(here, number, "open_lot", lot="A", days=5, from_on="2026-03-02")
    posted(here, number, "open_lot", lot="B", days=9, from_on="2026-03-05")
    set_now(at(3))
    posted(here, number, "give", post="SCJG-SC2", days=7)
    posted(here, number, "redirect", post="SCJG-SC1")
    set_now(at(4))
    posted(here, number, "hand_on", body=BUILDING, reason=WHY)
    set_now(at(9))
    path = f"{API}/cases/{number}/actions/give"
    good(there.post(path, {"post": "ZJJ-SC1", "days": 3}, content_type="application/json"))
    set_now(at(11))
    posted(there, number, "finish", result="solved")
    posted(there, number, "hand_on", body=OFFICE, reason="已经办完")
    set_now(at(12))
    act(number, "leave", 12, party_actor(stranger))
    posted(here, number, "decide_lot", lot="A")
    posted(here, number, "divide", to=FIVE)


def test_everything_that_happened_stands_on_the_case_page_in_the_api_and_on_the_slip(
    errand: str, cast: Cast, set_now: SetNow
) -> None:
    walk(errand, cast, set_now)
    case = queries.read(errand)
    assert queries.days_spent(case, until=date(2026, 3, 12)) == {OFFICE_NAME: 2 + 1, BUILDING_NAME: 7}
    here = cast.client("examiner")
    page = words(here.get(reverse("desk-case", args=[errand])))
    for said in SHOWN:
        assert said in page, said
    assert len(case.children) == 5
    assert all(child.number in page for child in case.children)
    read = good(here.get(f"{API}/cases/{errand}"))
    assert (read["kind"], read["state_label"]) == ("errand", "待交办")
    for child in case.children:
        assert queries.read(child.number).deadlines[0].due_at <= case.deadlines[0].due_at
    code = queries.query_code(errand)
    slip = Client()
    slip.post("/track/", {"number": errand, "code": code})
    tracked = words(slip.get(reverse("track_case", args=[errand])))
    for said in ("待交办", OFFICE_NAME, "转给其他单位", "您现在可以办理", "补充说明"):
        assert said in tracked, said
    for secret in (ZHAO_YUANKE.name, LI_YUNXI.name, WHY, "给您的文书"):
        assert secret not in tracked
    assert (
        good(Client().get(f"{API}/track/{errand}", headers={"Query-Code": code}))["state_label"] == "待交办"
    )
    assert agrees(errand)
    assert all(agrees(child.number) for child in case.children)


def test_the_api_tells_the_clocks_of_parts_apart(errand: str, cast: Cast) -> None:
    for lot, days in (("A", 5), ("B", 9)):
        act(errand, "open_lot", 2, lot=lot, days=days, from_on="2026-03-02")
    lots = {("lot", "A", "2026-03-09"), ("lot", "B", "2026-03-13"), ("answer", "", "2026-04-01")}
    here, headers = cast.client("examiner"), {"Query-Code": queries.query_code(errand)}
    answers = [good(here.get(f"{API}/cases/{errand}"))["deadlines"]]
    answers += [good(here.get(f"{API}/cases/{errand}/deadlines"))]
    answers += [good(Client().get(f"{API}/track/{errand}", headers=headers))["deadlines"]]
    for clocks in answers:
        assert {(one["key"], one["part"], one["due_on"]) for one in clocks} == lots


def test_the_api_names_parent_and_children_that_the_caller_may_see(errand: str, cast: Cast) -> None:
    children = [child.number for child in act(errand, "divide", 2, to=FIVE).children]
    here, there = cast.client("examiner"), cast.client("building_examiner")

    def family(client: Client, number: str) -> tuple[str, list[str]]:
        read = good(client.get(f"{API}/cases/{number}"))
        return read["parent"], read["children"]

    def of_the_slip(number: str) -> tuple[str, list[str]]:
        headers = {"Query-Code": queries.query_code(number)}
        read = good(Client().get(f"{API}/track/{number}", headers=headers))
        return read["parent"], read["children"]

    theirs = [number for number in children if queries.read(number).body_code == BUILDING]
    assert len(theirs) == 2
    assert family(here, errand) == of_the_slip(errand) == ("", children)
    assert family(here, theirs[0]) == of_the_slip(theirs[0]) == (errand, [])
    assert family(there, theirs[0]) == ("", [])  # the errand is not theirs
    # the applicant leaves one of them: the slip of the errand names it no more
    builder = worker(BUILDING, POSTS[BUILDING], 2)
    act(theirs[0], "admit", 3, by=builder, party=cast.stranger.party_number)
    act(theirs[0], "drop", 3, by=builder, party=cast.applicant.party_number, reason="不再有关")
    assert of_the_slip(errand) == ("", [one for one in children if one != theirs[0]])
    act(errand, "hand_on", 3, body=BUILDING, reason=WHY)
    assert family(there, errand) == ("", theirs)
    assert family(there, theirs[0]) == (errand, [])
    assert family(here, theirs[0]) == ("", [])  # of the office, which handed the errand on


def test_the_history_shows_body_parties_and_clocks_as_they_were_then(
    errand: str, cast: Cast, set_now: SetNow
) -> None:
    walk(errand, cast, set_now)
    party, other = cast.applicant.party_number, cast.stranger.party_number
    then = stood(errand, at(10))
    assert (then.body_code, then.parties) == (BUILDING, {party: "applicant", other: "interested_party"})
    running = {(d.key, d.part): d.due_on for d in then.deadlines if d.is_open}
    assert running == {
        ("answer", ""): date(2026, 4, 1),
        ("lot", "A"): date(2026, 3, 9),
        ("lot", "B"): date(2026, 3, 18),
        ("task", ""): date(2026, 3, 12),
    }
    assert [(a.post_code, a.body_code, a.state) for a in then.open_assignments] == [
        (POSTS[BUILDING], BUILDING, "open")
    ]
    slip = Client()
    slip.post("/track/", {"number": errand, "code": queries.query_code(errand)})
    for client, name in ((cast.client("examiner"), "desk-history"), (slip, "track_history")):
        page = words(client.get(reverse(name, args=[errand]), {"on": "2026-03-10"}))
        for said in (
            "承办中",
            "分项期限（A）",
            "分项期限（B）",
            "承办期限",
            "3月12日",
            "回报期限",
            BUILDING_NAME,
        ):
            assert said in page, (name, said)
        assert OFFICE_NAME not in page, name
        earlier = words(client.get(reverse(name, args=[errand]), {"on": "2026-03-02"}))
        assert OFFICE_NAME in earlier, name
        assert "承办期限" not in earlier, name


def test_other_rows_leave_the_past_as_it_was(
    errand: str, cast: Cast, set_now: SetNow, monkeypatch: pytest.MonkeyPatch
) -> None:
    walk(errand, cast, set_now)
    days = [at(day, 23) for day in range(2, 13)]
    before = [stood(errand, day) for day in days]
    rows = tuple(replace(row, effects=(), target="called_off") for row in PROCEDURE.rows)
    opening = replace(PROCEDURE.creation, effects=(), target="called_off")
    other = replace(PROCEDURE, rows=rows, creation=opening, initial="called_off")
    monkeypatch.setitem(registry._PROCEDURES, ("errand", 1), other)
    assert queries.procedure_of(queries.read(errand)) is other
    assert [stood(errand, day) for day in days] == before
    assert agrees(errand)


# --- erasure ------------------------------------------------------------------------------------------------


def erase(party: str, number: str = "") -> None:
    """Destroy what is known of a party, and the private parts of a case's entries."""
    centre = Actor(kind="staff", staff_id=2, roles=frozenset({"centre_officer"}))
    parties.erase(party, by=centre, now=at(12))
    if number:
        record.erase_private(subject=number, reason="依法清除", by=centre, now=at(12))


def test_erasing_takes_names_and_reasons_and_leaves_the_structure(
    errand: str, cast: Cast, set_now: SetNow
) -> None:
    walk(errand, cast, set_now)
    before, past = queries.read(errand), stood(errand, at(10))
    erase(cast.stranger.party_number, errand)
    assert queries.read(errand) == before
    assert stood(errand, at(10)) == past
    assert agrees(errand)
    for name in ("desk-case", "desk-case-print", "desk-history"):
        page = words(cast.client("examiner").get(reverse(name, args=[errand])))
        assert ZHAO_YUANKE.name not in page
        assert WHY not in page
        assert "转给其他单位" in page


def test_one_party_that_is_erased_hides_nothing_of_the_others(errand: str, cast: Cast) -> None:
    act(errand, "admit", 2, party=cast.stranger.party_number)
    erase(cast.stranger.party_number)
    page = words(cast.client("examiner").get(reverse("desk-case", args=[errand])))
    assert LI_YUNXI.name in page
    assert "请协调解决" in page
    assert ZHAO_YUANKE.name not in page
    erase(cast.applicant.party_number)
    page = words(cast.client("examiner").get(reverse("desk-case", args=[errand])))
    assert "当事人的个人信息已依法清除" in page


# --- bad input ----------------------------------------------------------------------------------------------

LONG = {"lot": "A", "days": 5}


@pytest.mark.parametrize(
    ("action", "data", "kind", "status"),
    [
        ("divide", {"to": f"{BUILDING} 30\n{LAND} 31"}, BadInput, 422),
        ("divide", {"to": "随便"}, BadInput, 422),
        ("hand_on", {"body": LAND, "reason": WHY}, BadInput, 422),
        ("drop", {"reason": "不再办理"}, WrongState, 409),
        ("decide_lot", {"lot": "C"}, BadInput, 422),
        ("open_lot", {**LONG, "from_on": "2026-02-24"}, BadInput, 422),
        ("open_lot", {**LONG, "days": 16, "from_on": "2026-03-02"}, BadInput, 422),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_changes(
    errand: str, cast: Cast, action: str, data: dict[str, Any], kind: type[Refusal], status: int
) -> None:
    sql.run(
        "UPDATE body_record SET to_on = %(on)s FROM body WHERE body.id = body_id AND code = %(code)s",
        {"on": date(2026, 3, 2), "code": LAND},
    )
    if action == "drop":
        data = {**data, "party": cast.applicant.party_number}
    before = everything(errand)
    with pytest.raises(kind) as refused:
        act(errand, action, 2, **data)
    assert refused.value.status == status
    answer = cast.client("examiner").post(
        f"{API}/cases/{errand}/actions/{action}", json.dumps(data), content_type="application/json"
    )
    assert answer.status_code == status, answer.content.decode()
    assert everything(errand) == before


def test_a_child_is_held_to_what_is_left_of_its_parents_time(errand: str) -> None:
    before = everything(errand)
    with pytest.raises(BadInput):
        act(errand, "divide", 12, to=f"{BUILDING} 21")
    assert everything(errand) == before
    assert len(act(errand, "divide", 12, to=f"{BUILDING} 20").children) == 1


def test_a_party_does_not_get_what_another_handed_in(errand: str, cast: Cast) -> None:
    one, other = cast.applicant, cast.stranger
    act(errand, "admit", 2, party=other.party_number)
    given = [Upload("page", "证明.pdf", PDF)]
    actions.perform(errand, "say", by=other, now=at(3), data={"more": "另有隐情"}, files_given=given)
    (file,) = [file for found in queries.materials(queries.read(errand)) for file in found.files]
    assert actions.open_material(errand, file, by=other, now=at(3))[2] == PDF
    before = everything(errand)
    with pytest.raises(NotVisible) as refused:
        actions.open_material(errand, file, by=one, now=at(3))
    assert refused.value.status == 404
    assert everything(errand) == before
    said = [entry.event for entry in queries.timeline(queries.read(errand), by=one)]
    assert "errand.say" not in said


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """The results or refusals of calls begun at the same moment, each on its own connection."""
    ready, found = threading.Barrier(len(works)), [None] * len(works)

    def run(place: int, work: Callable[[], Any]) -> None:
        try:
            connections["default"].ensure_connection()
            ready.wait(10)
            found[place] = work()
        except Refusal as refusal:
            found[place] = refusal  # type: ignore[call-overload]
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return found


def test_of_two_moves_at_once_one_wins(city: str, errand_kind: CaseKind, cast: Cast) -> None:
    number = begun(cast)
    found = at_once(
        partial(act, number, "hand_on", 3, body=LAND, reason=WHY),
        partial(act, number, "hand_on", 3, body=BUILDING, reason=WHY),
    )
    (refused,) = [one for one in found if isinstance(one, Refusal)]
    # who reads after the other's move finds that the case is not theirs any more
    assert isinstance(refused, SomebodyWasFirst | NotVisible)
    case = queries.read(number)
    assert [role.body_code for role in case.leads] == [OFFICE, case.body_code]
    assert (case.revision, len(journal.entries_of(number))) == (2, 2)
    assert agrees(number)
