"""Changing the keys that sign the log. Each change is an entry.

During a change the sealer waits: the sizes of tree from and up to which keys count are those of the last
published checkpoint, and none may come in between. A key that was replaced counts for the checkpoints it
could sign and for no larger one (`merkle.Trust`), so nobody who steals it later can lengthen the log.

The entry is committed before the register is written: no key signs, and none ends, without its public
notice; the audit compares the two. A change that was cut short between leaves an entry of a key that never
signed, and is made again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

from liuquan.journal.log import keys
from liuquan.journal.log.events import FIELD_KEY_LOST, LOG, LOG_KEY_ADDED, LOG_KEY_ENDED
from liuquan.journal.log.files import log_files
from liuquan.journal.log.keys import LogKey, Register, WitnessKey
from liuquan.journal.log.stored_leaves import latest_checkpoint
from liuquan.journal.record.actions.entries import append_durably
from liuquan.journal.record.types import Event, NewEntry
from liuquan.kernel import key_files
from liuquan.kernel.refusals import Unavailable, WrongState

ROTATED, COMPROMISED, LOST = "rotated", "compromised", "lost"
_REASONS = {ROTATED: "定期更换", COMPROMISED: "可能泄露", LOST: "遗失"}


def rotate_log_key(*, reason: str, now: datetime) -> Register:
    """New keys sign from the last published size on.

    `rotated`: the old ones go on signing beside them until `finish_log_rotation`. `compromised` and `lost`:
    they end at once, at the last published size. Refuses (409) while a rotation is not finished, and `lost`
    when no secret is missing; 503 while the sealer is at work (try again).
    """
    with _sealer_paused() as size, key_files.exclusively():
        found = keys.register()
        missing = [each for each in found.signing() if not key_files.path_of(*keys.place_of(each)).exists()]
        _refuse_rotation(found, missing, reason)
        new = tuple(keys.new_key(algorithm, found.origin, from_size=size) for algorithm in keys.algorithms())
        old = found.keys if reason == ROTATED else _with_end(found.keys, found.signing(), size)
        changed = replace(found, keys=(*old, *new))
        ended = [each for each in old if each not in found.keys]
        append_durably(
            *(_key_entry(LOG_KEY_ADDED, each, reason, now) for each in new),
            *(_key_entry(LOG_KEY_ENDED, each, reason, now) for each in ended),
        )
        keys.write_register(changed)
    retire_secrets(ended)
    return changed


def finish_log_rotation(*, now: datetime) -> Register:
    """End the overlap: the older keys sign no more, and count up to the last published size.

    Refuses (409) when no rotation is open; 503 while the sealer is at work.
    """
    with _sealer_paused() as size, key_files.exclusively():
        found = keys.register()
        ending = _keys_to_end(found)
        if not ending:
            raise WrongState("没有未完成的日志密钥更换：请先运行 `keys rotate log`。")
        changed = replace(found, keys=_with_end(found.keys, ending, size))
        ended = [each for each in changed.keys if each not in found.keys]
        append_durably(*(_key_entry(LOG_KEY_ENDED, each, ROTATED, now) for each in ended))
        keys.write_register(changed)
    retire_secrets(ended)
    return changed


def enter_field_key_loss(name: str, *, values: int, now: datetime) -> None:
    """Enter that a key to personal data is lost for good, and how many values with it."""
    append_durably(log_entry(FIELD_KEY_LOST, {"key": name, "values": values}, now))


@contextmanager
def _sealer_paused() -> Iterator[int]:
    """Keep the sealer from working; gives the size of the last published checkpoint."""
    keys.register()  # made where there is none, before the folder of keys is locked
    with log_files().sole_sealer() as alone:
        if not alone:
            raise Unavailable("日志正在入册，请稍候再运行一次。", code="sealer_busy")
        last = latest_checkpoint()
        yield last.size if last else 0


def retire_secrets(ended: Iterable[LogKey | WitnessKey]) -> None:
    """Take the secrets of ended keys out of use: nothing will be signed with them again."""
    for each in ended:
        kind, generation = keys.place_of(each)
        path = key_files.path_of(kind, generation)
        if path.exists():
            key_files.retire(kind, generation)
        elif path.stem in key_files.missing_keys():
            with key_files.exclusively():
                key_files.mark(path.stem, "lost")


def _refuse_rotation(found: Register, missing: list[LogKey], reason: str) -> None:
    if _keys_before_newest(found):
        raise WrongState("上一次更换还没有完成：请先运行 `keys rotate log --finish`。")
    if reason == LOST and not missing:
        raise WrongState("日志签名密钥都在，没有遗失：更换请用 `keys rotate log`，泄露请加 `--compromised`。")
    if reason != LOST and missing:
        raise WrongState(
            "日志签名密钥缺失：请先从密钥备份恢复；确实找不回时，用 `keys rotate log --lost` 启用新密钥。"
        )


def _keys_before_newest(found: Register) -> tuple[LogKey, ...]:
    """Signing keys besides the newest of each algorithm: a rotation is open."""
    newest = {each.key.algorithm: each for each in found.signing()}
    return tuple(each for each in found.signing() if newest[each.key.algorithm] is not each)


def _keys_to_end(found: Register) -> tuple[LogKey, ...]:
    """What `finish_log_rotation` ends: the older keys, and those of an algorithm no longer wanted."""
    unwanted = (each for each in found.signing() if each.key.algorithm not in keys.algorithms())
    return (
        *_keys_before_newest(found),
        *(each for each in unwanted if each not in _keys_before_newest(found)),
    )


def _with_end(all_keys: tuple[LogKey, ...], ending: tuple[LogKey, ...], size: int) -> tuple[LogKey, ...]:
    return tuple(replace(each, until_size=size) if each in ending else each for each in all_keys)


def _key_entry(event: Event, key: LogKey, reason: str, now: datetime) -> NewEntry:
    public = {
        "key": key.key.text,
        "size": key.from_size if event is LOG_KEY_ADDED else key.until_size,
        "reason": _REASONS[reason],
    }
    return log_entry(event, public, now)


def log_entry(event: Event, public: Mapping[str, object], now: datetime) -> NewEntry:
    """An entry about the log, by the system."""
    return NewEntry(
        event=event.name,
        subject=LOG,
        body_code="",
        post_code="",
        actor_kind="system",
        effective_at=now,
        public=public,
    )
