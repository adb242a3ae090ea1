"""Pure rules: paths, mandates, what is wrong with data, how dated rows follow one another."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liuquan.organisation.rules import check_organisation, path_of
from liuquan.organisation.succession import Plan, Standing, Wanted, plan, plan_absent
from liuquan.organisation.types import (
    SYSTEM,
    Actor,
    BodyData,
    CoverData,
    DivisionData,
    HoldingData,
    Known,
    MandateData,
    MandateTerm,
    OrganisationData,
    PostData,
    PromiseData,
    read_fen,
    yuan,
)

GRANT = "application.grant"
SCJG = "11990100MB9901024C"
ZJJ = "11990100MB99010327"
START = date(2024, 1, 1)
TODAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("code", "path"),
    [
        ("990000000000", "99"),
        ("990121100201", "99.9901.990121.990121100.990121100201"),
        ("441900003000", "44.4419.441900003"),
    ],
)
def test_the_path_of_a_division_follows_from_its_digits(code: str, path: str) -> None:
    assert path_of(code) == path


@pytest.mark.requirement("CASE-11")
@pytest.mark.parametrize(
    ("items", "item", "body", "allowed"),
    [
        (("*",), "A-1", SCJG, True),
        (("*",), "A-1", ZJJ, False),
        (("A-1",), "A-1", SCJG, True),
        (("A-1",), "A-10", SCJG, False),
        (("A*",), "A-10", SCJG, True),
        ((), "A-1", SCJG, False),
    ],
)
def test_a_mandate_reaches_the_items_it_names_and_no_others(
    items: tuple[str, ...], item: str, body: str, allowed: bool
) -> None:
    actor = Actor(
        kind="staff", mandates=(MandateTerm(frozenset({"application.accept"}), items, body_code=SCJG),)
    )
    assert actor.may("application.accept", item, body) is allowed
    assert not actor.may(GRANT, item, body)


@pytest.mark.requirement("CASE-11")
def test_a_mandate_ends_at_its_amount() -> None:
    actor = Actor(
        kind="staff",
        mandates=(MandateTerm(frozenset({GRANT}), body_code=SCJG, up_to_fen=500_00),),
    )
    assert actor.may(GRANT, "A-1", SCJG, amount_fen=500_00)
    assert not actor.may(GRANT, "A-1", SCJG, amount_fen=500_01)
    assert not actor.may(GRANT, "A-1", SCJG)
    assert actor.ends_at(GRANT, "A-1", SCJG) == 500_00
    assert actor.ends_at("refuse", "A-1", SCJG) is None
    wider = Actor(
        kind="staff",
        mandates=(
            *actor.mandates,
            MandateTerm(frozenset({GRANT}), ("A-1",), SCJG, up_to_fen=900_00),
        ),
    )
    assert [wider.ends_at(GRANT, item, SCJG) for item in ("A-1", "A-2")] == [900_00, 500_00]
    unlimited = MandateTerm(frozenset({GRANT}), ("A-2",), SCJG)
    assert replace(wider, mandates=(*wider.mandates, unlimited)).ends_at(GRANT, "A-2", SCJG) is None


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        *(("3000", 3000_00), ("3000.5", 3000_50), (" 0.05 ", 5), ("0", 0), (12, 12_00)),
        *((text, None) for text in ("", None, "三千", "-1", "1e3", "1,000", "1.234")),
    ],
)
def test_money_is_read_as_written_or_not_at_all(text: object, fen: int | None) -> None:
    assert read_fen(text) == fen
    assert fen is None or read_fen(yuan(fen).removesuffix("元")) == fen


def test_a_supervising_mandate_looks_down_its_division_and_decides_nothing() -> None:
    term = MandateTerm(frozenset({"supervision.view"}), supervising=True, division_path="99.9901")
    actor = Actor(kind="staff", mandates=(term,))
    assert actor.supervises("99.9901")
    assert actor.supervises("99.9901.990121")
    assert not actor.supervises("99.99012")
    assert not actor.supervises("99")
    assert actor.may_supervise("supervision.view", "99.9901.990121")
    assert not actor.may_supervise("supervision.instruct", "99.9901.990121")
    assert not actor.may("supervision.view", "A-1", "")


def test_the_system_holds_no_mandate() -> None:
    assert not SYSTEM.may("application.accept", "A-1", SCJG)
    assert SYSTEM.has_role("system")


def test_the_demo_city_has_no_fault(demo_city: OrganisationData) -> None:
    assert check_organisation(demo_city) == ()
    assert {row.level for row in demo_city.divisions} == {1, 2, 3, 4, 5}
    assert len(demo_city.bodies) == 11


@pytest.mark.requirement("HALL-02")
def test_every_post_of_the_demo_city_has_a_whole_duty_sheet_and_a_holder(demo_city: OrganisationData) -> None:
    held = {row.post for row in demo_city.holdings}
    for post in demo_city.posts:
        assert all((post.duties, post.tasks, post.standards, post.limits)), post.code
        assert post.code in held


def one(**change: object) -> OrganisationData:
    """A small sound organisation, with one part changed."""
    base = OrganisationData(
        source="test",
        divisions=(
            DivisionData("990000000000", "示例省", 1),
            DivisionData("990100000000", "云溪市", 2, "990000000000"),
        ),
        bodies=(BodyData(SCJG, "市市场监管局", "990100000000", START, key="SCJG"),),
        posts=(
            PostData("SCJG-SC1", "审查岗", SCJG, "U", ("examiner",), ("a",), ("b",), ("c",), ("d",), START),
        ),
    )
    return replace(base, **change)  # type: ignore[arg-type]


KNOWN = Known(units={"U": SCJG}, staff=frozenset({"1"}))
POST = one().posts[0]
PROMISE = PromiseData(SCJG, "零差错", "不说不", "当天办", "演1号", START)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (one(divisions=(DivisionData("99", "省", 1), *one().divisions)), "写足12位"),
        (
            one(divisions=(*one().divisions, DivisionData("990121000000", "县", 4, "990100000000"))),
            "属于第3级",
        ),
        (
            one(divisions=(*one().divisions, DivisionData("980100000000", "市", 2, "990000000000"))),
            "不在上级",
        ),
        (one(divisions=(*one().divisions, *one().divisions)), "重复"),
        (one(bodies=(replace(one().bodies[0], code="11990100MB9901024D"),), posts=()), "有一位不对"),
        (one(bodies=(replace(one().bodies[0], division="970000000000"),)), "行政区划“970000000000”不存在"),
        (one(posts=(replace(POST, unit="V"),)), "内设机构“V”不存在"),
        (one(posts=(replace(POST, roles=("king",)),)), "角色“king”不存在"),
        (one(posts=(replace(POST, duties=()),)), "缺少职责"),
        (one(posts=(replace(POST, limits=(" ",)),)), "缺少时限"),
        (one(posts=(replace(POST, code="审查岗"),)), "只能用大写字母"),
        (one(holdings=(HoldingData("2", "SCJG-SC1", START),)), "工号“2”不存在"),
        (one(holdings=(HoldingData("1", "SCJG-SC1", START, START),)), "终止日应晚于起始日"),
        (one(holdings=(HoldingData("1", "SCJG-SC1", START), HoldingData("1", "SCJG-SC1", TODAY))), "重叠"),
        (
            one(mandates=(MandateData(("X",), (GRANT,), ("*",), "演1号", START, SCJG),)),
            "岗位“X”不存在",
        ),
        (one(mandates=(MandateData(("SCJG-SC1",), (), ("*",), "演1号", START, SCJG),)), "没有写明行为"),
        (
            one(mandates=(MandateData(("SCJG-SC1",), (GRANT,), ("*",), " ", START, SCJG),)),
            "没有写明授权文件",
        ),
        (
            one(mandates=(MandateData(("SCJG-SC1",), (GRANT,), ("*",), "演1号", START),)),
            "机构“”不存在",
        ),
        (
            one(
                posts=(replace(POST, roles=("sysadmin",)),),
                mandates=(MandateData(("SCJG-SC1",), (GRANT,), ("*",), "演1号", START, SCJG),),
            ),
            "只看不办",
        ),
        (one(covers=(CoverData("SCJG-SC1", "SCJG-SC1", START),)), "不能由自己代行"),
        (one(promises=(replace(PROMISE, quality=""),)), "没有写工作质量"),
        (one(promises=(replace(PROMISE, attitude=" "),)), "没有写服务态度"),
        (one(promises=(replace(PROMISE, time=""),)), "没有写办事时效"),
        (one(promises=(replace(PROMISE, announced_by=""),)), "没有写明公布文件"),
        (one(promises=(replace(PROMISE, body="X"),)), "机构“X”不存在"),
        (one(promises=(PROMISE, replace(PROMISE, from_on=TODAY))), "重叠"),
    ],
)
def test_faulty_data_are_refused_with_what_is_wrong(data: OrganisationData, words: str) -> None:
    complaints = check_organisation(data, KNOWN)
    assert any(words in complaint.sentence for complaint in complaints), complaints


def test_sound_small_data_have_no_fault() -> None:
    assert check_organisation(one(), KNOWN) == ()


A, B = ("old",), ("new",)


@pytest.mark.parametrize(
    ("standing", "wanted", "expected"),
    [
        ([], [Wanted(START, None, A)], Plan(inserts=(Wanted(START, None, A),))),
        ([Standing(1, START, None, A)], [Wanted(START, None, A)], Plan(unchanged=1)),
        (  # changed without a day of its own: from today
            [Standing(1, START, None, A)],
            [Wanted(START, None, B)],
            Plan(((1, TODAY),), (Wanted(TODAY, None, B),), 1),
        ),
        (  # changed with a day of its own
            [Standing(1, START, None, A)],
            [Wanted(date(2026, 5, 1), None, B)],
            Plan(((1, date(2026, 5, 1)),), (Wanted(date(2026, 5, 1), None, B),), 1),
        ),
        (  # the same data again after that change
            [Standing(1, START, TODAY, A), Standing(2, TODAY, None, B)],
            [Wanted(START, None, B)],
            Plan(unchanged=1),
        ),
        ([Standing(1, START, None, A)], [Wanted(START, date(2026, 6, 1), A)], Plan(((1, date(2026, 6, 1)),))),
        (  # wrong on its first day: never in force, replaced
            [Standing(1, TODAY, None, A)],
            [Wanted(TODAY, None, B)],
            Plan(((1, TODAY),), (Wanted(TODAY, None, B),), 1),
        ),
        (  # ended, asked for again
            [Standing(1, START, date(2025, 1, 1), A)],
            [Wanted(START, None, A)],
            Plan((), (Wanted(TODAY, None, A),), 1),
        ),
    ],
)
def test_a_change_closes_a_row_and_opens_the_next(
    standing: list[Standing], wanted: list[Wanted], expected: Plan
) -> None:
    assert plan(standing, wanted, today=TODAY) == expected


def test_rows_no_longer_asked_for_end_today_but_those_of_other_sources_stay() -> None:
    rows = [
        Standing(1, START, None, A),
        Standing(2, START, None, A, ours=False),
        Standing(3, START, START, A),
    ]
    assert plan_absent(rows, today=TODAY).ends == ((1, TODAY),)


days = st.dates(date(2025, 1, 1), date(2027, 12, 31))


@given(st.lists(st.tuples(days, st.sampled_from("abc"), days), min_size=1, max_size=6))
def test_however_data_change_rows_never_overlap_and_a_second_load_changes_nothing(
    loads: list[tuple[date, str, date]],
) -> None:
    rows: dict[int, Standing] = {}
    today = date(2025, 1, 1)
    for from_on, content, loaded_on in loads:
        today = max(today, loaded_on)
        wanted = [Wanted(from_on, None, (content,))]
        for round_ in (1, 2):
            step = plan(list(rows.values()), wanted, today=today)
            assert round_ == 1 or not (step.ends or step.inserts)
            for row_id, to_on in step.ends:
                rows[row_id] = replace(rows[row_id], to_on=to_on)
            for row in step.inserts:
                rows[len(rows)] = Standing(len(rows), row.from_on, row.to_on, row.content)
        lasting = sorted((row for row in rows.values() if row.was_ever), key=lambda row: row.from_on)
        for before, after in zip(lasting, lasting[1:], strict=False):
            assert before.to_on is not None
            assert before.to_on <= after.from_on
