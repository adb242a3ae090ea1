"""Commands of the clock and of the calendar."""

from __future__ import annotations

import csv
import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from liuquan.clock import DayKind
from liuquan.organisation import queries as organisation
from liuquan.site.command import main
from liuquan.testing.browsers import SetNow

NOTICE = """国务院办公厅关于2027年部分节假日安排的通知
国办发明电〔2026〕99号
现将2027年元旦、春节、清明节、劳动节、端午节、中秋节和国庆节放假调休日期的具体安排通知如下。
一、元旦：1月1日（周五）至3日（周日）放假，共3天。
二、春节：2月5日（周五）至11日（周四）放假调休，共7天。1月31日（周日）、2月14日（周日）上班。
三、清明节：4月3日（周六）至5日（周一）放假，共3天。
四、劳动节：5月1日（周六）至5日（周三）放假调休，共5天。4月25日（周日）、5月8日（周六）上班。
五、端午节：6月9日（周三）放假1天，不调休。
六、中秋节：9月15日（周三）放假1天。
七、国庆节：10月1日（周五）至7日（周四）放假调休，共7天。9月26日（周日）、10月9日（周六）上班。
2026年11月10日
"""


def ask(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, dict[str, object]]:
    """Run a command with `--json`: its exit code and its one object."""
    code = main([*words, "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_a_due_date_is_given_with_every_day(capsys: pytest.CaptureFixture[str]) -> None:
    code, data = ask(
        capsys,
        "clock",
        "due",
        "--start",
        "2026-02-10",
        "--limit",
        "20 working_day",
        "--law",
        "licensing.decision",
        "--suspend",
        "2026-03-02..2026-03-13:expert_review",
    )
    assert code == 0
    assert (data["due"], data["provisional"], data["days_counted"]) == ("2026-03-27", False, 20)
    days = data["days"]
    assert isinstance(days, list)
    assert [day["ordinal"] for day in days if day["ordinal"]] == list(range(1, 21))


def test_a_limit_across_an_unannounced_year_is_provisional(capsys: pytest.CaptureFixture[str]) -> None:
    _, data = ask(capsys, "clock", "due", "--start", "2026-12-29", "--limit", "5个工作日")
    assert data["provisional"] is True
    assert data["assumed"]


def test_working_hours_need_the_office_hours(capsys: pytest.CaptureFixture[str]) -> None:
    words = ("clock", "due", "--start", "2026-03-06 16:00", "--limit", "4 working_hour")
    assert ask(capsys, *words)[0] == 1
    _, data = ask(capsys, *words, "--hours", "08:30-12:00,13:30-17:30")
    assert data["due_at"] == "2026-03-09T03:00:00+00:00"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--start", "2026-02-30", "--limit", "5 working_day"), "2026年2月没有30日"),
        (("--start", "2026-02-10", "--limit", "5 fortnight"), "不认识的单位"),
        (("--start", "2026-02-10", "--limit", "-5 working_day"), "看不懂期限"),
        (("--start", "2026-02-10", "--limit", "999999 year"), "期限数量不合理"),
        (("--start", "2026-02-10", "--limit", "5 hour"), "具体时刻"),
        (("--start", "2026-02-10", "--limit", "999999 working_day"), "期限数量不合理"),
        (("--start", "9999-12-30", "--limit", "5 working_day"), "超出"),
        (("--start", "2026-02-10T25:00", "--limit", "5 working_day"), "看不懂日期"),
        (("--start", "2026-02-10T09:00+99:00", "--limit", "5 working_day"), "看不懂日期"),
        (("--start", "2026-02-10"), "请写明期限"),
        (("--start", "2026-02-10", "--law", "licensing.nothing"), "没有期限"),
        (("--start", "2026-02-10", "--law", "licensing.decision", "--limit", "5 month"), "不能写成"),
        (("--start", "2026-02-10", "--limit", "5 working_day", "--suspend", "2026-03-02:x"), "看不懂扣除"),
        (
            ("--start", "2026-02-10", "--limit", "5 working_day", "--suspend", "2026-03-02..2026-03-01:x"),
            "早于开始日",
        ),
        (
            ("--start", "2026-02-10", "--limit", "5 working_day", "--suspend", "2026-01-02..2026-01-05:x"),
            "在起算日",
        ),
        (
            ("--start", "2026-02-10", "--law", "licensing.decision", "--suspend", "2026-03-02..2026-03-05:x"),
            "不是依法不计入期限的事由",
        ),
    ],
)
def test_what_cannot_be_counted_is_refused_with_a_sentence(
    capsys: pytest.CaptureFixture[str], words: tuple[str, ...], sentence: str
) -> None:
    code, data = ask(capsys, "clock", "due", *words)
    assert code == 1
    assert sentence in str(data["refused"])


