"""The law book: dated values, closed grounds, and the complaints of its check."""

from datetime import UTC, date, datetime
from fractions import Fraction
from pathlib import Path

import pytest

from liuquan.clock import Unit, Verification, deadline, explanation_text
from liuquan.law import LawBook, LawError, TakesEffect, check_law, load_law, national_calendar

ON = date(2026, 2, 10)
GOOD = """
prefix = "sample"
[grounds.hearing]
label = "听证"
cites = ["某法 第九条"]
notice_required = true
[decision]
label = "决定"
starts = "application.accepted"
unit = "working_day"
cites = ["某法 第一条"]
excludes = ["hearing"]
extension = { amount = 5, approver = "head_of_body", cites = ["某法 第一条"] }
on_expiry = "deem_granted"
verification = "V"
fact = "X-01"
values = [{ from = 2010-01-01, to = 2019-12-31, amount = 30 }, { from = 2020-01-01, amount = 20 }]
[effects.deem_granted]
label = "视为准予"
takes_effect = "due"
sentence = "逾期未作决定，视为准予。"
cites = ["某法 第一条"]
[figures.share]
label = "比例"
unit = "share"
sense = "at_most"
cites = ["某法 第二条"]
verification = "V2"
fact = "X-02"
values = [
    { from = 2010-01-01, amount = "1/10" },
    { from = 2020-01-01, amount = "2/3", cites = ["新法 第二条"] },
]
"""


def book(folder: Path, text: str) -> LawBook:
    (folder / "sample.toml").write_text(text, encoding="utf-8")
    return load_law(folder)


def test_our_own_data_have_no_complaint() -> None:
    assert check_law(load_law()) == []


def test_the_value_in_force_on_the_day_is_used(tmp_path: Path) -> None:
    found = book(tmp_path, GOOD)
    old, new = found.limit("sample.decision", on=date(2019, 12, 31)), found.limit("sample.decision", on=ON)
    assert (old.amount, old.valid_from, old.valid_to) == (30, date(2010, 1, 1), date(2019, 12, 31))
    assert (new.amount, new.valid_from, new.valid_to) == (20, date(2020, 1, 1), None)
    assert new.source == "sample.decision"
    assert new.extension is not None
    assert new.extension.unit is Unit.WORKING_DAY
    assert check_law(found) == []


def test_a_value_without_amount_ends_the_limit(tmp_path: Path) -> None:
    found = book(tmp_path, GOOD.replace("from = 2020-01-01, amount = 20", "from = 2020-01-01"))
    assert found.limit("sample.decision", on=date(2019, 1, 1)).amount == 30
    with pytest.raises(LawError, match="没有生效"):
        found.limit("sample.decision", on=ON)


def test_an_unknown_id_and_a_day_without_value_are_refused_by_name() -> None:
    with pytest.raises(LawError, match="licensing.nothing"):
        load_law().limit("licensing.nothing", on=ON)
    with pytest.raises(LawError, match=r"licensing.decision 在 2004-06-30"):
        load_law().limit("licensing.decision", on=date(2004, 6, 30))
    with pytest.raises(LawError, match="waiting"):
        load_law().ground("licensing", "waiting")


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        (
            'verification = "V"\nfact = "X-01"',
            'verification = "M"\nfact = "X-01"',
            "默认值届满不产生法律效果",
        ),
        ("to = 2019-12-31", "to = 2020-12-31", "重叠"),
        ("to = 2019-12-31", "to = 2018-12-31", "之间没有数值"),
        ("from = 2010-01-01, to = 2019-12-31", "from = 2020-01-01", "有两个数值"),
        ("to = 2019-12-31", "to = 2009-12-31", "结束早于开始"),
        ('cites = ["某法 第一条"]\nexcludes', 'cites = ["某法 第1条"]\nexcludes', "引用格式"),
        ('excludes = ["hearing"]', 'excludes = ["waiting"]', "不在 sample 的清单"),
        ('approver = "head_of_body", ', "", "没有写明批准人"),
        ('approver = "head_of_body"', 'approver = "somebody"', "不认识的批准人 somebody"),
        ('fact = "X-01"\n', "", "没有事实编号"),
        ('cites = ["某法 第九条"]', "cites = []", "没有引用依据"),
        ('on_expiry = "deem_granted"\n', "", "没有期限使用"),
        ('on_expiry = "deem_granted"', 'on_expiry = "deem_dead"', "deem_dead 不在 sample 的清单"),
        ('unit = "working_day"', 'unit = "working_day"\ndirection = "before"', "没有不计入的时间"),
        ('unit = "working_day"', 'unit = "working_day"\nsense = "at_least"', "不产生拟制效果"),
        ('cites = ["新法 第二条"]', 'cites = ["新法 第2条"]', "引用格式"),
        ('from = 2010-01-01, amount = "1/10"', 'from = 2020-01-01, amount = "1/10"', "有两个数值"),
        ('cites = ["某法 第一条"]\nexcludes', 'cites = ["某办法"]\nexcludes', "应当引到条"),
    ],
)
def test_the_check_names_file_and_id_of_each_complaint(
    tmp_path: Path, old: str, new: str, complaint: str
) -> None:
    assert old in GOOD
    found = check_law(book(tmp_path, GOOD.replace(old, new)))
    assert any(complaint in line and line.startswith("sample.toml：") for line in found), found


