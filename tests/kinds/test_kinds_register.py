"""A kind that does not fit together is refused at start-up, with its line in `KINDS`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from liuquan.casework import registry
from liuquan.casework.effects import Mark
from liuquan.casework.types import Field, FieldKind, ShownIf, State
from liuquan.kinds import actions as kinds
from liuquan.kinds import queries
from liuquan.kinds.register import KINDS
from liuquan.kinds.types import CaseKind, Paper, Stage
from liuquan.organisation.types import ACTS, ROLES
from liuquan.site import wiring
from liuquan.testing.consultation.kind import CONSULTATION

PROCEDURE = CONSULTATION.procedure
EARLY = Field("on", "哪天", FieldKind.DATE, shown_if=ShownIf("way"))
ANSWER, ADD = PROCEDURE.rows
FORGOTTEN = State("forgotten", "没人管", holder="nobody", closed=True)


def known() -> tuple[Any, ...]:
    """Everything that entering a kind changes."""
    return dict(KINDS), registry.procedures(), dict(ACTS), dict(ROLES)


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No kind is known under this name, and what a test enters goes with it."""
    before = dict(KINDS)
    procedures = {key: one for key, one in registry._PROCEDURES.items() if key[0] != PROCEDURE.kind}
    monkeypatch.setattr(registry, "_PROCEDURES", procedures)
    KINDS.pop(PROCEDURE.kind, None)
    yield
    KINDS.clear()
    KINDS.update(before)


def of(**changed: Any) -> CaseKind:
    """The kind with another procedure."""
    return replace(CONSULTATION, procedure=replace(PROCEDURE, **changed))


WRONG = [
    (of(states=(*PROCEDURE.states, FORGOTTEN)), r"no row leads to the states \['forgotten'\]"),
    (
        replace(CONSULTATION, papers=CONSULTATION.papers[:1]),
        "row answer issues the paper answer",
    ),
    (
        replace(CONSULTATION, papers=(*CONSULTATION.papers, Paper("thanks", "感谢信", False, dict, "谢"))),
        "no row issues the paper thanks",
    ),
    (
        replace(CONSULTATION, papers=(*CONSULTATION.papers, CONSULTATION.papers[0])),
        "the paper slip is written twice",
    ),
    (
        replace(CONSULTATION, stages=(*CONSULTATION.stages, Stage("评价", ("rated",)))),
        r"stages name unknown states \['rated'\]",
    ),
    (replace(CONSULTATION, stages=CONSULTATION.stages[:1]), "no stage is in progress in the state asked"),
    (replace(CONSULTATION, turns={}), "says not what is to be done in the state asked"),
    (replace(CONSULTATION, holder_pages={"rate": "home"}), r"unknown acts \['rate'\]"),
    (
        of(rows=(replace(ANSWER, effects=(*ANSWER.effects, Mark("closed", "answered"))), ADD)),
        r"has no word for the outcomes \['answered'\]",
    ),
    (
        of(rows=(ANSWER, replace(ADD, recorded=(Field("of_each", "各项", FieldKind.TEXTS, of="way"),)))),
        "add asks for of_each of way, which is not asked before it",
    ),
    (
        replace(CONSULTATION, message_templates={"consultation.rated": "{number}"}),
        "events that no row enters",
    ),
    (
        replace(CONSULTATION, message_templates={"consultation.answered": "{number}：{name}"}),
        r"the message of consultation.answered has unknown slots \['name'\]",
    ),
    (
        replace(CONSULTATION, message_templates={"consultation.answered": "已答复。"}),
        "does not say the number of the case",
    ),
    (of(rows=(replace(ANSWER, who=()), ADD)), "answer says not who may do it"),
    (of(rows=(ANSWER, ADD, ADD)), "an action has two rows"),
    (of(rows=(ANSWER, replace(ADD, target="lost"))), r"add names unknown states \['lost'\]"),
    (
        of(
            rows=(
                ANSWER,
                replace(ADD, fields=(EARLY,)),
            )
        ),
        "add shows on by way, which is not asked before it",
    ),
]


@pytest.mark.parametrize(("kind", "said"), WRONG, ids=[said for _, said in WRONG])
def test_a_kind_that_does_not_fit_together_is_refused_with_its_line_and_nothing_of_it_is_entered(
    kind: CaseKind, said: str
) -> None:
    before = known()
    with pytest.raises(ValueError, match=rf"^line 1 of the kinds: .*consultation.*{said}"):
        kinds.register([kind])
    assert known() == before


def test_the_line_is_the_one_of_the_list_of_the_site(monkeypatch: pytest.MonkeyPatch) -> None:
    before, (wrong, _) = known(), WRONG[0]
    monkeypatch.setattr(wiring, "KINDS", (*wiring.KINDS, wrong))
    with pytest.raises(ValueError, match=f"^line {len(wiring.KINDS)} of the kinds: "):
        wiring.wire()
    assert known() == before


def test_no_kind_stands_in_two_lines() -> None:
    with pytest.raises(ValueError, match="^line 3 of .*consultation stands in line 1 already"):
        kinds.register([CONSULTATION, wiring.KINDS[0], CONSULTATION])
    KINDS.pop(CONSULTATION.key)
    kinds.register([CONSULTATION])
    before = known()
    with pytest.raises(ValueError, match="^line 1 of .*consultation is there twice: 咨询 and 答疑"):
        kinds.register([of(label="答疑")])
    assert known() == before
    kinds.register([CONSULTATION])
    assert known() == before


def test_a_kind_that_is_entered_has_its_procedure_acts_and_reactions() -> None:
    kinds.register([CONSULTATION])
    assert queries.kind(CONSULTATION.key).papers == CONSULTATION.papers
    assert registry.newest(CONSULTATION.key).rows == PROCEDURE.rows
    assert {"consultation.ask", "consultation.answer"} <= ACTS.keys()
    assert "consultation.add" not in ACTS  # nobody is mandated for what the party does
    assert kinds.reactions(CONSULTATION) == {
        "consultation.asked": (kinds.ISSUE_PAPERS,),
        "consultation.answered": (kinds.ISSUE_PAPERS,),
    }
    told = replace(
        CONSULTATION, message_templates={"consultation.answered": "{number}：{state}。{next_step}"}
    )
    assert kinds.reactions(told)["consultation.answered"] == (kinds.ISSUE_PAPERS, kinds.TELL_PARTY)


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(LookupError, match="no kind consultation is registered"):
        queries.kind("consultation")
