"""Which figures of the bench pass or fail."""

import importlib.util
import sys
from typing import Any

import pytest

from liuquan.kernel.home import CHECKOUT


@pytest.fixture
def figures(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The bench's own file, which stands in no package."""
    spec = importlib.util.spec_from_file_location("bench_figures", CHECKOUT / "bench" / "figures.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "bench_figures", module)
    spec.loader.exec_module(module)
    return module


def test_only_a_ratio_below_its_aim_is_missed_and_named(figures: Any) -> None:
    kept = figures.Figure("deadlines", "a second", 10, "a loop", 5, aim=2)
    short = figures.Figure("submitting\n  more", "a second", 9.9, "bare SQL", 5, aim=2)
    assert figures.missed([kept, short]) == ["submitting, beside bare SQL: 1.98, aim 2.00"]
    assert "(aim: at least 2.00: kept)" in str(kept)
    assert "(aim: at least 2.00: MISSED)" in str(short)


def test_an_absolute_aim_stands_beside_its_figure_and_is_not_judged(figures: Any) -> None:
    slow = figures.Figure("sealing", "a second", 1, "bare SQL", 5, wish="40,000 a second")
    alone = figures.Figure("waiting", "1/s", 0.1, wish="p99 at most 1 s")
    assert figures.missed([slow, alone]) == []
    assert "(absolute aim, not judged: 40,000 a second)" in str(slow)
    assert alone.ratio is None
    assert "ratio" not in str(alone)
