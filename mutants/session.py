"""A whole run: copy the tree, record what the tests run, choose the mutants, try them."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from mutants.copies import copy_of, folder_of_copies, twin_of
from mutants.faults import Mutant, files_of, mutants_of
from mutants.testing import TestRun
from mutants.trials import Plan, Recorded, Verdict, environment, try_all, without_fault, workers


class Refused(Exception):
    """Nothing can be said: the tests fail already, or there are none."""


@dataclass(frozen=True)
class Asked:
    """What to try. `tree` is the checkout, `room` the folder for the databases of the workers."""

    tree: Path
    module: str
    room: Path
    requirement: str = ""
    only: str = ""
    jobs: int = 1
    again: frozenset[tuple[str, int, str]] | None = None
    listing: bool = False
    known: list[Verdict] = field(default_factory=list)  #: filled as verdicts come, for one who interrupts

    @property
    def package(self) -> Path:
        """The folder of our package."""
        return self.tree / "src" / "liuquan"


def run(asked: Asked) -> list[Mutant]:
    """Try every mutant; the verdicts stand in `asked.known`. Returns the mutants, tried or only listed."""
    files = _test_files(asked)
    if not files:
        what = f"shows {asked.requirement}" if asked.requirement else f"stands in {asked.module}/tests"
        raise Refused(f"no test {what}")
    with folder_of_copies() as folder:
        first = copy_of(asked.tree, folder / "0")
        order = TestRun(first, asked.module, files, asked.requirement, folder / "recorded.json")
        told = _recorded(order, asked)
        order = replace(order, databases=told["databases"], libraries=told["modules"])
        recorded = Recorded(told)
        recorded.data_files = frozenset(_data_files(asked))
        plans, unreached = _planned(asked, recorded)
        if asked.listing:
            return [plan.mutant for plan in plans] + [one.mutant for one in unreached]
        asked.known.extend(unreached)
        copies = [first, *(twin_of(first, folder / str(job)) for job in range(1, asked.jobs))]
        for verdict in _tried(asked, plans, [replace(order, copy=copy) for copy in copies]):
            asked.known.append(verdict)
    return [one.mutant for one in asked.known]


def _tried(asked: Asked, plans: Sequence[Plan], orders: Sequence[TestRun]) -> Iterator[Verdict]:
    if not plans:
        return
    rooms = [asked.room / f"job{number}" for number in range(asked.jobs)]
    with workers(orders, rooms) as several:
        for plan in _one_of_each(plans):
            text = (asked.package / plan.mutant.file).read_text(encoding="utf-8")
            found = several[0].tried(without_fault(plan, text), text)
            if found.outcome != "survived":
                raise Refused(f"without any fault: {found.outcome} {found.test} {found.why}")
        yield from try_all(plans, several)


def _one_of_each(plans: Sequence[Plan]) -> list[Plan]:
    """The longest trial of each way of trying."""
    ways = {plan.running: plan for plan in sorted(plans, key=lambda plan: len(plan.tests))}
    return list(ways.values())


def _recorded(order: TestRun, asked: Asked) -> dict[str, Any]:
    sys.stderr.write(f"recording what {len(order.files)} files of tests run ...\n")
    done = subprocess.run(
        [sys.executable, "-m", "mutants.recording", str(order.write(order.copy.parent / "order.json"))],
        cwd=order.copy,
        env=environment(order.copy, asked.room / "job0"),
        capture_output=True,
        text=True,
        check=False,
    )
    if not order.answer.exists():
        raise Refused(f"the tests did not run:\n{done.stdout[-3000:]}{done.stderr[-3000:]}")
    told: dict[str, Any] = json.loads(order.answer.read_text(encoding="utf-8"))
    if "pytest" in told["failed"]:
        raise Refused(f"{told['failed']['pytest']}:\n{done.stdout[-3000:]}{done.stderr[-3000:]}")
    if told["failed"]:
        name, why = next(iter(told["failed"].items()))
        raise Refused(f"without any fault this fails: {name}\n{why}")
    if not told["tests"]:
        raise Refused("none of the tests can be run here")
    return told


def _planned(asked: Asked, recorded: Recorded) -> tuple[list[Plan], list[Verdict]]:
    """What is tried, and what no test runs. With a requirement only what its tests run is of interest."""
    plans, unreached = [], []
    for mutant in mutants_of(asked.package, asked.module, asked.only):
        if asked.again is not None and mutant.key not in asked.again:
            continue
        if plan := recorded.plan(mutant, strict=bool(asked.requirement)):
            plans.append(plan)
        elif not asked.requirement:
            unreached.append(Verdict(mutant, "unreached"))
    return plans, unreached


def _test_files(asked: Asked) -> list[str]:
    """Files with tests to run, from the tree on."""
    if not asked.requirement:
        found = sorted((asked.package / asked.module / "tests").rglob("test_*.py"))
    else:
        marked = re.compile(rf"requirement\([^)]*[\"']{re.escape(asked.requirement)}[\"']")
        every = [*(asked.tree / "src").rglob("test_*.py"), *(asked.tree / "tests").rglob("test_*.py")]
        found = sorted(path for path in every if marked.search(path.read_text(encoding="utf-8")))
    return [path.relative_to(asked.tree).as_posix() for path in found]


def _data_files(asked: Asked) -> Iterator[str]:
    for path in files_of(asked.package / asked.module):
        if path.suffix == ".py":
            tree = ast.parse(path.read_text(encoding="utf-8"))
            kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
            if not any(isinstance(node, kinds) for node in ast.walk(tree)):
                yield path.relative_to(asked.package).as_posix()
