"""Dates are taken as people write them; what is no whole date is refused with what to write instead."""

from __future__ import annotations

from datetime import date

import pytest

from liuquan.kernel import dates
from liuquan.kernel.refusals import BadInput


@pytest.mark.parametrize(
    "typed",
    [
        "2026-09-28",
        "2026年9月28日",
        "2026年09月28号",
        "2026.9.28",
        "2026/9/28",
        "20260928",
        "２０２６年９月２８日",
        "２０２６－９－２８",
        "２０２６．９．２８",
        " 2026 年 9 月 28 日 ",
        "2026 9 28",
        "2026　9　28",
    ],
)
def test_a_date_is_taken_as_people_write_it(typed: str) -> None:
    assert dates.read(typed) == date(2026, 9, 28)
    assert dates.as_iso(typed) == "2026-09-28"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("9月28日", "请写上年份，例如 2026年9月28日"),
        ("9-28", "请写上年份"),
        ("９／２８", "请写上年份"),
        ("26年9月28日", "年份请写四位"),
        ("2026-02-30", "2026年2月没有30日，最后一天是28日"),
        ("20261301", "没有13月"),
        ("昨天", "应当写成 2026-03-20 或者 2026年3月20日"),
        ("", "应当写成"),
        ("2026-09", "应当写成"),
        ("2026-09-28 10:00", "应当写成"),
        ("2026-9月", "应当写成"),
    ],
)
def test_anything_else_is_refused_with_what_to_write(typed: str, said: str) -> None:
    with pytest.raises(BadInput, match=said) as refused:
        dates.asked(typed, "on", "哪一天")
    assert refused.value.sentence == refused.value.fields["on"]
    assert refused.value.sentence.startswith("哪一天：")
    assert dates.as_iso(typed) == typed
