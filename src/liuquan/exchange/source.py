"""Where requests of other systems go to: the hotline. Nothing else here names it."""

from liuquan.hotline import actions, queries
from liuquan.hotline.types import (
    UNFILED,
    Identity,
    Inlet,
    NewTicket,
    RequestClass,
    RequestKind,
    ShownRequest,
)

__all__ = [
    "UNFILED",
    "Identity",
    "Inlet",
    "NewTicket",
    "RequestClass",
    "RequestKind",
    "ShownRequest",
    "actions",
    "queries",
]
