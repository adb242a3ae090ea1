"""Supervision in real time over the whole course: the runs are scheduled, the worker executes them, and every
phase of an application is covered (SUPV-04)."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from croniter import croniter
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.periodic import PeriodicDeferrer

from liuquan.applications import actions as applications
from liuquan.casework import actions as casework_actions
from liuquan.casework import queries as cases
from liuquan.kernel import sql
from liuquan.supervision import actions
from liuquan.testing.browsers import SetNow
from liuquan.testing.cast import Cast

MONDAY = datetime(2026, 3, 2, 2, tzinfo=UTC)
INSTANT = timedelta(microseconds=1)
JOBS = ("supervision.watch", "supervision.run_all")


def schedule() -> dict[str, str]:
    """The cron line of each job of supervision that the worker knows."""
    found = app.periodic_registry.periodic_tasks.values()
    return {one.task.name: one.cron for one in found if one.task.name in JOBS}


def as_the_worker_does(names: tuple[str, ...] = JOBS) -> None:
    """Defer what the schedule says is due, and do it, by the worker's own machinery."""

    async def tick() -> None:
        connector = app.connector
        assert isinstance(connector, DjangoConnector)
        with app.replace_connector(connector.get_worker_connector()) as working:
            async with working.open_async():
                deferrer = PeriodicDeferrer(registry=working.periodic_registry, max_delay=86_400)
                past = deferrer.get_previous_tasks(at=time.time())
                due = [one for one in past if one[0].task.name in names]
                await deferrer.defer_jobs(due)
                await working.run_worker_async(
                    wait=False, listen_notify=False, install_signal_handlers=False, delete_jobs="successful"
                )

    asyncio.run(tick())


def findings(number: str) -> set[tuple[str, str]]:
    """Rule and what it is about."""
    rows = sql.run(
        "SELECT rule, split_part(key, '@', 1) AS about FROM supervision_finding WHERE subject_number = %(n)s",
        {"n": number},
    )
    return {(row["rule"], row["about"]) for row in rows}


@pytest.mark.requirement("SUPV-04")
def test_the_watch_is_scheduled_several_times_a_minute_and_over_everything_each_night() -> None:
    lines = schedule()
    assert set(lines) == set(JOBS)
    noon = datetime(2026, 3, 2, 12, tzinfo=UTC)
    seconds = croniter(lines["supervision.watch"], noon)
    ticks = [seconds.get_next(datetime) for _ in range(3)]
    assert [tick - noon for tick in ticks] == [timedelta(seconds=20 * n) for n in (1, 2, 3)]
    night = croniter(lines["supervision.run_all"], noon).get_next(datetime)
    assert (night + timedelta(hours=8)).hour == 1  # in Shanghai


@pytest.mark.requirement("SUPV-04")
@pytest.mark.parametrize("name", JOBS)
def test_the_worker_itself_finds_what_became_late_without_anybody_asking(
    city: str, cast: Cast, set_now: SetNow, name: str
) -> None:
    number = cast.applies("device", at=MONDAY)
    due = cases.read(number).deadline("acceptance")
    assert due is not None
    set_now(due.due_at)
    as_the_worker_does((name,))
    # beside it the worker does whatever else is due, such as what the law makes of the silence
    assert ("acceptance_late", "acceptance") in findings(number)
    left = sql.run("SELECT status FROM procrastinate_jobs WHERE task_name = %(n)s", {"n": name})
    assert left == []


def granted(cast: Cast) -> str:
    number = cast.examined("device", at=MONDAY)
    casework_actions.perform(number, "grant", by=cast.approver, now=MONDAY, data=cast.decision("device"))
    return number


BEGUN: dict[str, Callable[[Cast], str]] = {
    "received": lambda cast: cast.applies("device", at=MONDAY),
    "received, no licence": lambda cast: cast.applies("reward", at=MONDAY),
    "examining": lambda cast: cast.accepted("device", at=MONDAY),
    "deciding": lambda cast: cast.examined("device", at=MONDAY),
    "granted": granted,
}
#: phase, the clock that runs in it, the rule that finds it over, what the finding is about
PHASES = [
    ("received", "acceptance", "acceptance_late", "acceptance"),
    ("received, no licence", "acceptance", "duty_past", "acceptance"),
    ("examining", "step", "duty_past", "step:review"),
    ("examining", "promised", "promise_past", "promised"),
    ("deciding", "promised", "promise_past", "promised"),
    ("deciding", "statutory", "statutory_past", "statutory"),
    ("granted", "delivery", "duty_past", "delivery"),
    ("granted", "publicity", "duty_past", "publicity"),
]


@pytest.mark.requirement("SUPV-04")
@pytest.mark.parametrize(("phase", "clock", "rule", "about"), PHASES)
def test_every_phase_of_an_application_is_watched_to_the_moment(
    city: str, cast: Cast, phase: str, clock: str, rule: str, about: str
) -> None:
    number = BEGUN[phase](cast)
    case = cases.read(number)
    assert phase.startswith(case.state)
    due = next(one for one in case.deadlines if one.key == clock and one.is_open)
    actions.watch(now=due.due_at - INSTANT)
    assert (rule, about) not in findings(number)
    actions.watch(now=due.due_at)
    assert (rule, about) in findings(number)


@pytest.mark.requirement("SUPV-04")
def test_what_waits_for_the_applicant_or_is_delivered_is_nobodys_delay(city: str, cast: Cast) -> None:
    waits = cast.applies("device", at=MONDAY, materials=["form"])
    named = {"items": [key for key in cast.materials("device") if key != "form"]}
    casework_actions.perform(waits, "notify_supplement", by=cast.clerk, now=MONDAY, data=named)
    done = granted(cast)
    casework_actions.perform(done, "deliver", by=cast.clerk, now=MONDAY)
    applications.publicise(done, now=MONDAY)
    actions.watch(now=MONDAY + timedelta(days=90))
    assert findings(waits) == findings(done) == set()
