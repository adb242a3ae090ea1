"""Two people at once, and processes that die: every act happens completely or not at all, and only once."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections

from liuquan.applications import actions as applications
from liuquan.casework import actions as casework
from liuquan.casework import queries as cases
from liuquan.casework.types import Upload
from liuquan.journal import queries as journal
from liuquan.kernel import files, sql
from liuquan.kernel.refusals import Refusal, SomebodyWasFirst, WrongState
from liuquan.papers import actions as papers_actions
from liuquan.testing.cast import ITEMS, Cast

NOW = datetime(2026, 3, 9, 2, tzinfo=UTC)
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """The results or refusals of calls begun at the same moment, each on its own connection."""
    ready, found = threading.Barrier(len(works)), [None] * len(works)

    def run(place: int, work: Callable[[], Any]) -> None:
        try:
            connections["default"].ensure_connection()
            ready.wait(10)
            found[place] = work()
        except Refusal as refusal:
            found[place] = refusal  # type: ignore[call-overload]
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(i, work)) for i, work in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return found


def act(number: str, action: str, by: Any, **given: Any) -> Callable[[], Any]:
    return lambda: casework.perform(number, action, by=by, now=NOW, **given)


def events(number: str) -> list[str]:
    return [e.event.removeprefix("application.") for e in journal.entries_of(number)]


def test_of_two_clerks_who_press_at_once_one_wins_and_the_other_is_told(city: str, cast: Cast) -> None:
    one, other = cast.clerk, cast.second_clerk
    for _ in range(4):
        number = cast.applies("food", at=NOW)
        found = at_once(
            act(number, "accept", one), act(number, "notify_supplement", other, data={"items": ["form"]})
        )
        refused = [one for one in found if isinstance(one, Refusal)]
        assert len(refused) == 1
        assert isinstance(refused[0], SomebodyWasFirst | WrongState)
        assert refused[0].status == 409
        assert len(events(number)) == 2
        assert cases.read(number).revision == 2
        told = "SELECT 1 FROM applications_supplement WHERE case_id = %(id)s"
        supplements = sql.run(told, {"id": cases.read(number).id})
        assert len(supplements) == events(number).count("supplement_notified")


def test_the_sweeper_and_the_clerk_at_once_leave_one_acceptance(city: str, cast: Cast) -> None:
    late = datetime(2026, 3, 16, 16, tzinfo=UTC)
    clerk = cast.clerk
    for _ in range(3):
        number = cast.applies("food", at=NOW)
        at_once(
            lambda: casework.sweep(now=late),
            lambda n=number: casework.perform(n, "accept", by=clerk, now=late),  # type: ignore[misc]
            lambda: casework.sweep(now=late),
        )
        casework.sweep(now=late)
        assert events(number) == ["submitted", "deemed_accepted"]
        assert [d.key for d in cases.read(number).deadlines].count("statutory") == 1


def test_the_same_submission_twice_at_once_is_one_case(city: str, cast: Cast) -> None:
    applicant = cast.applicant
    for n in range(3):
        key = uuid.UUID(int=n + 1)

        def submit(key: uuid.UUID = key) -> str:
            return applications.submit(
                item_code=ITEMS["food"],
                applicant=applicant.party_number,
                by=applicant,
                now=NOW,
                channel="online",
                files_given=[Upload("form", "申请书.pdf", PDF)],
                submission_key=key,
            ).number

        first, second = at_once(submit, submit)
        assert first == second
        kept = sql.run(
            "SELECT file::text AS file FROM casework_material m JOIN casework_case c "
            "ON c.id = m.case_id WHERE c.number = %(n)s",
            {"n": first},
        )
        assert len(kept) == 1
        assert files.open_file(uuid.UUID(kept[0]["file"])) == PDF
    assert len(sql.run("SELECT 1 FROM casework_case")) == 3


def test_a_paper_is_issued_once_though_page_and_job_write_it_at_once(city: str, cast: Cast) -> None:
    numbers = []
    for _ in range(3):
        number = cast.applies("food", at=NOW)
        entry = journal.entries_of(number)[0].number

        def issue(number: str = number, entry: uuid.UUID = entry) -> list[str]:
            return papers_actions.issue_papers(number, entry=entry, now=NOW)

        issued = at_once(issue, issue)
        assert sorted(len(one) for one in issued) == [0, 1], issued
        notices = cases.notices(number)
        assert len(notices) == 1
        assert papers_actions.open_paper(notices[0].number, by=cast.clerk, now=NOW)[1].startswith(b"%PDF")
        assert events(number).count("casework.notice_issued") == 1
        numbers.append(int(re.findall(r"\d+", notices[0].number)[-1]))
    assert numbers == list(range(numbers[0], numbers[0] + 3)), "no number is burnt"


def test_what_a_refused_act_brought_does_not_take_away_what_was_there(city_db: str, cast: Cast) -> None:
    number = cast.applies("food", at=NOW, materials=[], files_given=[Upload("form", "申请书.pdf", PDF)])
    for who in (cast.applicant, cast.clerk):
        with pytest.raises(Refusal):
            casework.perform(
                number, "receive_supplement", by=who, now=NOW, files_given=[Upload("form", "又一份.pdf", PDF)]
            )
    material = next(m for m in cases.materials(cases.read(number)) if m.key == "form")
    assert len(material.files) == 1
    assert casework.open_material(number, material.files[0], by=cast.clerk, now=NOW)[2] == PDF


#: sessions of the killed process in which the server has not noticed yet
STILL_WORKING = """
SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
    AND backend_type = 'client backend'
