"""The evidence of a finding is told in words."""

from __future__ import annotations

import re
from pathlib import Path

from liuquan.supervision import evidence, rulebook

RULES = Path(rulebook.__file__).parent / "rules"


def test_columns_units_and_moments_are_told_in_words() -> None:
    found = {
        "label": "承诺办结时限",
        "amount": 5,
        "unit": "working_day",
        "clock_key": "promised",
        "step": "",
        "anchor_at": "2026-03-03T02:00:00+00:00",
        "due_on": "2026-03-10",
    }
    assert list(evidence.words(found)) == [
        ("期限或者情形", "承诺办结时限"),
        ("期限长短", "5个工作日"),
        ("起算时间", "2026-03-03 10:00"),
        ("最后一日", "2026-03-10"),
    ]
    assert list(evidence.words({"label": None, "other": "x"})) == [("期限或者情形", "—"), ("其他", "x")]


def test_every_column_of_every_rule_has_its_word() -> None:
    kept = {"subject_number", "key", "body_code", "since_at", *evidence.WORDS, *evidence.INNER}
    for path in RULES.glob("*.sql"):
        selected = path.read_text(encoding="utf-8").partition("SELECT")[2].partition("\nFROM")[0]
        lines = [
            line.strip().rstrip(",") for line in selected.splitlines() if not line.strip().startswith("--")
        ]
        columns = {re.split(r"\.|\s", line)[-1] for line in lines if line}
        assert columns <= kept, path.name
