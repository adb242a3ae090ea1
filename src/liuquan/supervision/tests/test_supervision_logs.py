"""Findings about transparency logs: red for the witness, lifted only by proof, shown with the evidence."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from liuquan.journal import actions as journal
from liuquan.journal import queries as records
from liuquan.journal.types import NewEntry
from liuquan.kernel import sql
from liuquan.merkle import (
    SHA256,
    Advance,
    Tree,
    checkpoint_of,
    consistency_path,
    ed25519_signer,
)
from liuquan.organisation.types import SYSTEM
from liuquan.supervision import actions, queries
from liuquan.supervision.rulebook import rule
from liuquan.supervision.tests import duck
from liuquan.testing.browsers import SetNow
from liuquan.testing.cast import Cast

ORIGIN = "county.example/log"
COUNTY = ed25519_signer(ORIGIN, bytes(range(32)))
CITY = ed25519_signer("city.example/witness", bytes(range(2, 34)), witness=True)
NOW = datetime(2026, 3, 10, 2, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


def hand(size: int, old: int, *, word: str = "act", bare: bool = False) -> int:
    """Hand the witness a head of the county's log; the status of the answer."""
    tree = Tree(SHA256)
    tree.extend(SHA256.leaves(f"{word} {n}".encode() for n in range(size)))
    head = checkpoint_of(SHA256, origin=ORIGIN, size=size, root=tree.root())
    path = () if bare or old > size else consistency_path(tree, old, size)
    try:
        journal.cosign(str(Advance(old, path, head.signed(COUNTY))).encode(), signer=CITY, now=NOW)
    except journal.WitnessRefusal as refusal:
        return refusal.status
    return 200


@pytest.fixture
def county(city_db: str) -> None:
    """The county's log, known and cosigned up to 20."""
    journal.know_log(COUNTY.key.text, by=SYSTEM, now=NOW, label="某县政务服务中心")
    assert hand(20, 0) == 200
    actions.watch(now=NOW)


def cards() -> list[tuple[str, str, str, str]]:
    rows = sql.run("SELECT rule, subject_number, severity, state FROM supervision_finding ORDER BY id")
    return [(row["rule"], row["subject_number"], row["severity"], row["state"]) for row in rows]


@pytest.mark.usefixtures("county")
def test_a_fork_is_a_red_card_at_the_witness_and_stays() -> None:
    assert hand(20, 20, word="other") == 409
    actions.run_all(now=LATER)
    assert cards() == [("log_split", ORIGIN, "red", "open")]
    assert hand(25, 20) == 200
    actions.run_all(now=LATER)
    assert cards() == [("log_split", ORIGIN, "red", "open")]


@pytest.mark.usefixtures("county")
def test_a_badly_proven_head_is_a_red_card_that_its_proof_lifts() -> None:
    assert hand(25, 20, bare=True) == 422
    actions.run_all(now=LATER)
    assert cards() == [("log_suspect", ORIGIN, "red", "open")]
    assert hand(25, 20) == 200
    actions.run_all(now=LATER)
    assert cards() == [("log_suspect", ORIGIN, "red", "lifted")]


@pytest.mark.usefixtures("county")
def test_the_card_is_shown_to_the_supervisor_with_the_evidence(cast: Cast, set_now: SetNow) -> None:
    set_now(LATER)
    assert hand(9, 0, word="other") == 409
    actions.run_all(now=LATER)
    number = sql.run("SELECT number FROM supervision_finding")[0]["number"]
    client = cast.client("supervisor")
    assert "日志回退或者不连续" in client.get("/board/findings/").content.decode()
    page = client.get(f"/board/findings/{number}/").content.decode()
    assert "某县政务服务中心" in page
    entry = records.refused_heads()[0].entry
    assert f"/witness/refusals/{entry}.txt" in page
    evidence = client.get(f"/witness/refusals/{entry}.txt").content.decode()
    assert evidence.count(f"{ORIGIN}\n") == 2
    assert "\n20\n" in evidence
    assert "\n9\n" in evidence
    assert client.get(f"/board/findings/{number}/explain/").status_code in (200, 403, 404)


@pytest.mark.usefixtures("city_db")
@pytest.mark.parametrize("event", ["journal.audit_failed", "journal.sealing_refused", "journal.log_objected"])
def test_a_fault_of_our_own_log_is_a_red_card(event: str) -> None:
    word = "label" if event == "journal.log_objected" else "problem"
    values = {word: "第 7 条记录被改动"}
    journal.append_durably(NewEntry(event, "log", "", "", "system", NOW, public=values))
    actions.run_all(now=LATER)
    assert cards() == [("log_broken", "log", "red", "open")]


@pytest.mark.usefixtures("city_db")
def test_a_fault_that_every_audit_finds_again_is_one_card() -> None:
    for night, problem in enumerate(("第 7 条记录被改动", "第 7 条记录被改动", "第 3 条记录被改动")):
        at = NOW + timedelta(days=night)
        journal.append_durably(
            NewEntry("journal.audit_failed", "log", "", "", "system", at, public={"problem": problem})
        )
        actions.run_all(now=at + timedelta(hours=1))
    assert cards() == [("log_broken", "log", "red", "open")] * 2
    found = queries.judge(rule("log_broken"), now=NOW + timedelta(days=3))
    assert found == duck.judged(duck.exported(), rule("log_broken"), now=NOW + timedelta(days=3))


@pytest.mark.usefixtures("county")
def test_both_engines_find_the_same() -> None:
    assert hand(20, 20, word="other") == 409
    assert hand(9, 0) == 409
    for name in ("log_split", "log_suspect"):
        found = queries.judge(rule(name), now=LATER)
        assert len(found) == 1
        assert found == duck.judged(duck.exported(), rule(name), now=LATER)
