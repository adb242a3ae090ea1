"""The roles of the tables: one actor stands for others only where nothing can tell their posts apart."""

from __future__ import annotations

from liuquan.testing.cases import Cases
from liuquan.testing.role_classes import AT_ADDRESSES, IN_PROCEDURES, STANDS_FOR, classes, kind_of


def test_each_class_is_exactly_the_posts_of_the_pack_that_hold_the_same(cases: Cases) -> None:
    """Whoever gets another role or mandate leaves the class, and must be tried in a column of their own."""
    found = classes()
    assert found == STANDS_FOR, f"write into STANDS_FOR of testing/role_classes.py: {found}"


def test_no_two_columns_try_the_same(cases: Cases) -> None:
    staff = [name for name in {*AT_ADDRESSES, *IN_PROCEDURES} if name not in _NO_POST]
    kinds = {name: kind_of(cases.cast.staff(name)) for name in staff}
    assert len(set(kinds.values())) == len(kinds), kinds


_NO_POST = {"anonymous", "applicant", "agent", "stranger", "public", "system"}
