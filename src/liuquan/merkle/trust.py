"""What a person who checks trusts: the log's keys, the witnesses, and how many of them must have cosigned.

A key that was replaced stays good for the checkpoints it could sign while it was in use, and for no later
ones: `until_size` is the number of leaves at its last checkpoint. Leaves are counted, not days, because the
number of leaves is what a checkpoint signs.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from liuquan.merkle.checkpoints import OpenedCheckpoint, open_checkpoint
from liuquan.merkle.errors import MAX_SIZE, RecordError
from liuquan.merkle.keys import VerifierKey, parse_key
from liuquan.merkle.notes import Note
from liuquan.merkle.strict_json import member, parse_object, refuse_other_members

KIND: Final = "liuquan.trust"
VERSION: Final = 1
_WHAT: Final = "信任文件"


@dataclass(frozen=True)
class TrustedKey:
    """A key of the log and the sizes of tree for which its signature counts."""

    key: VerifierKey
    from_size: int = 0
    until_size: int = MAX_SIZE

    def covers(self, size: int) -> bool:
        return self.from_size <= size <= self.until_size

    def values(self) -> dict[str, str | int]:
        """As JSON values, without sizes that say nothing."""
        sizes = (("from_size", self.from_size, 0), ("until_size", self.until_size, MAX_SIZE))
        return {"key": self.key.text, **{name: size for name, size, none in sizes if size != none}}


@dataclass(frozen=True)
class Trust:
    """The log's keys, the witnesses, and the quorum: so many of the witnesses must have cosigned."""

    log: tuple[TrustedKey, ...]
    witnesses: tuple[VerifierKey, ...] = ()
    quorum: int = 0

    def __post_init__(self) -> None:
        if not self.log or any(trusted.key.algorithm.timestamped for trusted in self.log):
            raise RecordError("format", "至少要有一个日志公钥；见证公钥不能当作日志公钥。")
        if not all(key.algorithm.timestamped for key in self.witnesses):
            raise RecordError("format", "见证公钥应为带时间戳的见证算法，日志公钥不能当作见证公钥。")
        own = {trusted.key.public for trusted in self.log}
        if len({key.public for key in self.witnesses} | own) != len(self.witnesses) + len(own):
            raise RecordError(
                "format", "同一公钥只能算作一个见证方，日志自己的公钥不能见证，请删除重复的公钥。"
            )
        if not 0 <= self.quorum <= len(self.witnesses):
            raise RecordError(
                "format", f"要求 {self.quorum} 个见证，但只列出 {len(self.witnesses)} 个见证公钥，请补齐。"
            )

    def open(self, text: str | bytes | Note) -> OpenedCheckpoint:
        """Check a checkpoint's signatures. Refuses one signed only by a key not in use at its size.

        The quorum is not judged here: see `has_quorum`.
        """
        opened = open_checkpoint(
            text, log_keys=[trusted.key for trusted in self.log], witnesses=self.witnesses
        )
        size = opened.checkpoint.size
        if not any(trusted.key in opened.signed_by and trusted.covers(size) for trusted in self.log):
            raise RecordError(
                "signature", f"检查点（{size} 个叶）由当时不在使用期的密钥签名：停用的密钥不能签新的检查点。"
            )
        return opened

    def __str__(self) -> str:
        """As a trust file. The same trust always gives the same text."""
        values = {
            "kind": KIND,
            "version": VERSION,
            "quorum": self.quorum,
            "log": [trusted.values() for trusted in self.log],
            "witnesses": [key.text for key in self.witnesses],
        }
        return json.dumps(values, ensure_ascii=False, indent=1) + "\n"

    def has_quorum(self, opened: OpenedCheckpoint) -> bool:
        """Whether enough of the witnesses cosigned. One that changes its key is there with two under one
        name, and counts once."""
        return len({cosigned.key.name for cosigned in opened.cosigned}) >= self.quorum


def parse_trust(text: str | bytes) -> Trust:
    """Read a trust file. Refuses anything else, and keys that are not written right."""
    values = parse_object(text, _WHAT)
    if values.get("kind") != KIND or member(values, "version", int, _WHAT) != VERSION:
        raise RecordError("format", "这个文件不是信任文件，或者格式版本较新。")
    refuse_other_members(values, ("kind", "version", "log", "witnesses", "quorum"), _WHAT)
    return Trust(
        log=tuple(_trusted(each) for each in member(values, "log", list, _WHAT)),
        witnesses=tuple(parse_key(_text(each)) for each in member(values, "witnesses", list, _WHAT)),
        quorum=member(values, "quorum", int, _WHAT),
    )


def _trusted(values: Any) -> TrustedKey:
    if not isinstance(values, Mapping):
        raise RecordError("format", "信任文件中的日志公钥应写作对象，含 key、from_size、until_size。")
    refuse_other_members(values, ("key", "from_size", "until_size"), _WHAT)
    sizes = {key: member(values, key, int, _WHAT) for key in ("from_size", "until_size") if key in values}
    return TrustedKey(parse_key(member(values, "key", str, _WHAT)), **sizes)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise RecordError("format", "信任文件中的见证公钥应为文字。")
    return value
