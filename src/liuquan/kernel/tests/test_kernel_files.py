"""Stored files: encrypted, one key each, erased for good."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction

from liuquan.kernel import files, secrecy
from liuquan.kernel.models import StoredFile
from liuquan.kernel.refusals import BadInput, NotVisible, Unavailable

NOW = datetime(2026, 3, 9, 2, 0, tzinfo=UTC)
LATER = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
CONTENT = "张三的身份证复印件".encode() * 50

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LIUQUAN_HOME", str(tmp_path))
    return tmp_path


def keep(scope: str = "A-1", content: bytes = CONTENT) -> StoredFile:
    return files.store(
        scope=scope, name="张三 身份证.pdf", content=content, media_type="application/pdf", now=NOW
    )


def on_disk(home: Path) -> list[Path]:
    return [path for path in (home / "files").rglob("*") if path.is_file()]


def test_a_stored_file_opens_with_its_name_and_facts() -> None:
    file = keep()
    assert files.open_file(file.number) == CONTENT
    assert files.name_of(file.number) == "张三 身份证.pdf"
    facts = files.facts_of(file.number)
    assert (facts.scope, facts.size, facts.stored_at) == ("A-1", len(CONTENT), NOW)
    assert file.number.version == 7


def test_neither_disk_nor_database_shows_content_or_name(own_home: Path) -> None:
    keep()
    (path,) = on_disk(own_home)
    assert "张三".encode() not in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(f)::text FROM kernel_storedfile f")
        (row,) = cursor.fetchone()
    assert "张三" not in row
    assert "张三".encode().hex() not in row


def test_the_same_content_in_one_scope_is_one_file_and_in_two_scopes_two_unlike_ones(own_home: Path) -> None:
    first, again, other = keep(), keep(), keep(scope="A-2")
    assert first.number == again.number
    assert other.number != first.number
    assert other.address != first.address
    assert len(on_disk(own_home)) == 2


def test_after_erasure_nothing_can_be_read_and_the_address_is_gone(
    own_home: Path, django_capture_on_commit_callbacks: object
) -> None:
    file = keep()
    address, wrapped = bytes(file.address or b""), bytes(file.wrapped_key or b"")
    (path,) = on_disk(own_home)
    sealed = path.read_bytes()
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        erased = files.erase(file.number, now=LATER)
    assert erased.erased_at == LATER
    assert on_disk(own_home) == []
    row = StoredFile.objects.get(number=file.number)
    assert (row.address, row.wrapped_key, row.sealed_name, row.location) == (None, None, None, "")
    for read in (files.open_file, files.name_of):
        with pytest.raises(NotVisible, match="已经依法清除"):
            read(file.number)
    # Even the old bytes, put back under their address, are nothing without the destroyed key.
    path.write_bytes(sealed)
    with pytest.raises(NotVisible):
        files.open_file(file.number)
    assert address
    assert secrecy.decrypt_bytes(wrapped, purpose="stored_file.key") not in sealed
    assert files.facts_of(file.number).erased_at == LATER


def test_erasing_twice_changes_nothing_and_the_content_may_be_stored_anew() -> None:
    file = keep()
    files.erase(file.number, now=NOW)
    assert files.erase(file.number, now=LATER).erased_at == NOW
    assert keep().number != file.number


def test_an_unknown_file_is_not_visible() -> None:
    nobody = UUID("00000000-0000-7000-8000-000000000000")
    for ask in (files.open_file, files.name_of, files.facts_of):
        with pytest.raises(NotVisible):
            ask(nobody)
    with pytest.raises(NotVisible):
        files.erase(nobody, now=NOW)


def test_changed_or_missing_bytes_are_reported(own_home: Path) -> None:
    file = keep()
    (path,) = on_disk(own_home)
    sealed = bytearray(path.read_bytes())
    sealed[40] ^= 1
    path.write_bytes(bytes(sealed))
    with pytest.raises(Unavailable, match="被改动过"):
        files.open_file(file.number)
    path.unlink()
    with pytest.raises(Unavailable, match="缺失"):
        files.open_file(file.number)


def test_an_empty_file_is_refused_and_nothing_is_kept(own_home: Path) -> None:
    with pytest.raises(BadInput, match="是空的"):
        keep(content=b"")
    assert StoredFile.objects.count() == 0
    assert on_disk(own_home) == []


def test_the_database_refuses_a_half_erased_file() -> None:
    file = keep()
    with pytest.raises(IntegrityError), transaction.atomic():
        StoredFile.objects.filter(number=file.number).update(wrapped_key=None)
    assert files.open_file(file.number) == CONTENT
