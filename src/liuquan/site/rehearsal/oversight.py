"""What the supervising post and the units do with red findings, day by day."""

from __future__ import annotations

from datetime import datetime

from liuquan.kernel.moments import today
from liuquan.organisation import queries as organisation
from liuquan.organisation.types import Actor
from liuquan.site.rehearsal.chance import Chance
from liuquan.site.rehearsal.stage import Stage
from liuquan.supervision import actions, queries
from liuquan.supervision.types import FindingFilter, FindingLine, FindingState

RULINGS = (("founded", ""), ("founded", ""), ("unfounded", ""), ("excused", "system_failure"))
LEFT_FOR_THE_VISITOR = 4  #: working days before the demo's day from which new findings are left open


def dispose(stage: Stage, at: datetime) -> None:
    """One working day at the supervision: ask about what was found, take the answers, close the oldest."""
    supervisor = _supervisor(stage, at)
    narrowed = FindingFilter(state="pending", severity="red")
    lines, _ = queries.findings(supervisor, now=at, narrowed=narrowed, limit=200)
    for line in sorted(lines, key=lambda one: one.number):
        chance = Chance(stage.script.seed, line.number)
        age = stage.calendar.working_days_between(today(line.found_at), today(at))
        _dispose_one(stage, line, age, supervisor, chance, at)


def _dispose_one(
    stage: Stage, line: FindingLine, age: int, supervisor: Actor, chance: Chance, at: datetime
) -> None:
    left = stage.calendar.working_days_between(today(line.found_at), stage.ends_on) <= LEFT_FOR_THE_VISITOR
    unit = stage.answering(line.body_code, at)
    if line.state is FindingState.OPEN and age >= 1 and not left and unit is not None:
        actions.ask_explanation(line.number, by=supervisor, now=at, points=("cause", "post", "remedy"))
    elif line.state is FindingState.ASKED and age >= 3 and unit is not None and chance.happens(85):
        actions.explain(line.number, text=stage.word("explanation", chance), by=unit, now=at)
    elif line.state is FindingState.EXPLAINED and age >= 5 and chance.happens(70):
        ruling, ground = chance.choice(RULINGS)
        note = stage.word("verdict", chance)
        actions.close(line.number, ruling=ruling, ground=ground, note=note, by=supervisor, now=at)


def _supervisor(stage: Stage, at: datetime) -> Actor:
    post = organisation.posts_for_role("supervisor", on=today(at))[0]
    return stage.actor(post.code, at)
