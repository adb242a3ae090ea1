"""A version that has become longer than the law: the law governs, and its body is told once."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from liuquan.catalogue import actions, queries
from liuquan.catalogue.queries import law_and_bodies
from liuquan.catalogue.types import ItemDraft
from liuquan.journal import queries as journal
from liuquan.law import DatedValue, LawBook, load_law
from liuquan.organisation.types import SYSTEM

from .conftest import CODE, NOW, TODAY


@pytest.fixture
def stricter_law(monkeypatch: pytest.MonkeyPatch) -> None:
    """A law book in which the decision limit falls to 6 working days from 2 March 2026."""
    book = load_law()
    entry = book.entry("licensing.decision")
    changed = replace(entry, values=(*entry.values, DatedValue(date(2026, 3, 2), 6)))
    amended = LawBook({**book.entries, entry.id: changed}, book.all_grounds)
    monkeypatch.setattr(law_and_bodies, "load_law", lambda: amended)


def test_the_law_of_the_day_of_receipt_governs_both_limits(
    published: Callable[..., ItemDraft], draft: ItemDraft, stricter_law: None
) -> None:
    published(draft)
    before, after = queries.terms(CODE, on=date(2026, 3, 1)), queries.terms(CODE, on=TODAY)
    assert (before.statutory.amount if before.statutory else 0, before.promised.amount) == (20, 8)
    assert (after.statutory.amount if after.statutory else 0, after.promised.amount) == (6, 6)
    assert (before.statutory_was_shortened, after.statutory_was_shortened) == (False, True)
    assert after.law_limit is not None
    assert after.law_limit.amount == 6


def test_the_body_is_told_once_and_the_version_stays_as_published(
    published: Callable[..., ItemDraft], draft: ItemDraft, stricter_law: None
) -> None:
    published(draft)
    found = [actions.check_against_law(on=TODAY, by=SYSTEM, now=NOW) for _ in range(2)]
    assert [len(changes) for changes in found] == [1, 1]
    assert "20个工作日长于现行法律规定的6个工作日" in found[0][0].sentence
    told = [entry for entry in journal.entries_of(CODE) if entry.event == "catalogue.law_shortened"]
    assert len(told) == 1
    assert queries.law_changes(on=date(2026, 3, 1)) == ()


def test_publication_compares_with_the_law_of_its_first_day(
    city: None, draft: ItemDraft, stricter_law: None
) -> None:
    from liuquan.kernel.refusals import BadInput

    actions.save_draft(draft, by=SYSTEM, now=NOW)
    with pytest.raises(BadInput, match="长于现行法律规定的6个工作日"):
        actions.publish(CODE, effective_on=TODAY, by=SYSTEM, now=NOW)
    assert actions.publish(CODE, effective_on=date(2026, 3, 1), by=SYSTEM, now=NOW) == 1
