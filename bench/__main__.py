"""`./run bench`: what the engine does a second, as ratios to a named peer measured in the same run.

    ./run bench [--only NAME[,NAME]] [--quick] [--json] [--repetitions N] [--open N]
    ./run bench --against COMMIT [--only NAME[,NAME]] [--quick] [--json]

Figures of one machine say little; the ratios are what is kept (docs/bench.md). Ends with 1 when a ratio stays
below its aim. With `--against` the same work is done in turns by the code of another commit and by this one,
and their processor times are compared; that judges nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from datetime import UTC, datetime

import office
from figures import Figure, missed
from suite import FIGURES, Office, say


def main() -> int:
    """Measure what is asked and say it."""
    asked = _asked()
    if asked.against:
        import against

        return against.compare(asked.against, asked.only, quick=asked.quick, as_json=asked.json)
    with office.opened() as server:
        say("tables, calendar, the fictional city ...")
        place = Office(server, office.furnish(), asked.repetitions, asked.open, asked.quick)
        figures = []
        for name in asked.only:
            say(f"{name} ...")
            figures += FIGURES[name](place)
    return _report(figures, as_json=asked.json)


def _report(figures: list[Figure], *, as_json: bool) -> int:
    below = missed(figures)
    if as_json:
        report = {
            "machine": _machine(),
            "command": " ".join(["./run bench", *sys.argv[1:]]),
            "figures": [figure.as_json() for figure in figures],
            "missed": below,
        }
        sys.stdout.write(json.dumps(report, ensure_ascii=False, default=list) + "\n")
    else:
        sys.stdout.write("\n".join([_machine(), "", *map(str, figures), ""]))
    for line in below:
        say(f"MISSED: {line}")
    return 1 if below else 0


def _machine() -> str:
    when = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    load = os.getloadavg()[0]
    return (
        f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, Python "
        f"{platform.python_version()}, embedded PostgreSQL, fsync on; load {load:.1f}; {when}"
    )


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run bench", description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--only", type=_names, default=list(FIGURES), help=f"of {', '.join(FIGURES)}")
    parser.add_argument("--against", metavar="COMMIT", help="compare processor times with this commit's code")
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    parser.add_argument("--quick", action="store_true", help="a tenth of the work, to see that it runs")
    parser.add_argument("--repetitions", type=int, default=5, help="interleaved; medians are shown")
    parser.add_argument(
        "--open", type=int, default=0, help="open deadlines counted again, 100,000 if not said"
    )
    asked = parser.parse_args()
    asked.open = asked.open or (10_000 if asked.quick else 100_000)
    return asked


def _names(text: str) -> list[str]:
    asked = text.split(",")
    if strange := [name for name in asked if name not in FIGURES]:
        raise argparse.ArgumentTypeError(f"no figure {', '.join(strange)}: choose of {', '.join(FIGURES)}")
    return [name for name in FIGURES if name in asked]


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
