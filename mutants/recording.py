"""What each test runs: lines of the module, its templates, its files of SQL. A process of its own.

    python -m mutants.recording ORDER.json

ORDER is a `TestRun` as JSON; the answer is written to its `answer` file. What runs while files are loaded is
kept apart from what runs in tests. Fixtures that several tests share are counted for each of them; the kept
databases of the tests are not, because they stay when a fault is tried.
"""

from __future__ import annotations

import functools
import gc
import json
import os
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Generator
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import pytest

from mutants.testing import TestRun, be_steady, choose, databases_named

Ran = dict[str, set[int]]


class Recorder:
    """A plugin of pytest, and a tracer of the module's files."""

    def __init__(self, run: TestRun) -> None:
        self.run = run
        self.folder = str(run.copy / "src" / "liuquan" / run.module) + os.sep
        self.package = str(run.copy / "src" / "liuquan") + os.sep
        self.at_import: Ran = defaultdict(set)
        self.ran: Ran | None = self.at_import  # where what runs now is counted; None: nowhere
        self.tests: dict[str, Ran] = {}
        self.shared: dict[tuple[str, str], Ran] = {}
        self.seconds: dict[str, float] = defaultdict(float)
        self.failed: dict[str, str] = {}
        self._names: dict[CodeType, str] = {}
        self._caches: list[Any] = []

    def watch(self) -> None:
        """Begin: every line of the module from now on, in every thread."""
        sys.addaudithook(self._opened)
        threading.settrace(self._called)
        sys.settrace(self._called)

    def _called(self, frame: FrameType, event: str, arg: object) -> Any:
        name = self._names.get(frame.f_code)
        if name is None:
            path = frame.f_code.co_filename
            ours = path.startswith(self.folder) and "/tests/" not in path
            name = self._names[frame.f_code] = path.removeprefix(self.package) if ours else ""
        if not name:
            return None
        self._count(name, frame.f_lineno)

        def line(frame: FrameType, event: str, arg: object) -> Any:
            if event == "line":
                self._count(name, frame.f_lineno)
            return line

        return line

    def _count(self, name: str, line: int) -> None:
        if self.ran is not None:
            self.ran[name].add(line)

    def _opened(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open" and isinstance(path := arguments[0], str) and path.endswith(".sql"):
            path = os.path.abspath(path)
            if path.startswith(self.folder):
                self._count(path.removeprefix(self.package), 0)

    def _rendered(self, template: Any, **_: object) -> None:
        path = str(template.origin.name) if template.origin else ""
        if path.startswith(self.folder):
            self._count(path.removeprefix(self.package), 0)

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """Only the tests that are asked for."""
        items[:] = choose(items, self.run.requirement)

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_finish(self) -> None:
        """Loading is over. Later tests must run what earlier ones would have left in a cache."""
        self.ran = None
        gc.unfreeze()
        self._caches = [
            one
            for one in gc.get_objects()
            if type(one) is functools._lru_cache_wrapper and str(one.__module__).startswith("liuquan.")
        ]
        if "django" in sys.modules:
            from django.test.signals import template_rendered

            template_rendered.connect(self._rendered, weak=False)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Count for this test."""
        for cache in self._caches:
            cache.cache_clear()
        self.ran = self.tests[item.nodeid] = defaultdict(set)
        begin = time.monotonic()
        try:
            return (yield)
        finally:
            self.ran = None
            self.seconds[item.nodeid] = time.monotonic() - begin
            for (fixture, where), ran in self.shared.items():
                if fixture in getattr(item, "fixturenames", ()) and item.nodeid.startswith(where):
                    _add(self.tests[item.nodeid], ran)

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: Any) -> Generator[None, object, object]:
        """A shared fixture counts for all its tests; those that make the kept databases for none."""
        if fixturedef.scope == "function":
            return (yield)
        before = self.ran
        kept = str(fixturedef.func.__module__).startswith("liuquan.testing")
        self.ran = (
            None
            if kept
            else self.shared.setdefault((fixturedef.argname, fixturedef.baseid), defaultdict(set))
        )
        if kept:
            sys.settrace(None)  # making them takes long enough
        try:
            return (yield)
        finally:
            self.ran = before
            sys.settrace(self._called)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep what fails: without a fault nothing may."""
        if report.failed:
            self.failed.setdefault(report.nodeid, str(report.longrepr)[-2000:])

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Keep what cannot be loaded."""
        if report.failed:
            self.failed.setdefault(report.nodeid, str(report.longrepr)[-2000:])

    def answer(self) -> dict[str, Any]:
        """Everything as plain values."""
        return {
            "failed": self.failed,
            "at_import": _plain(self.at_import),
            "tests": {name: _plain(ran) for name, ran in self.tests.items()},
            "seconds": self.seconds,
            "databases": databases_named(),
            "modules": _libraries(),
        }


def _add(to: Ran, more: Ran) -> None:
    for name, lines in more.items():
        to[name] |= lines


def _plain(ran: Ran) -> dict[str, list[int]]:
    return {name: sorted(lines) for name, lines in ran.items()}


def _libraries() -> list[str]:
    """Modules of libraries that loading them beforehand does not harm."""
    ours = ("liuquan", "mutants", "tests", "src", "conftest", "__")
    return [name for name, module in sys.modules.items() if not name.startswith(ours) and module is not None]


def main() -> None:
    """Run the tests once and write down what they ran."""
    run = TestRun.read(Path(sys.argv[1]))
    be_steady()
    recorder = Recorder(run)
    recorder.watch()
    status = int(pytest.main(run.arguments(), plugins=[recorder]))
    sys.settrace(None)
    told = recorder.answer()
    if status not in (0, 1, 5) and not told["failed"]:
        told["failed"] = {"pytest": f"it ended with {status}"}
    run.answer.write_text(json.dumps(told), encoding="utf-8")


if __name__ == "__main__":
    main()
