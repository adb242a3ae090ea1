"""An item as it stood on a day: by law, as the record knew it, and in what it differs from today's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from liuquan.catalogue import actions, history, queries
from liuquan.catalogue.models import ServiceItem
from liuquan.catalogue.queries.versions import version_in_force
from liuquan.catalogue.types import ItemDraft, MaterialTerm
from liuquan.journal import queries as journal
from liuquan.journal.types import Entry
from liuquan.kernel import moments
from liuquan.kernel.refusals import BadInput, NotVisible, WrongState
from liuquan.organisation.types import SYSTEM
from liuquan.testing.browsers import SetNow

from .conftest import CODE, NOW

Publish = Callable[..., ItemDraft]
LATER = datetime(2026, 3, 20, 2, tzinfo=UTC)


@pytest.fixture(autouse=True)
def played(settings: Any) -> None:
    """The tests play March 2026, whatever day the database's clock shows."""
    settings.LIUQUAN_DEMO = True


@pytest.fixture
def twice(published: Publish, draft: ItemDraft) -> ItemDraft:
    """In force since 5 January; on 10 March a shorter version with one material more from 16 March on."""
    published(draft)
    second = replace(
        draft, promised_amount=5, materials=(*draft.materials, MaterialTerm("plan", "平面布局图"))
    )
    entered = datetime(2026, 3, 10, 2, tzinfo=UTC)
    actions.save_draft(second, by=SYSTEM, now=entered)
    actions.publish(CODE, effective_on=date(2026, 3, 16), by=SYSTEM, now=entered)
    return second


def then(on: str, axis: str = "law", now: datetime = LATER) -> queries.ItemThen:
    return queries.item_then(CODE, on=on, axis=axis, now=now)


def test_a_day_before_the_change_shows_the_old_version_and_its_differences(twice: ItemDraft) -> None:
    found = then("2026-03-12")
    assert (found.then.version_no if found.then else 0, found.now.version_no if found.now else 0) == (1, 2)
    assert [(d.label, d.then, d.now) for d in found.differences] == [
        ("承诺办结时限", "8个工作日", "5个工作日"),
        ("材料：平面布局图", "没有", "必要，纸质或电子化，原件1份、复印件0份"),
    ]
    assert then("2026-03-16").differences == ()


def test_the_record_does_not_know_of_a_version_before_it_was_entered(twice: ItemDraft) -> None:
    actions.save_draft(replace(twice, phone="0990-1"), by=SYSTEM, now=LATER)
    actions.publish(CODE, effective_on=date(2026, 3, 18), by=SYSTEM, now=LATER)  # entered two days too late
    found = then("2026-03-18", "record")
    assert found.then is not None
    assert found.then.version_no == 2
    assert found.unknown is not None
    assert found.unknown.version_no == 3
    by_law = then("2026-03-18", "law")
    assert by_law.then is not None
    assert by_law.then.version_no == 3


def test_an_item_that_is_cancelled_has_no_version_any_more_but_its_past(twice: ItemDraft) -> None:
    actions.cancel(CODE, from_on=date(2026, 3, 18), reason="上位法废止", by=SYSTEM, now=LATER)
    assert then("2026-03-19").then is None
    past = then("2026-03-17")
    assert past.then is not None
    assert past.now is None
    assert past.differences == ()


@pytest.mark.parametrize(
    ("on", "sentence"),
    [
        ("三月", "日期应当写成"),
        ("2026-03-21", "还没有到"),
        ("2026-01-04", "才施行"),
        ("2026-02-31", "2026年2月没有31日"),
    ],
)
def test_a_day_that_cannot_be_shown_is_refused_with_the_reason(
    twice: ItemDraft, on: str, sentence: str
) -> None:
    with pytest.raises(BadInput, match=sentence):
        then(on)


def test_what_was_never_published_or_never_was_has_no_past(city: None, draft: ItemDraft) -> None:
    with pytest.raises(NotVisible):
        then("")
    actions.save_draft(draft, by=SYSTEM, now=NOW)
    with pytest.raises(WrongState, match="还没有发布过"):
        then("")


def test_words_changed_behind_the_record_are_noticed(
    twice: ItemDraft, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert then("").spoiled == ()
    whole = queries.history.draft_of

    def spoiled(version: Any) -> ItemDraft:
        found = whole(version)
        return replace(found, promised_amount=7) if version.version_no == 1 else found

    monkeypatch.setattr(queries.history, "draft_of", spoiled)
    assert then("").spoiled == (1,)


def test_today_by_the_record_is_today_by_the_tables_for_every_item_of_the_city(city_db: str) -> None:
    items = list(ServiceItem.objects.values_list("implementation_code", flat=True))
    on = date(2026, 3, 20)
    wrong = []
    for code in items:
        span = history.in_force(history.spans(journal.entries_of(code)), on)
        try:
            number = version_in_force(code, on=on)[0].version_no
        except WrongState:
            number = None
        if (span.version_no if span else None) != number:
            wrong.append(code)
    assert items
    assert not wrong


def published_entry(number: int, from_on: date, event: str = "catalogue.published") -> Entry:
    at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=number)
    return Entry(
        number=uuid4(),
        event=event,
        label="",
        sentence="",
        subject=CODE,
        body_code="",
        post_code="",
        actor_kind="staff",
        effective_at=at,
        recorded_at=at,
        public={"version": number, "from_on": from_on.isoformat()},
        from_state=None,
        to_state=None,
        commitment="",
    )


@given(st.lists(st.tuples(st.booleans(), st.integers(1, 60)), max_size=8))
def test_versions_never_overlap_and_one_day_has_at_most_one(acts: list[tuple[bool, int]]) -> None:
    day, entries = date(2026, 1, 1), []
    for number, (cancels, more) in enumerate(acts, 1):
        day += timedelta(days=more)
        entries.append(
            published_entry(number, day, "catalogue.cancelled" if cancels else "catalogue.published")
        )
    found = history.spans(entries)
    for one, other in zip(found, found[1:], strict=False):
        assert one.until_on is not None
        assert one.until_on <= other.from_on
    end = history.in_force(found, day)
    assert (end is not None) == bool(acts and not acts[-1][0])


def test_anyone_reads_the_page(twice: ItemDraft, set_now: SetNow) -> None:
    set_now(LATER)
    assert moments.today(moments.now()) == date(2026, 3, 20)
    page = Client().get(f"/items/{CODE}/history/?on=2026-03-12")
    html = page.content.decode()
    assert page.status_code == 200
    assert "2026年3月12日：第1版" in html
    assert "平面布局图" in html
    assert Client().get(f"/items/{CODE}/history/?on=2027-01-01").status_code == 422
    assert "以前的规定" in Client().get(f"/items/{CODE}/").content.decode()
