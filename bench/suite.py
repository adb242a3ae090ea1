"""The figures by name, in the order in which they are measured."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import office
from figures import Figure, median

PEERS = {
    "plain": "bare SQL: the same rows, one prepared statement a table, no reads, no checks",
    "packed": "bare SQL packed: each act one statement, nothing read, every value known",
}


@dataclass(frozen=True)
class Office:
    """Where figures are measured: the server, the people who apply, how much work is asked."""

    server: Any
    applicants: Sequence[str]
    repetitions: int
    open_deadlines: int
    quick: bool

    def much(self, full: int, quick: int) -> int:
        """How much of something: the full amount or a small one, to see that it runs."""
        return quick if self.quick else full


def lifecycles(place: Office) -> list[Figure]:
    """Applications from submission to delivery by four clients, beside the same rows by bare SQL."""
    import clients

    each = place.much(60, 10)
    paces: dict[str, list[clients.Pace]] = {kind: [] for kind in clients.KINDS}
    with clients.clients(place.applicants) as lines:
        written = {
            kind: office.rows_written(place.server, partial(clients.pace, lines, kind, 5))
            for kind in clients.KINDS
        }
        if len({tuple(rows.items()) for rows in written.values()}) != 1:
            raise RuntimeError(f"they do not write the same rows: {written}")
        for _ in range(2):  # statements prepared, plans made generic
            for kind in clients.KINDS:
                clients.pace(lines, kind, 5)
        for repetition in range(place.repetitions):
            say(f"lifecycles at {clients.CLIENTS} clients, {repetition + 1} of {place.repetitions} ...")
            for kind in clients.KINDS:
                paces[kind].append(clients.pace(lines, kind, each))
    return [
        _lifecycle_figure(paces, kind, measure)
        for measure in ("a_second", "a_processor_second")
        for kind in ("plain", "packed")
    ]


def _lifecycle_figure(paces: dict[str, list[Any]], kind: str, measure: str) -> Figure:
    ours = [getattr(one, measure) for one in paces["engine"]]
    peers = [getattr(one, measure) for one in paces[kind]]
    what = (
        "lifecycles at 4 clients: submit, accept, 3 opinions, review, grant, deliver\n"
        "  (8 durable transactions each; papers are rendered by jobs afterwards and are not in it)"
        if measure == "a_second"
        else "the same by processor time of clients and server, which other load hardly touches"
    )
    unit = "lifecycles/s" if measure == "a_second" else "lifecycles/processor second"
    aim = 0.5 if (kind, measure) == ("plain", "a_second") else None
    return Figure(what, unit, median(ours), PEERS[kind], median(peers), ours, peers, aim=aim)


def submissions(place: Office) -> list[Figure]:
    """Submitting with the whole way through the catalogue."""
    import submitting

    return [submitting.measure(place.repetitions, place.much(200, 50))]


def deadlines(place: Office) -> list[Figure]:
    """Deadlines counted, with the facts for their explanation."""
    import clock

    return [clock.measure(place.repetitions, place.much(20_000, 2_000))]


def statutory_clock(place: Office) -> list[Figure]:
    """The clock beside libraries that count working days."""
    import statutory

    return statutory.measure(quick=place.quick)


def log(place: Office) -> list[Figure]:
    """The log's trees and proofs."""
    import merkle

    return merkle.measure(place.repetitions, place.much(200_000, 20_000))


def hotline(place: Office) -> list[Figure]:
    """Hot topics and suggested classes of hotline messages."""
    import hotline as measured

    return measured.measure(place.repetitions, place.much(100_000, 10_000))


def operators(place: Office) -> list[Figure]:
    """The hotline among a million tickets: in a process and a city of its own."""
    words = [sys.executable, str(Path(__file__).with_name("operators.py")), "--json"]
    done = subprocess.run([*words, *(["--quick"] if place.quick else [])], stdout=subprocess.PIPE, check=True)
    return [Figure(**one) for one in json.loads(done.stdout)]


def sealing(place: Office) -> list[Figure]:
    """Sealing and auditing, alone and beside writers."""
    import sealing as measured

    entries, each = place.much(200_000, 20_000), place.much(60, 15)
    return measured.measure(place.server, list(place.applicants), place.repetitions, entries, each)


def sweeping(place: Office) -> list[Figure]:
    """The sweeper among many open cases."""
    import sweeping as measured

    return measured.measure(place.server, place.much(100_000, 10_000), place.repetitions)


def recounting(place: Office) -> list[Figure]:
    """Open deadlines counted again after a notice."""
    import recounting as measured

    return measured.measure(place.server, place.open_deadlines)


#: by name; the last two remove or flood the cases that others measured with
FIGURES: dict[str, Callable[[Office], list[Figure]]] = {
    "lifecycles": lifecycles,
    "submitting": submissions,
    "deadlines": deadlines,
    "statutory": statutory_clock,
    "log": log,
    "hotline": hotline,
    "operators": operators,
    "sealing": sealing,
    "sweeping": sweeping,
    "recounting": recounting,
}


def say(text: str) -> None:
    """Tell whoever waits."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()
