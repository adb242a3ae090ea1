"""A leaf: the envelope of one journal entry, as it is in the public log. It holds no personal datum.

The bytes are canonical JSON, so that anyone can write them again from the values and get the same hash.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from liuquan.merkle.commitments import canonical_json
from liuquan.merkle.errors import RecordError
from liuquan.merkle.strict_json import member, parse_object, refuse_other_members

VERSION: Final = 1
_HEX: Final = re.compile("[0-9a-f]{64}", re.ASCII)
_MOMENT: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z", re.ASCII)
_MEMBERS: Final = (
    "v",
    "number",
    "event",
    "vocabulary",
    "body",
    "effective_at",
    "recorded_at",
    "subject",
    "public",
    "private",
)


@dataclass(frozen=True)
class Leaf:
    """The part of an entry that is in the log.

    `subject` is a pseudonym of 32 bytes that stays the same for one case: with a plain hash of its number
    anyone could try all numbers. `public` and `private` are commitments to the entry's two sets of values;
    they are opened apart, and the private one can no longer be opened once its salt is erased.
    """

    number: uuid.UUID
    event: str
    vocabulary: int
    body: str
    effective_at: datetime
    recorded_at: datetime
    subject: bytes
    public: bytes
    private: bytes

    def __post_init__(self) -> None:
        if any(len(value) != 32 for value in (self.subject, self.public, self.private)):
            raise RecordError("format", "记录的对象和承诺值应各为 32 字节。")
        if self.effective_at.tzinfo is None or self.recorded_at.tzinfo is None:
            raise ValueError("moments are aware")

    def values(self) -> dict[str, Any]:
        """The leaf as JSON values."""
        return {
            "v": VERSION,
            "number": str(self.number),
            "event": self.event,
            "vocabulary": self.vocabulary,
            "body": self.body,
            "effective_at": _moment_text(self.effective_at),
            "recorded_at": _moment_text(self.recorded_at),
            "subject": self.subject.hex(),
            "public": self.public.hex(),
            "private": self.private.hex(),
        }

    def content(self) -> bytes:
        """The bytes that are hashed into the tree and stored in the entry bundles."""
        return canonical_json(self.values())


def parse_leaf(content: bytes) -> Leaf:
    """Read the bytes of a leaf. Refuses any that `Leaf.content` would not have written."""
    leaf = leaf_from(parse_object(content, "记录"))
    if leaf.content() != content:
        raise RecordError("format", "记录的写法不规范：由其内容重新写出的字节不同。")
    return leaf


def leaf_from(values: Mapping[str, Any]) -> Leaf:
    """A leaf from JSON values. Refuses a missing, further or wrong member."""
    refuse_other_members(values, _MEMBERS, "记录")
    if member(values, "v", int, "记录") != VERSION:
        raise RecordError("format", "记录的格式版本较新，请使用新版核验程序。")
    try:
        number = uuid.UUID(member(values, "number", str, "记录"))
    except ValueError as error:
        raise RecordError("format", "记录编号写法不对，请完整复制。") from error
    leaf = Leaf(
        number=number,
        event=member(values, "event", str, "记录"),
        vocabulary=member(values, "vocabulary", int, "记录"),
        body=member(values, "body", str, "记录"),
        effective_at=_moment(values, "effective_at"),
        recorded_at=_moment(values, "recorded_at"),
        subject=_digest(values, "subject"),
        public=_digest(values, "public"),
        private=_digest(values, "private"),
    )
    if leaf.values() != values:
        raise RecordError("format", "记录编号写法不规范，请完整复制。")
    return leaf


def _moment_text(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _moment(values: Mapping[str, Any], key: str) -> datetime:
    text = member(values, key, str, "记录")
    try:
        if _MOMENT.fullmatch(text):
            return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)
    except ValueError:
        pass
    raise RecordError("format", "记录的时刻写法不对，请完整复制。")


def _digest(values: Mapping[str, Any], key: str) -> bytes:
    text = member(values, key, str, "记录")
    if not _HEX.fullmatch(text):
        raise RecordError("format", "记录的对象或承诺值应为 64 个小写十六进制字符，请完整复制。")
    return bytes.fromhex(text)