"""
DIES = """
import os, signal, sys, threading
import django
django.setup()
from datetime import UTC, datetime
from liuquan.casework import actions as casework
from liuquan.casework.actions import statements
from liuquan.organisation.types import party_actor
from liuquan.casework.types import Upload

number, party, where = sys.argv[1:]

def die(*given):
    os.kill(os.getpid(), signal.SIGKILL)

if where == "before":          # the file is stored, the statement not yet sent
    statements.joined = die
else:                          # the server works on the statement when its client is gone
    before = statements.joined
    def slow(act, parts, *more):
        threading.Timer(0.2, die).start()
        text = before(act, parts, *more, "wait_a_little AS MATERIALIZED (SELECT pg_sleep(0.5) AS slept)")
        return text.replace("SELECT moved.number FROM moved", "SELECT moved.number FROM moved, wait_a_little")
    statements.joined = slow
now = datetime(2026, 3, 10, 2, tzinfo=UTC)
casework.perform(number, "receive_supplement", by=party_actor(party), now=now,
            files_given=[Upload("form", "a.pdf", open(sys.argv[0], "rb").read())])
"""


def dies_in_receiving(number: str, party: str, where: str, *, city: str, script: Path) -> None:
    """A process of its own receives a supplement and is killed; returns when the server has noticed."""
    script.write_bytes(DIES.replace('open(sys.argv[0], "rb").read()', repr(PDF)).encode())
    host = connection.settings_dict["HOST"]
    environment = {
        **os.environ,
        "DATABASE_URL": f"postgresql://liuquan_app@/{city}?host={host}",
        "DJANGO_SETTINGS_MODULE": "liuquan.site.settings",
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    command = [sys.executable, str(script), number, party, where]
    died = subprocess.run(command, env=environment, capture_output=True, timeout=180, check=False)
    assert died.returncode == -signal.SIGKILL, died.stderr.decode()
    while sql.run(STILL_WORKING):
        sql.run("SELECT pg_sleep(0.02)")


@pytest.mark.slow
@pytest.mark.parametrize("where", ["before", "during"])
def test_a_process_killed_in_the_middle_of_an_act_leaves_nothing_half_done(
    city: str, cast: Cast, tmp_path: Path, where: str
) -> None:
    number = cast.applies("food", at=NOW, materials=[])
    data = {"items": ["form", "layout", "rules"]}
    casework.perform(number, "notify_supplement", by=cast.clerk, now=NOW, data=data)
    dies_in_receiving(number, cast.applicant.party_number, where, city=city, script=tmp_path / "dies.py")

    case = cases.read(number)
    done = case.state == "received"
    assert (case.state, case.revision, events(number)) in (
        ("supplementing", 2, ["submitted", "supplement_notified"]),
        ("received", 3, ["submitted", "supplement_notified", "supplement_received"]),
    )
    assert (case.deadline("acceptance") is not None) == done
    assert bool([m for m in cases.materials(case) if m.received]) == done
    assert cases.counts()[case.kind, case.body_code, case.state] == 1
    if not done:
        form = [Upload("form", "a.pdf", PDF)]
        again = casework.perform(number, "receive_supplement", by=cast.applicant, now=NOW, files_given=form)
        assert again.state == "received"
