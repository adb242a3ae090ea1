"""A pack after reading: frozen values, and the file and line they come from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from liuquan.catalogue.types import PackElsewhere, PackItem
from liuquan.organisation.types import OrganisationData


@dataclass(frozen=True)
class Complaint:
    """One thing wrong in a pack: the file (relative to the pack), the line, one sentence."""

    file: str
    line: int
    sentence: str
    refuses: bool = True

    def __str__(self) -> str:
        return f"{self.file}:{self.line}：{self.sentence}"


@dataclass(frozen=True)
class PackSettings:
    """`pack.toml`. `yellow_share` is a share between 0 and 1 as text, `yellow_place` says whose it is."""

    name: str
    label: str
    site_name: str
    division: str
    demo_day: date
    yellow_share: str
    yellow_place: str
    number_patterns: dict[str, str]
    item_code_profile: str = "any"
    #: when a last day ends, when a filing after hours counts, and whose choice that is
    day_ends: str = "midnight"
    after_hours: str = "at_once"
    counting_place: str = ""


@dataclass(frozen=True)
class Place:
    """Where an item is written: the file and the item's index in it."""

    file: str
    index: int


@dataclass(frozen=True)
class Pack:
    """A pack as read. `places` has the place of each item, in the order of `items`."""

    folder: Path
    settings: PackSettings
    organisation: OrganisationData
    items: tuple[PackItem, ...]
    places: tuple[Place, ...]
    elsewhere: tuple[PackElsewhere, ...] = ()
    sections: Mapping[str, Mapping[str, Any]] = field(
        default_factory=dict
    )  #: of kinds of case, by their file

    @property
    def source(self) -> str:
        """The `source` of its rows in the database."""
        return f"pack:{self.settings.name}"
