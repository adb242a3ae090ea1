"""What is announced before a draw and what is kept of it: values only, with all that recomputing needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from typing import Any

from liuquan.draw.canonical import digest_of
from liuquan.draw.exclusions import Exclusion, Rule
from liuquan.draw.pool import Opening, Row
from liuquan.draw.profiles import Profile, profile_named
from liuquan.draw.refusals import DrawRefused
from liuquan.draw.seed import PartyCommitment

FORMAT = "liuquan-draw/1"


@dataclass(frozen=True)
class Announcement:
    """All that is fixed before the seed exists. Once its hash is in the log, nothing in it can change.

    `checkpoint_after`: the first checkpoint of log `log_origin` at or after this moment goes into the seed.
    """

    number: str
    purpose: str
    profile: str
    take: int
    pool_size: int
    pool_hash: str
    rules_hash: str
    exclusions_hash: str
    eligible: int
    parties: tuple[PartyCommitment, ...]
    log_origin: str
    checkpoint_after: datetime

    @property
    def hash(self) -> str:
        """The hash to enter in the log before anybody reveals anything."""
        return digest_of(profile_named(self.profile), "announcement", announcement_values(self))


@dataclass(frozen=True)
class Prepared:
    """A draw announced and not yet made. No identity is in it: all of it may be published."""

    announcement: Announcement
    rows: tuple[Row, ...]
    rules: tuple[Rule, ...]
    exclusions: tuple[Exclusion, ...]


@dataclass(frozen=True)
class Replacement:
    """A replacement: who left, on which ground (in words, without a name), and who came next in the
    sequence."""

    out: str
    ground: str
    incoming: str


@dataclass(frozen=True)
class DrawRecord:
    """A draw as made: what was announced, what was revealed, who was drawn, and what has been opened since.

    `log_position` is the announcement's place in the log, if it is given: the checkpoint must lie behind it.
    """

    announcement: Announcement
    rows: tuple[Row, ...]
    rules: tuple[Rule, ...]
    exclusions: tuple[Exclusion, ...]
    nonces: Mapping[str, bytes]
    checkpoint: str
    checkpoint_at: datetime
    log_position: int | None
    selected: tuple[str, ...]
    replacements: tuple[Replacement, ...] = ()
    openings: tuple[Opening, ...] = field(default=(), repr=False)

    @property
    def members(self) -> tuple[str, ...]:
        """The present members: the selected, with each replaced member exchanged for the replacement."""
        now = list(self.selected)
        for one in self.replacements:
            now[now.index(one.out)] = one.incoming
        return tuple(now)


def rules_hash(rules: tuple[Rule, ...], profile: Profile) -> str:
    """Hash of the rules in their order."""
    return digest_of(profile, "rules", [plain(rule) for rule in rules])


def exclusions_hash(exclusions: tuple[Exclusion, ...], profile: Profile) -> str:
    """Hash of every exclusion with its reason."""
    return digest_of(profile, "exclusions", [plain(one) for one in exclusions])


def announcement_values(announcement: Announcement) -> dict[str, Any]:
    """The announcement as plain values, in the form that is hashed and published."""
    values = plain(announcement)
    values["parties"] = [plain(one) for one in announcement.parties]
    values["checkpoint_after"] = moment_text(announcement.checkpoint_after)
    return {"format": FORMAT, **values}


def plain(value: Any) -> dict[str, Any]:
    """A flat dataclass as plain values; tuples become lists."""
    found = {one.name: getattr(value, one.name) for one in fields(value)}
    return {key: list(inner) if isinstance(inner, tuple) else inner for key, inner in found.items()}


def moment_text(moment: datetime) -> str:
    """`2026-03-20T01:00:00Z`. Refused: a moment without zone or with a fraction of a second."""
    if moment.tzinfo is None or moment.microsecond:
        raise DrawRefused("time", "公告中的时间须带时区且精确到秒：请重新填写。")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
