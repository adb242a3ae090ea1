"""One worker: a process with a copy of the tree and a room for databases of its own, which tries faults.

    python -m mutants.worker ORDER.json

It reads one trial a line as JSON and answers each with one line. It has loaded the libraries and nothing of
ours. A second process, forked from it, has loaded our code and collected the tests too: a fault in the body
of a function, in a template or in a file of SQL is tried in a fork of that one, within the time the tests
take. Any other fault is tried in a fork of the first, which loads our code anew.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import importlib.util
import json
import os
import sys
import warnings
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from mutants.forking import Told, forked
from mutants.swapping import functions_below, swap
from mutants.testing import TestRun, be_steady, choose, keep_databases

#: they read settings when they are loaded, or keep a list of what they have seen
_NOT_BEFOREHAND = ("django.contrib", "allauth", "procrastinate.contrib", "ninja", "django_", "csp")


def main() -> None:
    """Try whatever is asked until nobody asks any more."""
    run = TestRun.read(Path(sys.argv[1]))
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    load_libraries(run)
    be_steady()
    collected = Collected(run)
    for line in sys.stdin:
        answers.write(json.dumps(_tried(run, json.loads(line), collected)) + "\n")
        answers.flush()
    collected.end()


def _tried(run: TestRun, trial: Told, collected: Collected) -> Told:
    """Write the fault into the copy, try it, and take it back."""
    path = run.copy / "src" / "liuquan" / trial["file"]
    trial["path"], trial["before"] = str(path), path.read_text(encoding="utf-8")
    try:
        _write(path, trial["after"])
        told = collected.tried(trial) if trial["running"] else {"outcome": "unfit"}
        if told["outcome"] == "unfit":
            told = forked(partial(_loaded_anew, run, trial), trial["limit"])
        return told
    finally:
        _write(path, trial["before"])


def _write(path: Path, text: str) -> None:
    """Write a file; what was compiled of it goes, for its time and size may be the same."""
    path.write_text(text, encoding="utf-8")
    if path.suffix == ".py":
        Path(importlib.util.cache_from_source(str(path))).unlink(missing_ok=True)


def _loaded_anew(run: TestRun, trial: Told) -> Told:
    chosen = Chosen(run, trial["tests"])
    files = list(dict.fromkeys(name.partition("::")[0] for name in trial["tests"]))
    status = int(pytest.main(["-x", *run.arguments(files)], plugins=[chosen]))
    if chosen.told["outcome"] == "survived" and status not in (0, 5):
        return {"outcome": "broken", "why": f"pytest ended with {status}"}
    return chosen.told


class Chosen:
    """A plugin that runs these tests in this order and keeps the first that fails."""

    def __init__(self, run: TestRun, names: list[str]) -> None:
        self.run, self.names = run, {name: at for at, name in enumerate(names)}
        self.told: Told = {"outcome": "survived"}

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Only these, in their order."""
        items[:] = sorted(
            (item for item in items if item.nodeid in self.names), key=lambda item: self.names[item.nodeid]
        )

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_finish(self) -> None:
        """Use the kept databases whatever the code says now."""
        keep_databases(self.run.databases)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """What cannot be loaded is broken; no test noticed it."""
        if report.failed:
            self.told = {"outcome": "broken", "why": _reason(report)}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """The first failure counts."""
        if report.failed and self.told["outcome"] == "survived":
            self.told = {"outcome": "noticed", "test": report.nodeid, "why": _reason(report)}


def _reason(report: Any) -> str:
    crash = getattr(report.longrepr, "reprcrash", None)
    lines = str(crash.message if crash else report.longrepr).strip().splitlines()
    return (lines[0] if crash else lines[-1])[:200] if lines else ""