@pytest.mark.parametrize(
    ("old", "new", "refusal"),
    [
        ('"working_day"', '"fortnight"', "fortnight"),
        ("amount = 20", "amount = -1", "不合理"),
        ("amount = 20", "days = 20", "days"),
        ('label = "决定"', 'title = "决定"', "title"),
        ('label = "决定"\n', "", "label"),
        ('verification = "V"', 'verification = "V9"', "V9"),
        ('cites = ["某法 第一条"]\nexcludes', "excludes", "cites"),
        ('prefix = "sample"', 'prefix = "sample', "sample.toml"),
        ("amount = 20", "amount = 20.5", "整数"),
        ("amount = 20", "amount = true", "整数"),
        ("from = 2010-01-01, to", "from = 2010-01-01T00:00:00, to", "应当是日期"),
        ("from = 2010-01-01, to", 'from = "2010-01-01", to', "应当是日期"),
        ("amount = 20 }", 'amount = 20, unit = "moon" }', "moon"),
        ('takes_effect = "due"', 'takes_effect = "soon"', "soon"),
        ('sentence = "逾期未作决定，视为准予。"\n', "", "sentence"),
        ('unit = "share"', 'unit = "acres"', "acres"),
        ('amount = "1/10"', 'amount = "1/0"', "sample.share"),
        ('amount = "1/10"', "amount = 0.1", "分数"),
        ('amount = "1/10"', "amount = -1", "不合理"),
        ("notice_required = true", 'notice_required = "yes"', "true 或 false"),
        ("[figures.share]", "[figures.decision]", "重复"),
        ("values = [{ from = 2010-01-01, to", "values = { from = 2010-01-01, to", "sample.toml"),
    ],
)
def test_malformed_data_are_refused_with_file_and_id(
    tmp_path: Path, old: str, new: str, refusal: str
) -> None:
    assert old in GOOD
    with pytest.raises(LawError, match=refusal) as caught:
        book(tmp_path, GOOD.replace(old, new))
    assert "sample.toml" in str(caught.value)


def test_a_law_may_want_its_extension_decided_some_days_before_the_end(tmp_path: Path) -> None:
    given = GOOD.replace("extension = { amount = 5,", "extension = { amount = 5, days_before = 3,")
    limit = book(tmp_path, given).limit("sample.decision", on=ON)
    assert limit.extension is not None
    assert limit.extension.days_before == 3
    (tmp_path / "wrong").mkdir()
    with pytest.raises(LawError, match="days_before"):
        book(tmp_path / "wrong", given.replace("days_before = 3", "days_before = -1"))


def test_the_same_id_in_two_files_is_refused(tmp_path: Path) -> None:
    (tmp_path / "other.toml").write_text(GOOD, encoding="utf-8")
    with pytest.raises(LawError, match="重复"):
        book(tmp_path, GOOD)


@pytest.mark.fact("L-14")
def test_licensing_knows_exactly_the_eight_grounds_each_with_notice() -> None:
    grounds = load_law().grounds("licensing")
    assert [ground.label for ground in grounds] == [
        "听证",
        "招标",
        "拍卖",
        "检验",
        "检测",
        "检疫",
        "鉴定",
        "专家评审",
    ]
    assert all(ground.notice_required for ground in grounds)
    assert {cite for ground in grounds for cite in ground.citations} == {"行政许可法 第四十五条"}


