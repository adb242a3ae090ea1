"""A witness changes its key, speaks against us, and what strangers hand in under its name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.test import Client, override_settings

from liuquan.journal import actions, queries
from liuquan.journal.log import keys
from liuquan.journal.types import NewEntry
from liuquan.journal.witness import checkpoint_push, http_client
from liuquan.journal.witness.actions.own_key import announce_witness_key, use_witness_key
from liuquan.journal.witness.http_client import Reply
from liuquan.journal.witness.keys import trust, witness_signer
from liuquan.journal.witness.rules import WitnessRefusal
from liuquan.kernel.home import VARIABLE
from liuquan.kernel.refusals import BadInput
from liuquan.merkle import Note, Signer, ed25519_signer, parse_note
from liuquan.organisation.types import SYSTEM

NOW = datetime(2026, 3, 9, 2, tzinfo=UTC)
PLACE = "https://city.example/witness"
CITY = ed25519_signer("city.example/witness", bytes(range(32)), witness=True)
NEXT = ed25519_signer("city.example/witness", bytes(range(1, 33)), witness=True)
Seal = Callable[[datetime], int]


def enter(number: int = 1) -> None:
    for _ in range(number):
        actions.append_durably(
            NewEntry("casework.file_opened", "A-1", "B", "P", "staff", NOW, public={"post": "审查岗"})
        )


def signed_by(*signers: Signer, at: datetime = NOW) -> Note:
    """Our newest head with these signatures."""
    latest = queries.latest_checkpoint()
    assert latest is not None
    note = parse_note(latest.note)
    for signer in signers:
        note = note.signed(signer, at=at)
    return note


def objections() -> int:
    return sum(each.event == "journal.log_objected" for each in queries.entries_of("log"))


@contextmanager
def at_city(home: Path) -> Iterator[None]:
    """The other office: its own home with its own keys, and its own name."""
    with pytest.MonkeyPatch.context() as there, override_settings(LIUQUAN_LOG_ORIGIN="city.example/log"):
        there.setenv(VARIABLE, str(home))
        yield


def city_answering(city: Path) -> Callable[..., Reply]:
    """What the other office says to whoever posts to it."""

    def answer(url: str, content: bytes, *, limit: int = 0) -> Reply:
        with at_city(city):
            try:
                line = actions.cosign(content, signer=witness_signer(), now=NOW)
            except WitnessRefusal as refusal:
                return Reply(refusal.status, "text/x.tlog.size", f"{refusal.size}\n".encode())
        return Reply(200, "text/plain", line.encode())

    return answer


def test_a_witness_changes_its_key_and_the_log_goes_on_with_it(
    seal_all: Seal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    city, (county,) = tmp_path / "city", keys.log_keys()

    def pushed() -> list[str]:
        seal_all(NOW)
        return [each.trouble for each in checkpoint_push.push_all(now=NOW)]

    monkeypatch.setattr(http_client, "post", city_answering(city))
    with at_city(city):
        first = witness_signer().key
        actions.know_log(county.key.text, by=SYSTEM, now=NOW)
    actions.add_witness(first.text, url=PLACE, label="某市", by=SYSTEM, now=NOW)
    enter()
    assert pushed() == [""]
    with at_city(city):
        announce_witness_key(now=NOW)
        second = keys.register().witness[-1].key
    added = actions.add_witness(second.text, by=SYSTEM, now=NOW)
    assert (added.name, added.url, added.label) == (first.name, PLACE, "某市")
    assert pushed() == [""]  # announced and entered: it signs with the old key still, and is asked once
    assert [each.replaced for each in queries.witnesses()] == [False, False]
    with at_city(city):
        use_witness_key(now=NOW)
    enter()
    assert pushed() == [""]
    old, new = queries.witnesses()
    assert (old.key, old.replaced, new.key, new.replaced) == (first, True, second, False)
    latest = queries.latest_checkpoint()
    assert latest is not None
    assert new.size == latest.size
    opened = trust().open(str(queries.cosigned_note(latest.size)))
    assert [each.key for each in opened.cosigned] == [second]
    actions.remove_witness(first.text, by=SYSTEM, now=NOW)
    assert [each.key for each in queries.witnesses()] == [second]


def test_two_keys_of_one_witness_count_once(seal_all: Seal, settings: Any) -> None:
    for signer in (CITY, NEXT):
        actions.add_witness(signer.key.text, by=SYSTEM, now=NOW)
    settings.LIUQUAN_WITNESS_QUORUM = 2
    assert "只登记了 1 个" in queries.quorum_trouble()
    actions.add_witness(
        ed25519_signer("other.example/w", bytes(32), witness=True).key.text, by=SYSTEM, now=NOW
    )
    size = seal_all(NOW)
    actions.store_cosignatures(signed_by(CITY, NEXT), now=NOW)
    assert len(queries.cosignatures(size)) == 2
    assert queries.cosigned_size(at_least=1, witnesses=2) is None
    assert queries.cosigned_size(at_least=1, witnesses=1) == size
    assert not trust().has_quorum(trust().open(str(queries.cosigned_note(size))))


def test_an_objection_is_entered_once_until_a_larger_head_is_cosigned(
    seal_all: Seal, monkeypatch: pytest.MonkeyPatch
) -> None:
    actions.add_witness(CITY.key.text, url=PLACE, by=SYSTEM, now=NOW)
    seal_all(NOW)
    old = signed_by(CITY)
    actions.store_cosignatures(old, now=NOW)
    monkeypatch.setattr(
        http_client, "post", lambda url, content, limit=0: Reply(409, "text/x.tlog.size", b"900\n")
    )
    for hour in range(3):
        enter()
        seal_all(NOW)
        checkpoint_push.push_all(now=NOW + timedelta(hours=hour))
        actions.store_cosignatures(old, now=NOW)  # anybody hands in the old line again
        assert "被回退" in queries.witnesses()[0].trouble
        assert objections() == 1
    seal_all(NOW)
    actions.store_cosignatures(signed_by(CITY), now=NOW)  # it cosigns us again: the objection is over
    assert queries.witnesses()[0].trouble == ""
    enter()
    seal_all(NOW)
    checkpoint_push.push_all(now=NOW + timedelta(hours=9))
    assert objections() == 2


def test_an_old_line_handed_in_again_writes_nothing(
    client: Client, seal_all: Seal, monkeypatch: pytest.MonkeyPatch
) -> None:
    actions.add_witness(CITY.key.text, by=SYSTEM, now=NOW)
    seal_all(NOW)
    body = str(signed_by(CITY))
    assert client.post("/log/cosignatures", body, content_type="text/plain").status_code == 200
    published = client.get("/log/checkpoint").content
    monkeypatch.setattr("liuquan.journal.log.files.LogFiles.sole_sealer", None)  # would fail if it were held
    assert client.post("/log/cosignatures", body, content_type="text/plain").status_code == 200
    assert client.get("/log/checkpoint").content == published


def test_a_witness_line_over_another_text_of_our_size_is_not_stored(seal_all: Seal) -> None:
    actions.add_witness(CITY.key.text, by=SYSTEM, now=NOW)
    size = seal_all(NOW)
    text = signed_by().text
    origin, number, root, *_ = text.split("\n")
    other = f"{origin}\n{number}\n{root[:4]}{'A' if root[4] != 'A' else 'B'}{root[5:]}\n"
    assert other != text
    with pytest.raises(BadInput, match="不是本日志发布过的"):
        actions.store_cosignatures(Note(other).signed(CITY, at=NOW), now=NOW)
    assert queries.cosignatures(size) == ()
    assert queries.witnesses()[0].size is None


def test_a_line_of_another_head_in_the_table_is_not_counted(
    seal_all: Seal, committed_db: str, postgres_server: Any
) -> None:
    actions.add_witness(CITY.key.text, by=SYSTEM, now=NOW)
    first = seal_all(NOW)
    note = signed_by(CITY)
    actions.store_cosignatures(note, now=NOW)
    enter()
    forged = seal_all(NOW)
    with psycopg.connect(postgres_server.dsn(committed_db), autocommit=True) as superuser:
        superuser.execute(
            "INSERT INTO journal_cosignature (size, line, signed_at, received_at, witness_id) "
            "SELECT %s, %s, now(), now(), id FROM journal_witness",
            [forged, note.signatures[-1].line],
        )
    assert queries.cosignatures(forged) == ()
    assert queries.cosigned_size(at_least=first + 1, witnesses=1) is None
    assert str(queries.newest_cosigned()) == str(queries.cosigned_note(first))
    best = queries.best_note(over=first)  # signed by the log alone, not "forged"
    assert best is not None
    assert trust().open(str(best)).cosigned == ()
    enter()
    third = seal_all(NOW)
    actions.store_cosignatures(signed_by(CITY), now=NOW)
    assert queries.cosigned_size(at_least=first + 1, witnesses=1) == third


def test_a_time_claimed_in_the_future_is_shown_as_when_it_came(seal_all: Seal) -> None:
    actions.add_witness(CITY.key.text, by=SYSTEM, now=NOW)
    seal_all(NOW)
    actions.store_cosignatures(signed_by(CITY, at=NOW + timedelta(days=9000)), now=NOW)
    assert queries.witnesses()[0].cosigned_at == NOW
