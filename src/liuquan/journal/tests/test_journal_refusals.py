"""What nobody can do to the record, shown as the application's role with real commits."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, datetime

import psycopg
import pytest
from django.db import connection, transaction

from liuquan.journal import actions, queries
from liuquan.journal.types import NewEntry
from liuquan.kernel import secrecy, sql
from liuquan.kernel.refusals import Unavailable
from liuquan.organisation.types import SYSTEM

NOW = datetime(2026, 3, 9, 2, tzinfo=UTC)


def entered(subject: str = "A-1", **changed: object) -> NewEntry:
    values = {
        "event": "casework.file_opened",
        "subject": subject,
        "body_code": "B",
        "post_code": "P",
        "actor_kind": "staff",
        "effective_at": NOW,
        "public": {"post": "审查岗"},
        "private": {"staff": 7},
        **changed,
    }
    entry = NewEntry(**values)  # type: ignore[arg-type]
    actions.append_durably(entry)
    return entry


_FORGED = (
    "INSERT INTO journal_entry (event, subject, actor_kind, effective_at, public, commitment, {column}) "
)
REWRITES = (
    "UPDATE journal_entry SET event = 'x'",
    "UPDATE journal_entry SET recorded_at = now() - interval '1 day'",
    "DELETE FROM journal_entry",
    "TRUNCATE journal_entry CASCADE",
    "UPDATE journal_private SET salt = salt",
    "TRUNCATE journal_private",
    "ALTER TABLE journal_entry DISABLE TRIGGER ALL",
    "DROP TRIGGER journal_entry_is_append_only ON journal_entry",
    _FORGED.format(column="recorded_at") + "VALUES ('x', 'A-1', 'staff', now(), '{}', '', now())",
    _FORGED.format(column="xid") + "VALUES ('x', 'A-1', 'staff', now(), '{}', '', '3')",
)


def test_the_application_cannot_rewrite_empty_or_backdate_the_record(committed_db: str) -> None:
    entry = entered()
    before = queries.entries_of("A-1")
    for statement in REWRITES:
        with pytest.raises(Exception, match="permission denied|must be owner") as refused:
            sql.run(statement)
        assert isinstance(refused.value.__cause__, psycopg.errors.InsufficientPrivilege), statement
        connection.close()
    assert queries.entries_of("A-1") == before
    assert actions.open_private_of("A-1", receipt=entry.number)[str(entry.number)] == {"staff": 7}


def test_even_the_owner_of_the_tables_is_stopped_by_the_record_itself(
    committed_db: str, postgres_server: object
) -> None:
    entered()
    dsn = postgres_server.dsn(committed_db)  # type: ignore[attr-defined]
    with psycopg.connect(dsn, autocommit=True) as owner:
        for statement in (REWRITES[0], REWRITES[2], REWRITES[3], REWRITES[4]):
            with pytest.raises(psycopg.errors.InsufficientPrivilege, match="never changed"):
                owner.execute(statement)
    assert len(queries.entries_of("A-1")) == 1


def test_a_private_part_goes_whole_with_an_entry_of_its_own(committed_db: str) -> None:
    entry, other = entered(), entered()
    erased = actions.erase_private(subject="A-1", entries=[entry.number], reason="期满", by=SYSTEM, now=NOW)
    assert erased is not None
    assert erased.public == {
        "count": 1,
        "entries": [str(entry.number)],
        "names": {str(entry.number): ["staff"]},
    }
    assert [e.number for e in queries.entries_of("A-1")] == [entry.number, other.number, erased.number]
    opened = actions.open_private_of("A-1", receipt=other.number)
    assert set(opened) == {str(other.number), str(erased.number)}
    again = actions.erase_private(subject="A-1", entries=[entry.number], reason="期满", by=SYSTEM, now=NOW)
    assert again is None


def test_what_cannot_be_read_any_more_is_erased_all_the_same(
    committed_db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(*_args: object, **_named: object) -> str:
        raise Unavailable("密钥已经不在。")

    entry = entered()
    with monkeypatch.context() as without_key:
        without_key.setattr(secrecy, "decrypt", lost)
        erased = actions.erase_private(subject="A-1", reason="期满", by=SYSTEM, now=NOW)
    assert erased is not None
    assert (erased.public["entries"], erased.public["names"]) == ([str(entry.number)], {})
    said = actions.open_private_of("A-1", receipt=erased.number, erased="已依法清除")
    assert said[str(entry.number)] == {"staff": "已依法清除"}  # all that such an entry may hold


def beside_another_erasure(delete: Callable[[], object]) -> None:
    with transaction.atomic():
        actions.erase_private(subject="A-2", reason="期满", by=SYSTEM, now=NOW)
        delete()


def test_a_private_part_never_goes_silently(committed_db: str, postgres_server: object) -> None:
    entry, other = entered(), entered("A-2")
    delete = (
        "DELETE FROM journal_private p USING journal_entry e WHERE e.id = p.entry_id AND e.number = %(n)s"
    )
    with pytest.raises(Exception, match="only together with the entry"):
        sql.run(delete, {"n": entry.number})
    with pytest.raises(Exception, match="only together with the entry"):
        beside_another_erasure(lambda: sql.run(delete, {"n": entry.number}))
    opened = actions.open_private_of("A-1", receipt=entry.number)
    assert opened == {str(entry.number): {"staff": 7}}
    assert set(actions.open_private_of("A-2", receipt=other.number)) == {str(other.number)}


def test_numbers_with_a_fraction_are_not_entered(committed_db: str) -> None:
    with pytest.raises(TypeError):
        entered(public={"post": 1.5})
    assert queries.entries_of("A-1") == []


def test_only_the_entry_stays_when_everything_private_goes(committed_db: str) -> None:
    entry = entered()
    erased = actions.erase_private(subject="A-1", reason="期满", by=SYSTEM, now=NOW)
    assert erased is not None
    assert [e.number for e in queries.entries_of("A-1")] == [entry.number, erased.number]
    assert set(actions.open_private_of("A-1", receipt=entry.number)) == {str(erased.number)}


def test_without_a_receipt_in_the_record_nothing_is_opened(committed_db: str) -> None:
    entered()
    elsewhere = entered("A-2")
    assert actions.open_private_of("A-1", receipt=uuid.uuid4()) == {}
    assert actions.open_private_of("A-1", receipt=elsewhere.number) == {}


def test_what_no_vocabulary_declares_is_not_entered(committed_db: str) -> None:
    for changed in (
        {"event": "application.unheard_of"},
        {"public": {"name": "李云溪"}},
        {"private": {"mood": "好"}},
    ):
        with pytest.raises((LookupError, ValueError)):
            entered(**changed)
    assert queries.entries_of("A-1") == []


def test_the_mark_waits_for_whoever_is_still_writing(committed_db: str) -> None:
    before = queries.watermark()
    with transaction.atomic():
        actions.append(
            NewEntry(
                event="casework.file_opened",
                subject="A-9",
                body_code="B",
                post_code="P",
                actor_kind="staff",
                effective_at=NOW,
                public={"post": "审查岗"},
            )
        )
        below = queries.watermark()
        assert queries.changes_between(before, below) == []
    # other databases of the server may hold the mark back; what it waits for is there all the same
    assert [c.subject for c in queries.changes_between(below, 2**62)] == ["A-9"]
