"""Who gets what at every address: the tables beside the modules, by every role
(`liuquan.testing.addresses`)."""

from __future__ import annotations

import pytest

from liuquan.testing import addresses
from liuquan.testing.browsers import SetNow
from liuquan.testing.cases import SEEN, Cases


def test_the_tables_have_every_address_and_no_other() -> None:
    missing = addresses.gaps()
    assert not missing, "\n".join(["", *missing])


def test_each_address_answers_each_role_as_the_table_says(
    cases: Cases, set_now: SetNow, module: str, role: str
) -> None:
    set_now(SEEN)
    wrong = addresses.wrong(cases, module, role)
    assert not wrong, "\n".join(["", *wrong])


@pytest.mark.slow
def test_each_address_answers_whoever_is_of_a_class_like_the_one_who_is_tried(
    cases: Cases, set_now: SetNow, module: str, column: str, login: str
) -> None:
    set_now(SEEN)
    wrong = addresses.wrong(cases, module, column, login)
    assert not wrong, "\n".join(["", *wrong])


def test_every_role_is_tried_at_some_address() -> None:
    rows = [row for table in addresses.tables().values() for row in table]
    for role in addresses.AT_ADDRESSES:
        assert len([row for row in rows if row[role] != "."]) > 20, role


def test_nobody_without_a_session_gets_behind_the_desk_and_the_board() -> None:
    behind = ("desk/", "board/", "api/v1/cases", "api/v1/me", "api/v1/worklist")
    rows = [row for table in addresses.tables().values() for row in table]
    inside = [row for row in rows if row["route"].startswith(behind)]
    assert len(inside) > 20
    assert {row["anonymous"] for row in inside} <= {"302", "403"}
