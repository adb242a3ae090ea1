"""Announcing, drawing, replacing, disclosing; and what is refused on the way."""

import random
from dataclasses import replace as changed
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liuquan.draw import (
    MD5,
    SHA256,
    SM3,
    Candidate,
    DrawRefused,
    Exclusion,
    PartyCommitment,
    Profile,
    Rule,
    Verified,
    disclose,
    draw,
    evaluation_rules,
    nonce_commitment,
    opening_of,
    recompute,
    replace,
)
from liuquan.draw.tests.evaluation_draw import (
    AFTER,
    CHECKPOINT,
    EXPERTS,
    NONCES,
    NUMBER,
    RULES,
    SIGNED,
    expert,
    make,
    prepare,
)


@pytest.mark.fact("Z-15")
@pytest.mark.parametrize("profile", [SHA256, SM3])
def test_a_draw_can_be_recomputed_from_its_record(profile: Profile) -> None:
    record = make(profile)
    outcome = recompute(record, announced_hash=record.announcement.hash)
    assert isinstance(outcome, Verified)
    assert outcome.members == record.selected
    assert len(set(record.selected)) == 5


@pytest.mark.fact("Z-14")
@pytest.mark.fact("Z-16")
def test_each_ground_of_recusal_leaves_exactly_its_expert_out_with_the_reason() -> None:
    assert [(one.id, one.rule) for one in prepare().exclusions] == [
        ("E100", "years"),
        ("E101", "title"),
        ("E102", "speciality"),
        ("E103", "bidder"),
        ("E104", "supervisor"),
        ("E105", "kin"),
        ("E106", "interest"),
        ("E107", "punished"),
    ]
    assert prepare().exclusions[0] == Exclusion("E100", "years", "从事相关领域工作不满8年")
    assert all(rule.citation for rule in RULES)


@pytest.mark.fact("Z-15")
def test_nobody_excluded_is_ever_drawn_or_comes_in_later() -> None:
    record = make()
    while len(record.replacements) < 15:
        record = replace(record, out=record.members[0], ground="因病不能参加评标")
    came = {*record.selected, *(one.incoming for one in record.replacements)}
    assert came == {f"E{n:03}" for n in range(20)}


