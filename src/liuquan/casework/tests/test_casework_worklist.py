"""A work list holds what the post has to do, however many other cases its body has open."""

from __future__ import annotations

from datetime import UTC, datetime

from liuquan.casework import queries
from liuquan.testing.cast import Cast

NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)


def test_other_posts_cases_do_not_push_a_duty_out_of_the_list(city_db: str, cast: Cast) -> None:
    for _ in range(3):
        cast.applies("device", at=NOW)
    mine = cast.examined("device", at=NOW)
    assert [item.number for item in queries.worklist(cast.approver, now=NOW, limit=1)] == [mine]
    waiting = queries.worklist(cast.clerk, now=NOW)
    assert len(waiting) == 3
    assert mine not in {item.number for item in waiting}


def test_an_examiner_sees_the_steps_of_the_post_and_nothing_else(city_db: str, cast: Cast) -> None:
    number = cast.accepted("food", at=NOW)
    post = queries.read(number).open_assignments[0].post_code
    lists = {
        actor.post_code: queries.worklist(actor, now=NOW) for actor in (cast.examiner, cast.second_examiner)
    }
    assert [item.number for item in lists.pop(post)] == [number]
    assert list(lists.values()) == [[]]
