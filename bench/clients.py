"""Four client processes that do the same thing at the same time, and how long they took together."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection
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


def rate(lines: Sequence[Connection], kind: str, each: int) -> float:
    """Lifecycles a second of all clients together, from the first one's start to the last one's end."""
    for line in lines:
        line.send((kind, each))
    spans = [line.recv() for line in lines]
    if wrong := [span for span in spans if isinstance(span, str)]:
        raise RuntimeError(wrong[0])
    return len(lines) * each / (max(end for _, end in spans) - min(begin for begin, _ in spans))


def _client(line: Connection, applicants: list[str], place: int) -> None:
    import office

    office.set_up()
    from engine import EngineClient
    from packed import PackedClient
    from plain import PlainClient

    known: dict[str, Any] = {
        "engine": EngineClient(applicants),
        "plain": PlainClient(applicants),
        "packed": PackedClient(applicants),
    }
    line.send("ready")
    while (asked := line.recv()) is not None:
        kind, each = asked
        try:
            begin = time.monotonic()
            for serial in range(each):
                known[kind].lifecycle(serial * CLIENTS + place)
            line.send((begin, time.monotonic()))
        except Exception as trouble:
            line.send(f"{kind}: {trouble!r}")
