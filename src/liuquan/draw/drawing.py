"""The verbs: announce, draw, replace, disclose. Each takes values and returns a value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace as changed
from datetime import datetime

from liuquan.draw.exclusions import Rule, exclusions_of
from liuquan.draw.ordering import check_take, in_order
from liuquan.draw.pool import Candidate, Opening, freeze, pool_hash
from liuquan.draw.profiles import SHA256, Profile, profile_named
from liuquan.draw.recomputing import Fault, recompute
from liuquan.draw.records import (
    Announcement,
    DrawRecord,
    Prepared,
    Replacement,
    exclusions_hash,
    moment_text,
    rules_hash,
)
from liuquan.draw.refusals import DrawRefused
from liuquan.draw.seed import PartyCommitment, check_nonces, in_name_order, read_checkpoint


def announce(
    *,
    number: str,
    purpose: str,
    candidates: Sequence[Candidate],
    rules: Sequence[Rule],
    take: int,
    parties: Sequence[PartyCommitment],
    log_origin: str,
    checkpoint_after: datetime,
    profile: Profile = SHA256,
) -> Prepared:
    """Freeze pool, rules, exclusions and sources of the seed. Enter `.announcement.hash` in the log first.

    Refused: a pool or rule that is not in order, fewer than two parties, nobody to draw, and a draw that
    leaves nothing to chance because as many are wanted as remain.

    Cites: 招标投标法实施条例 第四十六条.
    """
    profile_named(profile.name)
    moment_text(checkpoint_after)
    rows, exclusions = freeze(candidates, profile), exclusions_of(candidates, rules)
    eligible = len(rows) - len({one.id for one in exclusions})
    check_take(take, eligible)
    announcement = Announcement(
        number=number,
        purpose=purpose,
        profile=profile.name,
        take=take,
        pool_size=len(rows),
        pool_hash=pool_hash(rows, profile),
        rules_hash=rules_hash(tuple(rules), profile),
        exclusions_hash=exclusions_hash(exclusions, profile),
        eligible=eligible,
        parties=in_name_order(parties),
        log_origin=log_origin,
        checkpoint_after=checkpoint_after,
    )
    return Prepared(announcement, rows, tuple(rules), exclusions)


def draw(
    prepared: Prepared,
    *,
    nonces: Mapping[str, bytes],
    checkpoint: str,
    checkpoint_at: datetime,
    log_position: int | None = None,
) -> DrawRecord:
    """Make the draw from what the parties revealed and the log's checkpoint published at `checkpoint_at`.

    Refused: a party that has not revealed or reveals something else, a checkpoint of another log or of before
    the announced time, and anything that recomputing would find.
    """
    profile = profile_named(prepared.announcement.profile)
    check_nonces(prepared.announcement.parties, nonces, number=prepared.announcement.number, profile=profile)
    record = DrawRecord(
        announcement=prepared.announcement,
        rows=prepared.rows,
        rules=prepared.rules,
        exclusions=prepared.exclusions,
        nonces=dict(nonces),
        checkpoint=read_checkpoint(checkpoint).body,
        checkpoint_at=checkpoint_at,
        log_position=log_position,
        selected=(),
    )
    moment_text(checkpoint_at)
    return _sound(changed(record, selected=in_order(record, prepared.announcement.take)))


def replace(record: DrawRecord, *, out: str, ground: str) -> DrawRecord:
    """Replace a member by the next of the same sequence; the replaced member's opinions no longer count.

    `ground` is the legal ground in words, without a name, since it is published. Refused: no ground, somebody
    who is not a member, nobody left in the sequence.

    Cites: 招标投标法实施条例 第四十八条.
    """
    if not ground.strip():
        raise DrawRefused("replace", "更换成员必须写明法定事由：请填写后再更换。")
    if out not in record.members:
        raise DrawRefused("replace", f"编号“{out}”现在不是抽中的成员，不能更换：请核对编号。")
    position = len(record.selected) + len(record.replacements)
    if position >= record.announcement.eligible:
        raise DrawRefused("replace", "名单中可递补的人员已经用完：请扩大名单，重新公告并抽取。")
    incoming = in_order(record, position + 1)[position]
    return _sound(changed(record, replacements=(*record.replacements, Replacement(out, ground, incoming))))


def disclose(record: DrawRecord, openings: Sequence[Opening]) -> DrawRecord:
    """Add openings of commitments, now that law allows them to be known. Refused: one that does not fit."""
    return _sound(changed(record, openings=(*record.openings, *openings)))


def _sound(record: DrawRecord) -> DrawRecord:
    """Recompute the record before returning it: a record that an outsider would reject is refused."""
    outcome = recompute(record)
    if isinstance(outcome, Fault):
        raise DrawRefused(outcome.code, outcome.reason)
    return record
