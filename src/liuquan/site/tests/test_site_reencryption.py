"""Old values are re-encrypted under the newest key: all of them, once, whatever happens meanwhile."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

import psycopg
import pytest
from django.db import connection, connections

from liuquan.journal.actions import append_durably
from liuquan.journal.types import NewEntry
from liuquan.kernel import files, reencryption, secrecy, sm_crypto
from liuquan.kernel.postgres.roles import APPLICATION, OWNER
from liuquan.kernel.refusals import Unavailable, WrongState
from liuquan.kernel.sql import run
from liuquan.parties.models import Party
from liuquan.site import key_report
from liuquan.site.encrypted_columns import ENCRYPTED
from liuquan.testing.databases import connected_to

NOW = datetime(2026, 3, 20, 1, tzinfo=UTC)
NAMES = ["张三", "李四", "王五", "赵六", "陈七"]


@pytest.fixture
def filled(committed_db: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Values of several tables under the first key; the connection is then the owner's, as in the command."""
    monkeypatch.setenv("LIUQUAN_HOME", str(tmp_path / "home"))
    for name in NAMES:
        Party.objects.create(
            kind="organisation",
            name_enc=secrecy.encrypt(name, purpose="party.name"),
            id_enc=secrecy.encrypt(name, purpose="party.id"),
            id_index=secrecy.blind_index(name, purpose="party.uscc"),
            registered_at=NOW,
        )
    append_durably(
        *(
            NewEntry(
                "casework.file_opened",
                "A-1",
                "B",
                "P",
                "staff",
                NOW,
                public={"post": "审查岗"},
                private={"staff": name},
            )
            for name in NAMES
        )
    )
    files.store(scope="A-1", name="证明.pdf", content=b"%PDF", media_type="application/pdf", now=NOW)
    with connected_to(committed_db, OWNER):
        yield committed_db


def opened() -> list[str]:
    """What every encrypted value says, in the order of tables and rows."""
    found = []
    for column in ENCRYPTED:
        rows = run(f'SELECT "{column.column}" AS value FROM {column.table} ORDER BY {column.key}')
        found += [
            secrecy.decrypt_bytes(row["value"], purpose=column.purpose).hex() for row in rows if row["value"]
        ]
    return found


def outdated() -> int:
    return reencryption.count_outdated(ENCRYPTED)


def renew_until_killed(batches: int) -> NoReturn:
    """In a child: renew row by row, and be killed after so many."""
    left = iter(range(batches))

    def told(values: int) -> None:
        if next(left, None) is None:
            os.kill(os.getpid(), signal.SIGKILL)

    reencryption.renew(ENCRYPTED, done=told, batch=1)
    os._exit(0)


def test_every_value_comes_under_the_newest_key_and_says_the_same(filled: str) -> None:
    before = opened()
    commitments = run("SELECT number, commitment FROM journal_entry ORDER BY id")
    secrecy.rotate_field_key()
    assert outdated() == len(before) == 17
    told: list[int] = []
    done = reencryption.renew(ENCRYPTED, done=told.append, batch=2)
    assert (done.renewed, done.held, done.damaged) == (17, 0, [])
    assert sum(told) == 17
    assert outdated() == 0
    assert opened() == before
    # The salted commitments of the record still bind to the same private parts.
    rows = run(
        'SELECT e.commitment, p.salt, p."values" FROM journal_private p '
        "JOIN journal_entry e ON e.id = p.entry_id"
    )
    assert len(rows) == len(NAMES)
    for row in rows:
        values = json.loads(secrecy.decrypt(row["values"], purpose="journal.private"))
        assert secrecy.commitment(values, bytes(row["salt"])) == bytes(row["commitment"])
    assert run("SELECT number, commitment FROM journal_entry ORDER BY id") == commitments


def test_running_it_again_changes_nothing(filled: str) -> None:
    secrecy.rotate_field_key()
    reencryption.renew(ENCRYPTED)
    state = run("SELECT xmin::text FROM party ORDER BY id")
    assert reencryption.renew(ENCRYPTED).renewed == 0
    assert run("SELECT xmin::text FROM party ORDER BY id") == state