@settings(deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_in_which_the_pool_is_given_changes_nothing(chance: random.Random) -> None:
    shuffled = list(EXPERTS)
    chance.shuffle(shuffled)
    assert prepare(candidates=shuffled) == prepare()


def test_all_that_goes_in_changes_the_order_that_comes_out() -> None:
    usual = make()
    others = [
        make(number="ZB-2026-0007-1", purpose="抽取复核专家"),
        make(candidates=EXPERTS[1:]),
        make(rules=RULES[:-1]),
        make(checkpoint_after=AFTER - timedelta(seconds=1)),
    ]
    assert len({record.selected for record in [usual, *others]}) == 5


def test_a_replacement_is_the_next_of_the_same_sequence() -> None:
    longer = make(take=8)
    assert longer.selected != make().selected  # another announcement is another seed
    record = make()
    first = replace(record, out=record.selected[2], ground="因突发疾病不能履行职责")
    second = replace(first, out=first.replacements[0].incoming, ground="发现应当回避的情形")
    assert second.members[2] == second.replacements[1].incoming
    assert second.members[:2] == record.selected[:2]
    assert len({*record.selected, *(one.incoming for one in second.replacements)}) == 7


@pytest.mark.parametrize(
    ("out", "ground", "sentence"),
    [("E100", "因病", "现在不是抽中的成员"), (None, "  ", "必须写明法定事由")],
)
def test_a_replacement_without_ground_or_of_somebody_else_is_refused(
    out: str | None, ground: str, sentence: str
) -> None:
    record = make()
    with pytest.raises(DrawRefused, match=sentence):
        replace(record, out=out or record.selected[0], ground=ground)


def test_when_the_sequence_is_used_up_the_refusal_says_so() -> None:
    record = make(candidates=EXPERTS[:6])
    record = replace(record, out=record.members[0], ground="因病")
    with pytest.raises(DrawRefused, match="已经用完"):
        replace(record, out=record.members[1], ground="因病")


@pytest.mark.parametrize(
    ("take", "sentence"), [(0, "至少为一"), (-1, "至少为一"), (20, "无从随机"), (21, "可抽的只有 20 名")]
)
def test_a_draw_of_nobody_of_all_or_of_more_than_all_is_refused(take: int, sentence: str) -> None:
    with pytest.raises(DrawRefused, match=sentence):
        prepare(take=take)


def test_an_empty_pool_a_number_twice_and_a_salt_twice_are_refused() -> None:
    with pytest.raises(DrawRefused, match="名单是空的"):
        prepare(candidates=[])
    with pytest.raises(DrawRefused, match="E001.*出现两次"):
        prepare(candidates=[*EXPERTS, expert("E001", years=30)])
    again = Candidate("E900", {}, EXPERTS[0].identity_salt, EXPERTS[0].facts, b"\1" * 32)
    with pytest.raises(DrawRefused, match="盐值"):
        prepare(candidates=[*EXPERTS, again])


@pytest.mark.parametrize("number", ["", "专家一", "A\n", "A" * 65, "\ud800"])
def test_a_number_that_could_be_read_two_ways_is_refused(number: str) -> None:
    with pytest.raises(DrawRefused):
        prepare(candidates=[*EXPERTS, expert(number)] if number != "\ud800" else [*EXPERTS, _odd(number)])


def _odd(number: str) -> Candidate:
    return Candidate(number, {}, b"\1" * 32, EXPERTS[0].facts, b"\2" * 32)


def test_a_short_salt_is_refused() -> None:
    with pytest.raises(DrawRefused, match="32 字节"):
        prepare(candidates=[*EXPERTS, changed(EXPERTS[0], id="E900", facts_salt=b"short")])


def test_who_cannot_be_judged_cannot_be_drawn() -> None:
    facts = {key: value for key, value in EXPERTS[0].facts.items() if key != "kin_of"}
    with pytest.raises(DrawRefused, match="E900.*kin_of"):
        prepare(candidates=[*EXPERTS, Candidate("E900", {}, b"\1" * 32, facts, b"\2" * 32)])
    with pytest.raises(DrawRefused, match="E900.*years"):
        prepare(candidates=[*EXPERTS, expert("E900", years="十年")])


def test_rules_for_evaluation_without_bidders_or_supervisor_are_refused() -> None:
    for bidders, bodies, specialities in ([[], ["x"], ["y"]], [["x"], [], ["y"]], [["x"], ["y"], []]):
        with pytest.raises(DrawRefused, match="缺一不可"):
            evaluation_rules(bidders=bidders, supervising_bodies=bodies, specialities=specialities)


@pytest.mark.parametrize(
    "rule",
    [
        Rule("a", "", "is_true", "punished"),
        Rule("a", "理由", "is_below", "years", ("8",)),
        Rule("a", "理由", "is_below", "years", (1, 2)),
        Rule("a", "理由", "is_true", "punished", ("x",)),
        Rule("a", "理由", "is_one_of", "", ("x",)),
        Rule("a", "理由", "id_is_one_of", "id", ("x",)),
        Rule("a", "理由", "runs_code", "id"),  # type: ignore[arg-type]
    ],
)
def test_a_rule_whose_test_cannot_be_made_is_refused(rule: Rule) -> None:
    with pytest.raises(DrawRefused, match="规则"):
        prepare(rules=[rule])


def test_too_many_rules_and_a_rule_twice_are_refused() -> None:
    rule = Rule("a", "理由", "is_true", "punished")
    with pytest.raises(DrawRefused, match="超过"):
        prepare(rules=[changed(rule, key=str(n)) for n in range(51)])
    with pytest.raises(DrawRefused, match="同一个代号"):
        prepare(rules=[rule, rule])


def test_a_declared_recusal_is_a_rule_by_number() -> None:
    declared = Rule("declared", "本人申请回避", "id_is_one_of", values=("E003", "E004"))
    prepared = prepare(rules=[*RULES, declared])
    assert prepared.announcement.eligible == 18
    assert Exclusion("E003", "declared", "本人申请回避") in prepared.exclusions


def test_one_party_alone_cannot_make_the_seed() -> None:
    one = nonce_commitment(number=NUMBER, party="招标人", nonce=NONCES["招标人"], profile=SHA256)
    for parties in ([], [one], [one, one], [one, PartyCommitment("监督人", one.commitment)]):
        with pytest.raises(DrawRefused, match="两方|两次"):
            prepare(parties=parties)


def test_who_does_not_reveal_or_reveals_something_else_is_named() -> None:
    for nonces, sentence in (
        ({"招标人": NONCES["招标人"]}, "“监督人”尚未公开"),
        ({**NONCES, "监督人": bytes(32)}, "“监督人”公开的随机数与事先承诺的不一致"),
        ({**NONCES, "监督人": b"short"}, "“监督人”的随机数应为 32 字节"),
        ({**NONCES, "过路人": bytes(32)}, "未在公告中承诺"),
    ):
        with pytest.raises(DrawRefused, match=sentence):
            draw(prepare(), nonces=nonces, checkpoint=SIGNED, checkpoint_at=AFTER)


def test_a_commitment_of_another_draw_does_not_serve() -> None:
    other = [
        nonce_commitment(number="ZB-OTHER", party=party, nonce=nonce, profile=SHA256)
        for party, nonce in NONCES.items()
    ]
    with pytest.raises(DrawRefused, match="与事先承诺的不一致"):
        draw(prepare(parties=other), nonces=NONCES, checkpoint=SIGNED, checkpoint_at=AFTER)


def test_signatures_of_the_checkpoint_do_not_move_the_draw() -> None:
    plain, signed = (
        draw(prepare(), nonces=NONCES, checkpoint=text, checkpoint_at=AFTER) for text in (CHECKPOINT, SIGNED)
    )
    assert plain == signed


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "格式不对"),
        ("a\nb\nc\n", "格式不对"),
        (CHECKPOINT.replace("20852", "020852"), "格式不对"),
        (CHECKPOINT.replace("\n", "\r\n"), "格式不对"),
        (CHECKPOINT + "x" * 20_000 + "\n", "格式不对"),
        (CHECKPOINT.replace("log.example", "other.example"), "不是公告所指日志"),
        (CHECKPOINT.replace("20852", "20000"), "早于公告在日志中的登记"),
    ],
)
def test_a_checkpoint_that_is_none_or_of_another_log_or_too_early_is_refused(
    text: str, sentence: str
) -> None:
    with pytest.raises(DrawRefused, match=sentence):
        draw(prepare(), nonces=NONCES, checkpoint=text, checkpoint_at=AFTER, log_position=20_000)


