"""The slip of a case whose parties change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from liuquan.casework import actions
from liuquan.casework import queries as casework
from liuquan.casework.types import NewNotice
from liuquan.journal import queries as journal
from liuquan.kernel.refusals import NotVisible
from liuquan.kinds import queries as kinds
from liuquan.organisation.types import party_actor
from liuquan.papers import actions as papers
from liuquan.testing.kinds import parties_kind, registered, tender
from liuquan.tracking import queries

LATER = parties_kind.NOW + timedelta(days=1)


@pytest.fixture
def known(committed_db: str) -> Iterator[list[str]]:
    with registered(tender()):
        yield parties_kind.people()


def test_the_slip_of_an_applicant_who_left_opens_nothing(known: list[str]) -> None:
    number = parties_kind.begun({known[0]: "applicant", known[1]: "agent"})
    code = casework.query_code(number)
    assert queries.track(number, code, now=LATER).snapshot.number == number
    parties_kind.act(number, "drop", LATER, party=known[0])
    with pytest.raises(NotVisible, match="编号和查询码对不上"):
        queries.track(number, code, now=LATER)
    with pytest.raises(NotVisible, match="没有找到这个编号"):
        queries.held(number)
    assert queries.holder(casework.read(number)) is None


def test_the_slip_shows_what_the_applicant_may_see_now_and_then(known: list[str]) -> None:
    secret = replace(
        parties_kind.PROCEDURE, may_see=lambda _case, party, entry: entry.public.get("party") in (None, party)
    )
    with registered(tender(secret)):
        number = parties_kind.begun({known[0]: "applicant", known[1]: "bidder"})
        parties_kind.act(number, "bid", LATER, by=party_actor(known[1]))
        bid = journal.entries_of(number)[-1].number
        notice = NewNotice(number, "receipt", "N-1", "回执", bid, uuid4(), "0" * 64, "C1", "B", "P-1")
        actions.issue_notice(notice, now=LATER)
        parties_kind.act(number, "ask", LATER, by=party_actor(known[0]))
        found = queries.track(number, casework.query_code(number), now=LATER)
        assert [e.event for e in found.timeline] == ["tender.begin", "tender.ask"]
        assert found.notices == ()
        case = casework.read(number)
        entries = len(journal.entries_of(number))
        for by, code in ((None, casework.query_code(number)), (party_actor(known[0]), "")):
            with pytest.raises(NotVisible):
                papers.open_paper("N-1", by=by, code=code, now=LATER)
        assert len(journal.entries_of(number)) == entries
        for is_slip, events in ((True, 2), (False, 4)):
            page, _ = kinds.history_page(case, {"axis": "law"}, now=LATER, public_only=is_slip)
            assert len(page["events"]) + len(page["later"]) == events
            assert len(page["papers"]) == (0 if is_slip else 1)
