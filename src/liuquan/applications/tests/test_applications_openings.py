"""Nothing sensitive is opened before the reading is recorded; and "who opened mine" lists every reading."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from liuquan.casework import actions as casework_actions
from liuquan.casework import queries as casework
from liuquan.casework.types import Upload
from liuquan.desk import queries as desk_queries
from liuquan.journal import actions as journal
from liuquan.journal import queries as record
from liuquan.journal.types import NewEntry, ReadingFilter
from liuquan.kernel import secrecy
from liuquan.papers import actions as papers_actions
from liuquan.testing.browsers import SetNow
from liuquan.testing.cast import LI_YUNXI, Cast

MONDAY = datetime(2026, 3, 2, 2, tzinfo=UTC)
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@dataclass(frozen=True)
class Open:
    """A case with a file and a paper, and visitors."""

    number: str
    file: str
    paper: str
    short: str
    clerk: Client
    holder: Client


@pytest.fixture
def case(city_db: str, cast: Cast, set_now: SetNow) -> Open:
    set_now(MONDAY)
    number = cast.applies(
        "device", at=MONDAY, files_given=[Upload("form", "登记表.pdf", PDF)], materials=["certificate"]
    )
    paper = papers_actions.issue_papers(number, entry=record.entries_of(number)[0].number, now=MONDAY)[0]
    holder = Client()
    holder.post("/track/", {"number": number, "code": casework.query_code(number)})
    file = next(m for m in casework.materials(casework.read(number)) if m.files).files[0]
    short = casework.notices(number)[0].short_code
    return Open(number, file, paper, short, cast.client("clerk"), holder)


def how_many(number: str) -> int:
    return record.count_readings(ReadingFilter(subject=number))


PATHS: dict[str, Callable[[Open], HttpResponse]] = {
    "the case page": lambda o: o.clerk.get(f"/desk/cases/{o.number}/"),
    "its print": lambda o: o.clerk.get(f"/desk/cases/{o.number}/print/"),
    "the case as it stood": lambda o: o.clerk.get(f"/desk/cases/{o.number}/history/"),
    "a material": lambda o: o.clerk.get(f"/desk/cases/{o.number}/materials/{o.file}/"),
    "a paper": lambda o: o.clerk.get(f"/desk/papers/{o.paper}/"),
    "the file by API": lambda o: o.clerk.post(f"/api/v1/cases/{o.number}/file"),
    "a paper by API": lambda o: o.clerk.get(f"/api/v1/cases/{o.number}/papers/{o.paper}"),
    "a paper by its holder": lambda o: o.holder.get(f"/track/{o.number}/papers/{o.short}.pdf"),
    "a paper by API and code": lambda o: Client().get(
        f"/api/v1/track/{o.number}/papers/{o.paper}",
        headers={"Query-Code": casework.query_code(o.number)},
    ),
}


@pytest.mark.parametrize("path", PATHS)
def test_the_entry_stands_before_the_first_value_is_opened(
    case: Open, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []
    opening = secrecy.decrypt_bytes

    def watched(*args: Any, **kwargs: Any) -> bytes:
        seen.append(how_many(case.number))
        return opening(*args, **kwargs)

    monkeypatch.setattr(secrecy, "decrypt_bytes", watched)
    before = how_many(case.number)
    assert PATHS[path](case).status_code == 200
    assert seen, "nothing was opened: the test watches the wrong place"
    assert set(seen) == {before + 1}


@pytest.mark.parametrize(
    "address",
    [
        "/desk/",
        "/desk/cases/",
        "/desk/intake/{0.number}/",
        "/desk/cases/{0.number}/accept/",
        "/api/v1/worklist",
        "/api/v1/cases/{0.number}",
    ],
)
def test_pages_that_enter_no_opening_open_nothing(
    case: Open, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: Any, **kwargs: Any) -> bytes:
        raise AssertionError("opened without an entry")

    monkeypatch.setattr(secrecy, "decrypt_bytes", refuse)
    before = how_many(case.number)
    assert case.clerk.get(address.format(case)).status_code == 200
    assert how_many(case.number) == before


def test_who_may_not_open_leaves_no_entry_and_gets_nothing(cast: Cast, case: Open) -> None:
    before = how_many(case.number)
    for who, status in (("other_examiner", 404), ("sysadmin", 403)):
        client = cast.client(who)
        assert client.get(f"/desk/cases/{case.number}/materials/{case.file}/").status_code == status
        assert client.get(f"/desk/papers/{case.paper}/").status_code == status
    assert how_many(case.number) == before


def plain(answer: HttpResponse) -> str:
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", answer.content.decode()))


def test_the_person_concerned_sees_when_which_post_opened_what_and_why_but_no_officer(
    cast: Cast, case: Open
) -> None:
    empty = plain(case.holder.get(f"/track/{case.number}/readings/"))
    assert "还没有工作人员看过" in empty
    for path in ("the case page", "a material", "a paper", "a paper by its holder"):
        PATHS[path](case)
    cast.client("supervisor").get(f"/desk/cases/{case.number}/")
    answer = case.holder.get(f"/track/{case.number}/readings/")
    said = plain(answer)
    assert "一共4次" in said
    for words in (
        "2026-03-0210:00",
        cast.clerk.post_name,
        "案卷：姓名、证件号码",
        "材料“",
        "文书《",
        "办理本件",
        "电子监察",
        "查看文书和告知内容1次",
    ):
        assert words in said, words
    for name in (cast.clerk.name, cast.staff("supervisor").name, LI_YUNXI.name, LI_YUNXI.id_number):
        assert name not in said


def test_who_does_not_hold_the_slip_sees_nothing_of_it(case: Open) -> None:
    answer = Client().get(f"/track/{case.number}/readings/")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/track/?number={case.number}")


def test_a_record_that_is_opened_often_still_shows_its_acts(cast: Cast, case: Open) -> None:
    many = [
        NewEntry("casework.file_opened", case.number, "", "", "staff", MONDAY, {"post": "岗"}, {"staff": 1})
        for _ in range(600)
    ]
    journal.append(*many)
    casework_actions.perform(case.number, "accept", by=cast.clerk, now=MONDAY)
    page = desk_queries.case_page(case.number, by=cast.clerk, now=MONDAY)
    assert page.timeline[-1].label == "受理"
    assert len(page.readings) == 600
