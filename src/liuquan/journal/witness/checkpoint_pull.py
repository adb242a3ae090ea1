"""Fetching the head of another office's log from its public address, proving it from its tiles, cosigning it.

So two offices can witness one another when only one of them can be reached: the one that reaches out fetches
heads and hands the cosignatures over. The head goes through the same rules as one that was handed in
(`actions.cosign`). Nothing that comes from outside is trusted: a proof is computed from the tiles, and one
that does not hold is refused.

Standards: https://c2sp.org/tlog-tiles
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from liuquan.journal.witness import http_client, queries
from liuquan.journal.witness.actions.cosign import cosign
from liuquan.journal.witness.actions.known_logs import record_fetch
from liuquan.journal.witness.actions.refused_heads import record_refused_head, settle
from liuquan.journal.witness.keys import witness_signer
from liuquan.journal.witness.rules import MISDEEDS, Misdeed, WitnessRefusal, log_id
from liuquan.journal.witness.types import KnownLogView
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
class PullResult:
    """How fetching one head went. `misdeed`: its head was refused as evidence."""

    origin: str
    size: int
    sentence: str
    cosigned: bool = False
    misdeed: Misdeed | None = None


@dataclass(frozen=True)
class Comparison:
    """What another witness has seen of a log, beside what we have."""

    url: str
    size: int | None
    sentence: str
    misdeed: Misdeed | None = None


def pull_all(*, now: datetime, include_paused: bool = False) -> list[PullResult]:
    """Fetch the heads of the known logs with an address that are due, or of all of them."""
    due = queries.logs_due(now=None if include_paused else now)
    return [pull(log, now=now) for log in due]


def pull(log: KnownLogView, *, now: datetime) -> PullResult:
    """Fetch the head of one log and cosign it when it continues the last; a failure is kept with the log."""
    try:
        done = _fetch_and_cosign(log, now)
    except (Unavailable, BadInput, NotVisible) as refusal:
        done = PullResult(log.origin, log.size or 0, refusal.sentence)
    except RecordError as error:
        done = PullResult(log.origin, log.size or 0, error.sentence)
    trouble = "" if done.cosigned else done.sentence
    pause = min(PAUSE * 2 ** min(log.failures, 8), LONGEST_PAUSE) if trouble else PAUSE
    record_fetch(log, trouble=trouble, next_try_at=now + pause)
    return done


def compare(origin: str, urls: Iterable[str], *, now: datetime) -> list[Comparison]:
    """Ask other witnesses which head of a log they saw, and check that all are one history.

    A head of another history is entered as evidence of a fork. Refuses (404) a log we do not know ourselves.
    """
    log = queries.known_log(origin)
    if log is None or log.head is None:
        raise NotVisible(f"本机还没有见证过名为“{origin}”的日志，无从比较。")
    return [_compare_with(log, url, now) for url in urls]


def _fetch_and_cosign(log: KnownLogView, now: datetime) -> PullResult:
    note = fetch_note(f"{log.url}/checkpoint")
    offered, head = Trust(log.keys).open(note).checkpoint, log.head
    if offered.origin != log.origin:
        raise RecordError("origin", f"这个地址上是日志“{offered.origin}”，不是“{log.origin}”，请核对。")
    path: tuple[bytes, ...] = ()
    old = head.size if head else 0
    tree = _published_tree(log, offered)
    if head is not None and (offered.size, offered.root) == (head.size, head.root):
        _settle_suspicions(log, offered, tree, now)
        return PullResult(log.origin, head.size, "没有新的检查点。", cosigned=True)
    if head is not None and old <= offered.size:
        path = consistency_path(tree, old, offered.size)
    body = str(Advance(old, path, note)).encode()
    try:
        line = cosign(body, signer=witness_signer(), now=now)
    except WitnessRefusal as refusal:
        return PullResult(log.origin, old, refusal.sentence, misdeed=refusal.misdeed)
    with contextlib.suppress(Unavailable):  # a log that does not take them can fetch them from us
        http_client.post(f"{log.url}/cosignatures", f"{note.text}\n{line}".encode())
    _settle_suspicions(log, offered, tree, now)
    return PullResult(log.origin, offered.size, f"已见证到 {offered.size} 个叶。", cosigned=True)


def _settle_suspicions(log: KnownLogView, head: Checkpoint, tree: TiledTree, now: datetime) -> None:
    """Compare the suspicious heads with the tree just cosigned: the same history, or a proven fork."""
    suspicions = [found for found in queries.suspicions(log.origin) if found.offered_size <= head.size]
    if not suspicions or tree.root() != head.root:
        return
    latest = queries.known_log(log.origin) or log
    for found in suspicions:
        if tree.root(found.offered_size) == found.offered_root:
            settle(found, now=now)
        else:
            record_refused_head(latest, parse_note(found.offered_note), misdeed="fork", now=now)


def _compare_with(log: KnownLogView, url: str, now: datetime) -> Comparison:
    place = http_client.refuse_bad_address(url)
    try:
        note = fetch_note(f"{place}/logs/{log_id(log.origin)}/checkpoint")
        theirs = Trust(log.keys).open(note).checkpoint
    except (Unavailable, NotVisible) as refusal:
        return Comparison(place, None, refusal.sentence)
    except RecordError as error:
        return Comparison(place, None, error.sentence)
    ours = log.head
    if ours is None or theirs.origin != log.origin:
        return Comparison(place, None, "对方给出的是另一日志的检查点，请核对。")
    if theirs.size == ours.size:
        same = theirs.root == ours.root
    else:
        try:
            same = _is_same_history(log, ours, theirs)
        except (Unavailable, RecordError) as trouble:
            words = f"对方见证到 {theirs.size} 个叶，本机 {ours.size} 个，无法核对是否同一记录：{trouble}"
            return Comparison(place, theirs.size, words)
    if same:
        return Comparison(place, theirs.size, f"一致：对方见证到 {theirs.size} 个叶，本机 {ours.size} 个。")
    record_refused_head(log, note, misdeed="fork", now=now)
    return Comparison(place, theirs.size, f"不一致，{MISDEEDS['fork']}：证据已入册。", "fork")


def _is_same_history(log: KnownLogView, one: Checkpoint, other: Checkpoint) -> bool:
    """Whether the smaller head is the beginning of the larger, by the published tiles. Raises RecordError
    when these add up to neither head: then nothing is proven."""
    if not log.url:
        raise RecordError("tile", "没有登记该日志的公开地址，取不到瓦片。")
    small, large = sorted((one, other), key=lambda head: head.size)
    tree = _published_tree(log, large)
    same_beginning = tree.root(small.size) == small.root
    if tree.root() == large.root:
        return same_beginning
    if same_beginning:
        return False  # what is published at that size continues the smaller head, and is not the larger one
    raise RecordError("tile", "公开地址上的瓦片与两个检查点都不符。")


def _published_tree(log: KnownLogView, head: Checkpoint) -> TiledTree:
    """The tree of a head, read from the log's published tiles."""
    return TiledTree(head.hash, head.size, _tile_fetcher(log.url))


def _tile_fetcher(url: str) -> Callable[[str], bytes | None]:
    def fetch(path: str) -> bytes | None:
        reply = http_client.get(f"{url}/{path}", limit=TILE_BYTES)
        return reply.content if reply.status == 200 else None

    return fetch


def fetch_note(url: str) -> Note:
    """A signed note from an address. Refuses what is none."""
    reply = http_client.get(url)
    if reply.status == 404:
        raise NotVisible(f"{url} 没有检查点，请核对地址，或者等对方签出第一个。")
    if reply.status != 200:
        raise Unavailable(f"{url} 应答 {reply.status}，请稍后重试。", code="no_answer")
    return parse_note(reply.content)
