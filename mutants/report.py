"""What is said in the end: each mutant, and the sums by file."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from mutants.trials import Verdict

_KINDS = ("noticed", "timeout", "survived", "unreached", "broken")


def report(verdicts: Sequence[Verdict], *, asked: str, seconds: float) -> str:
    """Survivors first in each file, then who noticed the others, then the sums."""
    lines = []
    for file, those in _by_file(verdicts):
        lines.append(f"src/liuquan/{file}")
        lines += [_line(one) for one in those if one.outcome in {"survived", "unreached"}]
        lines += [_line(one) for one in those if one.outcome not in {"survived", "unreached"}]
        lines.append("")
    return "\n".join([*lines, *_sums(verdicts, asked, seconds), ""])


def _line(one: Verdict) -> str:
    fault = one.mutant.fault
    head = f"  {one.outcome:9} :{fault.line:<4} {fault.what}"
    if one.outcome == "noticed":
        return f"{head}\n              by {one.test or 'a crash of the test process'}"
    return f"{head}\n              {one.why}" if one.outcome == "broken" else head


def _sums(verdicts: Sequence[Verdict], asked: str, seconds: float) -> list[str]:
    rows = [(file, Counter(one.outcome for one in those)) for file, those in _by_file(verdicts)]
    whole = Counter(one.outcome for one in verdicts)
    width = max([len(file) for file, _ in rows] + [12])
    head = f"{'':{width}}  mutants  " + "  ".join(f"{kind:>9}" for kind in _KINDS)
    lines = [head, *(_sum(file, counted, width) for file, counted in rows), _sum("together", whole, width)]
    tried = whole.total() - whole["broken"]
    noticed = whole["noticed"] + whole["timeout"]
    share = f"{noticed / tried:.1%}" if tried else "nothing to notice"
    last = (
        f"{asked}: {whole.total()} mutants, {noticed} noticed, {tried - noticed} survived ({share}), "
        f"{whole['broken']} could not be loaded and count for nobody; {seconds:.0f} s"
    )
    return [*lines, "", last]


def _sum(name: str, counted: Counter[str], width: int) -> str:
    return f"{name:{width}}  {counted.total():7}  " + "  ".join(f"{counted[kind]:9}" for kind in _KINDS)


def _by_file(verdicts: Iterable[Verdict]) -> list[tuple[str, list[Verdict]]]:
    found: dict[str, list[Verdict]] = {}
    for one in sorted(verdicts, key=lambda one: one.mutant.key):
        found.setdefault(one.mutant.file, []).append(one)
    return list(found.items())


def write_json(path: Path, verdicts: Iterable[Verdict], *, module: str, requirement: str) -> None:
    """Everything for another program, or for `--again`."""
    rows = [
        {
            "file": one.mutant.file,
            "line": one.mutant.fault.line,
            "what": one.mutant.fault.what,
            "outcome": one.outcome,
            "test": one.test,
            "why": one.why,
        }
        for one in verdicts
    ]
    told: dict[str, Any] = {"module": module, "requirement": requirement, "mutants": rows}
    path.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def survivors_of(path: Path) -> set[tuple[str, int, str]]:
    """The mutants that survived when the file was written."""
    told = json.loads(path.read_text(encoding="utf-8"))
    return {
        (one["file"], one["line"], one["what"])
        for one in told["mutants"]
        if one["outcome"] in {"survived", "unreached"}
    }
