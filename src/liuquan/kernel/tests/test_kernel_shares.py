"""Shares are rounded once, and what is not all is not shown as all."""

from __future__ import annotations

import re

import pytest

from liuquan.kernel.shares import percent, percent_cut_off
from liuquan.testing.modules import PACKAGE


@pytest.mark.parametrize(
    ("part", "whole", "shown"),
    [
        (7, 8, "87.5"),
        (3, 3, "100"),
        (0, 3, "0"),
        (2, 3, "66.7"),
        (1, 3, "33.3"),
        (1, 800, "0.1"),
        (1, 16, "6.3"),
        (9999, 10000, "99.9"),
        (1, 100000, "0.1"),
        (0, 0, None),
    ],
)
def test_a_share_has_one_decimal_and_says_all_only_of_all(part: int, whole: int, shown: str | None) -> None:
    assert percent(part, whole) == shown


@pytest.mark.parametrize(
    ("part", "whole", "shown"),
    [(949_999, 1_000_000, "94.9"), (95, 100, "95.0"), (3, 3, "100.0"), (0, 3, "0.0"), (0, 0, None)],
)
def test_a_share_below_a_mark_never_reads_as_if_it_had_reached_it(
    part: int, whole: int, shown: str | None
) -> None:
    assert percent_cut_off(part, whole) == shown


def test_nobody_computes_a_share_by_hand() -> None:
    by_hand = re.compile(r"\*\s*1000?\s*//|\b1000?\s*\*[^\n]*/|/[^\n]*\*\s*1000?\b(?!\s*%)")
    found = [
        f"{path.name}: {line.strip()}"
        for path in PACKAGE.rglob("*.py")
        if not {"tests", "testing", "bench"} & set(path.parts) and path.name != "shares.py"
        for line in path.read_text(encoding="utf-8").splitlines()
        if by_hand.search(line) and not line.strip().startswith(("#", '"'))
    ]
    assert not found, "\n".join(["", *found])
