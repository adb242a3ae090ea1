"""Handing each new head of our log to its witnesses, and publishing what they sign.

A witness that does not answer is asked again after ever longer pauses (10 s to 10 min). When a witness
objects to our log (it has seen more leaves than we have, or our tree is not the one it knows), that is
entered in the record and becomes a red finding here.

Standards: https://c2sp.org/tlog-witness
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from liuquan.journal.log import keys, stored_leaves
from liuquan.journal.log.files import log_files
from liuquan.journal.log.types import CheckpointView
from liuquan.journal.witness import http_client, queries
from liuquan.journal.witness.actions import cosignatures as actions
from liuquan.journal.witness.http_client import Reply
from liuquan.journal.witness.types import WitnessView
from liuquan.kernel.refusals import BadInput, Unavailable
from liuquan.merkle import (
    Advance,
    Note,
    RecordError,
    TiledTree,
    consistency_path,
    parse_note,
    parse_signatures,
)

SIZE_TYPE = "text/x.tlog.size"


@dataclass(frozen=True)
class PushResult:
    """How one witness answered; an empty `trouble` is a cosignature."""

    witness: str
    size: int
    trouble: str = ""


class _PushFailed(Exception):
    def __init__(self, sentence: str, *, fault: str = "", size: int = 0) -> None:
        super().__init__(sentence)
        self.sentence, self.fault, self.size = sentence, fault, size


def push_all(*, now: datetime, include_paused: bool = False) -> list[PushResult]:
    """Hand the newest head to every witness that has not seen it, and publish the signatures; with
    `include_paused` also to those that failed a moment ago."""
    head = stored_leaves.latest_checkpoint()
    if head is None:
        return []
    due = queries.witnesses_due(now=None if include_paused else now, size=head.size)
    done = [push(witness, head, now=now) for witness in due]
    actions.publish_cosigned(log_files())
    return done


def push(witness: WitnessView, head: CheckpointView, *, now: datetime) -> PushResult:
    """Hand one head to one witness; a failure is kept with the witness, and tried again later."""
    try:
        note = _cosigned_by(witness, head)
        actions.store_cosignatures(note, now=now)
    except _PushFailed as failure:
        actions.record_push(
            witness,
            size=head.size,
            now=now,
            trouble=failure.sentence,
            fault=failure.fault,
            witness_size=failure.size,
        )
        return PushResult(witness.name, head.size, failure.sentence)
    except (Unavailable, BadInput) as refusal:
        actions.record_push(witness, size=head.size, now=now, trouble=refusal.sentence)
        return PushResult(witness.name, head.size, refusal.sentence)
    return PushResult(witness.name, head.size)


def _cosigned_by(witness: WitnessView, head: CheckpointView) -> Note:
    """The head with the witness's cosignature. A witness that knows another size is asked once more."""
    note, old = parse_note(head.note), witness.size or 0
    reply = _add_checkpoint(witness, head, old)
    if reply.status == 409 and reply.media_type == SIZE_TYPE:
        size = _size_in(reply)
        if size > head.size:
            raise _PushFailed(
                f"见证方已见证到 {size} 个叶，本机只有 {head.size} 个：本机日志被回退，请核查备份恢复情况。",
                fault="behind",
                size=size,
            )
        if size != old:
            reply = _add_checkpoint(witness, head, size)
    if reply.status in (409, 422):
        raise _PushFailed(
            f"见证方不认可这个检查点（{reply.status}）：本机的日志与它所见不同，请核查。", fault="unproven"
        )
    if reply.status != 200:
        words = {403: "它没有登记本日志现行的公钥", 404: "它没有登记本日志", 429: "请求太密"}
        raise _PushFailed(f"见证方没有签名（{reply.status}）：{words.get(reply.status, '请与对方核对')}。")
    try:
        cosigned = Note(note.text, parse_signatures(reply.content.decode()))
        own = [each.key for each in queries.witnesses() if each.name == witness.name]
        if not cosigned.of(own):
            raise _PushFailed("见证方的应答里没有它登记公钥的签名，请与对方核对公钥。")
    except (RecordError, UnicodeDecodeError) as error:
        raise _PushFailed("见证方的应答不是有效的见证签名，请与对方核对。") from error
    return cosigned


def _add_checkpoint(witness: WitnessView, head: CheckpointView, old: int) -> Reply:
    tree = TiledTree(keys.tree_hash(), head.size, log_files().fetch)
    try:
        path = consistency_path(tree, old, head.size)
    except RecordError as error:
        raise _PushFailed(error.sentence) from error
    body = str(Advance(old, path, parse_note(head.note))).encode()
    return http_client.post(f"{witness.url}/add-checkpoint", body)


def _size_in(reply: Reply) -> int:
    text = reply.content[:24].decode("ascii", "replace").removesuffix("\n")
    if not text.isascii() or not text.isdigit() or len(text) > 19:
        raise _PushFailed("见证方应答的叶数不是数字，请与对方核对。")
    return int(text)
