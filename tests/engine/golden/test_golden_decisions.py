"""What the engine decides, offers and opens stays as it is recorded, whatever it is made of.

`record.py` says how to record anew where an answer is meant to change.
"""

from pathlib import Path

import pytest
from golden_cases import DECIDED, GIVEN, Cases, differences
from golden_values import stored_lines

SHOWN = 5
RECORDED = sorted(GIVEN.glob("*.jsonl.gz"))
LEAST_CASES, LEAST_OF_A_ROW = 200, 10


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: path.name.partition(".")[0])
def test_every_recorded_answer_of_the_engine_is_given_again(path: Path) -> None:
    stored = stored_lines(DECIDED / path.name.removesuffix(".gz"))
    found = list(differences(Cases.of(path), stored))
    shown = "\n".join(sorted(found, key=lambda said: "only by its hash" in said)[:SHOWN])
    if found:
        pytest.fail(f"{len(found)} answers differ from the record, among them\n{shown}", pytrace=False)


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: path.name.partition(".")[0])
def test_the_record_holds_many_cases_and_every_row(path: Path) -> None:
    cases = Cases.of(path)
    in_full = [one["told"] for one in stored_lines(DECIDED / path.name.removesuffix(".gz")) if "token" in one]
    decided = [told["row"]["action"] for told in in_full if "row" in told]
    rare = [row.action for row in cases.procedure.rows if decided.count(row.action) < LEAST_OF_A_ROW]
    assert len(cases.cases) >= LEAST_CASES
    assert not rare
