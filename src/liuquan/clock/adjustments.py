"""Which extensions and suspensions of a case take effect on one limit.

Only what the limit allows has an effect: an extension beyond its rule is refused; a suspension on a ground
outside its closed list does not pause the limit and is noted.

Cites: 行政许可法 第四十二条, 行政许可法 第四十五条
"""

from dataclasses import replace
from datetime import date

from liuquan.clock.types import ClockError, Direction, Extension, Limit, Suspension


def granted_extensions(limit: Limit, extensions: tuple[Extension, ...]) -> tuple[Extension, ...]:
    """The extensions, checked against what the limit allows. Refuses more, longer, or in another unit."""
    if not extensions:
        return ()
    allowed = limit.extension
    if allowed is None:
        raise ClockError(f"{limit.label or '该期限'}没有可以延长的规定")
    if len(extensions) > allowed.times:
        raise ClockError(f"{limit.label or '该期限'}最多延长 {allowed.times} 次")
    for extension in extensions:
        if extension.unit is not limit.unit or extension.amount > allowed.amount:
            raise ClockError(f"{limit.label or '该期限'}每次最多延长 {allowed.amount}{allowed.unit.label}")
    return extensions


def effective_suspensions(
    limit: Limit, suspensions: tuple[Suspension, ...], until: date | None
) -> tuple[tuple[Suspension, ...], list[str], date | None]:
    """The suspensions that stop this limit, closed; notes on those that do not; since when one is open.

    Refuses an open one without an assumed end, and any for a limit that is counted back.
    """
    effective: list[Suspension] = []
    notes: list[str] = []
    open_from: date | None = None
    for one in suspensions:
        name = one.label or one.ground
        if not limit.excludes_ground(one.ground):
            notes.append(f"{name}（{one.from_on}起）不属于依法不计入期限的事由，不停止计时")
            continue
        if limit.direction is Direction.BEFORE:
            raise ClockError("向前倒算的期限没有扣除时间")
        closed = one
        if one.to_on is None:
            if until is None:
                raise ClockError(f"{name}尚未结束，须给出假定的结束日")
            if until >= one.from_on:
                open_from = min(open_from or one.from_on, one.from_on)
            closed = replace(one, to_on=max(one.from_on, until))
        effective.append(closed)
    return tuple(effective), notes, open_from