@pytest.mark.parametrize("start", ["1995-01-02", "2040-01-02"])
def test_a_day_outside_every_notice_is_counted_provisionally_and_says_which_days(
    capsys: pytest.CaptureFixture[str], start: str
) -> None:
    _, data = ask(capsys, "clock", "due", "--start", start, "--limit", "5 working_day")
    assert data["provisional"] is True
    assert len(data["assumed"]) == 7 if start == "2040-01-02" else data["assumed"]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("start", "due"),
    [
        ("2026-03-02T15:59:59Z", "2026-03-03"),
        ("2026-03-02T16:00:00Z", "2026-03-04"),  # already the 3rd in Shanghai
        ("2026-03-02T23:59:59+08:00", "2026-03-03"),
        ("2026-03-02T23:59", "2026-03-03"),
        ("2026-03-02T05:00-11:00", "2026-03-04"),
    ],
)
def test_a_moment_is_a_day_of_shanghai_wherever_it_was_written(
    capsys: pytest.CaptureFixture[str], start: str, due: str
) -> None:
    _, data = ask(capsys, "clock", "due", "--start", start, "--limit", "1 working_day")
    assert data["due"] == due


def test_an_unknown_place_is_refused_by_command_and_list(
    city: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", "the test's own database is connected already")
    given, out = tmp_path / "in.csv", tmp_path / "out.csv"
    given.write_text("start,limit,region\n2026-02-10,5 working_day,970000000000\n", encoding="utf-8")
    for words in (
        ("clock", "due", "--start", "2026-02-10", "--limit", "5 working_day", "--region", "12"),
        ("calendar", "load", str(given), "--region", "970000000000"),
    ):
        code, data = ask(capsys, *words)
        assert (code, bool(data["refused"])) == (1, True)
    _, data = ask(capsys, "clock", "table", str(given), "--out", str(out))
    assert data["problems"] == 1


def test_days_between_leave_out_the_first_day(capsys: pytest.CaptureFixture[str]) -> None:
    _, data = ask(capsys, "clock", "between", "2026-02-10", "2026-03-16")
    assert (data["count"], data["working_days"], data["calendar_days"]) == (20, 20, 34)


def test_a_list_keeps_every_row_and_names_the_line_of_each_problem(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given, out = tmp_path / "in.csv", tmp_path / "out.csv"
    given.write_text(
        "id,start,limit,suspend\n"
        "1,2026-02-10,20 working_day,2026-03-02..2026-03-06:a;2026-03-06..2026-03-13:b\n"
        "2,2026-02-30,20 working_day,\n"
        "3,2026-02-10\n"
        "4,2026-12-29,5 working_day,\n",
        encoding="utf-8",
    )
    _, data = ask(capsys, "clock", "table", str(given), "--out", str(out))
    assert (data["rows"], data["problems"]) == (4, 2)
    rows = list(csv.DictReader(out.read_text(encoding="utf-8").splitlines()))
    assert [row["id"] for row in rows] == ["1", "2", "3", "4"]
    assert [row["due"] for row in rows] == ["2026-03-27", "", "", "2027-01-06"]
    assert [row["provisional"] for row in rows] == ["false", "", "", "true"]
    assert rows[1]["problem"].startswith("第3行：2026年2月没有30日")
    assert rows[2]["problem"].startswith("第4行：有 2 列")


def test_a_date_without_its_time_in_a_list_of_moments_is_a_problem(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given, out = tmp_path / "in.csv", tmp_path / "out.csv"
    given.write_text(
        "from,to\n2026/3/2 9:32:09,2026/3/9 14:56:53\n"
        "2026/3/3,2026/3/4 8:00:00\n2026/3/9 1:00,2026/3/2 2:00\n",
        encoding="gb18030",
    )
    _, data = ask(capsys, "clock", "count", str(given), "--out", str(out))
    rows = list(csv.DictReader(out.read_text(encoding="utf-8").splitlines()))
    assert [row["working_days"] for row in rows] == ["5", "1", "-5"]
    assert [row["calendar_days"] for row in rows] == ["7", "1", "-7"]
    assert "没有时间" in rows[1]["problem"]
    assert (rows[0]["problem"], rows[2]["problem"]) == ("", "")
    assert (data["answered"], data["problems"]) == (2, 1)


def test_a_count_that_crosses_days_not_announced_is_marked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given, out = tmp_path / "in.csv", tmp_path / "out.csv"
    given.write_text("from,to\n2026-12-30,2027-01-01\n2026-12-30,2027-01-04\n2027-01-04,2026-12-30\n")
    ask(capsys, "clock", "count", str(given), "--out", str(out))
    rows = list(csv.DictReader(out.read_text(encoding="utf-8").splitlines()))
    assert [row["provisional"] for row in rows] == ["false", "true", "true"]
    assert [row["working_days"] for row in rows] == ["1", "2", "-2"]


def test_a_cell_with_a_line_separator_is_one_cell(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given, out = tmp_path / "in.csv", tmp_path / "out.csv"
    given.write_text("from,to,note\n2026-03-02,2026-03-03,一\u2028二\u0085三\x0c四\n", encoding="utf-8")
    _, data = ask(capsys, "clock", "count", str(given), "--out", str(out))
    assert data["rows"] == data["answered"] == 1


@pytest.mark.parametrize(
    ("words", "due", "due_at"),
    [
        (("--limit", "20 working_day", "--extend", "10"), "2026-04-14", "2026-04-14T16:00:00+00:00"),
        (("--limit", "5 calendar_day"), "2026-03-09", "2026-03-09T16:00:00+00:00"),
        (("--limit", "5 calendar_day", "--no-roll"), "2026-03-07", "2026-03-07T16:00:00+00:00"),
        (("--limit", "7 working_day", "--before"), "2026-02-13", "2026-02-13T16:00:00+00:00"),
        (("--limit", "3 working_day", "--at-least"), "2026-03-05", "2026-03-05T16:00:00+00:00"),
        (
            ("--limit", "3 working_day", "--close", "--hours", "09:00-12:00,13:30-17:00"),
            "2026-03-05",
            "2026-03-05T09:00:00+00:00",
        ),
        (
            ("--limit", "3 working_day", "--zone", "Europe/Amsterdam"),
            "2026-03-05",
            "2026-03-05T23:00:00+00:00",
        ),
        (("--law", "licensing.decision", "--extend", "10"), "2026-04-14", "2026-04-14T16:00:00+00:00"),
    ],
)
def test_a_limit_is_counted_in_the_way_that_is_asked(
    words: tuple[str, ...], due: str, due_at: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, data = ask(capsys, "clock", "due", "--start", "2026-03-02", *words)
    assert (code, data["due"], data["due_at"]) == (0, due, due_at)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--limit", "20"), "没有写单位"),
        (("--limit", "20 working_day", "--extend", "x"), "看不懂延长"),
        (("--limit", "20 working_day", "--extend", "10 month"), "看不懂延长"),
        (("--law", "licensing.decision", "--extend", "11"), "每次最多延长 10个工作日"),
        (("--law", "licensing.decision", "--no-roll"), "由法律规定"),
        (("--limit", "3 working_day", "--close"), "办公时间"),
        (("--limit", "3 working_day", "--zone", "Mars/Base"), "不认识的时区"),
        (("--limit", "3 working_day", "--calendar", "2027.toml", "--loaded"), "--loaded"),
        (("--limit", "3 working_day", "--calendar", "missing.txt"), "打不开"),
    ],
)
def test_a_way_that_cannot_be_counted_is_refused_with_its_sentence(
    words: tuple[str, ...], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, data = ask(capsys, "clock", "due", "--start", "2026-03-02", *words)
    assert code == 1
    assert sentence in str(data["refused"])


def test_a_list_takes_the_ways_of_counting_by_column_and_for_all(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given, out = tmp_path / "in.csv", tmp_path / "out.csv"
    given.write_text(
        "start,limit,extend,no_roll,before\n2026-03-02,20 working_day,10,,\n2026-03-02,5 calendar_day,,否,\n"
        "2026-03-02,5 calendar_day,,,\n2026-03-02,7 working_day,,,是\n2026-03-02,7 working_day,,,perhaps\n",
        encoding="utf-8",
    )
    ask(capsys, "clock", "table", str(given), "--out", str(out), "--no-roll")
    rows = list(csv.DictReader(out.read_text(encoding="utf-8").splitlines()))
    assert [row["due"] for row in rows] == ["2026-04-14", "2026-03-09", "2026-03-07", "2026-02-13", ""]
    assert "before 一列看不懂“perhaps”" in rows[4]["problem"]


def test_a_calendar_file_takes_the_place_of_the_law_s_own_days(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    notice = tmp_path / "notice.txt"
    notice.write_text(NOTICE, encoding="utf-8")
    words = ("clock", "due", "--start", "2027-01-29", "--limit", "2 working_day")
    _, data = ask(capsys, *words)
    assert (data["due"], data["provisional"]) == ("2027-02-02", True)
    _, data = ask(capsys, *words, "--calendar", str(notice))
    assert (data["due"], data["provisional"]) == ("2027-02-01", False)  # Sunday 31 January is worked


def test_a_notice_is_read_from_its_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "notice.txt"
    file.write_text(NOTICE, encoding="utf-8")
    code, data = ask(capsys, "calendar", "read-notice", str(file))
    assert (code, data["year"], data["whole_year"], data["issued"]) == (0, 2027, True, "2026-11-10")
    file.write_text(NOTICE.replace("共7天", "共8天"), encoding="utf-8")
    code, data = ask(capsys, "calendar", "read-notice", str(file))
    assert code == 1
    assert "共8天" in str(data["refused"])


def in_december(set_now: SetNow) -> None:
    set_now(datetime(2026, 12, 2, 2, 0, tzinfo=UTC))


CLOSURE = {
    "kind": "off",
    "first": "2026-03-17",
    "last": "2026-03-18",
    "name": "火把节",
    "title": "关于火把节放假的决定",
    "number": "云政〔2026〕1号",
    "issued_on": "2026-03-01",
}


@pytest.mark.fact("T-13")
def test_the_command_enters_a_local_holiday_after_a_dry_run(
    city: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", "the test's own database is connected already")
    words = (
        "calendar",
        "close",
        "990121000000",
        "2026-07-08",
        "--name",
        "火把节",
        "--title",
        "县政府决定",
        "--issued",
        "2026-03-01",
    )
    _, dry = ask(capsys, *words, "--dry-run")
    assert organisation.calendar("990121000000").is_working(date(2026, 7, 8))
    _, done = ask(capsys, *words)
    assert not organisation.calendar("990121000000").is_working(date(2026, 7, 8))
    assert (dry["dry_run"], done["dry_run"]) == (True, False)
    code, refused = ask(capsys, "calendar", "close", "123", *words[3:])
    assert code == 1
    assert "没有代码为“123”" in str(refused["refused"])


def test_the_command_loads_a_notice_after_a_dry_run(
    city: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", "the test's own database is connected already")
    file = tmp_path / "notice.txt"
    file.write_text(NOTICE, encoding="utf-8")
    _, dry = ask(capsys, "calendar", "load", str(file), "--dry-run")
    assert organisation.calendar().kind(date(2027, 2, 10)) is DayKind.NOT_ANNOUNCED
    _, done = ask(capsys, "calendar", "load", str(file))
    assert organisation.calendar().kind(date(2027, 2, 10)) is DayKind.OFF
    assert (dry["dry_run"], done["dry_run"]) == (True, False)
    notices = done["notices"]
    assert isinstance(notices, list)
    assert notices[0]["since"] == "2027-01-02"  # 1 January was off by the law itself
    assert notices[0]["days_changed"] == 33
