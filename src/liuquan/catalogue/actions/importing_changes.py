"""What a list may change in an existing item: the columns it has, but nothing that an editor added."""

from __future__ import annotations

import dataclasses

from liuquan.catalogue.models import ItemVersion
from liuquan.catalogue.queries.versions import draft_of
from liuquan.catalogue.types import ItemDraft

SAID_BY_A_LIST = (
    "name",
    "item_type",
    "division_code",
    "body_code",
    "main_item",
    "source_body_code",
    "source_url",
)


def differs(draft: ItemDraft, version: ItemVersion) -> bool:
    """Whether the list differs from the latest version. Empty cells are ignored."""
    item = version.item
    said = [
        (draft.name, version.name),
        (draft.item_type.value, version.item_type),
        (draft.division_code, item.division_code),
        (draft.body_code, item.body_code),
        (draft.main_item, version.main_item),
        (draft.source_body_code, item.source_body_code),
        (draft.source_url, item.source_url),
    ]
    return any(new != old for new, old in said if new)


def changed_draft(draft: ItemDraft, version: ItemVersion) -> ItemDraft:
    """The content of the latest version, updated with the values of the list."""
    said = {field: getattr(draft, field) for field in SAID_BY_A_LIST if getattr(draft, field)}
    return dataclasses.replace(draft_of(version), **said)
