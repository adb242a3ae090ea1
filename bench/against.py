"""`--against COMMIT`: the same work by the code of another commit and by this one, in turns.

Both sides are driven by the measuring code of this tree; only `src` differs. Processor time of clients and
server is compared, so other work on the machine hardly matters, and the turns share what is left of it.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from suite import say

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 5
PATIENCE_SECONDS = 60  #: for a side to stop its server and remove its home


@dataclass
class Compared:
    """Processor seconds a unit of one task, by round."""

    name: str
    unit: str
    old: list[float] = field(default_factory=list)
    new: list[float] = field(default_factory=list)

    @property
    def new_to_old(self) -> float:
        """What the new code takes of the old one's processor time: below 1 it is quicker."""
        return median(self.new) / median(self.old)

    def __str__(self) -> str:
        old, new = median(self.old) * 1e6, median(self.new) * 1e6
        return (
            f"{self.name:24} old {old:>12,.2f}   new {new:>12,.2f} µs per {self.unit:10}"
            f"  new/old {self.new_to_old:.3f}  [{_span(self.old)} | {_span(self.new)}]"
        )


def compare(commit: str, names: Sequence[str], *, quick: bool, as_json: bool) -> int:
    """Measure both in turns and say it. Judges nothing: the reader knows which change was meant."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the worktree goes then too
    with _worktree(commit) as (tree, known), contextlib.ExitStack() as sides:
        python = _python_of(tree)
        asked = json.dumps([list(names), quick, 10_000 if quick else 100_000])
        old = sides.enter_context(_side(python, tree, asked))
        new = sides.enter_context(_side(sys.executable, ROOT, asked))
        compared = [one for name in names for one in _figure(name, old, new)]
    if as_json:
        rows = [{**vars(one), "new_to_old": one.new_to_old} for one in compared]
        sys.stdout.write(json.dumps({"against": known, "compared": rows}, ensure_ascii=False) + "\n")
    else:
        head = f"processor time of clients and server, medians of {ROUNDS} rounds in turns; old is {known}"
        sys.stdout.write("\n".join([head, "", *map(str, compared), ""]))
    return 0


def _figure(name: str, old: Side, new: Side) -> list[Compared]:
    tasks, before = new.told(), old.told()
    compared = [Compared(task, unit) for task, unit in tasks if [task, unit] in before]
    if len(compared) < len(tasks):
        say(f"{name}: the old code cannot do this")
    for number in range(ROUNDS + 1):
        say(f"{name}: {f'round {number} of {ROUNDS}' if number else 'warming up'} ...")
        for one in compared:
            turn = [(old, one.old), (new, one.new)]
            for side, seconds in turn if number % 2 else reversed(turn):
                taken = side.timed(one.name)
                if number:
                    seconds.append(taken)
    old.next_figure()
    new.next_figure()
    return compared


class Side:
    """The process that works with one commit's code."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def timed(self, task: str) -> float:
        """Processor seconds that a unit of the task takes there."""
        self._tell(task)
        answer = self.told()
        if isinstance(answer, str):
            raise SystemExit(answer)
        return float(answer)

    def next_figure(self) -> None:
        """Leave the tasks of this figure."""
        self._tell("")

    def told(self) -> Any:
        """The next answer."""
        line = self.process.stdout.readline() if self.process.stdout else ""
        if not line:
            raise SystemExit("a side of the comparison ended: what it said stands above")
        return json.loads(line)

    def _tell(self, text: str) -> None:
        if self.process.stdin:
            self.process.stdin.write(text + "\n")
            self.process.stdin.flush()


@contextlib.contextmanager
def _side(python: str, tree: Path, asked: str) -> Iterator[Side]:
    """A side until the block ends: it is asked to stop as by Ctrl-C and given time to tidy up."""
    process = subprocess.Popen(
        [python, str(ROOT / "bench" / "side.py"), asked],
        env={**os.environ, "PYTHONPATH": str(tree / "src"), "PYTHONDONTWRITEBYTECODE": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,  # Ctrl-C reaches it through us, once
    )
    try:
        yield Side(process)
    finally:
        if process.stdin:
            with contextlib.suppress(OSError):
                process.stdin.close()
        if sys.exc_info()[0] is not None:
            process.send_signal(signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(PATIENCE_SECONDS)
        process.kill()
        process.wait()


@contextlib.contextmanager
def _worktree(commit: str) -> Iterator[tuple[Path, str]]:
    """The commit's files in a folder of their own, and its name; both gone afterwards."""
    known = _git("rev-parse", "--short", "--verify", f"{commit}^{{commit}}")
    folder = Path(tempfile.mkdtemp(prefix="liuquan-against-"))
    folder.chmod(0o711)
    tree = folder / "tree"
    try:
        _git("worktree", "add", "--detach", str(tree), known)
        yield tree, known
    finally:
        with contextlib.suppress(SystemExit):  # it was never added, if adding it was what failed
            _git("worktree", "remove", "--force", str(tree))
        shutil.rmtree(folder, ignore_errors=True)


def _python_of(tree: Path) -> str:
    """Ours where both lock the same packages; else that of an environment made in the tree by its own way."""
    if (tree / "constraints.txt").read_bytes() == (ROOT / "constraints.txt").read_bytes():
        return sys.executable
    say("its packages are others: making its environment ...")
    subprocess.run([str(tree / "run"), "python", "-c", ""], check=True, stdout=subprocess.DEVNULL)
    return str(tree / ".venv" / "bin" / "python")


def _git(*words: str) -> str:
    git = shutil.which("git")
    if git is None:
        raise SystemExit("git is needed for this")
    done = subprocess.run([git, "-C", str(ROOT), *words], capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"git {' '.join(words)}: {done.stderr.strip()}")
    return done.stdout.strip()


def _span(seconds: list[float]) -> str:
    return f"{min(seconds) * 1e6:,.2f}–{max(seconds) * 1e6:,.2f}"
