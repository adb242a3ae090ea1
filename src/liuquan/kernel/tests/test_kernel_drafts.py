"""Drafts: found by their code alone, unreadable at rest, never losing a file, gone after seven days."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection

from liuquan.identifiers import IdentifierError, draft_code_from, parse_draft_code
from liuquan.kernel import drafts
from liuquan.kernel.drafts import Draft
from liuquan.kernel.models import Draft as DraftRow
from liuquan.kernel.models import DraftFile, StoredFile
from liuquan.kernel.refusals import BadInput, TooLarge, WrongState
from liuquan.kernel.uploads import AcceptedUpload, Upload

NOW = datetime(2026, 3, 9, 2, 0, tzinfo=UTC)
PLACE = "apply/A-1/"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LIUQUAN_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def draft() -> Draft:
    return drafts.begin(place=PLACE, values={"name": "张三"}, now=NOW)


def keep(draft: Draft, content: bytes = b"one", *, material: str = "form", at: datetime = NOW) -> None:
    accepted = AcceptedUpload("张三的证.pdf", "application/pdf", len(content))
    drafts.keep(draft.code, Upload(material, accepted.name, content), accepted, now=at)


def found(draft: Draft, *, at: datetime = NOW, place: str = PLACE) -> Draft | None:
    return drafts.find(draft.code, place=place, now=at)


def held(draft: Draft) -> list[tuple[str, bytes]]:
    there = found(draft)
    assert there is not None
    whole, broken = drafts.contents(there.files)
    assert broken == []
    return [(one.material, one.content) for one in whole]


def on_disk(home: Path) -> list[Path]:
    return [path for path in (home / "files").rglob("*") if path.is_file()]


def test_a_draft_is_found_by_its_code_in_its_place_alone(draft: Draft) -> None:
    there = found(draft)
    assert there is not None
    assert (there.values, there.kept_until) == ({"name": "张三"}, NOW + timedelta(days=7))
    assert found(draft, place="apply/A-2/") is None
    assert drafts.find("", place="", now=NOW) is None
    assert drafts.find("222222222222", place="", now=NOW) is None


def test_the_database_shows_neither_code_nor_name_nor_value(draft: Draft, own_home: Path) -> None:
    keep(draft)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT concat((SELECT string_agg(row_to_json(d)::text, '') FROM kernel_draft d), "
            "(SELECT string_agg(row_to_json(f)::text, '') FROM kernel_storedfile f))"
        )
        (text,) = cursor.fetchone()
    for secret in ("张三", draft.code):
        assert secret not in text
        assert secret.encode().hex() not in text
    (path,) = on_disk(own_home)
    assert b"one" not in path.read_bytes()


def test_two_who_add_to_one_draft_both_find_their_files(draft: Draft) -> None:
    keep(draft, b"one")
    drafts.write(draft.code, {"name": "李四"}, now=NOW)
    keep(draft, b"two")
    keep(draft, b"three", material="photo")
    assert held(draft) == [("form", b"one"), ("form", b"two"), ("photo", b"three")]
    there = found(draft)
    assert there is not None
    assert there.values == {"name": "李四"}


def test_the_same_file_twice_is_one_and_stays_for_the_other_material(draft: Draft) -> None:
    for material in ("form", "form", "photo"):
        keep(draft, b"one", material=material)
    assert held(draft) == [("form", b"one"), ("photo", b"one")]
    there = found(draft)
    assert there is not None
    drafts.drop(draft.code, [there.files[0].key], now=NOW)
    assert held(draft) == [("photo", b"one")]


@pytest.mark.parametrize("material", ["", "x" * 61])
def test_what_is_no_key_of_a_material_is_refused_and_nothing_is_stored(draft: Draft, material: str) -> None:
    with pytest.raises(BadInput, match="没有这项材料"):
        keep(draft, material=material)
    assert not StoredFile.objects.exists()


def test_a_file_of_another_draft_cannot_be_taken_out(draft: Draft) -> None:
    keep(draft)
    there = found(draft)
    assert there is not None
    other = drafts.begin(place=PLACE, now=NOW)
    drafts.drop(other.code, [there.files[0].key, "x", "9" * 30], now=NOW)
    assert held(draft) == [("form", b"one")]


def test_a_draft_holds_so_many_files_and_bytes(draft: Draft, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drafts, "MOST_FILES", 2)
    monkeypatch.setattr(drafts, "MOST_BYTES", 8)
    keep(draft, b"one")
    keep(draft, b"two")
    with pytest.raises(BadInput, match="最多 2 个文件"):
        keep(draft, b"3")
    with pytest.raises(TooLarge, match="合计超过"):
        keep(draft, b"four", material="photo")
    assert held(draft) == [("form", b"one"), ("form", b"two")]


def test_a_file_changed_in_the_store_is_noticed_and_the_others_open(draft: Draft, own_home: Path) -> None:
    keep(draft, b"one")
    (path,) = on_disk(own_home)
    keep(draft, b"two")
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    there = found(draft)
    assert there is not None
    whole, broken = drafts.contents(there.files)
    assert [one.content for one in whole] == [b"two"]
    assert [one.key for one in broken] == [there.files[0].key]


def test_what_is_handed_in_leaves_no_key_and_no_bytes(
    draft: Draft, own_home: Path, django_capture_on_commit_callbacks: object
) -> None:
    keep(draft)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        drafts.erase(draft.code, now=NOW)
        drafts.erase(draft.code, now=NOW)
    assert found(draft) is None
    assert on_disk(own_home) == []
    assert not StoredFile.objects.filter(erased_at=None).exists()
    with pytest.raises(WrongState, match="已经交上或者过期"):
        keep(draft, b"late")
    assert not StoredFile.objects.filter(erased_at=None).exists()


def test_seven_days_after_the_last_change_a_draft_is_destroyed_and_not_before(draft: Draft) -> None:
    keep(draft, at=NOW + timedelta(days=1))
    last = NOW + timedelta(days=8)
    assert drafts.erase_expired(now=last - timedelta(seconds=1)) == 0
    assert found(draft, at=last - timedelta(seconds=1)) is not None
    assert found(draft, at=last) is None
    assert drafts.erase_expired(now=last) == 1
    assert drafts.erase_expired(now=last) == 0
    assert not DraftRow.objects.exists()
    assert not DraftFile.objects.exists()
    assert not StoredFile.objects.exclude(wrapped_key=None).exists()


def test_a_code_typed_wrong_says_which_and_a_code_is_drawn_from_enough_bytes() -> None:
    code = draft_code_from(bytes(range(16)))
    assert parse_draft_code(f" {code[:4]}-{code[4:].lower()} ") == code
    wrong = code[:-1] + ("2" if code[-1] != "2" else "3")
    for typed, said in (("", "没有填写草稿码"), (code[1:], "应为12位"), (wrong, "草稿码有误")):
        with pytest.raises(IdentifierError) as refused:
            parse_draft_code(typed)
        assert said in refused.value.sentence
    with pytest.raises(ValueError, match="16 bytes"):
        draft_code_from(b"short")
