"""Import a list of items as drafts, with their bodies. Nothing is invented: values missing from the list stay
missing in the drafts. A second run changes nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import date, datetime

from django.db import transaction

from liuquan.catalogue import events
from liuquan.catalogue.item_list_file import ListedItem, read_item_list
from liuquan.catalogue.models import ItemVersion, ServiceItem, SourceBody
from liuquan.catalogue.queries import law_and_bodies
from liuquan.catalogue.types import ImportReport, ItemDraft, VersionState
from liuquan.clock import shanghai_day
from liuquan.identifiers import IdentifierError, parse_uscc
from liuquan.journal import actions as journal
from liuquan.journal.types import NewEntry
from liuquan.kernel import sql
from liuquan.organisation.types import Actor

from . import storing
from .drafting import save_draft
from .importing_changes import changed_draft, differs

BATCH = 500
_LOCK = 0x6C71_0003
"""Advisory lock: one batch of new items at a time."""

Progress = Callable[[int], object]


def import_item_list(
    content: bytes, *, file_name: str, by: Actor, now: datetime, progress: Progress = lambda done: None
) -> ImportReport:
    """Import the rows of a delimited text file as drafts; returns what was done and every row left out.

    New codes become items with a first draft; known codes get the file's name, type and body into their open
    draft, or into a next draft when the latest version is published; what an editor has added stays. Each
    batch of rows is one transaction, so an interrupted import goes on where it was when it is run again.
    `progress` is called with the number of rows just done. Refuses a file that is no list at all: then
    nothing is taken in.
    """
    file = read_item_list(content)
    source = f"import:{file_name}"[:200]
    bodies = _bodies(file.items, source=source, on=shanghai_day(now))
    created = updated = 0
    progress(len(file.rejected))
    for start in range(0, len(file.items), BATCH):
        batch = file.items[start : start + BATCH]
        new, changed = _take([_draft(item, bodies, source) for item in batch], by, now)
        created, updated = created + new, updated + changed
        progress(len(batch))
    report = ImportReport(
        rows=file.rows,
        created=created,
        updated=updated,
        unchanged=len(file.items) - created - updated,
        rejected=file.rejected,
        notes=file.notes,
        codes=tuple(item.item_code for item in file.items),
    )
    if created or updated:
        journal.append_durably(_entry(report, file_name, by, now))
    return report


def _take(drafts: Sequence[ItemDraft], by: Actor, now: datetime) -> tuple[int, int]:
    """Import a batch; returns how many items are new, and how many got a new draft."""
    known = _known([draft.item_code for draft in drafts])
    created = _create([draft for draft in drafts if draft.item_code not in known], now)
    stale = [draft for draft in drafts if draft.item_code in known and differs(draft, known[draft.item_code])]
    for draft in stale:
        save_draft(changed_draft(draft, known[draft.item_code]), by=by, now=now)
    return created, len(stale)


def _draft(item: ListedItem, bodies: dict[tuple[str, str], str], source: str) -> ItemDraft:
    return ItemDraft(
        item_code=item.item_code,
        name=item.name,
        body_code=bodies[item.area_code, item.department],
        division_code=item.area_code,
        item_type=item.item_type,
        source=source,
        source_body_code=item.dept_code,
        source_url=item.link,
        main_item=item.main_item,
    )


def _known(codes: Sequence[str]) -> dict[str, ItemVersion]:
    """The latest version of each of these items that already exists."""
    versions = (
        ItemVersion.objects.filter(item__implementation_code__in=codes)
        .select_related("item")
        .order_by("item_id", "-version_no")
        .distinct("item_id")
    )
    return {version.item.implementation_code: version for version in versions}


def _create(drafts: Sequence[ItemDraft], now: datetime) -> int:
    """Insert many new items with their first drafts and search entries; returns how many.

    Two simultaneous imports run one after the other here, and the second finds the items of the first.
    """
    with transaction.atomic(durable=True):
        sql.run("SELECT pg_advisory_xact_lock(%(key)s)", {"key": _LOCK})
        there = _known([draft.item_code for draft in drafts])
        drafts = [draft for draft in drafts if draft.item_code not in there]
        items = ServiceItem.objects.bulk_create(
            ServiceItem(implementation_code=draft.item_code, created_at=now, **storing.item_values(draft))
            for draft in drafts
        )
        versions = ItemVersion.objects.bulk_create(
            ItemVersion(
                item=item,
                version_no=1,
                state=VersionState.DRAFT.value,
                **storing.version_values(draft, now),
            )
            for item, draft in zip(items, drafts, strict=True)
        )
        storing.write_entries(versions)
    return len(drafts)


def _bodies(items: Sequence[ListedItem], *, source: str, on: date) -> dict[tuple[str, str], str]:
    """The body code of each department: the organisation's where it is registered, else a source body's."""
    named: dict[tuple[str, str], list[str]] = {}
    for item in items:
        codes = named.setdefault((item.area_code, item.department), [])
        if item.dept_code and item.dept_code not in codes:
            codes.append(item.dept_code)
    registered = law_and_bodies.registered_bodies(on=on)
    result = {}
    for (area, name), codes in named.items():
        code = registered.get((area, name)) or _uscc_among(codes, set(registered.values()))
        result[area, name] = code or _source_body(area, name, codes, source)
    return result


def _uscc_among(codes: Sequence[str], known: set[str]) -> str:
    return next((code for code in codes if code in known), "")


def _source_body(area: str, name: str, codes: Sequence[str], source: str) -> str:
    """The code of an unregistered body, found by division and name; codes from the source are never lost."""
    with transaction.atomic():
        body, is_new = SourceBody.objects.get_or_create(
            division_code=area,
            name=name,
            defaults={"code": _free_code(area, name, codes), "source_codes": list(codes), "source": source},
        )
        missing = [code for code in codes if code not in body.source_codes]
        if not is_new and missing:
            SourceBody.objects.filter(pk=body.pk).update(source_codes=[*body.source_codes, *missing])
    return body.code


def _free_code(area: str, name: str, codes: Sequence[str]) -> str:
    """A code that no other source body has: two names under one USCC stay two bodies until somebody merges
    them."""
    code = local_body_code(area, name, codes)
    return local_body_code(area, name, ()) if SourceBody.objects.filter(code=code).exists() else code


def local_body_code(area: str, name: str, codes: Sequence[str]) -> str:
    """The USCC among the source's codes, else a stable local code from division and name, plainly no USCC."""
    for code in codes:
        try:
            return parse_uscc(code).number
        except IdentifierError:
            continue
    return f"local-{area}-{hashlib.sha256(name.encode()).hexdigest()[:10]}"


def _entry(report: ImportReport, file_name: str, by: Actor, now: datetime) -> NewEntry:
    return NewEntry(
        event=events.IMPORTED.name,
        subject="catalogue",
        body_code=by.body_code,
        post_code=by.post_code,
        actor_kind=by.kind,
        effective_at=now,
        public={
            "file": file_name,
            "rows": report.rows,
            "created": report.created,
            "updated": report.updated,
            "unchanged": report.unchanged,
            "rejected": len(report.rejected),
        },
    )
