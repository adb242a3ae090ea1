"""Handing each new head of our log to its witnesses, and publishing what they sign.

A witness that is away is asked again after ever longer pauses (10 s to 10 min). What a witness says about our
log is believed when it speaks against us: it has seen more leaves than we have, or our tree is not the one it
knows. That is entered in the record and becomes a red finding here.

Standards: https://c2sp.org/tlog-witness
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from liuquan.journal import fetching, keys, shelf, witness_queries
from liuquan.journal.actions import cosignatures as actions
from liuquan.journal.fetching import Reply
from liuquan.journal.log_files import log_files
from liuquan.journal.types import CheckpointView
from liuquan.journal.witness_types import WitnessView
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
class Pushed:
    """How one witness answered; an empty `trouble` is a cosignature."""

    witness: str
    size: int
    trouble: str = ""


class _Trouble(Exception):
    def __init__(self, sentence: str, *, fault: str = "", size: int = 0) -> None:
        super().__init__(sentence)
        self.sentence, self.fault, self.size = sentence, fault, size


def push_all(*, now: datetime, waiting_too: bool = False) -> list[Pushed]:
    """Hand the newest head to every witness that has not seen it, and publish the signatures; `waiting_too`:
    also to those that failed a moment ago."""
    head = shelf.latest_checkpoint()
    if head is None:
        return []
    due = witness_queries.witnesses_due(now=None if waiting_too else now, size=head.size)
    done = [push(witness, head, now=now) for witness in due]
    actions.publish_cosigned(log_files())
    return done


def push(witness: WitnessView, head: CheckpointView, *, now: datetime) -> Pushed:
    """Hand one head to one witness; whatever goes wrong is noted with it, and tried again later."""
    try:
        note = _signed_by(witness, head)
        actions.keep_cosignatures(note, now=now)
    except _Trouble as trouble:
        actions.note_push(
            witness,
            size=head.size,
            now=now,
            trouble=trouble.sentence,
            fault=trouble.fault,
            witness_size=trouble.size,
        )
        return Pushed(witness.name, head.size, trouble.sentence)
    except (Unavailable, BadInput) as refusal:
        actions.note_push(witness, size=head.size, now=now, trouble=refusal.sentence)
        return Pushed(witness.name, head.size, refusal.sentence)
    return Pushed(witness.name, head.size)


def _signed_by(witness: WitnessView, head: CheckpointView) -> Note:
    """The head with the witness's cosignature. A witness that knows another size is asked once more."""
    note, old = parse_note(head.note), witness.size or 0
    reply = _handed(witness, head, old)
    if reply.status == 409 and reply.media_type == SIZE_TYPE:
        size = _size(reply)
        if size > head.size:
            raise _Trouble(
                f"见证方已见证到 {size} 个叶，本机只有 {head.size} 个：本机日志被回退，请核查备份恢复情况。",
                fault="behind",
                size=size,
            )
        if size != old:
            reply = _handed(witness, head, size)
    if reply.status in (409, 422):
        raise _Trouble(
            f"见证方不认可这个检查点（{reply.status}）：本机的日志与它所见不同，请核查。", fault="unproven"
        )
    if reply.status != 200:
        words = {403: "它没有登记本日志现行的公钥", 404: "它没有登记本日志", 429: "请求太密"}
        raise _Trouble(f"见证方没有签名（{reply.status}）：{words.get(reply.status, '请与对方核对')}。")
    try:
        cosigned = Note(note.text, parse_signatures(reply.content.decode()))
        own = [each.key for each in witness_queries.witnesses() if each.name == witness.name]
        if not cosigned.of(own):
            raise _Trouble("见证方的应答里没有它登记公钥的签名，请与对方核对公钥。")
    except (RecordError, UnicodeDecodeError) as error:
        raise _Trouble("见证方的应答不是有效的见证签名，请与对方核对。") from error
    return cosigned


def _handed(witness: WitnessView, head: CheckpointView, old: int) -> Reply:
    tree = TiledTree(keys.tree_hash(), head.size, log_files().fetch)
    try:
        path = consistency_path(tree, old, head.size)
    except RecordError as error:
        raise _Trouble(error.sentence) from error
    body = str(Advance(old, path, parse_note(head.note))).encode()
    return fetching.post(f"{witness.url}/add-checkpoint", body)


def _size(reply: Reply) -> int:
    text = reply.content[:24].decode("ascii", "replace").removesuffix("\n")
    if not text.isascii() or not text.isdigit() or len(text) > 19:
        raise _Trouble("见证方应答的叶数不是数字，请与对方核对。")
    return int(text)
