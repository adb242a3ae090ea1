"""The list of facts: each is held somewhere or excused, and every name it uses exists."""

from pathlib import Path

import pytest

from liuquan.law import Fact, FactReport, LawError, check_facts, facts_under_test, load_facts, load_law

COUNTED = "T16 L28 B18 C7 E10 H11 Z33 P19 G19 I15 X19 D7 S2 R2 K4 F3 V9 N7"
FAMILIES = {family[0]: int(family[1:]) for family in COUNTED.split()}


def test_every_fact_of_the_list_is_named_and_the_list_has_no_complaint() -> None:
    facts = load_facts()
    assert {family: sum(id[0] == family for id in facts) for family in FAMILIES} == FAMILIES
    assert len(facts) == sum(FAMILIES.values())
    assert check_facts(facts, load_law()) == []


def test_what_software_does_not_hold_says_why_and_the_licensing_law_is_held() -> None:
    report = FactReport(load_facts())
    assert all(fact.why for fact in report.outside)
    held = {fact.id for fact in report.encoded}
    assert {f"L-{n:02}" for n in range(1, 29)} - held == {"L-09", "L-18", "L-23"}
    assert {f"T-{n:02}" for n in range(1, 17)} - held == {"T-16"}


@pytest.mark.parametrize(
    ("fact", "complaint"),
    [
        (Fact("Q-02", "缺号"), "编号不连续"),
        (Fact("Q-01", "无处"), "没有写明"),
        (Fact("Q-01", "错名", law=("licensing.nothing",)), "licensing.nothing"),
        (Fact("Q-01", "错名", law=("grounds:nothing",)), "grounds:nothing"),
        (Fact("Q-01", "重复", law=("calendar", "calendar")), "重复"),
        (Fact("Q-01", "错文件", code=("clock/nothing.py",)), "clock/nothing.py"),
        (Fact("Q-01", "两说", law=("calendar",), why="不写"), "又写了"),
    ],
)
def test_the_check_names_each_wrong_fact(fact: Fact, complaint: str) -> None:
    found = check_facts({**load_facts(), fact.id: fact}, load_law())
    assert any(complaint in line and fact.id in line for line in found), found


def test_an_entry_must_be_listed_by_its_fact() -> None:
    facts = {id: fact for id, fact in load_facts().items() if id not in ("L-04", "L-05")}
    assert any("没有事实 L-04" in line for line in check_facts(facts, load_law()))
    facts = {**load_facts(), "L-04": Fact("L-04", "空", law=("calendar",))}
    assert any("没有列出 licensing.acceptance" in line for line in check_facts(facts, load_law()))


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("L-4 = { says = '短' }", "L-4"),
        ("L-04 = 1", "L-04"),
        ("L-04 = { law = ['x'] }", "says"),
        ("L-04 = { says = '多', note = '' }", "note"),
    ],
)
def test_a_malformed_list_is_refused_with_the_id(tmp_path: Path, text: str, refusal: str) -> None:
    (tmp_path / "facts.toml").write_text(text, encoding="utf-8")
    with pytest.raises(LawError, match=refusal):
        load_facts(tmp_path)


def test_tested_facts_are_read_from_markers_and_rows(tmp_path: Path) -> None:
    (tmp_path / "law").mkdir()
    (tmp_path / "law" / "a.csv").write_text("id,due\nX-11/1,2026\nnote X-12/1\n", encoding="utf-8")
    (tmp_path / "test_a.py").write_text('@pytest.mark.fact("L-04")\nFACT = "L-05"\n', encoding="utf-8")
    (tmp_path / "b.py").write_text('@pytest.mark.fact("L-06")\n', encoding="utf-8")
    assert facts_under_test(tmp_path) == {"L-04", "X-11"}
