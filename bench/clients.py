"""Four client processes that do the same thing at the same time, and how long they took together."""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

CLIENTS = 4
KINDS = ("engine", "plain", "packed")


@contextmanager
def clients(applicants: Sequence[str], number: int = CLIENTS) -> Iterator[list[Connection]]:
    """Client processes, each with its own connection to the database, until the block ends."""
    spawning = multiprocessing.get_context("spawn")
    lines: list[Connection] = []
    children = []
    for place in range(number):
        ours, theirs = spawning.Pipe()
        child = spawning.Process(target=_client, args=(theirs, list(applicants), place), daemon=True)
        child.start()
        lines.append(ours)
        children.append(child)
    try:
        for line in lines:
            line.recv()  # ready
        yield lines
    finally:
        for line in lines:
            line.send(None)
        for child in children:
            child.join(timeout=20)


@dataclass(frozen=True)
class Pace:
    """How quick all clients were together: by the clock, and by the processor time of clients and server."""

    a_second: float
    a_processor_second: float


def pace(lines: Sequence[Connection], kind: str, each: int) -> Pace:
    """Lifecycles a second, from the first client's start to the last one's end; and for each second of
    processor time, which other work on the machine disturbs far less."""
    for line in lines:
        line.send((kind, each))
    spans = [line.recv() for line in lines]
    if wrong := [span for span in spans if isinstance(span, str)]:
        raise RuntimeError(wrong[0])
    done = len(lines) * each
    taken = max(end for _, end, _ in spans) - min(begin for begin, _, _ in spans)
    return Pace(done / taken, done / sum(spent for _, _, spent in spans))


def _client(line: Connection, applicants: list[str], place: int) -> None:
    import office

    office.set_up()
    from packed import PackedClient
    from plain import PlainClient

    from engine import EngineClient

    known: dict[str, Any] = {
        "engine": EngineClient(applicants),
        "plain": PlainClient(applicants),
        "packed": PackedClient(applicants),
    }
    line.send("ready")
    while (asked := line.recv()) is not None:
        kind, each = asked
        try:
            begin, before = time.monotonic(), busy(known[kind].server_process())
            for serial in range(each):
                known[kind].lifecycle(serial * CLIENTS + place)
            line.send((begin, time.monotonic(), busy(known[kind].server_process()) - before))
        except Exception as trouble:
            line.send(f"{kind}: {trouble!r}")


def busy(server_process: int) -> float:
    """Processor seconds of this process and of the server's process that works for it."""
    told = Path(f"/proc/{server_process}/stat").read_text().rsplit(")", 1)[1].split()
    return time.process_time() + (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")
