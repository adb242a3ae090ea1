"""One side of a comparison: a process that does our own work of the figures whenever it is told to.

`against` starts it with the code of one commit on PYTHONPATH. It reads names of tasks, one a line, does each
and answers with the processor seconds that a unit took; it ends when nobody tells it anything any more.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from contextlib import ExitStack
from typing import Any

import office
import processor
import psycopg
from suite import Office, say
from tasks import TASKS, Task

Connection = psycopg.Connection[Any]


def main() -> None:
    """Open an office, say which tasks there are, and do them as they are asked for."""
    names, quick, open_deadlines = json.loads(sys.argv[1])
    answers = os.fdopen(os.dup(1), "w")  # what libraries print must not stand between the answers
    os.dup2(2, 1)

    def answer(value: object) -> None:
        answers.write(json.dumps(value, ensure_ascii=False) + "\n")
        answers.flush()

    with office.opened() as server:
        place = Office(server, office.furnish(), 1, open_deadlines, quick)
        with psycopg.connect(server.dsn("liuquan"), autocommit=True) as owner:
            for name in names:
                with ExitStack() as until:
                    _serve(name, place, until, owner, answer)


def _serve(name: str, place: Office, until: ExitStack, owner: Connection, answer: Any) -> None:
    """Do the tasks of one figure until the next figure is asked for."""
    try:
        tasks = {task.name: task for task in TASKS[name](place, until)}
    except Exception as trouble:  # the other commit may lack what the figure needs
        say(f"{name}: {trouble!r}")
        tasks = {}
    answer([[task.name, task.unit] for task in tasks.values()])
    while line := sys.stdin.readline():
        if not (asked := line.strip()):
            return
        try:
            answer(_timed(tasks[asked], owner))
        except Exception as trouble:
            answer(f"{asked}: {trouble!r}")
    sys.exit(0)  # whoever asked has gone


def _timed(task: Task, owner: Connection) -> float:
    task.prepare()
    owner.execute("ANALYZE")  # a plan made by chance for tables still empty would last until autovacuum comes
    server = processor.parent(owner.info.backend_pid)
    before = processor.spent(server)
    done = task.work()
    return (processor.spent(server) - before) / done


if __name__ == "__main__":
    # It is the word to stop, also where whoever started us was told to ignore it (a shell's background job).
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