def test_times_are_compared_and_must_have_a_zone() -> None:
    with pytest.raises(DrawRefused, match="早于公告的时间"):
        draw(prepare(), nonces=NONCES, checkpoint=SIGNED, checkpoint_at=AFTER - timedelta(seconds=1))
    with pytest.raises(DrawRefused, match="时区"):
        prepare(checkpoint_after=datetime(2026, 3, 20, 1, 0))  # noqa: DTZ001
    with pytest.raises(DrawRefused, match="精确到秒"):
        prepare(checkpoint_after=datetime(2026, 3, 20, 1, 0, 0, 5, tzinfo=UTC))


def test_no_draw_is_made_with_md5() -> None:
    with pytest.raises(DrawRefused, match="MD5"):
        prepare(MD5)


@pytest.mark.fact("Z-14")
def test_no_name_and_no_fact_is_in_a_record_until_it_is_opened() -> None:
    record = make()
    assert "专家E" not in repr(record)
    assert "91140000MA0GOTHER9" not in repr(record)
    assert "专家E" not in repr(EXPERTS[0])
    named = disclose(record, [opening_of(one, "identity") for one in EXPERTS if one.id in record.members])
    assert [one.values["name"] for one in named.openings] == [f"专家{n}" for n in sorted(record.members)]


def test_an_opening_that_does_not_fit_is_refused() -> None:
    liar = changed(EXPERTS[0], identity={"name": "别人"})
    with pytest.raises(DrawRefused, match="E000.*承诺不一致"):
        disclose(make(), [opening_of(liar, "identity")])
    with pytest.raises(DrawRefused, match="重复"):
        disclose(make(), [opening_of(EXPERTS[0], "identity")] * 2)
    with pytest.raises(DrawRefused, match="不在名单内"):
        disclose(make(), [opening_of(expert("E999"), "identity")])


def test_a_person_who_stands_in_the_pool_twice_is_found_when_names_are_opened() -> None:
    twin = changed(expert("E900"), identity=EXPERTS[0].identity)
    record = make(candidates=[*EXPERTS, twin])
    with pytest.raises(DrawRefused, match="同一个人"):
        disclose(record, [opening_of(EXPERTS[0], "identity"), opening_of(twin, "identity")])


def test_a_pool_of_thousands_of_firms_is_drawn_and_checked() -> None:
    firms = [expert(f"F{n:05}") for n in range(3_000)]
    record = make(candidates=firms, rules=[], take=50)
    assert isinstance(recompute(record), Verified)
