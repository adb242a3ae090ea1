"""How soon those who write are replied to."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

from liuquan.casework import queries as cases
from liuquan.hotline.types import Inlet, ReplyFigures
from liuquan.kernel import moments, sql
from liuquan.law import load_law

#: limit of the law book → what it is of, and the inlets it binds
WRITTEN: Final = {
    "hotline.reply_to_text": ("文字渠道", (Inlet.WEB, Inlet.APP, Inlet.FORUM)),
    "hotline.reply_to_mail": ("信箱", (Inlet.MAILBOX,)),
}
_SECONDS: Final = {"second": 1, "minute": 60, "hour": 3600}
_MOST: Final = 20
_CAME: Final = "coalesce(m.arrived_at, t.received_at)"
_WRITTEN: Final = f"""hotline_ticket t JOIN {cases.CASES} c ON c.id = t.case_id
        LEFT JOIN hotline_mail m ON m.ticket = c.number AND m.ticket <> '' WHERE t.inlet = ANY(%(inlets)s)"""


def replies(on: date, *, now: datetime) -> tuple[ReplyFigures, ...]:
    """The requests that came in writing on a day, by the limit that binds their inlet; with a limit of whole
    days, those of as many days before too, or none of a day could be late on it. A reply is the first act of
    the centre that the requester is told of; what is neither replied to nor late is not counted yet. Time
    runs from the arrival, of a mail from its arrival in the mailbox. `late` names whatever waits too long,
    whenever it came. Cites: GB/T 33358—2016"""
    begins = datetime(on.year, on.month, on.day, tzinfo=moments.LOCAL)
    return tuple(_of(name, begins, now) for name in WRITTEN)


def _of(name: str, begins: datetime, now: datetime) -> ReplyFigures:
    label, inlets = WRITTEN[name]
    limit = load_law().limit(name, on=moments.today(begins))
    within = timedelta(seconds=limit.amount * _SECONDS[limit.unit.value])
    params = {
        "inlets": [one.value for one in inlets],
        "begins": begins - timedelta(days=within.days),
        "ends": begins + timedelta(days=1),
        "within": within,
        "now": now,
        "most": _MOST,
    }
    row = sql.run(
        f"""
        SELECT count(*) FILTER (WHERE t.replied_at IS NOT NULL OR {_CAME} + %(within)s <= %(now)s) AS counted,
            count(*) FILTER (WHERE t.replied_at < {_CAME} + %(within)s) AS within
        FROM {_WRITTEN}
            AND t.received_at >= %(begins)s AND t.received_at < %(ends)s
        """,
        params,
    )[0]
    late = sql.run(
        f"""
        SELECT c.number FROM {_WRITTEN}
            AND t.replied_at IS NULL AND c.closed_at IS NULL AND {_CAME} + %(within)s <= %(now)s
        ORDER BY t.received_at DESC LIMIT %(most)s
        """,
        params,
    )
    numbers = tuple(one["number"] for one in late)
    return ReplyFigures(label, limit.text, row["counted"], row["within"], numbers)
