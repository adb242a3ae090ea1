"""What the API says about applications."""

from __future__ import annotations

from datetime import datetime

from ninja import Schema

from liuquan.kinds.schemas import Done


class Submitted(Done):
    """A received application; `query_code` is what its holder follows it with."""

    query_code: str


class Result(Schema):
    """A published result, without names (GUIDE-09)."""

    number: str
    item: str
    body: str
    outcome: str
    received_at: datetime
    accepted_at: datetime | None
    decided_at: datetime | None
    publicised_at: datetime
