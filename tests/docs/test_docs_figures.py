"""The table of figures: made from the bench's own report, put between the marks, and nowhere else."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import pytest

from liuquan.kernel.home import CHECKOUT

Figure = runpy.run_path(str(CHECKOUT / "bench" / "figures.py"))["Figure"]
TABLE = runpy.run_path(str(CHECKOUT / "bench" / "table.py"))
REPORT: dict[str, Any] = {
    "machine": "2 cores",
    "command": "./run bench ",
    "figures": [
        figure.as_json()
        for figure in (
            Figure("sealed\n  in batches", "1/s", 37_412.0, "SQL", 226_000.0, wish="40,000 1/s"),
            Figure("due", "1/s", 3.0, "a|b", 2.0, aim=0.5),
            Figure("late", "1/s", 0.25),
        )
    ],
}


def test_a_row_says_what_was_measured_ours_the_peer_and_the_ratio() -> None:
    assert TABLE["table_of"](REPORT).split("\n") == [
        "2 cores. Command: `./run bench`.",
        "",
        "| what | ours | peer | ratio |",
        "|---|---|---|---|",
        "| sealed in batches | 37,400 1/s (absolute aim, not judged: 40,000 1/s) | 226,000: SQL | 0.166 |",
        "| due | 3 1/s | 2: a\\|b | 1.5 (aim: at least 0.5: kept) |",
        "| late | 0.25 1/s | – | – |",
    ]


def test_the_table_goes_between_the_marks_and_a_second_writing_changes_nothing(tmp_path: Path) -> None:
    document = tmp_path / "bench.md"
    document.write_text(f"before\n\n{TABLE['BEGIN']}\nold\n{TABLE['END']}\n\nafter\n")
    TABLE["write"](REPORT, document)
    text = document.read_text()
    assert text.startswith("before\n")
    assert text.endswith("\nafter\n")
    assert "old" not in text
    assert "| due |" in text
    TABLE["write"](REPORT, document)
    assert document.read_text() == text


def test_a_document_without_marks_is_refused_and_stays_as_it_is(tmp_path: Path) -> None:
    document = tmp_path / "bench.md"
    document.write_text("no marks\n")
    with pytest.raises(ValueError, match="to write between"):
        TABLE["write"](REPORT, document)
    assert document.read_text() == "no marks\n"


def test_the_document_of_the_figures_has_its_marks() -> None:
    text = (CHECKOUT / "docs" / "bench.md").read_text(encoding="utf-8")
    assert text.count(TABLE["BEGIN"]) == text.count(TABLE["END"]) == 1
