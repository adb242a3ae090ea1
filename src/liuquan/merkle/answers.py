"""The answer on a document and its receipt: each check with its answer, all of them, then yes or no.

Every check is made even when an earlier one fails, because the failed ones together show what happened: a
changed document, a changed receipt, or a log that was changed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Final

from liuquan.merkle.attachments import detach_receipt
from liuquan.merkle.checkpoints import Checkpoint, OpenedCheckpoint
from liuquan.merkle.errors import RecordError
from liuquan.merkle.hashing import SHA256, SM3
from liuquan.merkle.notes import Note
from liuquan.merkle.proofs import check_inclusion
from liuquan.merkle.receipts import Receipt
from liuquan.merkle.trust import Trust
from liuquan.merkle.witnesses import Advance, check_advance

_BEIJING: Final = timezone(timedelta(hours=8))
_DIGESTS: Final = {hash.name: hash for hash in (SHA256, SM3)}  #: values of an opening that name a document


@dataclass(frozen=True)
class Check:
    """One check: what was checked, its answer (None: not asked for, or not possible), and why."""

    name: str
    passed: bool | None
    sentence: str


@dataclass(frozen=True)
class Answer:
    """The checks and the answer."""

    checks: tuple[Check, ...]

    @property
    def passed(self) -> bool:
        return all(check.passed is not False for check in self.checks)

    @property
    def sentence(self) -> str:
        if self.passed:
            return "核验通过。"
        failed = "、".join(check.name for check in self.checks if check.passed is False)
        return f"核验不通过：{failed}不符。"


def verify(
    receipt: Receipt,
    trust: Trust,
    *,
    document: bytes | None = None,
    seen: Note | None = None,
    advance: Advance | None = None,
    moved: timedelta = timedelta(),
) -> Answer:
    """Check a receipt, and the document it is for, against the keys one trusts.

    `seen`: a checkpoint of the same log known from elsewhere (a newspaper, a notice board, an earlier paper);
    `advance`: the proof that the smaller of the two heads is the beginning of the larger; `moved`: by how
    much the reader's clock differs from that of the log, where a demo plays another day.
    """
    checks = []
    if document is not None:
        checks.append(_answer("文书", lambda: _document(receipt, document)))
    checks += [
        _answer("承诺", lambda: _openings(receipt)),
        _answer("入册", lambda: _inclusion(receipt, moved)),
        _answer("签名", lambda: _signature(receipt, trust)),
        _answer("见证", lambda: _witnesses(receipt, trust)),
    ]
    if seen is not None:
        checks.append(_answer("历史", lambda: _history(receipt.checkpoint, trust, seen, advance)))
    return Answer(tuple(checks))


def _answer(name: str, ask: Callable[[], tuple[bool | None, str]]) -> Check:
    try:
        passed, sentence = ask()
    except RecordError as refused:
        return Check(name, False, refused.sentence)
    return Check(name, passed, sentence)


def _document(receipt: Receipt, document: bytes) -> tuple[bool, str]:
    """The hash of the document as issued is among the values that the receipt opens."""
    content, _ = detach_receipt(document)
    named = [
        (hash, opening.values[name])
        for opening in receipt.openings.values()
        for name, hash in _DIGESTS.items()
        if name in opening.values
    ]
    if not named:
        return False, "凭证没有写明文书的杂凑值，不能证明是这份文书，请重新下载凭证。"
    if all(hash.digest(content).hex() == digest for hash, digest in named):
        return True, "文书与入册时逐字节相同。"
    return False, "文书与入册的不同：文书被改动过，或者凭证属于另一份文书。"


def _openings(receipt: Receipt) -> tuple[bool | None, str]:
    """Each opening gives the commitment in the entry."""
    if not receipt.openings:
        return None, "凭证没有打开承诺，只能证明有这条记录，不能证明其内容。"
    of_leaf = {"public": receipt.leaf.public, "private": receipt.leaf.private}
    if all(opening.commitment() == of_leaf[part] for part, opening in receipt.openings.items()):
        return True, "凭证写明的内容与记录中的承诺值相符。"
    return False, "凭证写明的内容与记录中的承诺值不符：凭证被改动过。"


def _inclusion(receipt: Receipt, moved: timedelta) -> tuple[bool, str]:
    head = receipt.checkpoint
    check_inclusion(
        head.hash,
        leaf_hash=head.hash.leaf(receipt.leaf.content()),
        index=receipt.index,
        size=head.size,
        path=receipt.path,
        root=head.root,
    )
    at = beijing(receipt.leaf.recorded_at + moved)
    return True, f"记录在日志第 {receipt.index + 1} 位（共 {head.size} 条），入册时间 {at}。"


def _signature(receipt: Receipt, trust: Trust) -> tuple[bool, str]:
    opened = trust.open(receipt.note)
    return True, f"检查点由日志“{opened.checkpoint.origin}”的密钥签名。"


def _witnesses(receipt: Receipt, trust: Trust) -> tuple[bool | None, str]:
    if not trust.witnesses:
        return None, "没有给出见证方公钥，未核对见证。"
    opened = trust.open(receipt.note)
    named = _named(opened)
    count = len(opened.cosigned)
    if not trust.has_quorum(opened):
        return False, f"要求 {trust.quorum} 个见证方，只有 {count} 个有效见证{named}。"
    return True, f"{len(trust.witnesses)} 个见证方中有 {count} 个见证（要求 {trust.quorum} 个）{named}。"


def _history(head: Checkpoint, trust: Trust, seen: Note, advance: Advance | None) -> tuple[bool | None, str]:
    """The receipt's head and the one seen elsewhere belong to one history."""
    other = trust.open(seen).checkpoint
    small, large = sorted((head, other), key=lambda checkpoint: checkpoint.size)
    path: Sequence[bytes] = ()
    if small.size != large.size:
        if small.origin == large.origin and advance is None:
            return None, f"两个检查点大小不同（{small.size} 与 {large.size}），没有给出一致性证明，未能比较。"
        if advance is not None:
            if (advance.old_size, advance.note.text) != (small.size, large.text):
                return False, "一致性证明不是这两个检查点之间的，请重新获取。"
            path = advance.path
    check_advance(small, large, path)
    return True, f"与另行取得的检查点（{other.size} 个叶）同属一部历史。"


def _named(opened: OpenedCheckpoint) -> str:
    if not opened.cosigned:
        return ""
    return "：" + "；".join(f"{each.key.name}（{beijing(each.at)}）" for each in opened.cosigned)


def beijing(at: datetime) -> str:
    """A moment in Beijing time, as the sentences show it."""
    return at.astimezone(_BEIJING).strftime("%Y-%m-%d %H:%M:%S")
