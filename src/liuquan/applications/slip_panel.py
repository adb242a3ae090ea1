"""What the holder of the slip of an application is asked for: the materials that are still to come."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from liuquan.applications import queries
from liuquan.kinds.types import PanelAsked


def asked_values(panel: PanelAsked) -> Mapping[str, Any]:
    """The materials of the one-time notice; none where nothing is asked for."""
    return {"asked": queries.asked(panel.snapshot), "number": panel.snapshot.number}
