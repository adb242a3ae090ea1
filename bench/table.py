"""Writes the table of figures into docs/bench.md, from what `./run bench --json` prints.

    ./run bench --json | ./run python bench/table.py --write docs/bench.md

Without `--write` the table goes to standard output. It is the only place where figures stand: other documents
point to it.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"


def table_of(report: Mapping[str, Any]) -> str:
    """The machine, the command and one row a figure, as markdown."""
    return "\n".join(
        [
            f"{report['machine']}. Command: `{report['command'].strip()}`.",
            "",
            "| what | ours | peer | ratio |",
            "|---|---|---|---|",
            *_rows(report["figures"]),
        ]
    )


def write(report: Mapping[str, Any], path: Path) -> None:
    """Put the table between the marks of the document. Refuses a document without them."""
    text = path.read_text(encoding="utf-8")
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{path} has no {BEGIN} … {END} to write between")
    path.write_text(f"{before}{BEGIN}\n\n{table_of(report)}\n\n{END}{after}", encoding="utf-8")


def _rows(figures: list[Mapping[str, Any]]) -> Iterator[str]:
    for one in figures:
        what = " ".join(one["what"].split())
        ours, peer, ratio = f"{_number(one['ours'])} {one['unit']}", "–", "–"
        if one.get("wish"):
            ours += f" (absolute aim, not judged: {one['wish']})"
        if one["peers"] is not None:
            peer = f"{_number(one['peers'])}: {one['peer']}"
            ratio = _number(one["ours"] / one["peers"])
        if one.get("aim") is not None:
            ratio += f" (aim: at least {one['aim']:g}: {'MISSED' if one['missed'] else 'kept'})"
        cells = (what, ours, peer, ratio)
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _number(value: float) -> str:
    """Three digits that count: more is noise."""
    if value >= 1000:
        digits = len(str(int(value))) - 3
        return f"{round(value, -digits):,.0f}"
    return f"{value:.3g}"


def main() -> int:
    """Read the report from standard input or a file; write the table."""
    parser = argparse.ArgumentParser(prog="table.py", description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("report", nargs="?", type=Path, help="what `./run bench --json` printed; else stdin")
    parser.add_argument("--write", type=Path, metavar="FILE.md", help="the document with the marks")
    asked = parser.parse_args()
    report = json.loads(asked.report.read_text(encoding="utf-8") if asked.report else sys.stdin.read())
    if asked.write:
        write(report, asked.write)
    else:
        sys.stdout.write(table_of(report) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
