"""Flow charts of the version in force, drawn on the server."""

from __future__ import annotations

from datetime import date
from typing import Literal

from liuquan.catalogue import flow_chart

from .guides import guide


def flow_chart_svg(item_code: str, *, on: date, kind: Literal["power", "guide"] = "power") -> str:
    """An item as SVG: `power` is how the power runs, `guide` what the applicant does. Refuses as `terms`."""
    view = guide(item_code, on=on)
    if kind == "guide":
        return flow_chart.process_guide_chart(view)
    return flow_chart.power_flow_chart(view.terms, deciding_post_name=view.deciding_post_name)
