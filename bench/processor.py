"""Processor time of clients and server together: other work on the machine hardly changes it."""

from __future__ import annotations

import os
import time
from pathlib import Path

# Places in /proc/PID/stat after the name: parent; own user and system time; that of children that are gone.
_PARENT, _OWN, _GONE = 1, slice(11, 13), slice(13, 15)


def spent(server: int | None = None) -> float:
    """Seconds of this process, of its children and theirs, and of a server with all its processes, whether
    they still live or are gone. `server` is the number of the server's first process."""
    stats = {int(path.name): _stat(int(path.name)) for path in Path("/proc").iterdir() if path.name.isdigit()}
    ours = os.getpid()
    counted = _family(ours, stats) | (_family(server, stats) if server else set())
    ticks = sum(_ticks(stats[one], _OWN) + _ticks(stats[one], _GONE) for one in counted - {ours})
    ticks += _ticks(_stat(ours), _GONE)
    return time.process_time() + ticks / os.sysconf("SC_CLK_TCK")


def parent(process: int) -> int:
    """The number of the process that started this one."""
    return int(_stat(process)[_PARENT])


def _family(first: int, stats: dict[int, list[str]]) -> set[int]:
    """The process and everything below it that is still there."""
    found, waiting = set(), [first]
    while waiting:
        one = waiting.pop()
        if stats.get(one) and one not in found:
            found.add(one)
            waiting += [child for child, stat in stats.items() if stat and int(stat[_PARENT]) == one]
    return found


def _ticks(stat: list[str], which: slice) -> int:
    return sum(int(word) for word in stat[which])


def _stat(process: int) -> list[str]:
    """Its state, its parent and so on, as /proc has them; nothing when it is gone."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return []
