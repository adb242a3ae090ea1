"""Files of keys: made once, missed when lost, never mixed up, new ones noticed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from liuquan.kernel import key_custody, key_files, secrecy
from liuquan.kernel.refusals import Unavailable


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LIUQUAN_HOME", str(tmp_path))
    return tmp_path


def test_a_lost_key_is_missed_instead_of_made_anew(own_home: Path) -> None:
    secrecy.encrypt("张三", purpose="party.name")
    secrecy.blind_index("张三", purpose="party.name")
    for path in (own_home / "keys").iterdir():
        path.unlink()
    secrecy.forget()
    with pytest.raises(Unavailable, match=r"缺少密钥文件 field-00001\.key"):
        secrecy.encrypt("李四", purpose="party.name")
    with pytest.raises(Unavailable, match=r"缺少密钥文件 index-00001\.key"):
        secrecy.blind_index("李四", purpose="party.name")
    with pytest.raises(Unavailable, match="keys import"):
        key_custody.refuse_missing()
    assert not list((own_home / "keys").iterdir())


def test_the_key_of_another_installation_is_not_taken_for_ours(own_home: Path) -> None:
    secrecy.blind_index("张三", purpose="party.name")
    key_files.path_of("index", 1).write_text("ab" * 32 + "\n")
    secrecy.forget()
    with pytest.raises(Unavailable, match="不是本系统的密钥"):
        secrecy.blind_index("张三", purpose="party.name")


def test_a_key_from_before_the_list_is_entered_and_used(own_home: Path) -> None:
    value = secrecy.encrypt("张三", purpose="party.name")
    (own_home / key_files.LIST).unlink()
    secrecy.forget()
    assert secrecy.decrypt(value, purpose="party.name") == "张三"
    assert [each.name for each in key_files.made_keys()] == ["field-00001"]


def test_the_list_shows_no_key(own_home: Path) -> None:
    key = key_files.read("field", 1, make=True)
    listed = (own_home / key_files.LIST).read_text()
    assert key.hex() not in listed
    assert key.hex()[:16] not in listed


def test_a_running_process_notices_a_key_that_another_made(own_home: Path) -> None:
    assert secrecy.encrypt("张三", purpose="party.name")[1:3] == b"\0\1"
    other = (
        "from liuquan.kernel import secrecy; print(secrecy.rotate_field_key(), secrecy.rotate_log_secret())"
    )
    done = subprocess.run([sys.executable, "-c", other], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["2", "2"]
    assert secrecy.encrypt("张三", purpose="party.name")[1:3] == b"\0\2"
    assert secrecy.newest_log_secret() == 2


def test_processes_that_start_at_once_agree_on_one_key() -> None:
    words = [
        sys.executable,
        "-c",
        "from liuquan.kernel import secrecy; print(secrecy.blind_index('a', purpose='b').hex())",
    ]
    racing = [subprocess.Popen(words, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    assert len({process.communicate()[0] for process in racing}) == 1


def test_a_log_secret_of_each_generation_gives_its_own_lasting_value() -> None:
    generation, first = secrecy.keyed("JY2026032000001", purpose="journal.subject")
    assert (generation, len(first)) == (1, 32)
    assert secrecy.rotate_log_secret() == 2
    generation, second = secrecy.keyed("JY2026032000001", purpose="journal.subject")
    assert generation == 2
    assert second != first
    for number, value in ((1, first), (2, second)):
        assert secrecy.keyed_with(number, "JY2026032000001", purpose="journal.subject") == value
        assert secrecy.keyed_by(number, purpose="journal.subject")("JY2026032000001") == value


def test_a_retired_key_opens_nothing_and_can_be_brought_back() -> None:
    value = secrecy.encrypt("张三", purpose="party.name")
    secrecy.rotate_field_key()
    key_files.retire("field", 1)
    secrecy.forget()
    with pytest.raises(Unavailable, match="已停用"):
        secrecy.decrypt(value, purpose="party.name")
    key_custody.refuse_missing()
    key_files.reinstate("field", 1)
    assert secrecy.decrypt(value, purpose="party.name") == "张三"


def test_a_damaged_list_is_refused(own_home: Path) -> None:
    key_files.read("field", 1, make=True)
    (own_home / key_files.LIST).write_text("field-00001\n")
    secrecy.forget()
    with pytest.raises(Unavailable, match="密钥清单"):
        secrecy.encrypt("张三", purpose="party.name")
