"""What the supervising post and the units do with red findings, day by day."""

from __future__ import annotations

from datetime import datetime

from liuquan.kernel.moments import today
from liuquan.kinds.types import Choices
from liuquan.organisation import queries as organisation
from liuquan.organisation.types import Actor
from liuquan.site.rehearsal.demo_city import DemoCity
from liuquan.supervision import actions, queries
from liuquan.supervision.types import FindingFilter, FindingLine, FindingState

RULINGS = (("founded", ""), ("founded", ""), ("unfounded", ""), ("excused", "system_failure"))
LEFT_FOR_THE_VISITOR = 4  #: working days before the demo's day from which new findings are left open


def dispose(city: DemoCity, at: datetime) -> None:
    """One working day at the supervision: ask about what was found, take the answers, close the oldest."""
    supervisor = _supervisor(city, at)
    narrowed = FindingFilter(state="pending", severity="red")
    lines, _ = queries.findings(supervisor, now=at, narrowed=narrowed, limit=200)
    for line in sorted(lines, key=lambda one: one.number):
        choices = city.choices(line.number)
        age = city.calendar.working_days_between(today(line.found_at), today(at))
        _dispose_one(city, line, age, supervisor, choices, at)


def _dispose_one(
    city: DemoCity, line: FindingLine, age: int, supervisor: Actor, choices: Choices, at: datetime
) -> None:
    left = city.calendar.working_days_between(today(line.found_at), city.ends_on) <= LEFT_FOR_THE_VISITOR
    unit = city.answering(line.body_code, at)
    if line.state is FindingState.OPEN and age >= 1 and not left and unit is not None:
        actions.ask_explanation(line.number, by=supervisor, now=at, points=("cause", "post", "remedy"))
    elif line.state is FindingState.ASKED and age >= 3 and unit is not None and choices.happens(85):
        actions.explain(line.number, text=city.word("explanation", choices), by=unit, now=at)
    elif line.state is FindingState.EXPLAINED and age >= 5 and choices.happens(70):
        ruling, ground = choices.choice(RULINGS)
        note = city.word("verdict", choices)
        actions.close(line.number, ruling=ruling, ground=ground, note=note, by=supervisor, now=at)


def _supervisor(city: DemoCity, at: datetime) -> Actor:
    post = organisation.posts_for_role("supervisor", on=today(at))[0]
    return city.actor(post.code, at)
