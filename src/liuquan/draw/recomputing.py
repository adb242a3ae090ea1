"""What an outsider does with a record: every step again, from the published values alone.

This shows that the record is consistent in itself. To show that it is genuine, the reader compares three
values with the transparency log: the announcement's hash, entered before the draw; the checkpoint; and that
it is the first one at or after the announced time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from liuquan.draw.canonical import canonical
from liuquan.draw.exclusions import check_rules, judge
from liuquan.draw.ordering import check_take, eligible_ids, in_order
from liuquan.draw.pool import KINDS, commitment, pool_hash, sorted_rows
from liuquan.draw.profiles import Profile, profile_named
from liuquan.draw.records import DrawRecord, exclusions_hash, moment_text, rules_hash
from liuquan.draw.refusals import DrawRefused
from liuquan.draw.seed import check_nonces, check_parties, read_checkpoint


@dataclass(frozen=True)
class Verified:
    """The record is right. `members` sit now; `checked` and `open_points` say in Chinese what was shown, and
    what the reader must still compare or cannot see yet."""

    announcement_hash: str
    members: tuple[str, ...]
    checked: tuple[str, ...]
    open_points: tuple[str, ...]


@dataclass(frozen=True)
class Fault:
    """The record is wrong: the first reason found, one Chinese sentence, and a stable word for programs."""

    code: str
    reason: str


def recompute(record: DrawRecord, *, announced_hash: str | None = None) -> Verified | Fault:
    """Do the whole draw again and compare. `announced_hash`: the one in the log, when the reader has it."""
    try:
        profile = profile_named(record.announcement.profile)
        if announced_hash is not None and announced_hash.lower() != record.announcement.hash:
            raise DrawRefused("announcement", "抽取公告与日志中事先登记的不一致：公告被改过，结果不可信。")
        _check_pool(record, profile)
        _check_openings(record, profile)
        _check_exclusions(record, profile)
        _check_seed(record, profile)
        _check_outcome(record)
    except DrawRefused as refused:
        return Fault(refused.code, refused.sentence)
    return Verified(
        record.announcement.hash,
        record.members,
        tuple(_checked(record)),
        tuple(_open_points(record, announced_hash)),
    )


def _check_pool(record: DrawRecord, profile: Profile) -> None:
    if sorted_rows(record.rows) != record.rows:
        raise DrawRefused("pool", "名单没有按编号排序，与公告的办法不符：名单被动过。")
    if len(record.rows) != record.announcement.pool_size:
        raise DrawRefused("pool", "名单的人数与公告不一致：抽取前后名单被增减过。")
    if pool_hash(record.rows, profile) != record.announcement.pool_hash:
        raise DrawRefused("pool", "名单与公告时冻结的不一致：名单被改动过。")


def _check_exclusions(record: DrawRecord, profile: Profile) -> None:
    """Exclusions and rules are the announced ones and fit each other, as far as facts are opened."""
    check_rules(record.rules)
    if rules_hash(record.rules, profile) != record.announcement.rules_hash:
        raise DrawRefused("rules", "排除规则与公告时的不一致：规则被改动过。")
    if exclusions_hash(record.exclusions, profile) != record.announcement.exclusions_hash:
        raise DrawRefused("exclusions", "被排除的人员与公告时的不一致：抽取前后有人被加入或移出。")
    reasons = {rule.key: rule.sentence for rule in record.rules}
    numbers = {row.id for row in record.rows}
    listed = {(one.id, one.rule) for one in record.exclusions}
    for one in record.exclusions:
        if one.id not in numbers or reasons.get(one.rule) != one.reason:
            raise DrawRefused("exclusions", f"编号“{one.id}”的排除没有对应的规则或不在名单内：记录有误。")
    if len(listed) != len(record.exclusions):
        raise DrawRefused("exclusions", "同一人按同一规则被排除了两次：记录有误。")
    facts = {one.id: one.values for one in record.openings if one.kind == "facts"}
    for rule in record.rules:
        excludes, by_id = judge(rule), rule.test == "id_is_one_of"
        for number in numbers if by_id else facts:
            if excludes(number, facts.get(number, {})) is not ((number, rule.key) in listed):
                raise DrawRefused("exclusions", f"编号“{number}”是否“{rule.sentence}”，与公开的事实不符。")
    if len(eligible_ids(record.rows, record.exclusions)) != record.announcement.eligible:
        raise DrawRefused("exclusions", "可抽人数与公告不一致：记录有误。")


def _check_openings(record: DrawRecord, profile: Profile) -> None:
    """Every opening fits its commitment; no opened identity stands in the pool twice."""
    rows = {row.id: row for row in record.rows}
    seen: set[tuple[str, str]] = set()
    people: dict[bytes, str] = {}
    for opening in record.openings:
        row = rows.get(opening.id)
        if row is None or opening.kind not in KINDS or (opening.id, opening.kind) in seen:
            raise DrawRefused("openings", f"编号“{opening.id}”的公开内容不在名单内或重复：记录有误。")
        seen.add((opening.id, opening.kind))
        wanted = row.identity if opening.kind == "identity" else row.facts
        if commitment(opening, profile) != wanted:
            raise DrawRefused("openings", f"编号“{opening.id}”公开的内容与抽取前的承诺不一致：内容被改动过。")
        if opening.kind == "identity":
            other = people.setdefault(canonical(dict(opening.values)), opening.id)
            if other != opening.id:
                raise DrawRefused("openings", f"编号“{other}”和“{opening.id}”是同一个人：名单中有人重复。")


def _check_seed(record: DrawRecord, profile: Profile) -> None:
    announcement = record.announcement
    check_parties(announcement.parties)
    check_nonces(announcement.parties, record.nonces, number=announcement.number, profile=profile)
    checkpoint = read_checkpoint(record.checkpoint)
    moment_text(record.checkpoint_at)
    if checkpoint.body != record.checkpoint or checkpoint.origin != announcement.log_origin:
        raise DrawRefused("checkpoint", "所用的检查点不是公告所指日志的检查点：本次抽取无效。")
    if record.checkpoint_at < announcement.checkpoint_after:
        raise DrawRefused("checkpoint", "所用的检查点早于公告的时间：本次抽取无效。")
    if record.log_position is not None and not 0 <= record.log_position < checkpoint.size:
        raise DrawRefused("checkpoint", "所用的检查点早于公告在日志中的登记：不能证明公告在先。")


def _check_outcome(record: DrawRecord) -> None:
    take = record.announcement.take
    check_take(take, record.announcement.eligible)
    if len(record.selected) != take:
        raise DrawRefused("selected", f"公告抽取 {take} 名，记录的是 {len(record.selected)} 名：结果不符。")
    if take + len(record.replacements) > record.announcement.eligible:
        raise DrawRefused("replace", "递补的人数超过了名单：记录有误。")
    expected = in_order(record, take + len(record.replacements))
    for place, (right, found) in enumerate(zip(expected, record.selected, strict=False), 1):
        if right != found:
            raise DrawRefused("selected", f"第 {place} 名应为“{right}”，记录为“{found[:64]}”：结果被改动过。")
    sitting = Counter(record.selected)
    for right, one in zip(expected[take:], record.replacements, strict=True):
        if not sitting[one.out] or not one.ground.strip():
            raise DrawRefused("replace", f"被更换的“{one.out[:64]}”当时不在席，或没有写明事由：记录有误。")
        if one.incoming != right:
            raise DrawRefused("replace", f"递补的应为“{right}”，不是“{one.incoming[:64]}”：没有按顺序递补。")
        sitting[one.out] -= 1
        sitting[one.incoming] += 1


def _checked(record: DrawRecord) -> Iterator[str]:
    announcement = record.announcement
    left_out = announcement.pool_size - announcement.eligible
    yield f"名单 {announcement.pool_size} 人，与公告时冻结的一致；依规则排除 {left_out} 人，也与公告一致。"
    yield f"{len(announcement.parties)} 方的随机数与事先的承诺一致：" + "、".join(
        one.party for one in announcement.parties
    )
    yield f"按公告的办法重新计算，抽中的 {announcement.take} 名及其顺序与记录一致。"
    if record.replacements:
        yield f"{len(record.replacements)} 次递补都按同一顺序进行，并写明了事由。"
    if record.openings:
        yield f"已公开的 {len(record.openings)} 项内容与抽取前的承诺一致。"


def _open_points(record: DrawRecord, announced_hash: str | None) -> Iterator[str]:
    announcement = record.announcement
    if announced_hash is None:
        yield f"请与日志核对公告的杂凑值（应在抽取前登记）：{announcement.hash}"
    after = moment_text(announcement.checkpoint_after)
    yield f"请与日志 {announcement.log_origin} 核对：所用检查点是 {after} 起的第一个。"
    opened = {one.id for one in record.openings if one.kind == "facts"}
    unseen = announcement.pool_size - len(opened)
    by_facts = any(rule.test != "id_is_one_of" for rule in record.rules)
    if by_facts and unseen:
        yield f"有 {unseen} 人的回避事项尚未公开，其是否应当排除还不能核对。"
