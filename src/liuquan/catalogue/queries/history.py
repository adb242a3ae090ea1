"""An item as it stood on a day: by law, or as the record knew it then.

Which version was in force comes from the journal's entries alone; its words from the version, which nobody
can change once it is published, checked against the hash that entered with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from liuquan.catalogue import history
from liuquan.catalogue.history import Difference, Span
from liuquan.catalogue.models import ItemVersion
from liuquan.catalogue.types import ItemDraft
from liuquan.clock import day_start
from liuquan.journal import queries as record
from liuquan.journal.queries import Asked, Axis
from liuquan.kernel import moments
from liuquan.kernel.refusals import WrongState

from .versions import draft_of, versions_of


@dataclass(frozen=True)
class ItemThen:
    """An item on a day. `then`, `now`: the versions in force (none: not handled); `unknown`: in force by law
    that day, but recorded only later; `spans`: all versions as known today; `spoiled`: numbers of versions
    whose text does not match the hash in the record."""

    asked: Asked
    name: str
    then: Span | None
    draft: ItemDraft | None
    now: Span | None
    differences: tuple[Difference, ...]
    unknown: Span | None
    spans: tuple[Span, ...]
    spoiled: tuple[int, ...]


def item_then(item_code: str, *, on: str, axis: str, now: datetime) -> ItemThen:
    """The item on the day that was typed. Anyone may ask, as for its guide.

    Refuses an unknown item (404), one that was never published (409), and (422) an invalid day, a future
    day, and one before the first version. Cites: 行政许可法 第三十条
    """
    versions = {version.version_no: version for version in versions_of(item_code)}
    entries = record.entries_of(item_code)
    every = history.spans(entries)
    if not every:
        raise WrongState("本事项还没有发布过，没有以前的情况可看。", code="item_not_published")
    chosen = _asked(every, on, axis, now)
    played = settings.LIUQUAN_DEMO
    known = record.until(entries, chosen.at, axis=Axis.RECORD, played=played)
    by_law = history.in_force(every, chosen.on)
    by_record = history.in_force(history.spans(known), chosen.on)
    then = by_law if chosen.axis is Axis.LAW else by_record
    present = history.in_force(every, moments.today(now))
    one, other = _draft(versions, then), _draft(versions, present)
    words = one or other or draft_of(versions[every[-1].version_no])
    unknown = by_law if by_law and (by_record is None or by_law.version_no != by_record.version_no) else None
    return ItemThen(
        asked=chosen,
        name=words.name,
        then=then,
        draft=one,
        now=present,
        differences=tuple(history.differences(one, other)) if one and other else (),
        unknown=unknown,
        spans=tuple(every),
        spoiled=_spoiled(versions, every),
    )


def _asked(every: list[Span], on: str, axis: str, now: datetime) -> Asked:
    by_law = axis == Axis.LAW
    begun = day_start(every[0].from_on)
    if not by_law:
        begun = record.known_at(every[0].entered, played=settings.LIUQUAN_DEMO)
    return record.asked(
        on, "", axis, begun_at=min(begun, now), now=now, what="本事项", verb="施行" if by_law else "记入"
    )


def _draft(versions: dict[int, ItemVersion], span: Span | None) -> ItemDraft | None:
    return draft_of(versions[span.version_no]) if span else None


def _spoiled(versions: dict[int, ItemVersion], every: list[Span]) -> tuple[int, ...]:
    """Versions whose text does not match the hash in their entry."""
    return tuple(
        span.version_no
        for span in every
        if (said := span.entered.public.get("words_sha256"))
        and said != history.words_hash(draft_of(versions[span.version_no]))
    )
