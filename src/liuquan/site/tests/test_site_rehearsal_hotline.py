"""The demo's hotline: its phone, its roster, its tickets and reviews, played for a few days."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from liuquan.hotline import queries
from liuquan.hotline.actions import stand_in
from liuquan.hotline.player import Programme, read
from liuquan.hotline.player.scenes import Scene
from liuquan.hotline.types import KIND, CallOutcome, Inlet, RequestKind, SeatState
from liuquan.kernel import sql
from liuquan.kernel.home import CHECKOUT
from liuquan.kernel.refusals import BadInput
from liuquan.kinds.types import Section
from liuquan.reviews import player as reviews
from liuquan.reviews import queries as reviewed
from liuquan.site.packs import Pack, read_pack
from liuquan.site.rehearsal import Script, play, read_script

MONDAY, WEDNESDAY = date(2026, 3, 2), date(2026, 3, 4)
WEDNESDAY_AT_NINE = datetime(2026, 3, 4, 1, 0, tzinfo=UTC)
LATER = datetime(2026, 3, 10, 1, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def pack() -> Pack:
    return read_pack(CHECKOUT / "packs" / "demo")


@pytest.fixture(scope="module")
def script(pack: Pack) -> Script:
    return read_script(pack)


def hotline(script: Script) -> Programme:
    found = script.parts[KIND]
    assert isinstance(found, Programme)
    return found


def scene(course: str, **more: object) -> Scene:
    given: dict[str, object] = {
        "class_code": "0103",
        "kind": RequestKind.COMPLAINT,
        "from_on": MONDAY,
        "to_on": MONDAY,
        "texts": ("溪畔大道的路灯不亮，晚上看不清路。",),
        "division": "990102001000",
        "place": "溪畔大道",
    }
    return Scene(**{**given, **more}, course=course)  # type: ignore[arg-type]


def played(pack: Pack, script: Script, *scenes: Scene, until: datetime = LATER) -> None:
    """From Monday on: the roster of every week, no calls but those of the tickets, no reviews."""
    whole = hotline(script)
    part = replace(
        whole, scenes=scenes, calls=(), days=None, roster=replace(whole.roster, from_on=MONDAY, days=9)
    )
    alone = replace(script, begins_on=MONDAY - timedelta(days=1), parts={KIND: part})
    play(pack, alone, until=until, ends_on=date(2026, 3, 10), on_day=lambda _on: None)


def test_the_script_keeps_the_line_manned_every_hour_to_a_week_after_the_demo(script: Script) -> None:
    roster = hotline(script).roster
    for hour in range(24 * roster.days):
        at = datetime(2026, 3, 13, 0, 30, tzinfo=UTC) - timedelta(hours=8) + timedelta(hours=hour)
        assert roster.on_duty(at), at
    assert roster.from_on + timedelta(days=roster.days) >= date(2026, 3, 27)


def test_a_request_by_phone_is_a_call_that_somebody_on_duty_took_at_a_seat(
    city: str, pack: Pack, script: Script
) -> None:
    played(
        pack, script, scene("plain", hours=(9, 10)), scene("plain", inlet=Inlet.WEB), until=WEDNESDAY_AT_NINE
    )
    rows = sql.run("SELECT * FROM hotline_call")
    tickets = {row["number"] for row in sql.run("SELECT number FROM casework_case WHERE kind = 'ticket'")}
    assert len(tickets) == 2
    assert [(row["seat"], row["outcome"]) for row in rows] == [("801", CallOutcome.TICKET)]
    assert rows[0]["ticket"] in tickets
    assert rows[0]["answered_at"] < rows[0]["ended_at"]
    assert rows[0]["recording_hash"]
    sitting = {one.seat: one.state for one in queries.calls.seats()}
    assert sitting == {"801": SeatState.READY, "802": SeatState.READY}
    assert queries.calls.gaps(begins=WEDNESDAY_AT_NINE, ends=WEDNESDAY_AT_NINE + timedelta(days=3)) == []
    handed = queries.calls.hand_overs()
    assert handed
    assert all(one.taken_at is not None for one in handed)


@pytest.mark.parametrize(
    ("course", "state", "event"),
    [
        ("returned_twice", "closed", "ticket.returned"),
        ("disputed", "answered", "ticket.disputed"),
        ("refused", "closed", "ticket.return_refused"),
        ("again", "closed", "ticket.asked_again"),
        ("unreasonable", "closed", "ticket.unreasonable_confirmed"),
        ("withdrawn", "withdrawn", "ticket.withdrawn"),
        ("helped", "closed", "ticket.help_asked"),
        ("extended", "handling", "ticket.extended"),
    ],
)
def test_a_course_goes_the_way_it_is_named(
    city: str, pack: Pack, script: Script, course: str, state: str, event: str
) -> None:
    stops = {"disputed": "answered", "extended": "handling"}.get(course, "")
    played(pack, script, scene(course, inlet=Inlet.WINDOW, stops=stops))
    assert [row["state"] for row in sql.run("SELECT state FROM casework_case WHERE kind = 'ticket'")] == [
        state
    ]
    assert event in {row["event"] for row in sql.run("SELECT event FROM journal_entry")}


def test_those_that_say_the_same_are_merged_and_told_with_the_first(
    city: str, pack: Pack, script: Script
) -> None:
    played(
        pack,
        script,
        scene("same", count=2, inlet=Inlet.WINDOW),
        scene("same", inlet=Inlet.WEB, from_on=date(2026, 3, 3), to_on=date(2026, 3, 3)),
    )
    rows = sql.run("SELECT state, outcome FROM casework_case WHERE kind = 'ticket' ORDER BY id")
    assert [row["state"] for row in rows].count("merged") == 2
    told = sql.run("SELECT count(*) AS n FROM journal_entry WHERE event = 'ticket.told_with'")
    assert told[0]["n"] == 2


def test_reviews_are_given_some_bad_ones_put_right_and_most_people_say_nothing(
    city: str, pack: Pack, script: Script
) -> None:
    whole = hotline(script)
    many = scene("now", kind=RequestKind.CONSULT, class_code="0402", count=12, inlet=Inlet.WINDOW)
    said = script.parts["rectification"]
    assert isinstance(said, reviews.Programme)
    some = replace(said, from_on=MONDAY, reviewed=60, grades=(5, 2))
    parts = {
        KIND: replace(whole, scenes=(many,), calls=(), days=None, roster=type(whole.roster)()),
        "r": some,
    }
    play(
        pack,
        replace(script, begins_on=MONDAY, parts=parts),
        until=LATER,
        ends_on=date(2026, 3, 10),
        on_day=lambda _on: None,
    )
    figures = reviewed.figures(
        from_at=datetime(2026, 3, 1, tzinfo=UTC), to_at=datetime(2026, 3, 9, tzinfo=UTC)
    )
    assert [one.services for one in figures] == [12]
    assert min(figures[0].good, figures[0].bad, figures[0].silent) > 0
    assert figures[0].rectified == figures[0].bad
    states = Counter(
        row["state"] for row in sql.run("SELECT state FROM casework_case WHERE kind = 'rectification'")
    )
    assert states == {"told": figures[0].bad}


def test_a_course_of_a_call_or_a_ticket_that_is_none_is_refused_with_its_place() -> None:
    with pytest.raises(BadInput, match="ticket.call"):
        read(
            Section("rehearsal.toml", {"call": [{"course": "sung", "from_on": MONDAY, "to_on": MONDAY}]}, {})
        )
    row = {
        "class_code": "0103",
        "kind": "help",
        "from_on": MONDAY,
        "to_on": MONDAY,
        "texts": ["路灯不亮"],
        "division": "990102001000",
        "course": "sung",
    }
    with pytest.raises(BadInput, match="第1场没有走法"):
        read(Section("rehearsal.toml", {"scene": [row]}, {}))


def test_nobody_waits_for_ever_at_a_phone_that_only_stands_in_for_one(city_db: str) -> None:
    phone, at = stand_in.StandInPhone(), WEDNESDAY_AT_NINE
    phone.ring("19900000001", now=at)
    assert stand_in.give_up(now=at + stand_in.RINGS) == 0
    assert queries.calls.waiting(now=at)["ringing"] == 1
    assert stand_in.give_up(now=at + stand_in.RINGS + timedelta(seconds=1)) == 1
    assert queries.calls.waiting(now=at)["ringing"] == 0
    assert queries.calls.open_counts()["to_call_back"] == 1
