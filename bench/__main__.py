"""`./run bench`: what the engine does a second, as ratios to a named peer measured in the same run.

    ./run bench [--quick] [--json] [--repetitions N] [--open N]

Figures of one machine say little; the ratios are what is kept (docs/bench.md).
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from functools import partial
from typing import Any

import office
from figures import Figure, median

PEERS = {
    "plain": "bare SQL: the same rows, one prepared statement a table, no reads, no checks",
    "packed": "bare SQL packed: each act one statement, nothing read, every value known",
}


def main() -> int:
    """Measure everything and say it."""
    asked = _asked()
    with office.temporary_home():
        office.set_up()
        from django.db import connections

        from liuquan.kernel.home import current_home
        from liuquan.kernel.postgres import serving

        with serving(current_home()) as server:
            try:
                figures = _measure(server, asked)
            finally:
                connections.close_all()
    report = {"machine": _machine(), "command": "./run bench " + " ".join(sys.argv[1:]), "figures": figures}
    if asked.json:
        sys.stdout.write(json.dumps(report, ensure_ascii=False, default=asdict) + "\n")
    else:
        sys.stdout.write("\n".join([report["machine"], "", *map(str, figures), ""]))
    return 0


def _measure(server: Any, asked: argparse.Namespace) -> list[Figure]:
    import clock
    import merkle
    import recounting
    import sealing
    import statutory
    import submitting
    import sweeping

    _say("tables, calendar, the fictional city ...")
    applicants = office.furnish()
    figures = _lifecycles(server, applicants, asked)
    _say("submitting ...")
    figures.append(submitting.measure(asked.repetitions, 50 if asked.quick else 200))
    _say("counting deadlines ...")
    figures.append(clock.measure(asked.repetitions, 2_000 if asked.quick else 20_000))
    figures += statutory.measure(quick=asked.quick)
    _say("the log's trees and proofs ...")
    figures += merkle.measure(asked.repetitions, 20_000 if asked.quick else 200_000)
    _say("sealing and auditing ...")
    entries = 20_000 if asked.quick else 200_000
    figures += sealing.measure(server, applicants, asked.repetitions, entries, 15 if asked.quick else 60)
    open_cases = 10_000 if asked.quick else 100_000
    _say(f"sweeping {open_cases:,} open cases ...")
    figures += sweeping.measure(server, open_cases, asked.repetitions)
    _say(f"counting {asked.open:,} open deadlines again ...")
    figures += recounting.measure(server, asked.open)
    return figures


def _lifecycles(server: Any, applicants: list[str], asked: argparse.Namespace) -> list[Figure]:
    import clients

    each = 10 if asked.quick else 60
    paces: dict[str, list[clients.Pace]] = {kind: [] for kind in clients.KINDS}
    with clients.clients(applicants) as lines:
        written = {
            kind: office.rows_written(server, partial(clients.pace, lines, kind, 5)) for kind in clients.KINDS
        }
        if len({tuple(rows.items()) for rows in written.values()}) != 1:
            raise RuntimeError(f"they do not write the same rows: {written}")
        for _ in range(2):  # statements prepared, plans made generic
            for kind in clients.KINDS:
                clients.pace(lines, kind, 5)
        for repetition in range(asked.repetitions):
            _say(f"lifecycles at {clients.CLIENTS} clients, {repetition + 1} of {asked.repetitions} ...")
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


def _machine() -> str:
    when = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    load = os.getloadavg()[0]
    return (
        f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, Python "
        f"{platform.python_version()}, embedded PostgreSQL, fsync on; load {load:.1f}; {when}"
    )


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run bench", description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    parser.add_argument("--quick", action="store_true", help="a tenth of the work, to see that it runs")
    parser.add_argument("--repetitions", type=int, default=5, help="interleaved; medians are shown")
    parser.add_argument(
        "--open", type=int, default=0, help="open deadlines counted again, 100,000 if not said"
    )
    asked = parser.parse_args()
    asked.open = asked.open or (10_000 if asked.quick else 100_000)
    return asked


def _say(text: str) -> None:
    sys.stderr.write(text + "\n")


if __name__ == "__main__":
    sys.exit(main())
