"""Which tests a mutant is tried with, and trying all of them with several workers."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from tqdm import tqdm

from mutants.faults import Mutant
from mutants.testing import TestRun

#: a trial may take so many times what its tests took while they were recorded, and so many seconds more
_TIMES, _SECONDS_MORE = 4, 20


@dataclass(frozen=True)
class Plan:
    """A mutant with the tests that may notice it, the quickest first.

    `running`: it can be put into a process that has loaded everything.
    """

    mutant: Mutant
    tests: Sequence[str]
    running: bool
    limit: float


@dataclass(frozen=True)
class Verdict:
    """What came of a mutant: noticed, survived, timeout, broken, or unreached because no test runs it."""

    mutant: Mutant
    outcome: str
    test: str = ""
    why: str = ""

    @property
    def is_noticed(self) -> bool:
        """Whether the tests failed; one that never ends counts, one that cannot be loaded does not."""
        return self.outcome in {"noticed", "timeout"}


class Recorded:
    """What the tests run, as the recording says."""

    def __init__(self, told: dict[str, Any]) -> None:
        self.seconds: dict[str, float] = told["seconds"]
        self.at_import = {name: set(lines) for name, lines in told["at_import"].items()}
        self.data_files: frozenset[str] = frozenset()  #: files without any function
        self.tests = {
            test: {name: set(lines) for name, lines in ran.items()} for test, ran in told["tests"].items()
        }

    def plan(self, mutant: Mutant, *, strict: bool) -> Plan | None:
        """How to try it; nothing when no test runs it. `strict`: what works when its file is loaded counts
        only for a file that tests run too, or that has nothing else in it."""
        fault, name = mutant.fault, mutant.file
        lines = set(range(fault.first, fault.last + 1)) if name.endswith(".py") else {0}
        loaded = self.at_import.get(name, set())
        if fault.at_import:
            tests = [test for test, ran in self.tests.items() if ran.get(name)]
            if not tests and (not strict or name in self.data_files):
                tests = list(self.tests) if name in self.at_import else []
        else:
            tests = [test for test, ran in self.tests.items() if lines & ran.get(name, set())]
        if not tests:
            return None
        tests.sort(key=lambda test: self.seconds[test])
        limit = _SECONDS_MORE + _TIMES * sum(self.seconds[test] for test in tests)
        return Plan(mutant, tests, not fault.at_import and not lines & loaded, limit)


class Worker:
    """A worker process of ours and how to ask it."""

    def __init__(self, run: TestRun, room: Path, order: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "mutants.worker", str(run.write(order))],
            cwd=run.copy,
            env=environment(run.copy, room) | {"PYTHONDONTWRITEBYTECODE": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,  # Ctrl-C ends us; a worker ends its trial and hears that nobody asks
        )

    def tried(self, plan: Plan, after: str) -> Verdict:
        """Try one."""
        trial = {
            "file": plan.mutant.file,
            "after": after,
            "tests": plan.tests,
            "running": plan.running,
            "limit": plan.limit,
        }
        if self.process.stdin is None or self.process.stdout is None:
            raise RuntimeError("a worker has no pipes")
        self.process.stdin.write(json.dumps(trial) + "\n")
        self.process.stdin.flush()
        if not (line := self.process.stdout.readline()):
            raise RuntimeError("a worker ended: what it said stands above")
        told = json.loads(line)
        outcome = "noticed" if told["outcome"] == "crashed" else told["outcome"]
        return Verdict(plan.mutant, outcome, told.get("test", ""), told.get("why", ""))

    def end(self) -> None:
        """Let it leave its server and go."""
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe:
                with contextlib.suppress(OSError):
                    pipe.close()
        self.process.wait()


def environment(copy: Path, room: Path) -> dict[str, str]:
    """In which the tests find the copy's code and their own room, and always the same order of sets."""
    room.mkdir(mode=0o711, parents=True, exist_ok=True)
    here = Path(__file__).resolve().parent.parent
    changed = {
        "PYTHONPATH": os.pathsep.join([str(copy / "src"), str(here)]),
        "LIUQUAN_TEST_ROOM": str(room),
        "PYTHONHASHSEED": "0",
    }
    ours = ("PYTEST_", "LIUQUAN_", "DJANGO_")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)} | changed


@contextlib.contextmanager
def workers(runs: Iterable[TestRun], rooms: Sequence[Path]) -> Iterator[list[Worker]]:
    """Workers until the block ends."""
    several = [
        Worker(run, room, run.copy.parent / f"{run.copy.name}.json")
        for run, room in zip(runs, rooms, strict=True)
    ]
    try:
        yield several
    finally:
        with ThreadPoolExecutor(len(several)) as ending:
            list(ending.map(Worker.end, several))


def try_all(plans: Sequence[Plan], several: Sequence[Worker]) -> Iterator[Verdict]:
    """Every mutant tried, in the order in which they are known."""
    free: SimpleQueue[Worker] = SimpleQueue()
    for worker in several:
        free.put(worker)

    def tried(plan: Plan) -> Verdict:
        worker = free.get()
        try:
            return worker.tried(plan, plan.mutant.fault.make())
        finally:
            free.put(worker)

    with (
        ThreadPoolExecutor(len(several)) as asking,
        tqdm(total=len(plans), unit="mutant", file=sys.stderr, smoothing=0.05) as bar,
    ):
        survived = 0
        try:
            for verdict in asking.map(tried, plans):
                survived += verdict.outcome == "survived"
                bar.set_postfix(survived=survived, refresh=False)
                bar.update()
                yield verdict
        finally:
            asking.shutdown(wait=False, cancel_futures=True)


def without_fault(plan: Plan, text: str) -> Plan:
    """The same trial with nothing changed: it must survive, or verdicts mean nothing."""
    fault = replace(plan.mutant.fault, what="nothing", make=lambda: text)
    return replace(plan, mutant=replace(plan.mutant, fault=fault))