@pytest.mark.fact("T-04")
def test_every_licensing_limit_on_an_office_is_in_working_days() -> None:
    for entry in load_law().limits():
        if entry.id.startswith("licensing.") and entry.terms.fact not in ("L-24", "L-25"):
            assert entry.terms.unit is Unit.WORKING_DAY, entry.id


@pytest.mark.fact("L-04")
def test_only_licences_are_deemed_accepted_by_silence() -> None:
    found = load_law()
    assert found.limit("licensing.acceptance", on=ON).on_expiry == "deem_accepted"
    assert found.limit("service.acceptance", on=ON).on_expiry is None


def test_the_licensing_law_was_read_and_is_no_profile() -> None:
    for entry in load_law().limits():
        if entry.id.startswith("licensing."):
            assert entry.terms.verification is Verification.TEXT
            assert entry.terms.profile is None


LOCAL = ("hotline.", "complaints.", "reviews.", "mineral.", "construction.", "service.", "publicity.")


@pytest.mark.fact("H-07")
def test_what_a_place_decides_names_the_place_and_is_not_law() -> None:
    entries = [*load_law().limits(), *load_law().figures()]
    local = [entry for entry in entries if entry.id.startswith(LOCAL)]
    assert len(local) >= 25
    for entry in local:
        assert all(one.profile for one in entry.all_terms()), entry.id


def test_what_was_not_read_in_the_law_is_to_be_confirmed() -> None:
    waiting = {entry.id for entry in load_law().to_be_confirmed()}
    assert {"credit.general_longest", "land.listing", "hotline.shandong.handling"} <= waiting
    assert not {id for id in waiting if id.startswith(("licensing.", "penalty.", "petitions."))}


@pytest.mark.fact("K-01")
def test_a_value_may_bring_its_own_instrument_and_mark() -> None:
    longest = load_law().entry("credit.general_longest")
    old, new = longest.on(date(2026, 3, 31)), longest.on(date(2026, 4, 1))
    assert (old.amount, old.valid_to) == (36, date(2026, 3, 31))
    assert (old.citations, old.verification) == (("信用信息修复管理办法（试行）",), Verification.MEMORY)
    assert (new.amount, new.valid_to, new.verification) == (12, None, Verification.SECONDARY)
    assert new.citations == ("信用修复管理办法",)


@pytest.mark.fact("G-03")
def test_a_value_may_bring_its_own_unit() -> None:
    listing = load_law().entry("land.listing")
    assert listing.on(date(2007, 10, 31)).unit is Unit.WORKING_DAY
    assert listing.on(date(2007, 11, 1)).unit is Unit.CALENDAR_DAY


def test_a_figure_is_exact_and_dated(tmp_path: Path) -> None:
    found = book(tmp_path, GOOD)
    old, new = found.figure("sample.share", on=date(2019, 12, 31)), found.figure("sample.share", on=ON)
    assert (old.amount, old.citations, old.valid_to) == (
        Fraction(1, 10),
        ("某法 第二条",),
        date(2019, 12, 31),
    )
    assert (new.amount, new.citations, new.text) == (Fraction(2, 3), ("新法 第二条",), "不超过2/3")
    with pytest.raises(LawError, match="没有数额"):
        found.figure("sample.decision", on=ON)
    with pytest.raises(LawError, match="没有生效"):
        found.figure("sample.share", on=date(2009, 1, 1))


EFFECTS = {
    "licensing.acceptance": ("deem_accepted", TakesEffect.START, "L-04"),
    "licensing.renewal_decision": ("deem_renewed", TakesEffect.DUE, "L-16"),
    "reconsideration.review": ("deem_reconsideration_accepted", TakesEffect.DUE, "X-19"),
    "reconsideration.supplement": ("deem_reconsideration_given_up", TakesEffect.DUE, "X-19"),
    "disclosure.co_maker": ("deem_co_maker_agrees", TakesEffect.DUE, "I-08"),
    "tendering.report_signed": ("deem_expert_agrees", TakesEffect.DUE, "Z-20"),
}


