"""Handing our heads to witnesses: what they answer, what is kept and published, when they are asked again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from liuquan.journal import actions, queries
from liuquan.journal.log import keys
from liuquan.journal.types import NewEntry
from liuquan.journal.witness import checkpoint_push, http_client
from liuquan.journal.witness.http_client import Reply
from liuquan.journal.witness.keys import trust, witness_signer
from liuquan.journal.witness.rules import WitnessRefusal, check_head, read_request
from liuquan.kernel import sql
from liuquan.kernel.refusals import BadInput, NotVisible, Unavailable
from liuquan.merkle import Checkpoint, Note, ed25519_signer, parse_note
from liuquan.organisation.types import SYSTEM

NOW = datetime(2026, 3, 9, 2, tzinfo=UTC)
Seal = Callable[[datetime], int]


class City:
    """A witness elsewhere, by the rules; `say` makes it answer something else once."""

    def __init__(self, name: str = "city.example/witness") -> None:
        self.signer = ed25519_signer(name, name.encode().ljust(32)[:32], witness=True)
        self.known: Checkpoint | None = None
        self.asked: list[str] = []
        self.say: list[Reply | Exception] = []

    def answer(self, url: str, content: bytes, *, limit: int = 0) -> Reply:
        self.asked.append(url)
        if self.say:
            said = self.say.pop(0)
            if isinstance(said, Exception):
                raise said
            return said
        asked = read_request(content)
        try:
            check_head(asked, self.known, cosigned_root=None)
        except WitnessRefusal as refusal:
            if refusal.size is not None:
                return Reply(409, "text/x.tlog.size", f"{refusal.size}\n".encode())
            return Reply(refusal.status, "text/plain", refusal.sentence.encode())
        self.known = asked.checkpoint
        line = Note(asked.advance.note.text).signed(self.signer, at=NOW).signatures[0].line
        return Reply(200, "text/plain", line.encode())


@pytest.fixture
def city(monkeypatch: pytest.MonkeyPatch) -> City:
    found = City()
    monkeypatch.setattr(http_client, "post", found.answer)
    return found


def enter(number: int) -> None:
    actions.append_durably(
        *(
            NewEntry("casework.file_opened", "A-1", "B", "P", "staff", NOW, public={"post": "审查岗"})
            for _ in range(number)
        )
    )


def add(city: City) -> None:
    actions.add_witness(city.signer.key.text, url="https://city.example/witness", by=SYSTEM, now=NOW)


def push(after: float = 0) -> list[str]:
    return [each.trouble for each in checkpoint_push.push_all(now=NOW + timedelta(seconds=after))]


def test_each_new_head_is_cosigned_and_published_with_its_signatures(
    city: City, seal_all: Seal, log_home: Path
) -> None:
    add(city)
    assert push() == []
    first = seal_all(NOW)
    assert push() == [""]
    assert city.asked == ["https://city.example/witness/add-checkpoint"]
    published = (log_home / "log" / "checkpoint").read_text()
    assert [each.key for each in trust().open(published).cosigned] == [city.signer.key]
    assert push() == []
    enter(5)
    size = seal_all(NOW)
    assert size == first + 5
    assert push() == [""]
    assert queries.witnesses()[0].size == size
    assert [each.name for each in queries.cosignatures(size)] == [city.signer.key.name]
    assert queries.cosigned_size(at_least=1, witnesses=1) == first
    assert queries.cosigned_size(at_least=first + 1, witnesses=1) == size
    assert queries.cosigned_size(at_least=1, witnesses=2) is None
    enter(1)
    assert seal_all(NOW) == size + 1  # the sealer goes on from a head that carries others' signatures
    assert parse_note((log_home / "log" / "checkpoint").read_text()).text.split("\n")[1] == str(size + 1)


def test_a_witness_that_knows_another_size_is_asked_once_more(city: City, seal_all: Seal) -> None:
    add(city)
    seal_all(NOW)
    push()
    enter(3)
    seal_all(NOW)
    sql.run("UPDATE journal_witness SET size = NULL")  # its answer was lost on the way
    assert push() == [""]
    assert len(city.asked) == 3
    enter(1)
    size = seal_all(NOW)
    city.known = None  # a witness that lost its memory starts from nothing
    assert push() == [""]
    assert queries.witnesses()[0].size == size


@pytest.mark.parametrize(
    ("said", "fault"),
    [(Reply(409, "text/x.tlog.size", b"999\n"), "behind"), (Reply(422, "text/plain", b"no\n"), "unproven")],
)
def test_a_witness_that_speaks_against_our_log_is_believed_and_entered_once(
    city: City, seal_all: Seal, said: Reply, fault: str
) -> None:
    add(city)
    seal_all(NOW)
    city.say = [said, said]
    assert "请核查" in push()[0]
    assert "请核查" in push(3600)[0]
    entered = [each for each in queries.entries_of("log") if each.event == "journal.log_objected"]
    assert [each.public["fault"] for each in entered] == [fault]
    assert queries.witnesses()[0].size is None
    assert queries.cosignatures(1) == ()


@pytest.mark.parametrize(
    "said",
    [
        Reply(200, "text/plain", b""),
        Reply(200, "text/plain", b"\xff\x00"),
        Reply(200, "text/plain", b"ok\n"),
        Reply(200, "text/plain", "— city.example/witness AAAAAAAAAAAAAAAA\n".encode()),
        Reply(200, "text/plain", "— other.example/w AAAAAAAAAAAAAAAA\n".encode()),
        Reply(200, "text/plain", b"x" * 100_000),
        Reply(409, "text/x.tlog.size", b"many\n"),
        Reply(409, "text/x.tlog.size", "１２\n".encode()),
        Reply(409, "text/html", b"7\n"),
        Reply(403, "text/plain", b""),
        Reply(404, "text/html", b"<html>"),
        Reply(500, "text/html", b""),
        Unavailable("city.example 没有应答，请稍后重试。"),
    ],
)
def test_any_other_answer_is_a_sentence_and_no_signature(
    city: City, seal_all: Seal, log_home: Path, said: Reply | Exception
) -> None:
    add(city)
    seal_all(NOW)
    published = (log_home / "log" / "checkpoint").read_text()
    city.say = [said]
    (trouble,) = push()
    assert trouble.endswith("。")
    assert queries.witnesses()[0].trouble == trouble
    assert queries.witnesses()[0].size is None
    assert (log_home / "log" / "checkpoint").read_text() == published
    # It is left alone for a while, and asked again.
    assert push(1) == []
    assert push(11) == [""]
    assert queries.witnesses()[0].trouble == ""


def test_a_quorum_that_no_head_can_reach_is_refused_with_a_sentence(
    city: City, seal_all: Seal, settings: Any
) -> None:
    settings.LIUQUAN_WITNESS_QUORUM = 1
    with pytest.raises(Unavailable, match="LIUQUAN_WITNESS_QUORUM"):
        trust()
    add(city)
    seal_all(NOW)
    assert not trust().has_quorum(trust().open(str(queries.cosigned_note(1))))
    push()
    assert trust().has_quorum(trust().open(str(queries.cosigned_note(1))))


def test_a_witness_is_removed_and_comes_back(city: City, seal_all: Seal) -> None:
    add(city)
    size = seal_all(NOW)
    push()
    actions.remove_witness(city.signer.key.name, by=SYSTEM, now=NOW)
    assert queries.witnesses() == []
    assert queries.cosignatures(size) == ()
    with pytest.raises(NotVisible):
        actions.remove_witness(city.signer.key.name, by=SYSTEM, now=NOW)
    add(city)
    assert len(queries.cosignatures(size)) == 1
    events = [each.event for each in queries.entries_of("log")]
    assert events == ["journal.witness_added", "journal.witness_removed", "journal.witness_added"]


def test_what_is_no_other_offices_witness_key_is_refused(db: None, log_home: Path) -> None:
    own = witness_signer().key.text
    log = keys.log_keys()[0].key.text
    for key in ("", "x", own, log, City().signer.key.text[:-3] + "A=="):
        with pytest.raises(BadInput) as refused:
            actions.add_witness(key, by=SYSTEM, now=NOW)
        assert refused.value.sentence.endswith("。")
    twin = ed25519_signer("city.example/witness", bytes(32), witness=True)
    actions.add_witness(twin.key.text, by=SYSTEM, now=NOW)
    with pytest.raises(BadInput):
        actions.add_witness(twin.key.text, url="file:///etc/passwd", by=SYSTEM, now=NOW)
    again = ed25519_signer("other.example/witness", bytes(32), witness=True)  # one key under two names
    with pytest.raises(BadInput, match="同一公钥"):
        actions.add_witness(again.key.text, by=SYSTEM, now=NOW)
    assert len(queries.witnesses()) == 1
    assert trust().witnesses == (twin.key,)
