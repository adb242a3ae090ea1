"""Receipts: everything a person needs to check one entry without asking the office again.

A `.receipt.json` holds the entry as it is in the log, the opening of its commitments as far as the holder
may know them, the path to the root, and the signed checkpoint with its cosignatures.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from liuquan.merkle.base64 import decode, encode
from liuquan.merkle.checkpoints import Checkpoint, parse_checkpoint
from liuquan.merkle.commitments import Opening
from liuquan.merkle.errors import MAX_SIZE, RecordError
from liuquan.merkle.hashing import HASH_BYTES
from liuquan.merkle.leaves import Leaf, leaf_from
from liuquan.merkle.notes import Note, parse_note
from liuquan.merkle.strict_json import MAX_BYTES, member, parse_object, refuse_other_members

KIND: Final = "liuquan.receipt"
VERSION: Final = 1
MAX_PATH: Final = 63
MAX_RECEIPT: Final = MAX_BYTES  #: bytes of a receipt's text
PARTS: Final = ("public", "private")  #: the commitments of a leaf that can be opened
_WHAT: Final = "凭证"
_SALT: Final = re.compile("[0-9a-f]{64}", re.ASCII)
_MEMBERS: Final = ("kind", "version", "index", "entry", "openings", "path", "checkpoint")


@dataclass(frozen=True)
class Receipt:
    """A receipt for the entry at `index` (from 0) of the log."""

    index: int
    leaf: Leaf
    path: tuple[bytes, ...]
    note: Note  #: the signed checkpoint
    openings: Mapping[str, Opening] = field(default_factory=dict)  #: by commitment: `public`, `private`

    def __post_init__(self) -> None:
        if not 0 <= self.index < MAX_SIZE:
            raise RecordError("format", "凭证中的记录位置不对，请重新下载。")
        if len(self.path) > MAX_PATH or any(len(step) != HASH_BYTES for step in self.path):
            raise RecordError("format", "凭证中的证明路径不对，请重新下载。")
        if not set(self.openings) <= set(PARTS):
            raise RecordError("format", "凭证打开了不认识的承诺，请使用新版核验程序。")
        _ = self.checkpoint.hash

    @property
    def checkpoint(self) -> Checkpoint:
        """The head that the path leads to; its signatures are not checked here."""
        return parse_checkpoint(self.note.text)

    def __str__(self) -> str:
        """As a `.receipt.json` file. The same receipt always gives the same text."""
        openings = {
            part: {"salt": opening.salt.hex(), "values": opening.values}
            for part, opening in sorted(self.openings.items())
        }
        values = {
            "kind": KIND,
            "version": VERSION,
            "index": self.index,
            "entry": self.leaf.values(),
            "openings": openings,
            "path": [encode(step) for step in self.path],
            "checkpoint": str(self.note),
        }
        return json.dumps(values, ensure_ascii=False, indent=1) + "\n"


def parse_receipt(text: str | bytes) -> Receipt:
    """Read a receipt. Refuses anything that is not one, with a sentence; proves nothing yet."""
    values = parse_object(text, _WHAT)
    if values.get("kind") != KIND:
        raise RecordError("format", "这个文件不是核验凭证，请选择与文书一同下载的 .receipt.json 文件。")
    if member(values, "version", int, _WHAT) != VERSION:
        raise RecordError("format", "凭证的格式版本较新，请使用新版核验程序。")
    refuse_other_members(values, _MEMBERS, _WHAT)
    steps = member(values, "path", list, _WHAT)
    if not all(isinstance(step, str) for step in steps):
        raise RecordError("format", "凭证中的证明路径不对，请重新下载。")
    openings = member(values, "openings", dict, _WHAT)
    return Receipt(
        index=member(values, "index", int, _WHAT),
        leaf=leaf_from(member(values, "entry", dict, _WHAT)),
        path=tuple(decode(step, "证明路径") for step in steps),
        note=parse_note(member(values, "checkpoint", str, _WHAT)),
        openings={part: _parse_opening(opening) for part, opening in openings.items()},
    )


def _parse_opening(values: Any) -> Opening:
    if not isinstance(values, dict):
        raise RecordError("format", "凭证中的承诺打开值不对，请重新下载。")
    refuse_other_members(values, ("salt", "values"), _WHAT)
    salt = member(values, "salt", str, _WHAT)
    if not _SALT.fullmatch(salt):
        raise RecordError("format", "凭证中的盐应为 64 个小写十六进制字符，请重新下载。")
    return Opening(bytes.fromhex(salt), member(values, "values", dict, _WHAT))
