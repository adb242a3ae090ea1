"""The daily entry of what rises before everybody complains of it."""

from __future__ import annotations

from datetime import datetime

from liuquan.hotline import events
from liuquan.hotline.queries import heat
from liuquan.hotline.signs import Rise
from liuquan.journal import actions as journal
from liuquan.journal import queries as record
from liuquan.journal.types import NewEntry
from liuquan.kernel import moments


def foresee(*, now: datetime) -> list[Rise]:
    """Enter today's signs, once a day, also where there is none; what was entered now."""
    subject = f"hotline-{moments.today(now):%Y%m%d}"
    if record.entries_of(subject, limit=1):
        return []
    found = [one for one in heat.rises_everywhere(now=now) if one.is_sign]
    public = {
        "count": len(found),
        "signs": [
            {"class": one.class_code, "division": one.division, "week": one.week, "before": one.before}
            for one in found
        ],
    }
    journal.append_durably(NewEntry(events.FORESEEN.name, subject, "", "", "system", now, public=public))
    return found
