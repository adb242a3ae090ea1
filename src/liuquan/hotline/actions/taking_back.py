"""What waits for a unit that exists no more goes back to whoever gave it out."""

from __future__ import annotations

import logging
from datetime import datetime

from liuquan.casework import actions as casework
from liuquan.hotline.queries import tickets
from liuquan.kernel import moments
from liuquan.kernel.refusals import Refusal
from liuquan.organisation.types import SYSTEM

logger = logging.getLogger(__name__)


def take_back(*, now: datetime, number: str = "") -> int:
    """Give tickets whose unit was dissolved back to the dispatcher, who finds who has its duty now, and end
    the assistances asked of such a unit, or the unit that asked would wait for ever. `number`: only this one.
    How many went back; a second time changes nothing."""
    done = 0
    for one in tickets.of_bodies_gone(on=moments.today(now), number=number):
        try:
            casework.perform(one, "unit_gone", by=SYSTEM, now=now)
            done += 1
        except Refusal as refusal:
            logger.warning("%s was not taken back: %s", one, refusal.code)
    return done
