"""Slow tests: what takes many seconds by its nature, a demo, a backup, a killed server, long random play.

They run in CI (`CI` is set), with `--all`, and when they are named: by `-m slow` or by their own id. Else
they are left out, and the run says how many.
"""

import os
from pathlib import Path

import pytest

MARKER = "slow: takes many seconds; left out by default, run with `./run test --all` and in CI"
#: where a run that is part of a greater one writes how many it left out
COUNT_FILE = "LIUQUAN_TESTS_LEFT_OUT"


class LeavingOut:
    """Leaves slow tests out and counts them, over all processes of the run."""

    def __init__(self) -> None:
        self.count = 0

    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """Leave out what is slow, unless all or just these are asked for."""
        if wanted(config):
            return
        out = [item for item in items if item.get_closest_marker("slow") and not _named(item, config)]
        if out:
            config.hook.pytest_deselected(items=out)
            left_out = {id(item) for item in out}
            items[:] = [item for item in items if id(item) not in left_out]
        self.count = len(out)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """A worker process tells the first process."""
        told: dict[str, object] | None = getattr(session.config, "workeroutput", None)
        if told is not None:
            told["slow_left_out"] = self.count

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: object) -> None:
        """All workers collect the same: any of them knows the number."""
        told: dict[str, int] = getattr(node, "workeroutput", {})
        self.count = max(self.count, told.get("slow_left_out", 0))

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say it here, or to the greater run."""
        if file := os.environ.get(COUNT_FILE):
            Path(file).write_text(str(self.count))
        elif self.count:
            terminalreporter.write_line(sentence(self.count))


def sentence(count: int) -> str:
    """How many slow tests were left out, and how to run them."""
    return f"Left out: {count} slow test{'s' if count > 1 else ''}. './run test --all' runs them too."


def wanted(config: pytest.Config) -> bool:
    """Whether slow tests are to run."""
    chosen = "slow" in (config.option.markexpr or "")
    return bool(config.getoption("all_tests") or os.environ.get("CI") or chosen)


def _named(item: pytest.Item, config: pytest.Config) -> bool:
    named = [word.partition("::")[2] for word in config.args if "::" in word]
    return any(item.name.partition("[")[0] == name.partition("[")[0] for name in named)
