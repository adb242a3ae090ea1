"""The demo's reviews: some say how they were served, most say nothing, and bad ones are put right.

`[rectification]`: `from_on`; `reviewed`: of a hundred services; `grades`: one of these is given; `words`:
what people say (`good`, `bad`) and what units write (`finding`, `groundless`, `measures`, `reply`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from liuquan.casework import actions as casework
from liuquan.casework import queries as cases
from liuquan.casework.types import Snapshot
from liuquan.clock import SHANGHAI
from liuquan.kernel.moments import today
from liuquan.kinds.types import Choices, Course, DemoStage, Player, Section
from liuquan.organisation.types import SYSTEM
from liuquan.reviews import actions, queries
from liuquan.reviews.types import KIND, Grade, Service

_EVENING, _MORNING = time(20, 10), time(10, 10)
_VERIFIED, _PUT_RIGHT, _TOLD = 1, 3, 4  #: working days from the review to each step
_GROUNDLESS: Final = 20  #: of a hundred bad ones


@dataclass(frozen=True)
class Programme:
    """Who reviews, and what is said."""

    from_on: date
    reviewed: int
    grades: Sequence[int]
    words: Mapping[str, Sequence[str]]

    def courses(self, stage: DemoStage) -> list[Course]:
        return [self._days(stage)]

    def _days(self, stage: DemoStage) -> Course:
        """Each morning the units put right what is due, each evening people review what the day brought."""
        bad: list[Service] = []
        on, since = self.from_on, datetime.combine(self.from_on, time(), SHANGHAI)
        while on <= stage.ends_on:
            if stage.calendar.is_working(on):
                yield (at := datetime.combine(on, _MORNING, SHANGHAI))
                for one in bad:
                    self._put_right(stage, one, at)
            yield (at := datetime.combine(on, _EVENING, SHANGHAI))
            for service in queries.unreviewed(from_at=since, to_at=at):
                if self._is_rated_badly(stage, service, at):
                    bad.append(service)
            since = at
            on += timedelta(days=1)

    def _is_rated_badly(self, stage: DemoStage, service: Service, at: datetime) -> bool:
        """Somebody says how a service was, or nothing."""
        choices = stage.choices(KIND, service.number, service.label, service.happened_at.isoformat())
        if not choices.happens(self.reviewed):
            return False
        grade = choices.choice(self.grades)
        is_bad = Grade(grade).is_bad
        said = choices.choice(self.words["bad"]) if is_bad else ""
        if not is_bad and choices.happens(30):
            said = choices.choice(self.words["good"])
        actions.rate(service.number, service.entry, grade=grade, words=said, now=at)
        return is_bad

    def _put_right(self, stage: DemoStage, service: Service, at: datetime) -> None:
        found = queries.service(service.number, service.entry)
        case = cases.read(found.rectification if found else "")
        age = stage.calendar.working_days_between(today(case.received_at), today(at))
        choices = stage.choices(KIND, case.number)
        groundless = choices.happens(_GROUNDLESS)
        match case.state:
            case "opened" if age >= _VERIFIED and groundless:
                self._act(stage, case, "find_groundless", at, finding="groundless")
            case "opened" if age >= _VERIFIED:
                self._act(stage, case, "verify", at, finding="finding")
            case "verified" if age >= _PUT_RIGHT:
                self._act(stage, case, "rectify", at, measures="measures")
            case "rectified" | "groundless" if age >= _TOLD:
                self._act(stage, case, "tell", at, reply="reply")

    def _act(self, stage: DemoStage, case: Snapshot, action: str, at: datetime, **texts: str) -> None:
        choices: Choices = stage.choices(KIND, case.number, action)
        by = stage.authorised(
            f"{KIND}.{action}", body_code=case.body_code, subject_code=case.terms.subject_code, at=at
        )
        data = {name: choices.choice(self.words[kind]) for name, kind in texts.items()}
        stage.done(casework.perform(case.number, action, by=by, now=at, data=data), at=at)


def read(section: Section) -> Programme:
    """What the script's section says."""
    given: Mapping[str, Any] = section.values
    return Programme(given["from_on"], given["reviewed"], given["grades"], given["words"])


PLAYER = Player(
    read=read,
    work={
        "reviews.invite": lambda number, entry, _now: actions.invite(number, entry),
        "reviews.follow": lambda number, entry, now: actions.follow(number, entry, by=SYSTEM, now=now),
    },
    to_try={"unit_contact": "核实差评，写明整改"},
)
