"""What the holder of the slip of an application can do next: hand in materials, or apply anew."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from liuquan.applications import queries
from liuquan.kinds.types import PanelAsked


def asked_values(panel: PanelAsked) -> Mapping[str, Any]:
    """The materials of the one-time notice, and those that may be brought before there is one, required and
    allowed to follow apart, none where nothing is asked for; and the item to apply for anew, after a case
    that was withdrawn or refused."""
    case = panel.snapshot
    to_add = queries.to_add(case)
    left_out = [one for one in to_add if one.necessity == "required"]
    later = [one for one in to_add if one.necessity == "deferrable"]
    again = case.terms.subject_code if case.closed_at and case.outcome in ("withdrawn", "refused") else ""
    return {
        "asked": queries.asked(case),
        "left_out": left_out,
        "later": later,
        "number": case.number,
        "again": again,
    }
