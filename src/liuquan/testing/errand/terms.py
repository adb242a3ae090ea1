"""The terms of an errand: invented limits, and what it keeps beside what the engine knows."""

from __future__ import annotations

from dataclasses import dataclass

from liuquan.casework.types import ListedMaterial, OwnTerms, Terms
from liuquan.clock import Limit, Unit

#: what may come with a word of a party
FILES = {"page": "有关的文件"}
MOST_DAYS, MOST_FOR_A_LOT = 20, 15


@dataclass(frozen=True, kw_only=True)
class ErrandTerms(OwnTerms):
    """`urgency`: how the one who gave the errand marked it."""

    urgency: str


def terms(
    body_code: str, *, days: int = 60, body_name: str = "", urgency: str = "normal", subject: str = "交办事项"
) -> Terms:
    """So many calendar days to report. Those of a task and of a lot are the most that an act may give."""
    files = tuple(ListedMaterial(key, name, "optional") for key, name in FILES.items())
    return Terms(
        "errand",
        subject,
        body_code,
        {
            "answer": Limit(days, Unit.CALENDAR_DAY, label="回报期限"),
            "task": Limit(MOST_DAYS, Unit.CALENDAR_DAY, label="承办期限"),
            "lot": Limit(MOST_FOR_A_LOT, Unit.WORKING_DAY, label="分项期限"),
        },
        extra=ErrandTerms(body_name=body_name, urgency=urgency, materials=files).to_stored(),
    )
