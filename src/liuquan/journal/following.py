"""Watching another office's log by its public address: fetch its head, prove it from its own tiles, cosign.

So two offices can witness one another when only one of them can be reached: the one that reaches out fetches
heads and hands the cosignatures over. The head goes through the same rules as one that was handed in
(`actions.witnessing.cosign`). Nothing that comes from outside is believed: tiles are only what a proof is
made of, and a proof that does not hold is refused.

Standards: https://c2sp.org/tlog-tiles
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from liuquan.journal import fetching, keys, witness_queries
from liuquan.journal.actions import witnessing as actions
from liuquan.journal.witness_types import KnownLogView
from liuquan.journal.witnessing import MISDEEDS, Misdeed, WitnessRefusal, log_id
from liuquan.kernel.refusals import BadInput, NotVisible, Unavailable
from liuquan.merkle import (
    HASH_BYTES,
    WIDTH,
    Advance,
    Checkpoint,
    Note,
    RecordError,
    TiledTree,
    Trust,
    consistency_path,
    parse_note,
)

TILE_BYTES = WIDTH * HASH_BYTES
PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(minutes=30)


@dataclass(frozen=True)
class Followed:
    """How one look at a log went. `misdeed`: its head was refused as evidence."""

    origin: str
    size: int
    sentence: str
    cosigned: bool = False
    misdeed: Misdeed | None = None


@dataclass(frozen=True)
class Compared:
    """What another witness has seen of a log, beside what we have."""

    url: str
    size: int | None
    sentence: str
    misdeed: Misdeed | None = None


def follow_all(*, now: datetime, waiting_too: bool = False) -> list[Followed]:
    """Look at every known log whose address we have and whose turn it is; or at all of them."""
    due = witness_queries.logs_due(now=None if waiting_too else now)
    return [follow(log, now=now) for log in due]


def follow(log: KnownLogView, *, now: datetime) -> Followed:
    """Fetch the head of one log and cosign it when it continues the last; a trouble is kept with the log."""
    try:
        done = _look(log, now)
    except (Unavailable, BadInput, NotVisible) as refusal:
        done = Followed(log.origin, log.size or 0, refusal.sentence)
    except RecordError as error:
        done = Followed(log.origin, log.size or 0, error.sentence)
    trouble = "" if done.cosigned else done.sentence
    pause = min(PAUSE * 2 ** min(log.failures, 8), LONGEST_PAUSE) if trouble else PAUSE
    actions.note_fetch(log, trouble=trouble, next_try_at=now + pause)
    return done


def compare(origin: str, urls: Iterable[str], *, now: datetime) -> list[Compared]:
    """Ask other witnesses which head of a log they saw, and check that all are one history.

    A head of another history is entered as evidence of a fork. Refuses (404) a log we do not know ourselves.
    """
    log = witness_queries.known_log(origin)
    if log is None or log.head is None:
        raise NotVisible(f"本机还没有见证过名为“{origin}”的日志，无从比较。")
    return [_compared(log, url, now) for url in urls]


def _look(log: KnownLogView, now: datetime) -> Followed:
    note = fetched_note(f"{log.url}/checkpoint")
    offered, head = Trust(log.keys).open(note).checkpoint, log.head
    if offered.origin != log.origin:
        raise RecordError("origin", f"这个地址上是日志“{offered.origin}”，不是“{log.origin}”，请核对。")
    path: tuple[bytes, ...] = ()
    old = head.size if head else 0
    tree = _tiles(log, offered)
    if head is not None and (offered.size, offered.root) == (head.size, head.root):
        _settle(log, offered, tree, now)
        return Followed(log.origin, head.size, "没有新的检查点。", cosigned=True)
    if head is not None and old <= offered.size:
        path = consistency_path(tree, old, offered.size)
    body = str(Advance(old, path, note)).encode()
    try:
        line = actions.cosign(body, signer=keys.witness_signer(), now=now)
    except WitnessRefusal as refusal:
        return Followed(log.origin, old, refusal.sentence, misdeed=refusal.misdeed)
    with contextlib.suppress(Unavailable):  # whoever does not take them can fetch them from our page
        fetching.post(f"{log.url}/cosignatures", f"{note.text}\n{line}".encode())
    _settle(log, offered, tree, now)
    return Followed(log.origin, offered.size, f"已见证到 {offered.size} 个叶。", cosigned=True)


def _settle(log: KnownLogView, head: Checkpoint, tree: TiledTree, now: datetime) -> None:
    """Place the suspicious heads in the tree just cosigned: the same history, or a proven fork."""
    suspicions = [
        found for found in witness_queries.suspicions(log.origin) if found.offered_size <= head.size
    ]
    if not suspicions or tree.root() != head.root:
        return
    latest = witness_queries.known_log(log.origin) or log
    for found in suspicions:
        if tree.root(found.offered_size) == found.offered_root:
            actions.settle(found, now=now)
        else:
            actions.report(latest, parse_note(found.offered_note), misdeed="fork", now=now)


def _compared(log: KnownLogView, url: str, now: datetime) -> Compared:
    place = fetching.refuse_bad_address(url)
    try:
        note = fetched_note(f"{place}/logs/{log_id(log.origin)}/checkpoint")
        theirs = Trust(log.keys).open(note).checkpoint
    except (Unavailable, NotVisible) as refusal:
        return Compared(place, None, refusal.sentence)
    except RecordError as error:
        return Compared(place, None, error.sentence)
    ours = log.head
    if ours is None or theirs.origin != log.origin:
        return Compared(place, None, "对方给出的是另一日志的检查点，请核对。")
    if theirs.size == ours.size:
        one = theirs.root == ours.root
    else:
        try:
            one = _one_history(log, ours, theirs)
        except (Unavailable, RecordError) as trouble:
            words = f"对方见证到 {theirs.size} 个叶，本机 {ours.size} 个，无法核对是否同一记录：{trouble}"
            return Compared(place, theirs.size, words)
    if one:
        return Compared(place, theirs.size, f"一致：对方见证到 {theirs.size} 个叶，本机 {ours.size} 个。")
    actions.report(log, note, misdeed="fork", now=now)
    return Compared(place, theirs.size, f"不一致，{MISDEEDS['fork']}：证据已入册。", "fork")


def _one_history(log: KnownLogView, one: Checkpoint, other: Checkpoint) -> bool:
    """Whether the smaller head is the beginning of the larger. The tiles prove it or they do not: refuses to
    say (RecordError) when they do not add up to either head."""
    if not log.url:
        raise RecordError("tile", "没有登记该日志的公开地址，取不到瓦片。")
    small, large = sorted((one, other), key=lambda head: head.size)
    tree = _tiles(log, large)
    same_beginning = tree.root(small.size) == small.root
    if tree.root() == large.root:
        return same_beginning
    if same_beginning:
        return False  # what is published at that size continues the smaller head, and is not the larger one
    raise RecordError("tile", "公开地址上的瓦片与两个检查点都不符。")


def _tiles(log: KnownLogView, head: Checkpoint) -> TiledTree:
    """The tree of a head, read from the log's published tiles."""
    return TiledTree(head.hash, head.size, _tile_at(log.url))


def _tile_at(url: str) -> Callable[[str], bytes | None]:
    def fetch(path: str) -> bytes | None:
        reply = fetching.get(f"{url}/{path}", limit=TILE_BYTES)
        return reply.content if reply.status == 200 else None

    return fetch


def fetched_note(url: str) -> Note:
    """A signed note from an address. Refuses what is none."""
    reply = fetching.get(url)
    if reply.status == 404:
        raise NotVisible(f"{url} 没有检查点，请核对地址，或者等对方签出第一个。")
    if reply.status != 200:
        raise Unavailable(f"{url} 应答 {reply.status}，请稍后重试。", code="no_answer")
    return parse_note(reply.content)
