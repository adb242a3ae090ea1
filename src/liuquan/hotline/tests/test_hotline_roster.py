"""The line is manned day and night: the roster says when it is not, and a shift leaves to the next what it
has to know."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from liuquan.hotline import actions, models, queries
from liuquan.hotline.actions.stand_in import StandInPhone
from liuquan.hotline.tests.calling import answered_call, phone
from liuquan.hotline.tests.conftest import MONDAY, Hotline
from liuquan.hotline.types import Emergency
from liuquan.journal import queries as journal
from liuquan.kernel.refusals import BadInput, NotAllowed, WrongState
from liuquan.organisation.types import Actor
from liuquan.testing.browsers import SetNow
from liuquan.testing.cast import Cast
from liuquan.testing.sources import squeezed

__all__ = ["phone"]
HOUR = timedelta(hours=1)
#: Tuesday, 3 March 2026, midnight in Shanghai
TUESDAY = datetime(2026, 3, 2, 16, 0, tzinfo=UTC)


def plan(hotline: Hotline, who: Actor, hour: int, long: int = 8) -> None:
    begins = TUESDAY + hour * HOUR
    assert who.staff_id is not None
    actions.plan_shift(
        who.staff_id, starts_at=begins, ends_at=begins + long * HOUR, by=hotline.dispatcher, now=MONDAY
    )


def test_the_hours_in_which_nobody_is_on_duty_are_found(hotline: Hotline) -> None:
    def gaps() -> list[tuple[datetime, datetime]]:
        return queries.calls.gaps(begins=TUESDAY, ends=TUESDAY + 24 * HOUR)

    assert gaps() == [(TUESDAY, TUESDAY + 24 * HOUR)]
    plan(hotline, hotline.operator, 0)
    plan(hotline, hotline.dispatcher, 6, 4)
    assert gaps() == [(TUESDAY + 10 * HOUR, TUESDAY + 24 * HOUR)]
    plan(hotline, hotline.caller_back, 12, 12)
    assert gaps() == [(TUESDAY + 10 * HOUR, TUESDAY + 12 * HOUR)]
    plan(hotline, hotline.operator, 9, 4)
    assert gaps() == []


@pytest.mark.parametrize(
    ("hour", "long", "who", "says"),
    [
        (4, 8, "operator", "已经排了班"),
        (12, 13, "operator", "最长12小时"),
        (12, 0, "operator", "最长12小时"),
        (12, 8, "contact", "热线中心这一天在岗"),
    ],
)
def test_a_wrong_shift_is_refused(hotline: Hotline, hour: int, long: int, who: str, says: str) -> None:
    plan(hotline, hotline.operator, 0)
    with pytest.raises(BadInput, match=says):
        plan(hotline, getattr(hotline, who), hour, long)
    assert models.Shift.objects.count() == 1


def test_an_operator_does_not_plan_and_a_shift_that_began_stays(hotline: Hotline) -> None:
    plan(hotline, hotline.operator, 0)
    key = models.Shift.objects.get().pk
    with pytest.raises(NotAllowed):
        actions.drop_shift(key, by=hotline.operator, now=MONDAY)
    with pytest.raises(WrongState):
        actions.drop_shift(key, by=hotline.dispatcher, now=TUESDAY + HOUR)
    assert models.Shift.objects.count() == 1
    actions.drop_shift(key, by=hotline.dispatcher, now=MONDAY)
    assert not models.Shift.objects.exists()


def test_a_shift_leaves_to_the_next_what_is_open_and_reading_it_is_entered(
    hotline: Hotline, cast: Cast, set_now: SetNow
) -> None:
    set_now(MONDAY)
    line = StandInPhone().ring("19900000001", now=MONDAY)
    StandInPhone().end(line, now=MONDAY + HOUR)
    morning, evening = cast.client("rexiaojie"), cast.client("rexiaopai")
    path = "/desk/hotline/roster/hand-over/"
    assert morning.post(path, {"note": " "}).status_code == 422
    assert not models.HandOver.objects.exists()
    assert morning.post(path, {"note": "溪畔大道停水，来电多"}).status_code == 302
    row = models.HandOver.objects.get()
    assert (row.to_call_back, row.without_outcome) == (1, 0)
    assert "停水".encode() not in bytes(row.note_enc)
    assert "停水" not in evening.get(path).content.decode()
    assert morning.post(path, {"take": str(row.number)}).status_code == 409
    assert evening.post(path, {"take": "none"}).status_code == 404
    shown = evening.post(path, {"take": str(row.number)}).content.decode()
    assert "溪畔大道停水" in shown
    events = [one.event for one in journal.entries_of(str(row.number))]
    assert events == ["hotline.handed_over", "hotline.handover_opened"]
    third = cast.client("rexiaofang")
    assert third.post(path, {"take": str(row.number)}).status_code == 409
    assert models.HandOver.objects.get().to_staff == hotline.dispatcher.staff_id


@pytest.mark.fact("H-01")
def test_one_number_is_manned_day_and_night_and_emergencies_go_through_at_once(
    hotline: Hotline, phone: StandInPhone, cast: Cast, set_now: SetNow, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_now(MONDAY)
    client = cast.client("rexiaojie")
    wall = squeezed(client.get("/desk/hotline/wall/").content.decode())
    assert "12345" in wall
    assert "现在没有人排班" in wall
    warned = squeezed(cast.client("rexiaopai").get("/desk/hotline/roster/").content.decode())
    assert "没有人值班" in warned
    for day in range(-1, 8):
        for hour, who in ((0, hotline.operator), (8, hotline.dispatcher), (16, hotline.caller_back)):
            plan(hotline, who, hour + 24 * day)
    manned = squeezed(cast.client("rexiaopai").get("/desk/hotline/roster/").content.decode())
    assert "七天里每一刻都有人值班" in manned
    assert "现在没有人排班" not in squeezed(client.get("/desk/hotline/wall/").content.decode())
    asked: list[str] = []
    monkeypatch.setattr(StandInPhone, "transfer", lambda _self, _line, to, **_: asked.append(to))
    for at, one in enumerate(Emergency):
        answered_call(hotline.operator, at=MONDAY + at * HOUR)
        client.post("/desk/hotline/new/", {"decide": f"transfer:{one.value}"})
    assert asked == ["110", "119", "120", "122"]
    assert set(models.Call.objects.values_list("outcome", flat=True)) == {"transferred"}


def test_the_roster_page_plans_and_says_what_is_wrong(hotline: Hotline, cast: Cast, set_now: SetNow) -> None:
    set_now(MONDAY)
    client, path = cast.client("rexiaopai"), "/desk/hotline/roster/"
    given: dict[str, Any] = {
        "staff": hotline.operator.staff_id,
        "on": "2026年3月3日",
        "hour": "08",
        "long": "8",
    }
    wrong = client.post(path, {**given, "on": "3月"})
    assert wrong.status_code == 422
    assert 'value="3月"' in wrong.content.decode()
    assert client.post(path, {**given, "hour": "25"}).status_code == 422
    assert not models.Shift.objects.exists()
    assert client.post(path, given).status_code == 302
    (shift,) = models.Shift.objects.all()
    assert (shift.starts_at, shift.ends_at) == (TUESDAY + 8 * HOUR, TUESDAY + 16 * HOUR)
    assert cast.client("rexiaojie").post(path, {"drop": shift.pk}).status_code == 403
    assert client.post(path, {"drop": shift.pk}).status_code == 302
    assert not models.Shift.objects.exists()
