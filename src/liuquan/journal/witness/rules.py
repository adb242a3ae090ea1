"""How a witness judges a head that a log wants cosigned. Pure: values in, a refusal or nothing out.

A refusal is evidence against the log when the log itself signed the head and the head does not fit what the
log showed before. A head the witness knows already, or a client that only lags behind, is no evidence.

Standards: https://c2sp.org/tlog-witness
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from liuquan.kernel.refusals import BadInput
from liuquan.merkle import (
    MAX_SIZE,
    Advance,
    Checkpoint,
    RecordError,
    Trust,
    TrustedKey,
    check_advance,
    parse_advance,
    parse_checkpoint,
    parse_key,
)

#: What a log did that no honest log does. ``fork`` two trees of one size; ``rewind`` fewer leaves than it
#: showed; ``proof`` the leaves it showed are not the beginning of its tree. A fork is proven by the two
#: signatures; the other two are suspicions until the log goes on from the head it showed, or cannot.
Misdeed = Literal["fork", "rewind", "proof"]
MISDEEDS: Final[Mapping[str, str]] = {
    "fork": "分叉：同一大小签出了两个不同的根",
    "rewind": "回退：签出的检查点少于已经见证的叶数",
    "proof": "不连续：新的检查点不是已见证记录的延续",
}
MAX_REQUEST_BYTES: Final = 64 * 1024
MAX_ORIGIN: Final = 64  #: characters; an entry of the journal names the log by it
LONGEST_LABEL: Final = 80  #: characters


class WitnessRefusal(Exception):
    """No cosignature. `status` is the protocol's answer; `size` what the witness has (409 only); `misdeed` is
    set when the refused head is evidence against the log."""

    def __init__(
        self, status: int, sentence: str, *, size: int | None = None, misdeed: Misdeed | None = None
    ) -> None:
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence
        self.size = size
        self.misdeed = misdeed


@dataclass(frozen=True)
class Request:
    """A request that could be read: the log's name is in the checkpoint, its signature not yet checked."""

    advance: Advance
    checkpoint: Checkpoint


def read_request(body: bytes) -> Request:
    """The request, as bytes from anybody. Refuses (400, 413) what cannot be one."""
    if len(body) > MAX_REQUEST_BYTES:
        raise WitnessRefusal(413, f"见证请求最长 {MAX_REQUEST_BYTES // 1024} KB，请核对后重试。")
    try:
        advance = parse_advance(body)
        return Request(advance, parse_checkpoint(advance.note.text))
    except RecordError as error:
        raise WitnessRefusal(400, error.sentence) from error


def check_signed(request: Request, keys: Iterable[TrustedKey]) -> None:
    """Refuse (403) a head that no key of the log in use at its size signed."""
    try:
        Trust(tuple(keys)).open(request.advance.note)
    except RecordError as error:
        raise WitnessRefusal(403, error.sentence) from error


def check_head(request: Request, known: Checkpoint | None, *, cosigned_root: bytes | None) -> None:
    """Refuse unless the head continues `known`, the last one cosigned; the signature was checked before.

    `cosigned_root`: the root this witness cosigned earlier at the offered size, if it ever did.
    """
    offered, old = request.checkpoint, request.advance.old_size
    size = known.size if known else 0
    if known is not None:
        _refuse_other_history(offered, known, cosigned_root, old)
    if old > offered.size:
        raise WitnessRefusal(400, f"原叶数 {old} 大于检查点的叶数 {offered.size}，请核对。")
    if old != size:
        raise WitnessRefusal(409, f"本见证方见证到 {size} 个叶，请由此给出一致性证明。", size=size)
    try:
        check_advance(known, offered, request.advance.path)
    except RecordError as error:
        if error.fault == "proof" and known is not None and known.size:
            raise WitnessRefusal(422, error.sentence, misdeed="proof") from error
        if error.fault == "fork":
            raise WitnessRefusal(409, error.sentence, size=size, misdeed="fork") from error
        raise WitnessRefusal(422, error.sentence) from error


def _refuse_other_history(
    offered: Checkpoint, known: Checkpoint, cosigned_root: bytes | None, old: int
) -> None:
    """Refuse a signed head that contradicts the known one, whatever proof came with it."""
    if offered.hash is not known.hash:
        raise WitnessRefusal(409, "日志的杂凑算法与此前不同：不是同一棵树。", size=known.size, misdeed="fork")
    if offered.size == known.size and offered.root != known.root:
        raise WitnessRefusal(
            409, f"大小同为 {known.size} 的两个根不同：日志出现了分叉。", size=known.size, misdeed="fork"
        )
    if offered.size >= known.size:
        return
    if cosigned_root is not None and cosigned_root != offered.root:
        raise WitnessRefusal(
            409, f"叶数为 {offered.size} 时见证过另一个根：日志出现了分叉。", size=known.size, misdeed="fork"
        )
    misdeed: Misdeed | None = "rewind" if cosigned_root is None else None
    raise WitnessRefusal(
        400 if old > offered.size else 409,
        f"检查点只有 {offered.size} 个叶，本见证方已见证到 {known.size} 个。",
        size=known.size,
        misdeed=misdeed,
    )


def log_id(origin: str) -> str:
    """The name of a log in an address: its origin may hold any character."""
    return hashlib.sha256(origin.encode()).hexdigest()


def keys_from(values: Iterable[Mapping[str, Any]]) -> tuple[TrustedKey, ...]:
    """The keys of a log from its row."""
    return tuple(
        TrustedKey(parse_key(each["key"]), each.get("from_size", 0), each.get("until_size", MAX_SIZE))
        for each in values
    )


def keys_as_values(keys: Iterable[TrustedKey]) -> list[dict[str, Any]]:
    """The keys of a log for its row; also the form of a trust file."""
    found = []
    for each in keys:
        values: dict[str, Any] = {"key": each.key.text, "from_size": each.from_size}
        if each.until_size != MAX_SIZE:
            values["until_size"] = each.until_size
        found.append(values)
    return found


def checked_label(label: str) -> str:
    """The name of an office for readers, without spaces around it. Refuses (422) what cannot be shown."""
    label = label.strip()
    if len(label) > LONGEST_LABEL or not label.isprintable():
        raise BadInput(f"单位名称最长 {LONGEST_LABEL} 个字，不含控制字符，请改短。")
    return label
