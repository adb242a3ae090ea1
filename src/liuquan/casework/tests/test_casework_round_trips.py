"""How often an act asks the database: what libpq itself sends, counted on the wire."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from liuquan.casework import actions, queries, registry
from liuquan.organisation.types import SYSTEM
from liuquan.testing.cast import EXAMINERS, Cast
from liuquan.testing.round_trips import round_trips

MOST = 3
MONDAY = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
REASON = {"reason": "材料齐全，条件全部具备"}
OPINION = {"result": "agree", "opinion": "材料与现场一致，符合要求"}
EXPERTS = {"ground": "expert_review", "until": "2026-03-12", "document": "所需时间已经书面告知"}
RECEIPT = {"clock": "statutory", "to": "2026-02-27", "evidence": "收件登记簿第3页"}

Act = tuple[str, str, dict[str, Any]]  #: what, by whom of the cast, with which data
ACCEPT: Act = ("accept", "clerk", {})
REVIEW: Act = ("complete_step", "examiner", OPINION)
BY_TWO = OPINION | {"second_officer": EXAMINERS["SCJG-SC2"][1]}
CHECK_ON_SITE: Act = ("complete_step", "second_examiner", BY_TWO)
SEND_BACK: Act = ("send_back", "approver", REASON)
LONGER: list[Act] = [("extend", "head", REASON | {"days": "5"}), ("correct_anchor", "head", REASON | RECEIPT)]
OUT: list[Act] = [("publicise", "system", {}), ("deliver", "clerk", {})]
ASKING_EXPERTS: list[Act] = [
    ("complete_step", "health_examiner", OPINION),
    ("start_special", "health_second", EXPERTS),
    ("end_special", "health_second", {}),
]


def ways(cast: Cast) -> list[tuple[str, list[str], list[Act]]]:
    """Item, materials brought, acts: together they take every row of the procedure of applications."""
    whole, ends = cast.materials("device"), cast.decision("device")
    devices: list[list[Act]] = [
        [ACCEPT, REVIEW, SEND_BACK, REVIEW, *LONGER, ("grant", "approver", ends), *OUT],
        [
            ("accept_corrected", "clerk", {"corrections": "申请人当场改正日期"}),
            ("withdraw_at_window", "clerk", REASON | {"request": "申请人签名的撤回申请书"}),
        ],
        [("withdraw", "applicant", {})],
        [ACCEPT, ("explain_late", "chief_rep", {"cause": "volume"})],
        [ACCEPT, REVIEW, ("refuse", "approver", ends)],
        [("refuse_not_needed", "clerk", REASON)],
        [("refuse_not_ours", "clerk", REASON | {"refer_to": "云溪市住房和城乡建设局"})],
    ]
    incomplete: list[Act] = [
        ("add_materials", "applicant", {"materials": whole[1:2]}),
        ("notify_supplement", "clerk", {"items": whole[1:]}),
        ("receive_supplement", "clerk", {"materials": whole[1:]}),
        ("deem_accepted", "system", {}),
    ]
    return [
        *(("device", whole, acts) for acts in devices),
        ("device", whole[:1], incomplete),
        ("food", cast.materials("food"), [ACCEPT, CHECK_ON_SITE]),
        ("radiology", cast.materials("radiology"), [ACCEPT, *ASKING_EXPERTS]),
    ]


def walk(cast: Cast, item: str, materials: list[str], acts: list[Act], at: datetime) -> dict[str, int]:
    """Take the acts one after another; how many round trips each needed."""
    number = cast.applies(item, at=at, materials=materials)
    needed: dict[str, int] = {}
    for what, who, data in acts:
        by = {"system": SYSTEM, "applicant": cast.applicant}.get(who) or cast.staff(who)
        now = at + timedelta(days=30) if what in ("deem_accepted", "explain_late") else at
        if what == "explain_late":
            actions.sweep(now=now)  # a breach is recorded once, by the sweeper or by the next act
        needed[what] = round_trips(partial(actions.perform, number, what, by=by, now=now, data=data))
    return needed


def test_no_act_asks_the_database_more_than_three_times(city: str, cast: Cast) -> None:
    needed: dict[str, int] = {}
    for item, materials, acts in ways(cast):
        walk(cast, item, materials, acts, MONDAY)  # the first of a kind prepares its statements
        needed |= walk(cast, item, materials, acts, MONDAY)
    assert needed.keys() == {row.action for row in registry.newest("application").rows}
    assert {what: trips for what, trips in needed.items() if trips > MOST} == {}


@pytest.mark.parametrize("reads", [1, 2])
def test_a_read_is_one_question(city: str, cast: Cast, reads: int) -> None:
    number = cast.applies("device", at=MONDAY)
    queries.read(number)

    def read() -> None:
        for _ in range(reads):
            queries.read(number)

    assert round_trips(read) == reads
