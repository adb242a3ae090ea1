"""The administrator's words: `keys …`, what they say and with which exit code."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from liuquan.kernel import key_files, known_answers, secrecy, sm_crypto
from liuquan.kernel.refusals import Unavailable
from liuquan.site import startup
from liuquan.site.command import main

NOW = datetime(2026, 3, 20, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LIUQUAN_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Any:
    """Run a command; gives its exit code, what it said, and its complaint."""

    def run(*words: str) -> tuple[int, str, str]:
        code = main(list(words))
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


@pytest.mark.skipif(not sm_crypto.installed(), reason="the 国密 package is not installed")
def test_the_self_check_names_each_algorithm_and_its_source(say: Any) -> None:
    code, out, _ = say("keys", "self-check")
    assert code == 0
    assert "通过  SM2 签名（GB/T 32918.5）" in out
    assert "国密配置：未启用" in out
    code, out, _ = say("keys", "self-check", "--json")
    told = json.loads(out)
    assert (code, told["ok"], told["national_crypto"]) == (0, True, False)
    assert all(each["right"] for each in told["algorithms"])


def test_a_wrong_answer_ends_the_self_check_with_one(say: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = known_answers.Outcome("SM3", "日志（国密）", False, "GB/T 32905")
    monkeypatch.setattr(known_answers, "check_algorithms", lambda: [wrong])
    code, out, _ = say("keys", "self-check")
    assert code == 1
    assert "不通过  SM3" in out
    assert "请停止使用" in out


def test_the_list_shows_names_and_states_and_no_key(say: Any, own_home: Path) -> None:
    assert say("keys", "list")[1].startswith("还没有密钥")
    secrecy.encrypt("张三", purpose="party.name")
    secrecy.rotate_field_key()
    key_files.retire("field", 1)
    code, out, _ = say("keys", "list")
    assert code == 0
    assert out == "field-00001  个人信息和文件密钥  已停用\nfield-00002  个人信息和文件密钥  在用\n"
    key_files.path_of("field", 2).unlink()
    secrecy.forget()
    assert "field-00002  个人信息和文件密钥  缺失或者不能使用" in say("keys", "list")[1]


def test_keys_go_out_in_shares_and_come_back(say: Any, own_home: Path, tmp_path: Path) -> None:
    value = secrecy.encrypt("张三", purpose="party.name")
    out = tmp_path / "out"
    code, said, _ = say("keys", "export", str(out), "--shares", "3", "--threshold", "2")
    assert code == 0
    assert "任意 2 份可恢复" in said
    key_files.path_of("field", 1).unlink()
    secrecy.forget()
    code, _, refused = say("keys", "import", str(out / "keys.sealed"), "--share", str(out / "share-2.txt"))
    assert code == 1
    assert "需要 2 份份额" in refused
    shares = ("--share", str(out / "share-2.txt"), "--share", str(out / "share-3.txt"))
    code, said, _ = say("keys", "import", str(out / "keys.sealed"), *shares)
    assert code == 0
    assert "已恢复密钥 1 个文件" in said
    assert secrecy.decrypt(value, purpose="party.name") == "张三"


def test_a_file_that_is_not_there_is_refused_with_its_name(say: Any) -> None:
    code, _, refused = say("keys", "import", "nowhere.tar")
    assert code == 1
    assert "不能读取 nowhere.tar" in refused


def test_nothing_starts_while_a_key_is_missing(db: None, own_home: Path) -> None:
    secrecy.encrypt("张三", purpose="party.name")
    assert startup.check(now=NOW) == []
    key_files.path_of("field", 1).unlink()
    secrecy.forget()
    with pytest.raises(Unavailable, match="缺少密钥 field-00001"):
        startup.check(now=NOW)
