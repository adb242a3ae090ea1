"""Trying one fault in a forked process, within a time."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import time
from collections.abc import Callable
from typing import Any

Told = dict[str, Any]


def forked(work: Callable[[], Told], limit: float) -> Told:
    """What the work answers in a process of its own; `{"outcome": "timeout"}` after so many seconds.

    Whatever that process started in its own group ends with it.
    """
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        _answer(writer, work)
    with contextlib.suppress(OSError):  # the child may have done it already, or be gone
        os.setpgid(child, child)
    os.close(writer)
    try:
        text = _line(reader, time.monotonic() + limit)
    finally:
        os.close(reader)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child, signal.SIGKILL)
        os.waitpid(child, 0)
    if text is None:
        return {"outcome": "timeout", "process": child}
    return json.loads(text) if text else {"outcome": "crashed", "process": child}


def _answer(writer: int, work: Callable[[], Told]) -> None:
    with contextlib.suppress(OSError):
        os.setpgid(0, 0)
    quiet = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(quiet, stream)
    try:
        told = work()
    except BaseException as trouble:
        told = {"outcome": "broken", "why": f"{type(trouble).__name__}: {trouble}"[:300]}
    os.write(writer, json.dumps(told).encode() + b"\n")
    os._exit(0)


def _line(reader: int, until: float) -> bytes | None:
    """The first line, nothing when the writer ended without one, None when time is over.

    The end of the pipe is not waited for: a process left behind may hold it open.
    """
    found = b""
    while not found.endswith(b"\n"):
        ready, _, _ = select.select([reader], [], [], max(0.0, until - time.monotonic()))
        if not ready:
            return None
        more = os.read(reader, 65_536)
        if not more:
            return b""
        found += more
    return found
