"""Keys outside the machine: enough shares bring them back, fewer tell nothing, slips are located."""

from __future__ import annotations

import itertools
import stat
from pathlib import Path

import pytest

from liuquan.kernel import key_custody, key_files, secrecy, sm_crypto
from liuquan.kernel.refusals import BadInput, WrongState


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LIUQUAN_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def value(own_home: Path) -> bytes:
    """Something encrypted under the keys that are then exported."""
    return secrecy.encrypt("张三", purpose="party.name")


@pytest.fixture
def exported(value: bytes, tmp_path: Path) -> key_custody.Exported:
    return key_custody.export(tmp_path / "out", shares=3, needed=2)


def texts(exported: key_custody.Exported, *numbers: int) -> list[str]:
    return [exported.shares[number - 1].read_text() for number in numbers]


def test_any_two_of_three_custodians_bring_the_keys_back_into_an_empty_home(
    exported: key_custody.Exported, value: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for pair in itertools.permutations((1, 2, 3), 2):
        monkeypatch.setenv("LIUQUAN_HOME", str(tmp_path / f"new-{pair}"))
        found = key_custody.open_sealed(exported.sealed.read_bytes(), texts(exported, *pair))
        assert key_custody.bring_back(found) == ["field-00001.key"]
        assert secrecy.decrypt(value, purpose="party.name") == "张三"
        assert stat.S_IMODE(key_files.path_of("field", 1).stat().st_mode) == 0o600


def test_one_custodian_alone_or_twice_opens_nothing(exported: key_custody.Exported) -> None:
    sealed = exported.sealed.read_bytes()
    with pytest.raises(BadInput, match="需要 2 份份额，现在只有 1 份"):
        key_custody.open_sealed(sealed, texts(exported, 1))
    with pytest.raises(BadInput, match="同一份额给了两次"):
        key_custody.open_sealed(sealed, texts(exported, 1, 1))


def test_what_is_exported_is_for_the_owner_alone_and_shows_no_key(exported: key_custody.Exported) -> None:
    key = key_files.read("field", 1).hex()
    written = [exported.sealed, *exported.shares]
    assert {stat.S_IMODE(path.stat().st_mode) for path in written} == {0o600}
    assert stat.S_IMODE(exported.sealed.parent.stat().st_mode) == 0o700
    for path in written:
        assert key not in path.read_bytes().decode("latin-1").replace(" ", "")


@pytest.mark.parametrize("line", [1, 3, 4])
def test_a_mistyped_line_is_named(exported: key_custody.Exported, line: int) -> None:
    first, second = texts(exported, 1, 2)
    rows = second.split("\n")
    digit = rows[line + 1][6]
    rows[line + 1] = rows[line + 1][:6] + ("0" if digit != "0" else "1") + rows[line + 1][7:]
    with pytest.raises(BadInput, match=f"第 2 份份额的第 {line} 行有误"):
        key_custody.open_sealed(exported.sealed.read_bytes(), [first, "\n".join(rows)])


def test_a_share_typed_in_capitals_with_other_spaces_is_taken(exported: key_custody.Exported) -> None:
    first, second = texts(exported, 1, 3)
    loose = second.upper().replace("  ", "   ") + "\n\n"
    assert key_custody.open_sealed(exported.sealed.read_bytes(), [first, loose])


def test_shares_of_another_export_and_unfinished_shares_are_refused(
    exported: key_custody.Exported, tmp_path: Path
) -> None:
    other = key_custody.export(tmp_path / "other", shares=3, needed=2)
    with pytest.raises(BadInput, match="备份编号与这个备份文件不符"):
        key_custody.open_sealed(exported.sealed.read_bytes(), [*texts(exported, 1), *texts(other, 2)])
    short = "\n".join(texts(exported, 2)[0].split("\n")[:4])
    with pytest.raises(BadInput, match="少录了几行"):
        key_custody.open_sealed(exported.sealed.read_bytes(), [*texts(exported, 1), short])


def test_keys_that_are_there_are_never_written_over(exported: key_custody.Exported, own_home: Path) -> None:
    found = key_custody.open_sealed(exported.sealed.read_bytes(), texts(exported, 1, 2))
    assert key_custody.bring_back(found) == []
    key_files.path_of("field", 1).write_text("cd" * 32 + "\n")
    with pytest.raises(WrongState, match="已有另一把"):
        key_custody.bring_back(found)
    assert key_files.path_of("field", 1).read_text() == "cd" * 32 + "\n"


def test_the_keys_of_another_installation_are_not_brought_in(
    exported: key_custody.Exported, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIUQUAN_HOME", str(tmp_path / "stranger"))
    secrecy.encrypt("李四", purpose="party.name")
    key_files.path_of("field", 1).unlink()
    found = key_custody.open_sealed(exported.sealed.read_bytes(), texts(exported, 1, 2))
    with pytest.raises(WrongState, match="不是本系统的密钥"):
        key_custody.bring_back(found)
    assert not key_files.path_of("field", 1).exists()


@pytest.mark.parametrize(("shares", "needed"), [(3, 4), (3, 1), (33, 2), (0, 0)])
def test_numbers_of_shares_that_make_no_sense_write_nothing(tmp_path: Path, shares: int, needed: int) -> None:
    with pytest.raises(BadInput, match="份数应在"):
        key_custody.export(tmp_path / "none", shares=shares, needed=needed)
    assert not (tmp_path / "none").exists()


def test_the_national_profile_seals_with_sm4(
    value: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(sm_crypto.VARIABLE, "1")
    made = key_custody.export(tmp_path / "sm4", shares=2, needed=2)
    assert key_custody.open_sealed(made.sealed.read_bytes(), texts(made, 1, 2)).keys() == {"field-00001.key"}
