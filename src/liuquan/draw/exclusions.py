"""Who may not be drawn: rules written as values, so that an outsider applies the same rule to the same facts.

A rule never runs code of a record: its `test` is one of a short closed list, its `fact` one of the
candidate's, its `values` what the test compares with. Every exclusion keeps the rule and the reason in words.
Exclusions are computed and hashed before the seed exists; afterwards nobody can be left out, only replaced.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from liuquan.draw.pool import Candidate, Fact
from liuquan.draw.refusals import DrawRefused

Test = Literal["is_one_of", "is_not_one_of", "is_below", "is_true", "is_false", "id_is_one_of"]
TESTS: tuple[str, ...] = get_args(Test)
MOST_RULES = 50


@dataclass(frozen=True)
class Rule:
    """A ground of exclusion: excluded if `test` holds for `fact`.

    `is_one_of` / `is_not_one_of`: the text, or any of the list, is among `values` / none of it is.
    `is_below`: the number is smaller than the one number in `values`. `is_true` / `is_false`: no values.
    `id_is_one_of`: listed by number, for a recusal somebody declared; `fact` stays empty.
    """

    key: str
    sentence: str
    test: Test
    fact: str = ""
    values: tuple[str | int, ...] = ()
    citation: str = ""


@dataclass(frozen=True)
class Exclusion:
    """One exclusion: the candidate, the rule, and the reason."""

    id: str
    rule: str
    reason: str


def check_rules(rules: Sequence[Rule]) -> None:
    """Refused: too many, a key twice, a rule without a reason in words, one whose test cannot be made."""
    keys = [rule.key for rule in rules]
    if len(rules) > MOST_RULES:
        raise DrawRefused("rules", f"回避和排除规则超过 {MOST_RULES} 条：请合并。")
    if len(set(keys)) != len(keys):
        raise DrawRefused("rules", "有两条排除规则用了同一个代号：请改其中一个。")
    for rule in rules:
        if not rule.key or not rule.sentence:
            raise DrawRefused("rules", "每条排除规则都要有代号和理由：请补全。")
        if not _is_well_formed(rule):
            raise DrawRefused("rules", f"排除规则“{rule.sentence}”写法不对：请检查所比对的事项和数值。")


def exclusions_of(candidates: Iterable[Candidate], rules: Sequence[Rule]) -> tuple[Exclusion, ...]:
    """Every exclusion, by number, then in the order of the rules; one candidate may have several grounds."""
    check_rules(rules)
    tests = [(rule, judge(rule)) for rule in rules]
    ordered = sorted(candidates, key=lambda candidate: candidate.id)
    return tuple(
        Exclusion(candidate.id, rule.key, rule.sentence)
        for candidate in ordered
        for rule, excludes in tests
        if excludes(candidate.id, candidate.facts)
    )


def judge(rule: Rule) -> Callable[[str, Mapping[str, Fact]], bool]:
    """The rule as a function of a number and its facts. Refused, when called: the fact is missing or of
    another kind. A missing fact is no permission: who cannot be judged cannot be drawn."""
    values = frozenset(rule.values)

    def excludes(number: str, facts: Mapping[str, Fact]) -> bool:
        if rule.test == "id_is_one_of":
            return number in values
        value = facts.get(rule.fact)
        if rule.test in {"is_true", "is_false"} and isinstance(value, bool):
            return value is (rule.test == "is_true")
        if rule.test == "is_below" and isinstance(value, int) and not isinstance(value, bool):
            return value < int(rule.values[0])
        if rule.test in {"is_one_of", "is_not_one_of"} and isinstance(value, str | tuple):
            texts = {value} if isinstance(value, str) else set(value)
            return values.isdisjoint(texts) is (rule.test == "is_not_one_of")
        raise DrawRefused(
            "facts", f"编号“{number}”缺少事项“{rule.fact}”，无法判断是否应当回避：请补全后再抽取。"
        )

    return excludes


def _is_well_formed(rule: Rule) -> bool:
    texts = all(isinstance(value, str) for value in rule.values)
    if rule.test == "id_is_one_of":
        return texts and bool(rule.values) and not rule.fact
    if rule.test in {"is_one_of", "is_not_one_of"}:
        return texts and bool(rule.fact)
    if rule.test == "is_below":
        whole = [value for value in rule.values if isinstance(value, int) and not isinstance(value, bool)]
        return bool(rule.fact) and len(whole) == len(rule.values) == 1
    return rule.test in TESTS and bool(rule.fact) and not rule.values
