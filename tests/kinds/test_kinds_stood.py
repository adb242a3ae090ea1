"""Who was a party on a past day, which children there were, and in which role somebody acted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from liuquan.casework import actions, queries
from liuquan.journal import queries as journal
from liuquan.kinds import queries as kinds
from liuquan.organisation.types import Actor
from liuquan.testing.browsers import SetNow
from liuquan.testing.cast import LI_YUNXI, WANG_XIPAN, ZHAO_YUANKE, Cast
from liuquan.testing.errand.kind import ERRAND
from liuquan.testing.errand.taking_in import mandate, taken_in, worker
from liuquan.testing.kinds import registered
from liuquan.testing.sources import squeezed

API = "/api/v1"
OFFICE, BUILDING = "11990100MB9901024C", "11990100MB99010327"


def at(day: int, hour: int = 10) -> datetime:
    """A moment of March 2026, by the clock in Shanghai."""
    return datetime(2026, 3, day, hour - 8, tzinfo=UTC)


@pytest.fixture
def errand(city_db: str, cast: Cast, set_now: SetNow, settings: Any) -> Iterator[str]:
    """An errand with a second party from the 3rd to the 9th, divided on the 5th and again on the 10th; on the
    8th the first of its children is reported, and the second one has an act that leaves its state."""
    settings.LIUQUAN_DEMO = True  # March 2026 is played, whatever day the database's clock shows
    cache.clear()
    set_now(at(12))
    with registered(ERRAND):
        mandate("SCJG-SC1", OFFICE, now=at(2))
        mandate("ZJJ-SC1", BUILDING, now=at(2))
        applicant = {cast.applicant.party_number: "applicant"}
        number = taken_in(applicant, body_code=OFFICE, by=office(), now=at(2), days=30)
        act(number, "admit", 3, party=cast.stranger.party_number)
        act(number, "say", 4, cast.stranger, more="我是邻居")
        act(number, "say", 4, cast.applicant, more="请尽快")
        act(number, "divide", 5, to=f"{OFFICE} 5\n{BUILDING} 6")
        act(children(number)[0], "report", 8)
        there = worker(BUILDING, "ZJJ-SC1", 2)
        act(children(number)[1], "open_lot", 8, there, lot="A", days=2, from_on="2026-03-06")
        act(number, "leave", 9, cast.stranger)
        act(number, "divide", 10, to=f"{OFFICE} 3")
        yield number


def office() -> Actor:
    return worker(OFFICE, "SCJG-SC1", 1)


def act(number: str, action: str, day: int, by: Actor | None = None, **data: Any) -> None:
    actions.perform(number, action, by=by or office(), now=at(day), data=data)


def children(number: str) -> list[str]:
    return [child.number for child in queries.read(number).children]


def words(answer: Any) -> str:
    page: str = answer.content.decode()
    assert answer.status_code == 200, page[:3000]
    return squeezed(page)


def slip(number: str) -> Client:
    client = Client()
    client.post("/track/", {"number": number, "code": queries.query_code(number)})
    return client


def stood(client: Client, name: str, number: str, on: str, **more: str) -> str:
    return words(client.get(reverse(name, args=[number]), {"on": on, **more}))


def section(page: str, name: str) -> str:
    """A part of a page in words; empty where there is none."""
    found = re.search(rf'<section aria-labelledby="{name}">(.*?)</section>', page)
    return " ".join(re.sub(r"<[^>]+>", " ", found[1]).split()) if found else ""


def rows(page: str) -> list[list[str]]:
    """The children as the page lists them: number, kind, state."""
    found = re.search(r'<section aria-labelledby="children">(.*?)</section>', page)
    listed = re.findall(r"<tr>\s*<td(.*?)</tr>", found[1]) if found else []
    return [[re.sub(r"<[^>]+>", "", f"<{cell}").strip() for cell in row.split("<td")] for row in listed]


def who_acted(page: str) -> list[tuple[str, str]]:
    """Title and actor of each event of the timeline, oldest first."""
    found = re.findall(r'<strong>([^<]*)</strong>\s*<span class="muted">([^<]*)</span>', page)
    return [(title, who.strip()) for title, who in reversed(found)]


def test_the_past_shows_who_was_a_party_then_by_name_for_who_handles_the_case(
    errand: str, cast: Cast
) -> None:
    here = cast.client("examiner")
    both = "当事人 交办人 李云溪 自2026年3月2日 10:00起 利害关系人 赵远客 自2026年3月3日 10:00起"
    for on, said in (
        ("2026-03-02", "当事人 交办人 李云溪 自2026年3月2日 10:00起"),
        ("2026-03-03", both),
        ("2026-03-08", both),
        ("2026-03-09", "当事人 交办人 李云溪 自2026年3月2日 10:00起"),
        ("2026-03-12", "当事人 交办人 李云溪 自2026年3月2日 10:00起"),
    ):
        for axis in ("record", "law"):
            assert section(stood(here, "desk-history", errand, on, axis=axis), "people") == said, on
    assert section(stood(here, "desk-history", errand, "2026-03-08", print="1"), "people") == both


def test_names_in_the_past_are_read_through_the_journal_and_only_by_handlers(errand: str, cast: Cast) -> None:
    def readings() -> int:
        return sum(one.event == "casework.file_opened" for one in journal.entries_of(errand))

    before = readings()
    here = cast.client("examiner")
    assert LI_YUNXI.name in stood(here, "desk-history", errand, "2026-03-05")
    assert readings() == before + 1
    wrong = here.get(reverse("desk-history", args=[errand]), {"on": "2026-03-01"})
    assert wrong.status_code == 422
    assert readings() == before + 1
    page = stood(cast.client("approver"), "desk-history", errand, "2026-03-05")
    assert LI_YUNXI.name not in page
    assert ZHAO_YUANKE.name not in page
    assert "只向承办岗位" in page
    assert "利害关系人 自2026年3月3日" in section(page, "people")
    assert readings() == before + 1


def test_the_slip_shows_the_past_without_names_and_without_whom_its_holder_may_not_know_of(
    errand: str, cast: Cast
) -> None:
    page = stood(slip(errand), "track_history", errand, "2026-03-05")
    assert section(page, "people") == "当事人 交办人 自2026年3月2日 10:00起"  # an errand has a rule of sight
    assert section(page, "children") == ""
    with_agent = cast.applies("device", at=at(2), agent=cast.agent.party_number)
    page = stood(slip(with_agent), "track_history", with_agent, "2026-03-05")
    said = section(page, "people")
    assert said == "当事人 申请人 自2026年3月2日 10:00起 代办人 自2026年3月2日 10:00起"
    assert WANG_XIPAN.name not in page


def test_the_past_shows_the_children_of_then_in_the_states_of_then(errand: str, cast: Cast) -> None:
    here = cast.client("examiner")
    one, other, late = children(errand)
    for on, said in (
        ("2026-03-04", []),
        ("2026-03-05", [[one, "交办", "待交办"], [other, "交办", "待交办"]]),
        ("2026-03-08", [[one, "交办", "✓ 已回报"], [other, "交办", "待交办"]]),
        (
            "2026-03-10",
            [[one, "交办", "✓ 已回报"], [other, "交办", "待交办"], [late, "交办", "待交办"]],
        ),
    ):
        page = stood(here, "desk-history", errand, on)
        assert [row[-3:] for row in rows(page)] == said, on
    earlier = stood(here, "desk-history", errand, "2026-03-09")
    assert (late in earlier, one in earlier) == (False, True)
    assert reverse("desk-case", args=[one]) in earlier
    before_noon = stood(here, "desk-history", errand, "2026-03-05", clock="09:59")
    assert rows(before_noon) == []


def test_each_act_of_a_party_stands_under_the_role_in_which_it_acted(errand: str, cast: Cast) -> None:
    here, holder = cast.client("examiner"), slip(errand)
    said = [("补充说明", "利害关系人"), ("补充说明", "交办人"), ("退出", "利害关系人")]
    for name in ("desk-case", "desk-case-print", "desk-history"):
        page = words(here.get(reverse(name, args=[errand])))
        acted = [one for one in who_acted(page) if one[0] in ("补充说明", "退出")]
        assert acted == said, name
        assert ("当事人加入", "市场准入审查岗") not in acted
    for name in ("track_case", "track_history"):  # of the others' acts the applicant sees nothing here
        page = words(holder.get(reverse(name, args=[errand])))
        assert [one for one in who_acted(page) if one[0] in ("补充说明", "退出")] == said[1:2], name
    happened = here.get(f"{API}/cases/{errand}").json()["happened"]
    by_party = [one for one in happened if one["event"] in ("errand.say", "errand.leave")]
    assert [one["who"] for one in by_party] == ["利害关系人", "交办人", "利害关系人"]
    assert [one["public"]["acted_as"] for one in by_party] == [
        "interested_party",
        "applicant",
        "interested_party",
    ]
    code = queries.query_code(errand)
    tracked = Client().get(f"{API}/track/{errand}", headers={"Query-Code": code}).json()["happened"]
    assert [one["who"] for one in tracked if one["event"] == "errand.say"] == ["交办人"]


def test_an_agent_who_files_is_called_the_agent_and_a_post_by_its_name(city_db: str, cast: Cast) -> None:
    number = cast.applies("device", at=at(2), agent=cast.agent.party_number, by=cast.agent)
    actions.perform(number, "accept", by=cast.clerk, now=at(3))
    post = cast.clerk.post_name
    for client, name in (
        (cast.client("clerk"), "desk-case"),
        (cast.client("clerk"), "desk-case-print"),
        (slip(number), "track_case"),
    ):
        acted = dict(who_acted(words(client.get(reverse(name, args=[number])))))
        assert (acted["收件"], acted["受理"]) == ("代办人", post), name


def test_an_entry_that_names_no_role_is_taken_for_the_applicants(errand: str) -> None:
    for one in journal.entries_of(errand):
        assert ("acted_as" in one.public) == (one.actor_kind == "party"), one.event
        if one.actor_kind == "party":
            assert kinds.who(ERRAND, replace(one, public={}), {}) == "交办人"


def test_a_kind_says_what_parties_are_called_whose_role_only_it_has() -> None:
    bidding = replace(ERRAND, party_roles={"bidder": "投标人"})
    roles = ("applicant", "agent", "bidder", "juror")
    assert [kinds.role_label(bidding, one) for one in roles] == ["交办人", "代办人", "投标人", "juror"]
