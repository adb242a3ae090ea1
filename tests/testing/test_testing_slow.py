"""Slow tests are left out unless they are asked for, and the run says how many."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from liuquan.testing.slow import LeavingOut, sentence


def item(name: str, *markers: str) -> Any:
    return SimpleNamespace(name=name, get_closest_marker=lambda marker: marker in markers or None)


def config(*, all_tests: bool = False, marks: str = "", args: tuple[str, ...] = ()) -> Any:
    return SimpleNamespace(
        option=SimpleNamespace(markexpr=marks),
        getoption=lambda name: all_tests,
        hook=SimpleNamespace(pytest_deselected=lambda items: None),
        args=list(args),
    )


@pytest.mark.parametrize(
    ("asked", "left"),
    [
        (config(), ["quick"]),
        (config(all_tests=True), ["quick", "kill[a]", "demo"]),
        (config(marks="not browser and (slow)"), ["quick", "kill[a]", "demo"]),
        (config(args=("tests/x.py::kill",)), ["quick", "kill[a]"]),
    ],
)
def test_slow_tests_run_where_they_are_asked_for(
    monkeypatch: pytest.MonkeyPatch, asked: Any, left: list[str]
) -> None:
    monkeypatch.delenv("CI", raising=False)
    items = [item("quick"), item("kill[a]", "slow"), item("demo", "slow")]
    leaving = LeavingOut()
    leaving.pytest_collection_modifyitems(asked, items)
    assert [one.name for one in items] == left
    assert leaving.count == 3 - len(left)


def test_in_ci_all_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    items = [item("demo", "slow")]
    LeavingOut().pytest_collection_modifyitems(config(), items)
    assert len(items) == 1


def test_workers_that_collect_the_same_are_counted_once() -> None:
    leaving = LeavingOut()
    for _ in range(2):
        leaving.pytest_testnodedown(SimpleNamespace(workeroutput={"slow_left_out": 12}))
    assert leaving.count == 12
    assert sentence(12) == "Left out: 12 slow tests. './run test --all' runs them too."