@pytest.mark.parametrize(
    ("id", "effect", "takes_effect"),
    [
        pytest.param(id, name, when, marks=pytest.mark.fact(fact))
        for id, (name, when, fact) in EFFECTS.items()
    ],
)
def test_silence_has_the_effect_its_law_says(id: str, effect: str, takes_effect: TakesEffect) -> None:
    found = load_law()
    assert found.limit(id, on=ON).on_expiry == effect
    assert found.effect(id.partition(".")[0], effect).takes_effect is takes_effect


def test_no_other_silence_has_an_effect() -> None:
    assert {entry.id for entry in load_law().limits() if entry.terms.on_expiry} == set(EFFECTS)
    with pytest.raises(LawError, match="deem_accepted"):
        load_law().effect("disclosure", "deem_accepted")


@pytest.mark.fact("L-11")
def test_a_decision_may_be_extended_once_by_ten_days_by_the_head_of_the_body() -> None:
    limit = load_law().limit("licensing.decision", on=ON)
    assert limit.extension is not None
    assert (limit.extension.amount, limit.extension.times) == (10, 1)
    assert limit.extension.approver == "head_of_body"
    assert deadline(limit, ON, national_calendar(), extensions=[limit.extension]).amount == 30


@pytest.mark.fact("L-12")
def test_joint_handling_may_be_extended_by_fifteen_days_by_the_head_of_government() -> None:
    extension = load_law().limit("licensing.joint_decision", on=ON).extension
    assert extension is not None
    assert (extension.amount, extension.times, extension.approver) == (15, 1, "head_of_government")


def test_every_citation_of_the_book_is_listed_once() -> None:
    listed = [str(citation) for citation in load_law().citations()]
    assert len(listed) == len(set(listed))
    assert "行政许可法 第四十五条" in listed


def test_a_rule_whose_name_or_date_nobody_has_read_says_so_wherever_it_is_shown() -> None:
    for entry in load_law().to_be_confirmed():
        for terms in entry.all_terms():
            unread = any("待核对" in cite for cite in terms.citations)
            assert not unread or "待核对" in (terms.profile or ""), entry.id
            assert not unread or terms.verification is not Verification.TEXT, entry.id
    for entry in (*load_law().limits(), *load_law().figures()):
        for terms in entry.all_terms():
            if any("待核对" in word for word in (*terms.citations, terms.profile or "")):
                assert terms.verification is not Verification.TEXT, entry.id


def test_a_limit_that_another_instrument_ended_says_which_and_that_nobody_read_it() -> None:
    book = load_law()
    assert book.limit("market_complaints.acceptance", on=date(2026, 4, 14)).amount == 7
    with pytest.raises(LawError, match="总局令第121号.*没有核对原文"):
        book.limit("market_complaints.acceptance", on=date(2026, 4, 15))
    with pytest.raises(LawError, match=r"没有生效的数值$"):
        book.limit("market_complaints.acceptance", on=date(2019, 12, 31))


@pytest.mark.parametrize(
    ("id", "doubt", "printed"),
    [
        ("licensing.decision", "", "行政许可法 第四十二条第一款"),
        ("hotline.reply_to_mail", "据转述，没有核对原文", "GB/T33358—2016"),
        ("service.acceptance", "默认值，法律没有写明这个数字", ""),
        ("disclosure.supplement", "默认值，法律没有写明这个数字", ""),
    ],
)
def test_every_number_says_how_it_is_known_and_a_default_never_prints_an_article(
    id: str, doubt: str, printed: str
) -> None:
    limit = load_law().limit(id, on=ON)
    assert limit.doubt.startswith(doubt) if doubt else limit.doubt == ""
    assert any(printed == text for text in limit.basis) if printed else limit.basis == (limit.doubt,)
    start = ON if not limit.unit.is_momentary else datetime(2026, 2, 10, 9, tzinfo=UTC)
    text = explanation_text(deadline(limit, start, national_calendar()))
    assert limit.doubt in text
    if not printed:
        assert not any(cite in text for cite in limit.citations)


def test_no_number_that_nobody_read_in_the_law_is_printed_without_saying_so() -> None:
    for entry in load_law().limits():
        for limit in entry.all_terms():
            is_read = limit.verification is Verification.TEXT
            assert bool(limit.doubt) is not is_read, entry.id
            assert limit.doubt == "" or limit.doubt in limit.basis, entry.id
