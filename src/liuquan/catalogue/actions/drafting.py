"""Drafts: saving one, and opening the next version of what is published."""

from __future__ import annotations

import dataclasses
from datetime import datetime
from typing import Literal

from django.db import transaction
from django.db.models import Max

from liuquan.catalogue import events
from liuquan.catalogue.models import ItemVersion, ServiceItem
from liuquan.catalogue.queries.versions import draft_of, versions_of, with_contents
from liuquan.catalogue.types import ItemDraft, VersionState
from liuquan.identifiers import IdentifierError, parse_item_code
from liuquan.journal import actions as journal
from liuquan.journal.types import NewEntry
from liuquan.kernel.refusals import BadInput, NotAllowed, WrongState
from liuquan.organisation.types import Actor

from . import storing

Outcome = Literal["created", "updated", "unchanged"]


@dataclasses.dataclass(frozen=True)
class Saved:
    """The result of saving a draft."""

    item_code: str
    version_no: int
    outcome: Outcome


def require(by: Actor, action: str, item_code: str, body_code: str) -> None:
    """Refuse a post whose mandate does not cover this act on this item. The system loads packs and imports.

    Cites: 行政许可法 第二十二条
    """
    if by.kind == "system" or by.may(action, item_code, body_code):
        return
    raise NotAllowed(
        f"{by.post_name or '您的岗位'}没有编辑本事项的授权，请由实施主体的事项编辑岗办理。",
        details={"action": action, "item_code": item_code},
    )


def save_draft(draft: ItemDraft, *, by: Actor, now: datetime) -> Saved:
    """Save a draft version: of a new item, over the open draft, or as the next version of a published one.

    Saving what is already there changes nothing. Refuses a code that is no item code, a promise in another
    unit or longer than the statutory limit, and a post without mandate.
    """
    try:
        parse_item_code(draft.item_code)
    except IdentifierError as error:
        raise BadInput(error.sentence, fields={"item_code": error.sentence}) from error
    require(by, "catalogue.draft_item", draft.item_code, draft.body_code)
    values = storing.version_values(draft, now)
    with transaction.atomic(durable=True):
        item, is_new = ServiceItem.objects.get_or_create(
            implementation_code=draft.item_code,
            defaults={**storing.item_values(draft), "created_at": now},
        )
        ServiceItem.objects.select_for_update().get(pk=item.pk)
        latest = None if is_new else with_contents(item.versions.all()).order_by("-version_no").first()
        if latest is not None and draft_of(latest) == draft:
            return Saved(draft.item_code, latest.version_no, "unchanged")
        version = _draft_version(item, latest, values)
        _write(item, version, draft)
    return Saved(draft.item_code, version.version_no, "created" if is_new else "updated")


def _draft_version(item: ServiceItem, latest: ItemVersion | None, values: dict[str, object]) -> ItemVersion:
    """The open draft with these values, or a new one after the latest version."""
    if latest is not None and latest.state == VersionState.DRAFT:
        ItemVersion.objects.filter(pk=latest.pk).update(**values)
        return ItemVersion.objects.get(pk=latest.pk)
    number = latest.version_no + 1 if latest else 1
    return ItemVersion.objects.create(item=item, version_no=number, state=VersionState.DRAFT.value, **values)


def _write(item: ServiceItem, version: ItemVersion, draft: ItemDraft) -> None:
    ServiceItem.objects.filter(pk=item.pk).update(**storing.item_values(draft))
    storing.write_contents(version, draft)
    storing.write_aliases(item, draft.aliases)
    storing.index_items([item.pk])


def adjust(item_code: str, *, by: Actor, now: datetime) -> Saved:
    """Open the next version of an item as a draft with the words of the latest one, to be changed.

    Refuses an unknown item, and one whose draft is already open.
    """
    latest = versions_of(item_code)[-1]
    if latest.state == VersionState.DRAFT:
        raise WrongState(
            f"“{latest.name}”已经有一份草稿（第{latest.version_no}版），请在其中修改。", code="draft_open"
        )
    draft = draft_of(latest)
    require(by, "catalogue.adjust_item", item_code, draft.body_code)
    values = storing.version_values(draft, now)
    with transaction.atomic(durable=True):
        item = ServiceItem.objects.select_for_update().get(implementation_code=item_code)
        highest = item.versions.aggregate(highest=Max("version_no"))["highest"]
        if highest != latest.version_no:
            raise WrongState("别人刚刚打开了这个事项的草稿，请刷新后在其中修改。", code="draft_open")
        version = _draft_version(item, latest, values)
        _write(item, version, draft)
        journal.append(
            NewEntry(
                event=events.ADJUSTED.name,
                subject=item_code,
                body_code=draft.body_code,
                post_code=by.post_code,
                actor_kind=by.kind,
                effective_at=now,
                public={"name": draft.name, "version": version.version_no},
            )
        )
    return Saved(item_code, version.version_no, "updated")
