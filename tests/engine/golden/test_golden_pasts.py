"""What a case was, rebuilt from its entries, stays as it is recorded: no entry is read otherwise later."""

from pathlib import Path

import pytest
from golden_pasts import PASTS, REPLAYED, differences
from golden_values import procedures, stored_lines

SHOWN = 5
RECORDED = sorted(PASTS.glob("*.jsonl.gz"))


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: path.name.partition(".")[0])
def test_every_recorded_past_is_told_again(path: Path) -> None:
    found = list(differences(path, stored_lines(REPLAYED / path.name.removesuffix(".gz"))))
    if found:
        shown = "\n".join(found[:SHOWN])
        pytest.fail(f"{len(found)} lines differ from the record, first\n{shown}", pytrace=False)


def test_the_record_holds_many_pasts_and_every_row() -> None:
    pasts = 0
    for path in RECORDED:
        head, *of_procedure = stored_lines(path)
        pasts += len(of_procedure)
        events = {entry["event"] for past in of_procedure for entry in past["entries"]}
        procedure = procedures()[head["procedure"]]
        assert events >= {row.event for row in (procedure.creation, *procedure.rows)}
    assert pasts >= 60
