"""The demo's weeks: who lives in them, how they are played, and that they are the same everywhere."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from liuquan.applications.player.programme import Programme
from liuquan.applications.player.scenes import Scene
from liuquan.applications.procedure import KIND
from liuquan.casework import queries as casework
from liuquan.identifiers import parse_mobile, parse_resident_id, parse_uscc
from liuquan.journal import queries as journal
from liuquan.kernel import sql
from liuquan.kernel.home import CHECKOUT, Home
from liuquan.kernel.refusals import BadInput, WrongState
from liuquan.kinds.types import Course, Player, Section, Stage
from liuquan.site.packs import Pack, read_pack
from liuquan.site.rehearsal import Script, memory, pass_days, people, play, preparing, read_script, welcome
from liuquan.site.rehearsal.memory import Memory
from liuquan.site.rehearsal.paper import demonstration_pdf
from liuquan.site.rehearsal.preparing import Prepared
from liuquan.site.rehearsal.seeded_choices import SeededChoices
from liuquan.testing import kinds as licence

MONDAY, TUESDAY, FRIDAY = date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 6)
FRIDAY_AT_NINE = datetime(2026, 3, 6, 1, 0, tzinfo=UTC)
PACK = CHECKOUT / "packs" / "demo"


@pytest.fixture(scope="module")
def pack() -> Pack:
    return read_pack(PACK)


@pytest.fixture(scope="module")
def script(pack: Pack) -> Script:
    return read_script(pack)


def item(pack: Pack, name: str) -> str:
    return next(one.draft.item_code for one in pack.items if one.draft.name == name)


def short(pack: Pack, script: Script) -> Script:
    """One week: something decided on the spot, something refused at the window, something under way."""
    week: dict[str, Any] = {"from_on": MONDAY, "to_on": TUESDAY}
    return with_scenes(
        script,
        Scene(item(pack, "个体工商户设立登记"), count=2, **week),
        Scene(item(pack, "占用、挖掘城市道路审批"), ending="not_needed", **week),
        Scene(item(pack, "医师执业注册"), online=True, **week),
        Scene(item(pack, "食品经营许可证核发"), opening="supplement", stops="supplementing", **week),
    )


def with_scenes(script: Script, *scenes: Scene) -> Script:
    """The script with these applications alone, from Monday on."""
    programme = script.parts[KIND]
    assert isinstance(programme, Programme)
    return replace(script, begins_on=MONDAY, parts={KIND: replace(programme, scenes=scenes)})


def test_nobody_of_the_demo_can_be_anybody() -> None:
    persons, firms = [people.person(n) for n in range(200)], [people.firm(n) for n in range(200)]
    assert all(parse_resident_id(one.id_number, today=MONDAY).is_fictional for one in persons)
    assert all(parse_uscc(one.uscc).region.startswith("99") for one in firms)
    assert all(parse_mobile(one.phone) for one in (*persons, *firms))
    assert len({one.id_number for one in persons} | {one.uscc for one in firms}) == 400


def test_chance_falls_the_same_way_everywhere() -> None:
    assert [SeededChoices(1, "a").below(1000) for _ in range(2)] == [333, 333]
    drawn = SeededChoices("x")
    assert {drawn.between(2, 4) for _ in range(60)} == {2, 3, 4}


def test_the_paper_that_stands_for_uploads_is_a_whole_pdf() -> None:
    reader = PdfReader(BytesIO(demonstration_pdf()), strict=True)
    assert "Demonstration material" in reader.pages[0].extract_text()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "没有 rehearsal.toml"),
        ("begins_on = ", "读不了"),
        ('[[application.scene]]\nitem = "没有的事项"', "第1场的事项“没有的事项”不在数据包里"),
        ("[hotline]\ncount = 3", "不认识的键：hotline"),
    ],
)
def test_a_wrong_script_is_refused_with_its_place(
    pack: Pack, tmp_path: Path, text: str, sentence: str
) -> None:
    if text:
        (tmp_path / "rehearsal.toml").write_text(text)
    with pytest.raises(BadInput, match=sentence):
        read_script(replace(pack, folder=tmp_path))


def test_a_week_is_played_through_the_real_actions(city: str, pack: Pack, script: Script) -> None:
    days: list[date] = []
    played = play(pack, short(pack, script), until=FRIDAY_AT_NINE, ends_on=FRIDAY, on_day=days.append)
    cases = sql.run("SELECT number, state, subject_code FROM casework_case ORDER BY id")
    assert played.cases == len(cases) == 5
    assert days == [date(2026, 3, day) for day in range(2, 6)]
    states = sorted(row["state"] for row in cases)
    assert states == ["closed", "closed", "granted", "not_accepted", "supplementing"]
    entries = [journal.entries_of(row["number"]) for row in cases]
    assert all(entry.effective_at < FRIDAY_AT_NINE for told in entries for entry in told)
    assert all([e.effective_at for e in told] == sorted(e.effective_at for e in told) for told in entries)
    assert all(casework.notices(row["number"]) for row in cases)
    for row, told in zip(cases, entries, strict=True):
        case = casework.read(row["number"])
        recorded = casework.as_it_stood(case, told, at=FRIDAY_AT_NINE)
        assert recorded is not None
        assert casework.differences(case, recorded) == (), row["number"]
    assert sql.run("SELECT task_name FROM procrastinate_jobs") == []


def test_nothing_happens_on_the_days_that_pass_but_what_the_law_says(
    city: str, pack: Pack, script: Script
) -> None:
    silent = Scene(
        item(pack, "食品经营许可证核发"), opening="silent", stops="received", from_on=MONDAY, to_on=MONDAY
    )
    played = play(
        pack, with_scenes(script, silent), until=FRIDAY_AT_NINE, ends_on=FRIDAY, on_day=lambda _on: None
    )
    assert played.acts == 1
    pass_days(after=FRIDAY_AT_NINE, until=datetime(2026, 3, 11, 1, 0, tzinfo=UTC))
    number = sql.run("SELECT number FROM casework_case")[0]["number"]
    events = [entry.event for entry in journal.entries_of(number)]
    assert events[:2] == ["application.submitted", "casework.notice_issued"]
    assert "application.deemed_accepted" in events
    assert "acceptance" in [paper.kind for paper in casework.notices(number)]


class Licences:
    """The part of a kind that the rehearsal does not know: one licence a day, accepted on the next."""

    def __init__(self, section: Section) -> None:
        self.days: list[date] = section.values["days"]

    def courses(self, stage: Stage) -> list[Course]:
        return [self.course(stage, place, on) for place, on in enumerate(self.days)]

    def course(self, stage: Stage, place: int, on: date) -> Course:
        choices = stage.choices(place)
        yield (at := stage.on_day(on, choices))
        number = licence.receive(at)
        yield (at := stage.days_later(at, 1, choices))
        stage.done(licence.act(number, "accept", at), at=at)


def test_a_kind_is_played_and_followed_by_what_its_player_says_alone(
    city: str, pack: Pack, script: Script, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    player = Player(Licences, ("examining", "received"), {"leader": "看许可"})
    with licence.registered(replace(licence.KIND, player=player)):
        (tmp_path / "rehearsal.toml").write_text(
            "begins_on = 2026-03-02\nseed = 1\npassword = 'x'\n[words]\n"
            "[test_licence]\ndays = [2026-03-02, 2026-03-03, 2026-03-05]"
        )
        alone = read_script(replace(pack, folder=tmp_path))
        assert alone.parts.keys() == {"test_licence"}
        played = play(pack, alone, until=FRIDAY_AT_NINE, ends_on=FRIDAY, on_day=lambda _on: None)
        assert (played.cases, played.acts) == (2, 2)
        assert casework.counts() == {
            ("test_licence", licence.BODY, "examining"): 2,
            ("test_licence", licence.BODY, "received"): 1,
        }
        said = welcome.as_data(
            pack, Prepared(FRIDAY_AT_NINE, True, played.cases), address="", password="x", seconds=1
        )
        assert [(case["state"], case["state_label"]) for case in said["cases"]] == [
            ("examining", "审查中"),
            ("received", "已收件"),
        ]
        tries = {account["role"]: account["try"] for account in said["accounts"]}
        assert tries["leader"] == "看许可；看板：全市办理情况"
        assert tries["chief_rep"] == "当场办结的事项；答复监察要求的说明"


def test_what_was_interrupted_starts_over_and_says_so(
    tmp_path: Path, pack: Pack, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home(tmp_path)
    said: list[str] = []
    done: list[str] = []
    memory.keep(home, Memory(False, "demo", "2026-03-20"))
    monkeypatch.setattr(memory, "clear", lambda _home, _server: done.append("cleared"))
    monkeypatch.setattr(preparing, "_make", lambda *_given: done.append("made"))
    preparing.prepare(
        home, None, pack, script, asked=None, fresh=False, migrate=lambda: None, say=said.append
    )  # type: ignore[arg-type]
    assert (said, done) == (["上一次的准备没有做完，从头开始。"], ["cleared", "made"])


def test_what_an_older_version_remembered_is_still_a_demo(tmp_path: Path) -> None:
    home = Home(tmp_path)
    written = '{"ready": true, "pack": "demo", "today": "2026-03-20", "applications": 172}'
    (home.demo / "memory.json").write_text(written)
    assert memory.recall(home) == Memory(True, "demo", "2026-03-20", 0)


def test_a_second_demo_in_the_same_home_is_refused(tmp_path: Path) -> None:
    second = memory.only_one(Home(tmp_path))
    with memory.only_one(Home(tmp_path)), pytest.raises(WrongState, match="另一个窗口"):
        second.__enter__()
    with memory.only_one(Home(tmp_path)):
        assert memory.recall(Home(tmp_path)) is None
