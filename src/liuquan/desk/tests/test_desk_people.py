"""找人: found by name or number as far as the clerk may see, and never without an entry."""

import re
from datetime import UTC, datetime

import pytest
from django.test import Client

from liuquan.casework import actions as casework_actions
from liuquan.desk import actions
from liuquan.journal import queries as journal
from liuquan.journal.types import ReadingFilter
from liuquan.kernel import sql
from liuquan.kernel.refusals import BadInput, NotAllowed
from liuquan.organisation.types import SYSTEM
from liuquan.parties import actions as registering
from liuquan.testing.browsers import SetNow
from liuquan.testing.cast import LI_YUNXI, WANG_XIPAN, ZHAO_YUANKE, Cast

MONDAY = datetime(2026, 3, 2, 2, tzinfo=UTC)


@pytest.fixture
def case(city_db: str, cast: Cast, set_now: SetNow) -> str:
    set_now(MONDAY)
    return cast.applies("food", at=MONDAY)


def entries() -> int:
    return int(sql.run("SELECT count(*) AS n FROM journal_entry")[0]["n"])


def asked(client: Client, text: str) -> str:
    return client.post("/desk/people/", {"text": text}).content.decode()


@pytest.mark.parametrize(
    ("text", "way"),
    [
        (LI_YUNXI.name, "姓名"),
        (f" {LI_YUNXI.id_number[:6]} {LI_YUNXI.id_number[6:].lower()} ", "证件号码"),
        (f"{LI_YUNXI.phone[:3]} {LI_YUNXI.phone[3:7]} {LI_YUNXI.phone[7:]}", "手机号码"),
    ],
)
def test_a_person_is_found_masked_with_links_and_it_is_entered_first(
    case: str, cast: Cast, text: str, way: str
) -> None:
    page = asked(cast.client("clerk"), text)
    shown = page[page.index("</form>") :]
    assert "李*溪" in shown
    assert f'href="/desk/cases/{case}/"' in shown
    results = page[page.index("<section") :]
    assert LI_YUNXI.name not in results
    assert LI_YUNXI.id_number not in results
    assert LI_YUNXI.phone not in results
    (on_case,) = journal.readings(ReadingFilter(subject=case))
    assert (on_case.event, on_case.public["way"]) == ("desk.person_opened", way)
    (search,) = journal.readings(ReadingFilter(subject=actions.PEOPLE))
    assert search.public["cases"] == 1
    assert not any(text.strip() in str(value) for value in {**search.public, **on_case.public}.values())


def test_a_search_that_finds_nobody_is_entered_too(case: str, cast: Cast) -> None:
    assert "没有找到" in asked(cast.client("clerk"), "无此人")
    (search,) = journal.readings(ReadingFilter(subject=actions.PEOPLE))
    assert search.public["cases"] == 0


def test_who_has_no_case_that_the_clerk_sees_is_not_found(case: str, cast: Cast) -> None:
    assert cast.stranger.party_number
    page = asked(cast.client("clerk"), ZHAO_YUANKE.name)
    assert "没有找到" in page
    assert "赵*客" not in page


def test_parts_of_a_name_or_number_find_nobody(case: str, cast: Cast) -> None:
    for part in ("李云", LI_YUNXI.phone[-4:], LI_YUNXI.id_number[:8]):
        assert "李*溪" not in asked(cast.client("clerk"), part)


def test_what_is_typed_stands_in_no_address(case: str, cast: Cast) -> None:
    client = cast.client("clerk")
    form = client.get(f"/desk/people/?text={LI_YUNXI.name}").content.decode()
    assert 'method="post"' in form
    assert "李*溪" not in form
    before = entries()
    assert client.post("/desk/people/", {"text": "12345678"}).status_code == 422
    assert client.post("/desk/people/", {"text": " "}).status_code == 422
    surname = client.post("/desk/people/", {"text": LI_YUNXI.name[0]})
    assert surname.status_code == 422
    assert "请写完整的姓名" in surname.content.decode()
    assert entries() == before


@pytest.mark.parametrize("who", ["examiner", "leader", "overseer", "sysadmin", "hall_manager"])
def test_only_who_receives_people_looks_for_them(case: str, cast: Cast, who: str) -> None:
    before = entries()
    assert cast.client(who).post("/desk/people/", {"text": LI_YUNXI.name}).status_code == 403
    with pytest.raises(NotAllowed, match="综合窗口"):
        actions.find_people(LI_YUNXI.name, by=cast.staff(who), now=MONDAY)
    assert entries() == before


def test_too_many_of_one_name_are_told_apart_by_number(
    case: str, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "MOST_PEOPLE", 0)
    before = entries()
    with pytest.raises(BadInput, match="证件号码或者手机号码"):
        actions.find_people(LI_YUNXI.name, by=cast.clerk, now=MONDAY)
    assert entries() == before


def test_two_who_were_merged_are_one(case: str, cast: Cast) -> None:
    kept = cast.citizen(WANG_XIPAN).party_number
    registering.merge(loser=cast.applicant.party_number, survivor=kept, by=SYSTEM, now=MONDAY)
    (found,) = actions.find_people(LI_YUNXI.name, by=cast.clerk, now=MONDAY)
    assert found.party.number == kept
    assert [one.number for one in found.cases] == [case]


def test_at_intake_the_typed_number_shows_what_is_open_already(case: str, cast: Cast) -> None:
    second, closed = cast.applies("device", at=MONDAY), cast.applies("food", at=MONDAY)
    casework_actions.perform(
        closed, "refuse_not_needed", by=cast.clerk, now=MONDAY, data={"reason": "不需要许可，可以直接经营。"}
    )
    client = cast.client("clerk")
    part = client.post("/desk/intake/person/", {"id_number": LI_YUNXI.id_number}).content.decode()
    assert "此人还有 2 件在办" in part
    assert set(re.findall(r"/desk/cases/(\w+)/", part)) == {case, second}
    assert [one.event for one in journal.readings(ReadingFilter(subject=case))] == ["desk.person_opened"]
    assert not journal.readings(ReadingFilter(subject=closed))
    without_script = client.post("/desk/intake/", {"id_number": LI_YUNXI.id_number}).content.decode()
    assert "此人还有 2 件在办" in without_script
    before = entries()
    none = client.post("/desk/intake/person/", {"id_number": ZHAO_YUANKE.id_number}).content.decode()
    assert "在办" not in none
    assert entries() == before
