"""`log witness …`: what the operator types, what is said, and how it ends."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from liuquan.journal import queries
from liuquan.journal.witness.actions.own_key import announce_witness_key
from liuquan.merkle import ed25519_signer
from liuquan.site import command

COUNTY = ed25519_signer("county.example/log", bytes(range(32)))
NEXT = ed25519_signer("county.example/log", bytes(range(1, 33)))
CITY = ed25519_signer("city.example/witness", bytes(range(2, 34)), witness=True)
CITY_NEXT = ed25519_signer("city.example/witness", bytes(range(3, 35)), witness=True)
NOWHERE = "http://127.0.0.1:9"  # the port of "discard": nobody listens
Say = Callable[..., tuple[int, str, str]]


@pytest.fixture
def say(city_db: str, log_home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: Any) -> Say:
    """Run a command on the test's database; gives its exit code, what it said, and its complaint."""
    monkeypatch.setattr(command, "_database", lambda _: contextlib.nullcontext())

    def run(*words: str) -> tuple[int, str, str]:
        code = command.main(["log", "witness", *words])
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def test_the_keys_to_be_exchanged_are_told(say: Say) -> None:
    code, out, _ = say("key", "--json")
    told = json.loads(out)
    assert code == 0
    assert told["origin"] == "localhost/log"
    assert told["log_keys"][0].startswith("localhost/log+")
    assert told["witness_key"].startswith("localhost/log/witness+")
    assert told["witness_key"] in say("key")[1]
    assert told["next_witness_key"] == ""
    following = announce_witness_key(now=datetime(2026, 3, 9, 2, tzinfo=UTC)).witness[-1].key.text
    assert f"下一见证公钥　{following}" in say("key")[1]


def test_a_witness_is_entered_tried_and_removed(say: Say, settings: Any) -> None:
    assert say("push")[0] == 1
    code, out, _ = say("add", CITY.key.text, f"{NOWHERE}/witness", "--label", "某市政务服务管理局")
    assert (code, "某市政务服务管理局" in out) == (0, True)
    assert command.main(["log", "seal"]) == 0
    code, out, _ = say("push")
    assert (code, "没有应答" in out) == (0, True)
    status = json.loads(say("status", "--json")[1])
    assert status["witnesses"][0]["trouble"]
    assert status["size"] > 0
    settings.LIUQUAN_WITNESS_QUORUM = 1
    code, _, err = say("remove", "city.example/witness")
    assert (code, "LIUQUAN_WITNESS_QUORUM" in err) == (1, True)
    assert say("add", CITY_NEXT.key.text)[0] == 0
    assert say("remove", "city.example/witness")[0] == 1  # two keys are not two witnesses
    assert say("remove", CITY.key.text)[0] == 0
    assert [each.key for each in queries.witnesses()] == [CITY_NEXT.key]
    settings.LIUQUAN_WITNESS_QUORUM = 0
    assert say("remove", "city.example/witness")[0] == 0
    assert queries.witnesses() == []


def test_a_log_is_entered_followed_compared_and_dropped(say: Say) -> None:
    assert "没有登记" in say("follow")[1]
    code, _, _ = say("know", COUNTY.key.text, "--url", f"{NOWHERE}/log", "--name", "某县政务服务中心")
    assert code == 0
    code, out, _ = say("follow")
    assert (code, "没有应答" in out) == (0, True)
    code, _, err = say("compare", "county.example/log", f"{NOWHERE}/witness")
    assert (code, "无从比较" in err) == (1, True)
    assert say("know", NEXT.key.text, "--from-size", "100")[0] == 0
    assert say("retire", COUNTY.key.text, "--until-size", "99")[0] == 0
    (log,) = queries.known_logs()
    assert [(each.from_size, each.until_size) for each in log.keys][0] == (0, 99)
    assert log.shown == "某县政务服务中心"
    assert "某县政务服务中心：还没有见证；" in say("status")[1]
    assert say("drop", "county.example/log")[0] == 0
    assert say("drop", "county.example/log")[0] == 1
    assert queries.known_logs() == []


@pytest.mark.parametrize(
    "words",
    [
        ("add", "x"),
        ("know", CITY.key.text),
        ("add", COUNTY.key.text),
        ("retire", "x", "--until-size", "1"),
        ("know", COUNTY.key.text, "--url", "ftp://x"),
        ("know", COUNTY.key.text, "--label", "长" * 81),
        ("add", CITY.key.text, "javascript:x"),
    ],
)
def test_a_wrong_word_is_refused_with_one_sentence(say: Say, words: tuple[str, ...]) -> None:
    code, out, err = say(*words)
    assert (code, out) == (1, "")
    assert err.split("\n")[0].endswith("。")
    assert queries.known_logs() == []
    assert queries.witnesses() == []
