"""Checkpoints: the head of a log, signed by it and cosigned by witnesses.

Text: the log's name (origin), the number of leaves, the root in base 64; then lines of extension. We use one
extension, and only in a log over SM3, to say so under the signature; a log over SHA-256 has none and is read
by any C2SP program.

Standards: https://c2sp.org/tlog-checkpoint
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from liuquan.merkle.base64 import decode, encode
from liuquan.merkle.errors import MAX_SIZE, RecordError
from liuquan.merkle.hashing import HASH_BYTES, SHA256, TreeHash, tree_hash
from liuquan.merkle.keys import Signer, VerifierKey
from liuquan.merkle.notes import Note, parse_note

_DECIMAL: Final = re.compile("0|[1-9][0-9]{0,18}", re.ASCII)
_HASH_LINE: Final = "liuquan/tree-hash "


@dataclass(frozen=True)
class Checkpoint:
    """The head of the log named `origin` when it had `size` leaves."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        lines = (self.origin, *self.extensions)
        if not all(lines) or any(c < " " for line in lines for c in line):
            raise RecordError("format", "检查点的日志名称和扩展行不能为空，也不能含控制字符。")
        if not 0 <= self.size <= MAX_SIZE or len(self.root) != HASH_BYTES:
            raise RecordError("format", "检查点的叶数或根不对，请重新获取。")
        if self.size == 0 and self.root != self.hash.empty():
            raise RecordError("format", "空日志的根不对，请重新获取。")

    @property
    def hash(self) -> TreeHash:
        """The tree's hash, as the signed text says."""
        named = [line.removeprefix(_HASH_LINE) for line in self.extensions if line.startswith(_HASH_LINE)]
        if len(named) > 1:
            raise RecordError("format", "检查点写了两种杂凑算法，请重新获取。")
        return tree_hash(named[0]) if named else SHA256

    @property
    def text(self) -> str:
        lines = (self.origin, str(self.size), encode(self.root), *self.extensions)
        return "".join(f"{line}\n" for line in lines)

    def signed(self, signer: Signer) -> Note:
        """The checkpoint as a note signed by the log."""
        if signer.key.algorithm.timestamped or signer.key.name != self.origin:
            raise ValueError("a log signs with its own key, which has the log's name")
        return Note(self.text).signed(signer)


@dataclass(frozen=True)
class Cosigned:
    """A witness's statement that it saw this head as the log's latest at this moment."""

    key: VerifierKey
    at: datetime


@dataclass(frozen=True)
class OpenedCheckpoint:
    """A checkpoint whose signatures were checked."""

    checkpoint: Checkpoint
    note: Note
    signed_by: tuple[VerifierKey, ...]  #: the log's keys that signed: at least one
    cosigned: tuple[Cosigned, ...]  #: the known witnesses that cosigned, each once


def checkpoint_of(hash: TreeHash, *, origin: str, size: int, root: bytes) -> Checkpoint:
    """The checkpoint of a tree over this hash."""
    extensions = () if hash is SHA256 else (f"{_HASH_LINE}{hash.name}",)
    return Checkpoint(origin, size, root, extensions)


def parse_checkpoint(text: str) -> Checkpoint:
    """Read a checkpoint's text (a note's, without signatures). Refuses any other spelling of the same."""
    lines = text.split("\n")
    if len(lines) < 4 or lines[-1]:
        raise RecordError("format", "检查点至少应有日志名称、叶数和根三行，请重新获取。")
    origin, size, root, *extensions = lines[:-1]
    if not _DECIMAL.fullmatch(size):
        raise RecordError("format", "检查点的叶数不是规范的十进制数，请重新获取。")
    return Checkpoint(origin, int(size), decode(root, "检查点的根"), tuple(extensions))


def open_checkpoint(
    text: str | bytes | Note, *, log_keys: Iterable[VerifierKey], witnesses: Iterable[VerifierKey] = ()
) -> OpenedCheckpoint:
    """Check the signatures of a checkpoint. Refuses one that no key of the log signed, or a forged line.

    A key of the log counts only for the log of its own name.
    """
    note = text if isinstance(text, Note) else parse_note(text)
    checkpoint = parse_checkpoint(note.text)
    own = [key for key in log_keys if not key.algorithm.timestamped]
    others = [key for key in witnesses if key.algorithm.timestamped]
    found = note.of([*(key for key in own if key.name == checkpoint.origin), *others])
    signed_by = tuple(key for key in found if not key.algorithm.timestamped)
    if not signed_by:
        raise RecordError(
            "signature",
            f"检查点没有日志“{checkpoint.origin}”受信任的密钥的签名，请核对公钥是否为该日志现行公钥。",
        )
    moments = ((key, key.signed_at(signature.value)) for key, signature in found.items())
    cosigned = tuple(Cosigned(key, at) for key, at in moments if at is not None)
    return OpenedCheckpoint(checkpoint, note, signed_by, cosigned)