def test_a_change_of_profile_is_brought_to_old_values_too(
    filled: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = opened()
    monkeypatch.setenv(sm_crypto.VARIABLE, "1")
    assert reencryption.renew(ENCRYPTED).renewed == 17
    assert opened() == before
    assert {bytes(row["name_enc"])[0] for row in run("SELECT name_enc FROM party")} == {2}


def test_killed_in_the_middle_it_goes_on_where_it_was(filled: str) -> None:
    before = opened()
    secrecy.rotate_field_key()
    connections.close_all()
    for batches in (1, 2):
        child = os.fork()
        if child == 0:
            renew_until_killed(batches)
        assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL
    left = outdated()
    assert 0 < left < 17
    assert reencryption.renew(ENCRYPTED).renewed == left
    assert opened() == before


def test_a_row_in_other_hands_is_passed_over_and_its_write_is_not_lost(filled: str) -> None:
    secrecy.rotate_field_key()
    with psycopg.connect(
        host=connection.settings_dict["HOST"], dbname=filled, user=APPLICATION
    ) as other:  # a name is being corrected
        other.execute(
            "UPDATE party SET name_enc = %s WHERE id = (SELECT min(id) FROM party)",
            [secrecy.encrypt("张三丰", purpose="party.name")],
        )
        done = reencryption.renew(ENCRYPTED)
        assert (done.renewed, done.held) == (15, 2)
    done = reencryption.renew(ENCRYPTED)
    assert (done.renewed, done.held) == (1, 0)  # the name was written under the new key already
    name = run("SELECT name_enc FROM party ORDER BY id LIMIT 1")[0]["name_enc"]
    assert secrecy.decrypt(name, purpose="party.name") == "张三丰"


def test_a_value_that_does_not_open_is_named_and_stops_no_other(filled: str) -> None:
    run("UPDATE party SET id_enc = set_byte(id_enc, 20, 255 - get_byte(id_enc, 20)) WHERE id = 1")
    secrecy.rotate_field_key()
    done = reencryption.renew(ENCRYPTED)
    assert done.renewed == 16
    assert done.held == 0
    assert done.damaged == ["party.id_enc 1"]


def test_without_an_old_key_nothing_is_written(filled: str) -> None:
    secrecy.rotate_field_key()
    (Path(os.environ["LIUQUAN_HOME"]) / "keys" / "field-00001.key").unlink()
    secrecy.forget()
    with pytest.raises(Unavailable, match=r"缺少密钥文件 field-00001\.key"):
        reencryption.renew(ENCRYPTED)
    assert outdated() == 17


def test_a_key_is_retired_only_when_nothing_needs_it(filled: str) -> None:
    secrecy.rotate_field_key()
    with pytest.raises(WrongState, match="仍有内容要用它打开"):
        key_report.retire_field_key(1)
    with pytest.raises(WrongState, match="正在使用"):
        key_report.retire_field_key(2)
    reencryption.renew(ENCRYPTED)
    before = opened()
    key_report.retire_field_key(1)
    assert opened() == before
    checked = key_report.check_keys()
    assert checked.problems == ()
    assert [line.state for line in checked.keys if line.name.startswith("field")] == ["retired", "in_use"]
    with pytest.raises(WrongState, match="没有在用的第 1 代"):
        key_report.retire_field_key(1)


def test_the_check_says_which_key_is_missing_and_who_needs_which(filled: str) -> None:
    secrecy.rotate_field_key()
    checked = key_report.check_keys()
    assert checked.problems == ()
    assert checked.outdated == 17
    assert checked.needed[1] == {
        "文件密钥": 1,
        "文件名": 1,
        "当事人姓名或者名称": 5,
        "证件号码": 5,
        "日志非公开内容": 5,
    }
    (Path(os.environ["LIUQUAN_HOME"]) / "keys" / "index-00001.key").unlink()
    secrecy.forget()
    assert any("index-00001" in problem for problem in key_report.check_keys().problems)


def test_a_key_without_any_backup_is_given_up_and_entered_and_work_goes_on(filled: str) -> None:
    (Path(os.environ["LIUQUAN_HOME"]) / "keys" / "field-00001.key").unlink()
    secrecy.forget()
    with pytest.raises(WrongState, match="没有缺失"):
        key_report.declare_lost("index-00001", now=NOW)
    assert key_report.declare_lost("field-00001", now=NOW) == (2, 17)
    new = secrecy.encrypt("孙八", purpose="party.name")
    assert new[1:3] == b"\0\2"
    told = run("SELECT public FROM journal_entry WHERE event = 'journal.field_key_lost'")
    assert told == [{"public": {"key": "field-00001", "values": 17}}]
    with pytest.raises(Unavailable, match="缺少密钥文件"):
        opened()


def test_the_application_itself_may_not_rewrite_private_parts(committed_db: str) -> None:
    asked = "SELECT has_column_privilege(%(role)s, 'journal_private', 'values', 'UPDATE') AS may"
    may = {role: run(asked, {"role": role})[0]["may"] for role in (APPLICATION, OWNER)}
    assert may == {APPLICATION: False, OWNER: True}
    with pytest.raises(Unavailable, match="DATABASE_OWNER_URL"):
        reencryption.refuse_without_rights(ENCRYPTED)
    with connected_to(committed_db, OWNER):
        reencryption.refuse_without_rights(ENCRYPTED)


def test_not_even_the_owner_moves_a_private_part_or_changes_its_salt(filled: str) -> None:
    with pytest.raises(Exception, match="never changed"):
        run("UPDATE journal_private SET salt = decode(repeat('00', 32), 'hex')")
