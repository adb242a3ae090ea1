"""What recurs in the demo's hotline: the daily round, questions at the windows, an article and a change that
wait for a second person.

`[ticket.days]` from_on; `asked`: articles that people ask about at the windows; `article`: one that a unit
proposes (as in the pack); `class`: one that the centre proposes to add.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from liuquan.clock import SHANGHAI
from liuquan.hotline import actions, queries
from liuquan.hotline.actions.consulting import COUNT, Consultation
from liuquan.hotline.articles import ArticleGiven
from liuquan.hotline.changes import ChangeGiven, ChangeKind
from liuquan.kinds.types import Course, DemoStage

_ROUND: Final = time(6, 0)
_PROPOSED: Final = time(15, 20)


def courses(stage: DemoStage, given: Mapping[str, Any]) -> list[Course]:
    """The round of each day, the windows, and what is proposed; nothing where the script says nothing."""
    if not given:
        return []
    return [
        _rounds(stage, given["from_on"]),
        _windows(stage, given["from_on"], given["asked"]),
        _proposed(stage, given),
    ]


def _rounds(stage: DemoStage, on: date) -> Course:
    """Each morning the owners of stale articles are asked, and what rises is entered."""
    while on <= stage.ends_on:
        yield (at := datetime.combine(on, _ROUND, SHANGHAI))
        actions.ask_owners(now=at)
        actions.foresee(now=at)
        on += timedelta(days=1)


def _windows(stage: DemoStage, on: date, asked: Mapping[str, str]) -> Course:
    """On working days somebody asks at a window of the hall, and is answered from the knowledge base."""
    numbers = list(asked)
    while on < stage.ends_on:
        choices = stage.choices("windows", on.isoformat())
        if stage.calendar.is_working(on):
            yield (at := stage.on_day(on, choices))
            by = stage.authorised("hotline.consult", body_code=queries.centre(), subject_code="", at=at)
            number = choices.choice(numbers)
            actions.consult(Consultation(COUNT, number, asked[number]), by=by, now=at)
        on += timedelta(days=1)


def _proposed(stage: DemoStage, given: Mapping[str, Any]) -> Course:
    """A unit proposes an article, the centre a class: both wait for somebody else's yes."""
    article, new = dict(given["article"]), dict(given["class"])
    yield (at := datetime.combine(article.pop("proposed_on"), _PROPOSED, SHANGHAI))
    owner = article["owner"]
    by = stage.authorised("hotline.propose_article", body_code=owner, subject_code="", at=at)
    actions.propose(_article(article), by=by, now=at)
    yield (at := datetime.combine(new.pop("proposed_on"), _PROPOSED, SHANGHAI))
    by = stage.authorised("hotline.govern", body_code=queries.centre(), subject_code="", at=at)
    change = ChangeGiven(ChangeKind.CLASS_NEW, new["values"], new["basis"], new["from_on"])
    actions.propose_change(change, by=by, now=at)


def _article(row: Mapping[str, Any]) -> ArticleGiven:
    return ArticleGiven(
        question=row["question"],
        answer=row["answer"],
        document=row["document"],
        clause=row["clause"],
        owner_body=row["owner"],
        class_codes=tuple(row["classes"]),
        words=tuple(row["words"]),
        valid_from=row["valid_from"],
        review_due=row["review_due"],
    )
