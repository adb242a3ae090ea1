"""The auditor's list of who opened what: its limits, its filters, its export, and revealing a name."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, datetime, timedelta

import pytest

from liuquan.casework import actions as casework_actions
from liuquan.journal import queries as record
from liuquan.kernel.refusals import BadInput, NotAllowed, NotVisible, TooLarge
from liuquan.supervision import actions, queries
from liuquan.supervision.actions import readings as auditing
from liuquan.testing.browsers import SetNow
from liuquan.testing.cast import Cast

MONDAY = datetime(2026, 3, 2, 2, tzinfo=UTC)
TUESDAY = MONDAY + timedelta(days=1)


@pytest.fixture
def case(city_db: str, cast: Cast, set_now: SetNow) -> str:
    """A case whose file the clerk opened twice and the examiner once."""
    set_now(TUESDAY)
    number = cast.accepted("device", at=MONDAY)
    for by in (cast.clerk, cast.clerk, cast.examiner):
        casework_actions.open_case_file(number, by=by, now=MONDAY + timedelta(hours=1))
    return number


def last(number: str) -> str:
    """The number of the entry of the last opening."""
    reads = record.reading_events()
    return str([e for e in record.entries_of(number) if e.event in reads][-1].number)


def plain(html: str) -> str:
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", html))


def test_the_auditor_sees_which_post_opened_what_how_often_and_no_name(cast: Cast, case: str) -> None:
    html = cast.client("supervisor").get("/board/readings/").content.decode()
    said = plain(html)
    assert "一共3次" in said
    assert case in said
    assert cast.clerk.post_name in said
    assert cast.clerk.name not in said.replace(cast.staff("supervisor").name, "")
    names = queries.reach(cast.supervisor, on=TUESDAY.date())
    asked = queries.reading_filter(names, from_on=MONDAY.date(), to_on=TUESDAY.date())
    counts = queries.readings_by_post(asked, names)
    assert [(c.post_code, c.times, c.subjects, c.share) for c in counts] == [
        (cast.clerk.post_code, 2, 1, "100"),
        (cast.examiner.post_code, 1, 1, "50"),
    ]


@pytest.mark.parametrize(
    ("query", "many"),
    [
        ("subject={case}", 3),
        ("subject=SCJG2026030299999", 0),
        ("post=SCJG-SC1", 1),
        ("body={body}", 1),
        ("from_on=2026-03-03", 0),
        ("to_on=2026-03-02", 3),
        ("from_on=2026-03-02&to_on=2026-03-02", 3),
    ],
)
def test_it_is_narrowed_by_record_post_body_and_days(cast: Cast, case: str, query: str, many: int) -> None:
    asked = query.format(case=case, body=cast.examiner.body_code)
    said = plain(cast.client("supervisor").get(f"/board/readings/?{asked}").content.decode())
    assert (f"一共{many}次" in said) == bool(many)
    assert ("这段时间没有查看记录" in said) == (not many)


def test_a_post_is_chosen_by_the_name_of_its_body_and_its_own(cast: Cast, case: str) -> None:
    names = queries.reach(cast.supervisor, on=TUESDAY.date())
    options = dict(names.posts_to_choose(""))
    code = cast.examiner.post_code
    assert options[code] == f"{names.bodies[cast.examiner.body_code]} {names.posts[code]}"
    assert list(options.values()) == sorted(options.values())
    assert dict(names.posts_to_choose("GONE-1"))["GONE-1"] == "GONE-1"
    html = cast.client("supervisor").get(f"/board/readings/?post={code}").content.decode()
    assert re.search(rf'<option value="{code}" selected>\s*{options[code]}\s*</option>', html)
    assert "岗位编码" not in html


@pytest.mark.parametrize("query", ["from_on=三月", "from_on=2026-03-05&to_on=2026-03-01", "to_on=2月3日"])
def test_wrong_days_are_told_beside_their_field(cast: Cast, case: str, query: str) -> None:
    answer = cast.client("supervisor").get(f"/board/readings/?{query}")
    assert answer.status_code == 422
    assert "日期" in answer.content.decode()


def test_a_body_out_of_reach_is_not_found(cast: Cast, case: str) -> None:
    assert cast.client("supervisor").get("/board/readings/?body=XX").status_code == 404


@pytest.mark.parametrize("who", ["clerk", "examiner", "head", "leader", "overseer", "sysadmin"])
def test_only_the_auditor_may_and_nothing_is_opened(cast: Cast, case: str, who: str) -> None:
    before = len(record.entries_of(case))
    client = cast.client(who)
    assert client.get("/board/readings/").status_code == 403
    assert client.get("/board/readings/?format=csv").status_code == 403
    with pytest.raises(NotAllowed):
        actions.open_reader(last(case), reason="想知道是谁看的", by=cast.staff(who), now=TUESDAY)
    assert len(record.entries_of(case)) == before
    assert record.entries_of("readings") == []


def test_taking_the_list_away_is_entered_and_the_file_has_every_line(cast: Cast, case: str) -> None:
    answer = cast.client("supervisor").get("/board/readings/?format=csv&from_on=2026-03-02")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0][:2] == ["时间", "机关"]
    assert len(rows) == 4
    assert rows[1][5] == case
    entry = record.entries_of("readings")[-1]
    assert (entry.event, entry.public["count"]) == ("supervision.readings_exported", 3)


def test_more_lines_than_a_file_should_have_are_refused(
    cast: Cast, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(auditing, "MOST_LINES", 2)
    names = queries.reach(cast.supervisor, on=TUESDAY.date())
    days = {"from_on": MONDAY.date(), "to_on": TUESDAY.date()}
    asked = queries.reading_filter(names, **days)
    with pytest.raises(TooLarge, match="缩短时间"):
        actions.export_readings(asked, names, **days, by=cast.supervisor, now=TUESDAY)
    assert record.entries_of("readings") == []


def test_who_it_was_is_told_after_the_look_is_entered_and_the_person_concerned_sees_it(
    cast: Cast, case: str
) -> None:
    number = last(case)
    client = cast.client("supervisor")
    asked = client.get(f"/board/readings/{number}/")
    assert cast.examiner.name not in asked.content.decode()
    refused = client.post(f"/board/readings/{number}/", {"reason": "看"})
    assert refused.status_code == 422
    assert last(case) == number
    told = client.post(f"/board/readings/{number}/", {"reason": "当事人反映有人打听"})
    assert cast.examiner.name in told.content.decode()
    entry = record.reading(last(case))
    assert entry is not None
    assert (entry.event, entry.public["reading"]) == ("supervision.reader_opened", number)
    assert "打听" not in str(entry.public)


def test_an_entry_that_is_no_opening_has_no_reader(cast: Cast, case: str) -> None:
    submitted = str(record.entries_of(case)[0].number)
    with pytest.raises(NotVisible):
        actions.open_reader(submitted, reason="当事人反映有人打听", by=cast.supervisor, now=TUESDAY)
    with pytest.raises(BadInput):
        actions.open_reader(last(case), reason="", by=cast.supervisor, now=TUESDAY)
