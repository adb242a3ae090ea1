"""Where a name, a reason or a file stood that was erased, every page says so; the rest stays."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from liuquan.casework import actions, queries
from liuquan.casework.types import Upload
from liuquan.journal import actions as record
from liuquan.journal import queries as journal
from liuquan.kernel import files
from liuquan.organisation.types import Actor
from liuquan.papers import actions as papers
from liuquan.parties import actions as parties
from liuquan.parties.queries import ERASED
from liuquan.testing.browsers import SetNow
from liuquan.testing.cast import LI_YUNXI, ZHAO_YUANKE, Cast
from liuquan.testing.errand.kind import ERRAND
from liuquan.testing.errand.taking_in import mandate, taken_in, worker
from liuquan.testing.kinds import registered
from liuquan.testing.sources import squeezed

API = "/api/v1"
OFFICE, POST = "11990100MB9901024C", "SCJG-SC1"
WHY = "房屋安全由住建部门管"
PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
CENTRE = Actor(kind="staff", staff_id=2, roles=frozenset({"centre_officer"}))
DESK = ("desk-case", "desk-case-print", "desk-history")


def at(day: int, hour: int = 10) -> datetime:
    """A moment of March 2026, by the clock in Shanghai."""
    return datetime(2026, 3, day, hour - 8, tzinfo=UTC)


@pytest.fixture(autouse=True)
def played(city_db: str, set_now: SetNow, settings: Any) -> None:
    settings.LIUQUAN_DEMO = True  # March 2026 is played, whatever day the database's clock shows
    cache.clear()
    set_now(at(12))


@pytest.fixture
def errand(played: None, cast: Cast) -> Iterator[str]:
    """An errand with a second party and one reason given, and an act that could have had one."""
    with registered(ERRAND):
        by = worker(OFFICE, POST, 1)
        mandate(POST, OFFICE, now=at(2))
        one, other = cast.applicant.party_number, cast.stranger.party_number
        number = taken_in({one: "applicant"}, body_code=OFFICE, by=by, now=at(2), days=30)
        actions.perform(number, "admit", by=by, now=at(3), data={"party": other})
        actions.perform(number, "drop", by=by, now=at(4), data={"party": other, "reason": WHY})
        yield number


@pytest.fixture
def application(played: None, cast: Cast) -> str:
    """An application that came with a scan and was refused for a reason."""
    keys = cast.materials("stall")
    scan = Upload(keys[0], "李云溪的身份证.pdf", PDF)
    number = cast.applies("stall", at=at(2), files_given=[scan])
    said = {"reason": WHY}
    papers.issue_now(
        actions.perform(number, "refuse_not_needed", by=cast.clerk, now=at(3), data=said), now=at(3)
    )
    return number


def erase_people(number: str) -> None:
    for one in {view.number for view in queries.read(number).parties_ever}:
        parties.erase(one, by=CENTRE, now=at(12))


def erase_reasons(number: str) -> None:
    assert record.erase_private(subject=number, reason="依法删除", by=CENTRE, now=at(12))


def words(answer: Any) -> str:
    page: str = answer.content.decode()
    assert answer.status_code == 200, page[:3000]
    return squeezed(page)


def desk(client: Client, number: str) -> dict[str, str]:
    return {name: words(client.get(reverse(name, args=[number]))) for name in DESK}


def slip(number: str) -> Client:
    client = Client()
    client.post("/track/", {"number": number, "code": queries.query_code(number)})
    return client


def fact(page: str, label: str) -> str:
    """What stands beside a label, in words."""
    found = re.search(rf"<dt>{label}</dt>\s*<dd>(.*?)</dd>", page)
    assert found, (label, page)
    return re.sub(r"<[^>]+>", "", found[1]).strip()


def events(page: str) -> dict[str, str]:
    """The texts of the timeline by the titles of its events."""
    found = re.findall(r'<li class="event.*?<strong>(.*?)</strong>(.*?)</li>', page)
    return {title: re.sub(r"<[^>]+>", "", rest) for title, rest in found}


def opened(client: Client, number: str) -> dict[str, Any]:
    answer = client.post(f"{API}/cases/{number}/file")
    assert answer.status_code == 200, answer.content.decode()
    found: dict[str, Any] = answer.json()
    return found


def test_where_a_name_stood_the_word_stands_and_the_days_stay(errand: str, cast: Cast) -> None:
    here = cast.client("examiner")
    before = desk(here, errand)
    assert fact(before["desk-case"], "交办人").startswith(LI_YUNXI.name)
    case = queries.read(errand)
    erase_people(errand)
    assert queries.read(errand) == case
    for name, page in desk(here, errand).items():
        assert ERASED not in before[name]
        assert fact(page, "交办人").startswith(ERASED), name
        assert LI_YUNXI.name not in page
        assert ZHAO_YUANKE.name not in page
        for stays in (errand, "待交办", "回报期限", "2026年3月2日 10:00", "当事人退出"):
            assert stays in page, (name, stays)
    assert fact(before["desk-case"], "利害关系人（2026年3月4日 10:00退出）") == ZHAO_YUANKE.name
    page = words(here.get(reverse("desk-case", args=[errand])))
    assert fact(page, "利害关系人（2026年3月4日 10:00退出）") == ERASED
    assert fact(page, "交办内容") == ERASED
    assert "当事人的个人信息已依法清除" in page
    assert "显示证件号码" not in page
    then = words(here.get(reverse("desk-history", args=[errand]), {"on": "2026-03-03"}))
    assert fact(then, "利害关系人").startswith(ERASED)


def test_a_party_that_is_erased_hides_nothing_of_the_others(errand: str, cast: Cast) -> None:
    parties.erase(cast.stranger.party_number, by=CENTRE, now=at(12))
    page = words(cast.client("examiner").get(reverse("desk-case", args=[errand])))
    assert fact(page, "交办人").startswith(LI_YUNXI.name)
    assert fact(page, "利害关系人（2026年3月4日 10:00退出）") == ERASED
    assert fact(page, "交办内容") == "请协调解决"
    assert WHY in page
    assert "当事人的个人信息已依法清除" not in page


def test_a_reason_that_was_erased_is_told_from_one_never_given(errand: str, cast: Cast) -> None:
    here = cast.client("examiner")
    assert WHY in events(desk(here, errand)["desk-case"])["当事人退出"]
    erase_reasons(errand)
    for name in ("desk-case", "desk-case-print"):
        told = events(desk(here, errand)[name])
        assert f"理由：{ERASED}" in told["当事人退出"], name
        assert ERASED not in told["当事人加入"], name
        assert ERASED not in told["登记"], name
    assert fact(desk(here, errand)["desk-case"], "交办人").startswith(LI_YUNXI.name)
    entry = next(str(one.number) for one in journal.entries_of(errand) if one.event == "errand.drop")
    assert opened(here, errand)["texts"][entry] == {"reason": ERASED, "staff": ERASED}


def test_an_erasure_that_does_not_say_what_was_erased_hides_no_possible_reason(
    errand: str, cast: Cast
) -> None:
    erase_reasons(errand)
    entries = journal.entries_of(errand)
    entries[-1].public.pop("names")  # type: ignore[attr-defined]
    drop = next(one for one in entries if one.event == "errand.drop")
    assert journal.erased_in(entries)[str(drop.number)] == {"reason", "more", "staff"}
    assert journal.erased_in(entries[:-1]) == {}


def test_the_api_and_the_lists_say_it_too(errand: str, cast: Cast) -> None:
    here, number = cast.client("examiner"), errand
    one, other = cast.applicant.party_number, cast.stranger.party_number
    assert opened(here, number)["erased"] == []
    parties.erase(other, by=CENTRE, now=at(12))
    file = opened(here, number)
    assert (file["names"], file["erased"]) == ({one: LI_YUNXI.name, other: ERASED}, [other])
    parties.erase(one, by=CENTRE, now=at(12))
    erase_reasons(number)
    file = opened(here, number)
    assert file["names"] == file["ids"] == file["phones"] == {one: ERASED, other: ERASED}
    assert file["matter"] == ERASED
    assert here.get(f"{API}/cases/{number}").json()["state_label"] == "待交办"
    for name in ("desk", "desk-cases"):
        (row,) = re.findall(rf"<tr\b(?:(?!</tr>).)*{number}.*?</tr>", words(here.get(reverse(name))))
        assert ERASED in row, name
    identity = words(cast.client("clerk").get(reverse("desk-identity-of", args=[one])))
    assert [fact(identity, label) for label in ("姓名", "证件号码", "手机号码")] == [ERASED] * 3


def test_who_may_not_open_the_file_is_told_the_same_of_who_was_erased(errand: str, cast: Cast) -> None:
    looks_on = cast.client("approver")
    page = words(looks_on.get(reverse("desk-case", args=[errand])))
    assert (fact(page, "交办人"), "只向承办岗位" in page) == ("（姓名不对您的岗位显示）", True)
    parties.erase(cast.applicant.party_number, by=CENTRE, now=at(12))
    for name, page in desk(looks_on, errand).items():
        assert fact(page, "交办人").startswith(ERASED), name


def test_an_application_whose_data_were_erased_reads_on_every_page(application: str, cast: Cast) -> None:
    here, holder = cast.client("clerk"), slip(application)
    before = desk(here, application)["desk-case"]
    assert WHY in before
    erase_people(application)
    erase_reasons(application)
    for one in queries.received(queries.read(application)):
        if one.file:
            files.erase(UUID(one.file), now=at(12))
    for name, page in desk(here, application).items():
        assert fact(page, "申请人").startswith(ERASED), name
        assert LI_YUNXI.name not in page
        assert WHY not in page
        assert "不予受理" in page, name
    page = desk(here, application)["desk-case"]
    assert f"理由：{ERASED}" in events(page)["不需要行政许可"]
    assert f"/desk/cases/{application}/materials/" in before
    assert f"/desk/cases/{application}/materials/" not in page
    assert re.search(rf'data-label="文件">\s*<span class="muted">{ERASED}', page)
    assert f"文件{ERASED}" in desk(here, application)["desk-case-print"]
    (scan,) = [m for m in here.get(f"{API}/cases/{application}").json()["materials"] if m["files"]]
    assert scan["erased"] == scan["files"]
    for name in ("track_case", "track_history", "track_readings"):
        page = words(holder.get(reverse(name, args=[application])))
        assert LI_YUNXI.name not in page
        assert WHY not in page
        assert application in page


def test_a_paper_that_was_erased_stays_in_the_list_and_is_no_link(application: str, cast: Cast) -> None:
    here, holder = cast.client("clerk"), slip(application)
    (notice,) = queries.notices(application)
    address = reverse("track_paper", args=[application, notice.short_code])
    assert address in words(holder.get(reverse("track_case", args=[application])))
    files.erase(UUID(notice.file), now=at(12))
    tracked = words(holder.get(reverse("track_case", args=[application])))
    assert f"不予受理决定书（{ERASED}）" in tracked
    assert address not in tracked
    for name in ("desk-case", "desk-case-print"):
        page = desk(here, application)[name]
        assert f"不予受理决定书（{ERASED}）" in page, name
        assert reverse("desk-paper", args=[notice.number]) not in page
        assert notice.number in page
    (paper,) = here.get(f"{API}/cases/{application}").json()["papers"]
    assert paper["is_erased"] is True
