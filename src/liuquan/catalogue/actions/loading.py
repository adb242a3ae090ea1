"""Loads the items of a pack: saved as drafts and put in force on the day the pack says. Idempotent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from liuquan.catalogue import events
from liuquan.catalogue.models import HandledElsewhere
from liuquan.catalogue.queries.versions import versions_of
from liuquan.catalogue.types import LoadReport, PackElsewhere, PackItem, VersionState
from liuquan.journal import actions as journal
from liuquan.journal.types import NewEntry
from liuquan.organisation.types import Actor

from .drafting import save_draft
from .publishing import publish


def load_pack_items(items: Sequence[PackItem], *, pack: str, by: Actor, now: datetime) -> LoadReport:
    """Load a pack's items; loading the same pack again changes nothing.

    An item with `publish_on` is published from that day (the system may use a past day, since the pack says
    from when its text is in force). Refuses what `save_draft` and `publish` refuse. Each item is its own
    transaction, so items loaded before a refusal stay, and the next run continues there.
    """
    counts = {"created": 0, "updated": 0, "unchanged": 0}
    published = 0
    for item in items:
        saved = save_draft(item.draft, by=by, now=now)
        counts[saved.outcome] += 1
        latest = versions_of(item.draft.item_code)[-1]
        if item.publish_on is not None and latest.state == VersionState.DRAFT:
            publish(item.draft.item_code, effective_on=item.publish_on, by=by, now=now)
            published += 1
    report = LoadReport(published=published, **counts)
    if report.created or report.updated or report.published:
        values = {**counts, "published": published, "pack": pack}
        journal.append_durably(
            NewEntry(
                event=events.LOADED.name,
                subject="catalogue",
                body_code=by.body_code,
                post_code=by.post_code,
                actor_kind=by.kind,
                effective_at=now,
                public=values,
            )
        )
    return report


def load_elsewhere(rows: Sequence[PackElsewhere], *, source: str) -> None:
    """Replace what the source says this centre does not do. Help for finding, no act: not in the journal."""
    with transaction.atomic():
        HandledElsewhere.objects.filter(source=source).delete()
        HandledElsewhere.objects.bulk_create(
            HandledElsewhere(
                words=list(row.words),
                matter=row.matter,
                body=row.body,
                reach=row.reach,
                source=source,
                position=at,
            )
            for at, row in enumerate(rows)
        )
