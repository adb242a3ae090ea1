"""The parties of a case on the page of its handlers, and who left."""

from __future__ import annotations

from datetime import timedelta

from liuquan.desk.views.case import case_context
from liuquan.kinds.types import Place
from liuquan.testing.kinds import parties_kind, registered, tender


def test_who_left_is_named_with_the_moment(committed_db: str) -> None:
    with registered(tender()):
        applicant, agent, *_ = parties_kind.people()
        number = parties_kind.begun({applicant: "applicant", agent: "agent"})
        parties_kind.act(number, "drop", parties_kind.NOW + timedelta(days=1), party=agent)
        shown = case_context(number, parties_kind.officer(), Place.CASE)["people"]
    assert [(one["role"], one["name"]) for one in shown] == [
        ("当事人", "李云溪"),
        ("代办人（2026年3月10日 10:00退出）", "王溪畔"),
    ]
