"""Field encryption, blind index and commitments."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from liuquan.kernel import secrecy
from liuquan.kernel.refusals import BadInput, SomebodyWasFirst, TooMany, Unavailable


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LIUQUAN_HOME", str(tmp_path))
    return tmp_path


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(text=st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_what_was_encrypted_comes_back(text: str) -> None:
    assert secrecy.decrypt(secrecy.encrypt(text, purpose="party.name"), purpose="party.name") == text


def test_the_same_text_never_encrypts_to_the_same_value_and_never_shows() -> None:
    first, second = (secrecy.encrypt("张三", purpose="party.name") for _ in range(2))
    assert first != second
    assert "张三".encode() not in first


def test_a_value_moved_to_another_column_does_not_open() -> None:
    value = secrecy.encrypt("110101199003070011", purpose="party.id_number")
    with pytest.raises(Unavailable, match="无法用现有密钥打开"):
        secrecy.decrypt(value, purpose="party.name")


@pytest.mark.parametrize("position", [0, 1, 3, 20, -1])
def test_a_changed_value_does_not_open(position: int) -> None:
    value = bytearray(secrecy.encrypt("张三", purpose="party.name"))
    value[position] ^= 1
    with pytest.raises(Unavailable):
        secrecy.decrypt(bytes(value), purpose="party.name")


def test_a_truncated_value_is_refused_with_a_sentence() -> None:
    with pytest.raises(Unavailable, match="已损坏"):
        secrecy.decrypt(b"\x01\x00", purpose="party.name")


def test_after_rotation_old_values_still_open_and_new_ones_name_the_new_key() -> None:
    old, old_head = secrecy.encrypt("张三", purpose="party.name"), secrecy.current_head()
    assert secrecy.rotate_field_key() == 2
    new, new_head = secrecy.encrypt("张三", purpose="party.name"), secrecy.current_head()
    assert old_head != new_head
    assert old.startswith(old_head)
    assert new.startswith(new_head)
    assert {secrecy.decrypt(value, purpose="party.name") for value in (old, new)} == {"张三"}


def test_keys_are_made_on_first_use_for_the_owner_alone(own_home: Path) -> None:
    secrecy.encrypt("张三", purpose="party.name")
    secrecy.blind_index("张三", purpose="party.name")
    keys = sorted((own_home / "keys").iterdir())
    assert [key.name for key in keys] == ["field-00001.key", "index-00001.key"]
    assert {stat.S_IMODE(key.stat().st_mode) for key in keys} == {0o600}


def test_a_key_that_others_may_read_is_refused(own_home: Path) -> None:
    (own_home / "keys").mkdir(mode=0o700)
    key = own_home / "keys" / "field-00001.key"
    key.write_text("00" * 32 + "\n")
    key.chmod(0o644)
    with pytest.raises(Unavailable, match="权限过宽"):
        secrecy.encrypt("张三", purpose="party.name")


def test_a_lost_key_is_reported_and_not_silently_replaced(own_home: Path, tmp_path: Path) -> None:
    secrecy.encrypt("张三", purpose="party.name")
    foreign = b"\x01\x00\x07" + b"\0" * 40
    with pytest.raises(Unavailable, match=r"缺少密钥文件 field-00007\.key"):
        secrecy.decrypt(foreign, purpose="party.name")
    assert not (own_home / "keys" / "field-00007.key").exists()


def test_the_blind_index_is_equal_for_equal_text_and_purpose_only() -> None:
    index = secrecy.blind_index("110101199003070011", purpose="party.id_number")
    assert len(index) == 32
    assert index == secrecy.blind_index("110101199003070011", purpose="party.id_number")
    assert index != secrecy.blind_index("110101199003070011", purpose="party.phone")
    assert index != secrecy.blind_index("110101199003070012", purpose="party.id_number")


def test_two_homes_have_two_indexes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = secrecy.blind_index("张三", purpose="party.name")
    monkeypatch.setenv("LIUQUAN_HOME", str(tmp_path / "other"))
    assert secrecy.blind_index("张三", purpose="party.name") != here


def test_a_commitment_depends_on_salt_and_values_but_not_on_their_order() -> None:
    salt = bytes(range(32))
    made = secrecy.commitment({"姓名": "张三", "件数": 2}, salt)
    assert made == secrecy.commitment({"件数": 2, "姓名": "张三"}, salt)
    assert made != secrecy.commitment({"姓名": "张三", "件数": 3}, salt)
    assert made != secrecy.commitment({"姓名": "张三", "件数": 2}, secrecy.new_salt())


def test_the_commitment_of_known_values_never_changes() -> None:
    made = secrecy.commitment({"reason": "材料不齐", "count": 2}, bytes(32))
    assert made.hex() == "db3e362149733a57851115067e1ef14ab4633d667559aae8bbc8d98dfe7b15d5"


@pytest.mark.parametrize("values", [{"a": 1.5}, {"a": {1: "b"}}, {"a": [b"x"]}])
def test_values_that_another_program_could_write_otherwise_are_not_committed(
    values: dict[str, object],
) -> None:
    with pytest.raises(TypeError):
        secrecy.commitment(values, bytes(32))


def test_a_short_salt_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        secrecy.commitment({}, b"short")


def test_a_refusal_tells_programs_status_code_citation_and_fields() -> None:
    refusal = BadInput(
        "身份证号码有误。", fields={"id_number": "校验位不对"}, citation="行政许可法 第三十一条"
    )
    assert refusal.problem() == {
        "type": "urn:liuquan:problem:bad_input",
        "title": "填写内容有误",
        "status": 422,
        "detail": "身份证号码有误。",
        "citation": "行政许可法 第三十一条",
        "code": "bad_input",
        "fields": {"id_number": "校验位不对"},
        "details": {},
    }
    assert (SomebodyWasFirst.status, TooMany.status) == (409, 429)