class Collected:
    """The process that has everything loaded and forks for each trial."""

    def __init__(self, run: TestRun) -> None:
        asks, self._ask = os.pipe()
        self._told, answers = os.pipe()
        self.process = os.fork()
        if self.process == 0:
            os.close(self._ask)
            os.close(self._told)
            _serve_collected(run, asks, answers)
        os.close(asks)
        os.close(answers)
        self._answers = os.fdopen(self._told)
        if self._answers.readline() != "ready\n":
            raise SystemExit("the tests cannot be collected")

    def tried(self, trial: Told) -> Told:
        """What came of it there."""
        os.write(self._ask, json.dumps(trial).encode() + b"\n")
        told: Told = json.loads(self._answers.readline())
        return told

    def end(self) -> None:
        """Let it leave the server and go."""
        os.close(self._ask)
        os.waitpid(self.process, 0)


def _serve_collected(run: TestRun, asks: int, answers: int) -> None:
    quiet = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(quiet, stream)
    try:
        pytest.main(run.arguments(), plugins=[_Loop(run, asks, answers)])
    finally:
        os._exit(0)


class _Loop:
    """In place of running the collected tests: fork for each trial and run the chosen ones there."""

    def __init__(self, run: TestRun, asks: int, answers: int) -> None:
        self.run, self.asks, self.answers = run, asks, answers

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Only the tests that are asked for at all."""
        items[:] = choose(items, self.run.requirement)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Serve until the worker asks no more."""
        keep_databases(self.run.databases)
        gc.unfreeze()
        functions = functions_below(str(self.run.copy / "src" / "liuquan" / self.run.module) + os.sep)
        gc.collect()
        gc.freeze()
        with _server_of(session):
            os.write(self.answers, b"ready\n")
            for line in os.fdopen(self.asks):
                trial = json.loads(line)
                told = forked(partial(_in_fork, session, trial, functions), trial["limit"])
                if told["outcome"] in {"timeout", "crashed"}:
                    forked(partial(_drop_databases, told["process"]), 60)
                os.write(self.answers, json.dumps(told).encode() + b"\n")
        return True


def _in_fork(session: pytest.Session, trial: Told, functions: Any) -> Told:
    if trial["path"].endswith(".py") and not swap(trial["path"], trial["before"], trial["after"], functions):
        return {"outcome": "unfit"}
    chosen = Chosen(None, trial["tests"])  # type: ignore[arg-type]  # only its reports are heard here
    session.config.pluginmanager.register(chosen, "mutants-chosen")
    known = {item.nodeid: item for item in session.items}
    items = [known[name] for name in trial["tests"]]
    for item, following in zip(items, [*items[1:], None], strict=True):
        session.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if chosen.told["outcome"] != "survived":
            break
    with contextlib.suppress(Exception):  # the verdict is known; databases of this process go here
        session._setupstate.teardown_exact(None)
    return chosen.told


@contextlib.contextmanager
def _server_of(session: pytest.Session) -> Iterator[None]:
    """Hold the database server, if any test wants one, so that no trial starts or stops it."""
    if not any("postgres_server" in getattr(item, "fixturenames", ()) for item in session.items):
        yield
        return
    from liuquan.kernel.home import current_home
    from liuquan.kernel.postgres import serving
    from liuquan.testing.databases import QUICK

    with serving(current_home(), settings=QUICK):
        yield


def _drop_databases(process: int) -> Told:
    """Databases of a trial that was ended before it could drop them."""
    databases: Any = sys.modules.get("liuquan.testing.databases")
    if databases is not None:
        from liuquan.kernel.home import current_home
        from liuquan.kernel.postgres import serving
        from liuquan.kernel.postgres.roles import drop_database

        with serving(current_home()) as server, databases._admin(server) as admin:
            ended = f"^{databases.PREFIX}_.*_{process}$"
            for (name,) in admin.execute(
                "SELECT datname FROM pg_database WHERE datname ~ %s", (ended,)
            ).fetchall():
                drop_database(admin, name)
    return {"outcome": "dropped"}


def load_libraries(run: TestRun) -> None:
    """Load what the tests' libraries are, as far as they can be loaded without our settings."""
    settings = os.environ.pop("DJANGO_SETTINGS_MODULE", None)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name in run.libraries:
            if not name.startswith(_NOT_BEFOREHAND):
                with contextlib.suppress(Exception):
                    importlib.import_module(name)
    if settings is not None:
        os.environ["DJANGO_SETTINGS_MODULE"] = settings


if __name__ == "__main__":
    main()
