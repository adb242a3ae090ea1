"""Parts of the generic pages that only tickets have."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from liuquan.hotline.queries import tickets
from liuquan.hotline.texts import BANDS
from liuquan.kernel.shares import percent
from liuquan.kinds.queries import moment_text
from liuquan.kinds.types import Panel, PanelAsked, Place

LOOK_BACK: Final = timedelta(days=30)


def _same_matter(asked: PanelAsked) -> Mapping[str, Any]:
    """Requests that may be about the same, while the centre has not dispatched it; and what was merged."""
    case = asked.snapshot
    found = []
    if case.state == "registered":
        found = tickets.alike_to(case, since=asked.at - LOOK_BACK)
    held = tickets.ticket(case.number)
    return {
        "number": case.number,
        "alike": [
            {
                "number": one.number,
                "class_name": one.class_name,
                "body": one.body_name,
                "at": moment_text(one.received_at),
                "share": percent(round(one.share * BANDS), BANDS),
            }
            for one in found
        ],
        "into": held.into if held else "",
        "holds": held.holds if held else (),
    }


PANELS = (Panel((Place.CASE,), "hotline/_same_matter.html", _same_matter),)
