"""The past of a case is read from its entries: what an act changed stands there, and no later change of a
rule or a procedure moves it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from liuquan.casework import queries, registry, structure
from liuquan.casework.types import Snapshot
from liuquan.journal import queries as journal
from liuquan.journal.types import Entry
from liuquan.kernel.refusals import WrongState
from liuquan.testing import kinds

HEARD = {"ground": "hearing", "until": "2026-03-12", "document": "告知书一"}


def at(day: int) -> datetime:
    return datetime(2026, 3, day, 2, tzinfo=UTC)


@pytest.fixture
def number(committed_db: str) -> str:
    """A licence whose first step is done, with a hearing that has begun."""
    number = kinds.receive(at(2))
    kinds.act(number, "accept", at(3))
    kinds.act(number, "complete_step", at(4))
    kinds.act(number, "stop", at(5), **HEARD)
    return number


def stood(number: str, day: int) -> Snapshot | None:
    known = [entry for entry in journal.entries_of(number) if entry.effective_at <= at(day)]
    return queries.as_it_stood(queries.read(number), known, at=at(day))


def changed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything a procedure can say is said differently: no act does anything any more."""
    rows = tuple(replace(row, effects=(), target="closed") for row in kinds.PROCEDURE.rows)
    creation = replace(kinds.PROCEDURE.creation, effects=())
    other = replace(kinds.PROCEDURE, rows=rows, creation=creation)
    monkeypatch.setitem(registry._PROCEDURES, ("test_licence", 1), other)


def test_a_change_of_the_procedure_leaves_the_past_as_it_was(
    number: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    days = (2, 3, 4, 5)
    before = [stood(number, day) for day in days]
    changed(monkeypatch)
    assert [stood(number, day) for day in days] == before
    states = [case.state for case in before if case]
    assert states == ["received", "examining", "examining", "examining"]
    assert queries.differences(queries.read(number), stood(number, 5)) == ()  # type: ignore[arg-type]


def test_an_entry_holds_what_its_act_changed_and_no_names_or_reasons(number: str) -> None:
    accepted, done, stopped = (entry.public[structure.KEY] for entry in journal.entries_of(number)[1:])
    assert accepted["state"] == "examining"
    assert accepted["accepted_at"] == at(3).isoformat()
    assert accepted["deadlines"]["acceptance"] == {"state": "met", "met_at": at(3).isoformat()}
    assert accepted["assignments"]["review"]["post_code"] == "P-1"
    assert done["assignments"]["review"].keys() == {"state", "done_at"}, "not who signed"
    assert stopped["suspensions"]["hearing"].keys() == {"ground", "from_on", "announced_to_on"}
    assert "告知书一" not in str(stopped)


def without(entries: list[Entry], place: int) -> list[Entry]:
    return entries[:place] + entries[place + 1 :]


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_past_that_lacks_an_entry_is_refused(number: str, place: int) -> None:
    entries = without(journal.entries_of(number), place)
    with pytest.raises(WrongState, match="对不上"):
        queries.as_it_stood(queries.read(number), entries, at=at(5))
