"""Entries about logs and witnesses."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from liuquan.journal.record.actions.entries import append
from liuquan.journal.record.types import Event, NewEntry
from liuquan.organisation.types import Actor


def enter(
    event: Event,
    subject: str,
    by: Actor,
    now: datetime,
    public: Mapping[str, Any],
    *,
    number: uuid.UUID | None = None,
) -> None:
    """Write one entry in the caller's transaction; `number` where it must be known beforehand."""
    append(
        NewEntry(
            event=event.name,
            subject=subject,
            body_code=by.body_code,
            post_code=by.post_code,
            actor_kind=by.kind,
            effective_at=now,
            public=public,
            number=number or uuid.uuid4(),
        )
    )
