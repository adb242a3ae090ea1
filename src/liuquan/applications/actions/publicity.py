"""Publishing the result of an application."""

from __future__ import annotations

from datetime import datetime

from liuquan.applications import events
from liuquan.casework import actions as casework
from liuquan.journal import queries as record
from liuquan.organisation.types import SYSTEM


def publicise(case_number: str, *, now: datetime) -> None:
    """Publish the result on the portal, without names. Publishing twice changes nothing.

    Cites: 行政许可法 第四十条
    """
    if not any(e.event == events.PUBLICISED.name for e in record.entries_of(case_number)):
        casework.perform(case_number, "publicise", by=SYSTEM, now=now)
