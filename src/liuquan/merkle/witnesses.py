"""The rules by which a log may grow: for the sealer before it signs, for a witness before it cosigns.

Nothing is stored or fetched here. Whoever uses these rules must take its last known head and put the new one
in its place in one step, or two requests at once could roll it back.

Standards: https://c2sp.org/tlog-witness
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from liuquan.merkle.base64 import decode, encode
from liuquan.merkle.checkpoints import Checkpoint
from liuquan.merkle.errors import RecordError
from liuquan.merkle.notes import Note, parse_note
from liuquan.merkle.proofs import check_consistency

_OLD: Final = re.compile("old (0|[1-9][0-9]{0,18})", re.ASCII)
MAX_PATH: Final = 63  #: hashes of a consistency proof that a witness takes


def check_advance(known: Checkpoint | None, offered: Checkpoint, path: Sequence[bytes]) -> None:
    """Refuse unless `offered` continues `known`: the log only grew. None: nothing is known yet.

    `fault` says which wrong it is: ``origin`` another log, ``rewind`` fewer leaves than before, ``fork`` as
    many leaves but another root, or another hash, ``proof`` the old leaves are not the beginning of the new.
    """
    if known is None:
        if path:
            raise RecordError("proof", "首次见证一个日志时一致性证明应当为空。")
        return
    if offered.origin != known.origin:
        raise RecordError("origin", f"这是日志“{offered.origin}”的检查点，不是“{known.origin}”的，请核对。")
    if offered.hash is not known.hash:
        raise RecordError("fork", "日志的杂凑算法与此前不同：不是同一棵树。")
    if offered.size < known.size:
        raise RecordError(
            "rewind", f"检查点只有 {offered.size} 个叶，少于已知的 {known.size} 个：日志被回退。"
        )
    check_consistency(
        known.hash,
        old_size=known.size,
        old_root=known.root,
        new_size=offered.size,
        new_root=offered.root,
        path=path,
    )


@dataclass(frozen=True)
class Advance:
    """What a log sends to a witness: from which size, the consistency proof, and the signed checkpoint."""

    old_size: int
    path: tuple[bytes, ...]
    note: Note

    def __str__(self) -> str:
        lines = "".join(f"{encode(step)}\n" for step in self.path)
        return f"old {self.old_size}\n{lines}\n{self.note}"


def parse_advance(text: str | bytes) -> Advance:
    """Read the body of `add-checkpoint`. Refuses anything else."""
    if isinstance(text, bytes):
        try:
            text = text.decode()
        except UnicodeDecodeError as error:
            raise RecordError("format", "见证请求不是 UTF-8 文本。") from error
    head, separator, note = text.partition("\n\n")
    first, *steps = head.split("\n")
    old = _OLD.fullmatch(first)
    if old is None or not separator:
        raise RecordError("format", "见证请求应以“old 叶数”开头，其后为一致性证明、空行和检查点。")
    if len(steps) > MAX_PATH:
        raise RecordError("format", f"一致性证明最多 {MAX_PATH} 行。")
    return Advance(int(old[1]), tuple(decode(step, "一致性证明") for step in steps), parse_note(note))
