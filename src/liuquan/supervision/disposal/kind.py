"""The kind of case 监察处置: what the desk shows of it beside the pages of the board."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from liuquan.casework.types import Snapshot
from liuquan.kinds.types import CaseKind, Panel, PanelAsked, Place, Stage, Turn
from liuquan.supervision.disposal.procedure import PROCEDURE
from liuquan.supervision.disposal.terms import DisposalTerms

_JUDGED = {"judged": "已认定"}


def _next_step(_snapshot: Snapshot, _now: datetime) -> str:
    return "由责任单位和电子监察岗位办理。"


def _finding(asked: PanelAsked) -> Mapping[str, Any]:
    own = asked.snapshot.own(DisposalTerms)
    points = [said for entry in asked.entries if (said := entry.public.get("points_label"))]
    return {"finding": own.finding, "about": own.about, "points": "".join(points[-1:])}


DISPOSAL = CaseKind(
    procedure=PROCEDURE,
    stages=(
        Stage("要求说明", moment="received"),
        Stage("说明", ("asked",)),
        Stage("认定", ("explained",), ("judged",), moment="decided", notes=_JUDGED),
        Stage("改正", ("correcting",), ("corrected",), moment="closed"),
    ),
    turns={
        "asked": Turn("提交情况说明。", "责任单位"),
        "explained": Turn("作出认定，或者再次要求说明。", "电子监察岗位"),
        "correcting": Turn("改正并报告改正情况。", "责任单位"),
    },
    next_step=_next_step,
    panels=(Panel((Place.CASE, Place.ACT), "supervision/_finding_link.html", _finding),),
    texts={"text": "说明", "note": "理由"},
    is_ordinary=False,
)
