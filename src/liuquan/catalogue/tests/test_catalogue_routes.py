"""Routes as graphs; pure."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liuquan.catalogue import routes
from liuquan.catalogue.types import StepKind, StepTerm

from .conftest import a_step

PARALLEL = (a_step("a"), a_step("b", days=4), a_step("c"), a_step("join", "a", "b", "c", days=2))


def test_steps_with_the_same_start_run_in_parallel_and_join() -> None:
    rows = [[step.key for step in row] for row in routes.layers(PARALLEL)]
    assert rows == [["a", "b", "c"], ["join"]]
    assert routes.longest_way(PARALLEL) == 6
    assert [step.key for step in routes.last_steps(PARALLEL)] == ["join"]


def test_time_of_an_expert_review_is_not_counted_in_the_longest_way() -> None:
    steps = (a_step("a"), a_step("b", "a", days=30, kind=StepKind.EXPERT_REVIEW), a_step("c", "b"))
    assert routes.longest_way(steps) == 6


def test_a_circle_is_named_in_order() -> None:
    steps = (a_step("a", "c"), a_step("b", "a"), a_step("c", "b"))
    lacks = [lack for lack in routes.route_lacks(steps) if "循环" in lack.sentence]
    assert len(lacks) == 1
    assert "a → b → c → a" in lacks[0].sentence or "b → c → a → b" in lacks[0].sentence
    with pytest.raises(ValueError, match="circular"):
        routes.layers(steps)


def test_unknown_and_own_predecessors_and_repeated_keys_are_named() -> None:
    sentences = [
        lack.sentence for lack in routes.route_lacks((a_step("a", "zz"), a_step("b", "b"), a_step("b")))
    ]
    assert any("“zz”不存在" in sentence for sentence in sentences)
    assert any("把自己写成了前序" in sentence for sentence in sentences)
    assert any("写了两次" in sentence for sentence in sentences)


@st.composite
def graphs(draw: st.DrawFn) -> tuple[StepTerm, ...]:
    size = draw(st.integers(1, 7))
    keys = [f"s{at}" for at in range(size)]
    return tuple(
        a_step(
            key, *draw(st.lists(st.sampled_from(keys), max_size=3, unique=True)), days=draw(st.integers(0, 5))
        )
        for key in keys
    )


@given(graphs())
def test_a_route_either_has_a_circle_or_puts_every_step_after_what_it_waits_for(
    steps: tuple[StepTerm, ...],
) -> None:
    if routes.circle_of(steps):
        circle = routes.circle_of(steps)
        after = {step.key: step.after for step in steps}
        pairs = zip(circle, (*circle[1:], circle[0]), strict=True)
        assert all(first in after[second] for first, second in pairs)
    else:
        turn = {step.key: at for at, row in enumerate(routes.layers(steps)) for step in row}
        assert len(turn) == len(steps)
        assert all(turn[name] < turn[step.key] for step in steps for name in step.after)


def test_a_route_of_thousands_of_steps_is_refused_and_not_followed() -> None:
    chain = tuple(a_step(f"s{at}", *([f"s{at - 1}"] if at else [])) for at in range(3000))
    assert [lack.sentence for lack in routes.route_lacks(chain)] == [
        "一项办理有3000个环节，超过60个，请合并环节。"
    ]
    assert routes.way_too_long(chain, 5) == []
