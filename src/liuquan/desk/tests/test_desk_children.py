"""The parent and the children of a case on its page: by number, kind and state; links where one may look."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from liuquan.casework import queries as casework
from liuquan.clock import chinese_date
from liuquan.desk.tests.families import divided, families
from liuquan.testing.browsers import SetNow
from liuquan.testing.cast import Cast

NOW = datetime(2026, 3, 3, 2, tzinfo=UTC)


@pytest.fixture(autouse=True)
def kinds() -> Iterator[None]:
    with families():
        yield


def shown(cast: Cast, who: str, number: str) -> str:
    answer = cast.client(who).get(f"/desk/cases/{number}/")
    assert answer.status_code == 200
    return answer.content.decode()


def link(number: str) -> str:
    return f'href="/desk/cases/{number}/"'


def test_a_parent_lists_its_children_and_opens_those_that_its_reader_may_see(
    city: str, cast: Cast, set_now: SetNow
) -> None:
    set_now(NOW)
    number, own, foreign = divided()
    page = shown(cast, "examiner", number)
    table = page[page.index("子件一览") : page.index("</table>", page.index("子件一览"))]
    assert [table.count(one) for one in ("分件", "办理中")] == [2, 2]
    assert (link(own) in table, link(foreign) in table, foreign in table) == (True, False, True)
    assert cast.client("examiner").get(f"/desk/cases/{foreign}/").status_code == 404
    printed = cast.client("examiner").get(f"/desk/cases/{number}/print/").content.decode()
    assert own in printed
    assert foreign in printed


def test_a_child_names_its_parent_and_opens_it_for_who_may_see_it(
    city: str, cast: Cast, set_now: SetNow
) -> None:
    set_now(NOW)
    number, own, foreign = divided()
    assert link(number) in shown(cast, "examiner", own)
    page = shown(cast, "other_examiner", foreign)
    assert (number in page, link(number) in page, own in page) == (True, False, False)
    assert cast.client("other_examiner").get(f"/desk/cases/{number}/").status_code == 404
    assert "子件" not in page


def test_what_if_a_child_were_extended_beyond_its_parent_is_answered_with_the_parents_last_day(
    city: str, cast: Cast, set_now: SetNow
) -> None:
    set_now(NOW)
    _number, own, _foreign = divided()
    address = f"/desk/cases/{own}/what-if/"
    last = casework.read(own).parent_clock
    assert last is not None
    refused = cast.client("examiner").get(address, {"days": "6"})
    assert refused.status_code == 422
    assert f"晚于总件期限的最后一日{chinese_date(last.due_on)}" in refused.content.decode()
    assert "晚3日" in cast.client("examiner").get(address, {"days": "5"}).content.decode()
