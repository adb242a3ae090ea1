"""The papers: each act that the law requires in writing produces one, dated, sealed, with its own text."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from _pytest.mark import ParameterSet

from liuquan.applications import actions
from liuquan.applications.papers import PAPERS
from liuquan.applications.procedure import PROCEDURE
from liuquan.applications.tests.printing import at, printed, text_of
from liuquan.casework import actions as casework
from liuquan.casework import queries as cases
from liuquan.catalogue import queries as catalogue
from liuquan.journal import queries as journal
from liuquan.kernel import documents
from liuquan.kernel.refusals import NotVisible, Unavailable
from liuquan.papers import actions as papers_actions
from liuquan.parties import actions as parties
from liuquan.testing.cast import ITEMS, LI_YUNXI, Cast


@pytest.mark.parametrize(
    ("item", "said"),
    [
        ("食品经营许可证核发", "次日起按工作日计算"),
        ("建筑工程施工许可证核发", "次日起按自然日计算"),
        ("个体工商户设立登记", "本事项当场办结"),
    ],
)
def test_the_acceptance_slip_counts_in_the_unit_of_the_items_own_limit(
    city_db: str, cast: Cast, item: str, said: str
) -> None:
    on = at(2).date()
    code = next(one.item_code for one in catalogue.published_items(on=on) if one.name == item)
    needed = [m.key for m in catalogue.terms(code, on=on).materials if m.necessity == "required"]
    number = actions.submit(
        item_code=code,
        applicant=cast.applicant.party_number,
        by=cast.clerk,
        now=at(2),
        channel="window",
        materials=needed,
    ).number
    casework.perform(number, "accept", by=cast.clerk, now=at(2))
    assert said in printed(cast, number, "acceptance", now=at(2))["acceptance"]


@pytest.mark.requirement("CASE-03")
def test_the_acceptance_slip_shows_number_promised_date_and_query_code(city_db: str, cast: Cast) -> None:
    number = cast.accepted("food", at=at(2))
    text = printed(cast, number, "acceptance", now=at(2))["acceptance"]
    code = cases.query_code(number)
    for said in (
        "受理通知书",
        number,
        f"{code[:5]}-{code[5:]}",
        "承诺办结日",
        "2026年3月12日",
        "法定办结日",
        "2026年3月30日",
        "食品经营许可证核发",
        LI_YUNXI.name,
        "云溪市市场监督管理局",
        "行政审批专用章",
        "不收费",
    ):
        assert said in text, f"{said} is not in {text}"
    assert LI_YUNXI.id_number not in text


def _not_needed(cast: Cast) -> str:
    number = cast.applies("food", at=at(2))
    casework.perform(
        number, "refuse_not_needed", by=cast.clerk, now=at(2), data={"reason": "该活动依法不需要许可"}
    )
    return number


def _not_ours(cast: Cast) -> str:
    number = cast.applies("food", at=at(2))
    data = {"reason": "属于住建部门职权", "refer_to": "云溪市住房和城乡建设局"}
    casework.perform(number, "refuse_not_ours", by=cast.clerk, now=at(2), data=data)
    return number


def _supplemented(cast: Cast) -> str:
    number = cast.applies("food", at=at(2), materials=["form"])
    data = {"items": ["layout", "rules"], "remarks": "制度目录须盖章"}
    casework.perform(number, "notify_supplement", by=cast.clerk, now=at(3), data=data)
    casework.perform(
        number, "receive_supplement", by=cast.clerk, now=at(4), data={"materials": ["layout", "rules"]}
    )
    return number


def _added(cast: Cast) -> str:
    number = cast.applies("food", at=at(2), materials=["form"])
    casework.perform(number, "add_materials", by=cast.applicant, now=at(3), data={"materials": ["layout"]})
    return number


def _special(cast: Cast) -> str:
    number = cast.accepted("radiology", at=at(2))
    data = {"ground": "expert_review", "until": "2026-03-13", "document": "需请外地专家评审"}
    casework.perform(number, "start_special", by=cast.staff("health_second"), now=at(3), data=data)
    return number


def _extended(cast: Cast) -> str:
    number = cast.accepted("device", at=at(2))
    data = {"days": 10, "reason": "需向出厂检验机构核实"}
    casework.perform(number, "extend", by=cast.head, now=at(20), data=data)
    return number


def _decided(action: str) -> Callable[[Cast], str]:
    def decided(cast: Cast) -> str:
        number = cast.examined("device", at=at(2))
        casework.perform(number, action, by=cast.approver, now=at(4), data=cast.decision("device"))
        return number

    return decided


def _corrected(cast: Cast) -> str:
    number = cast.accepted("device", at=at(2))
    data = {"clock": "statutory", "to": "2026-02-27", "reason": "收件日期录入有误", "evidence": "登记簿第3页"}
    casework.perform(number, "correct_anchor", by=cast.head, now=at(4), data=data)
    return number


def _withdrawn(cast: Cast) -> str:
    number = cast.accepted("food", at=at(2))
    data = {"request": "2026年3月4日由李云溪签名", "reason": "店铺不再开办"}
    casework.perform(number, "withdraw_at_window", by=cast.clerk, now=at(4), data=data)
    return number


def _deemed(cast: Cast) -> str:
    number = cast.applies("food", at=at(2))
    casework.sweep(now=at(10))
    return number


REMEDIES = "六十日内向云溪市人民政府申请行政复议 六个月内向云溪市溪南区人民法院提起行政诉讼"


def row(facts: str, name: str, come: Callable[[Cast], str], kind: str, says: str) -> ParameterSet:
    """One paper: the facts that require it, the acts that lead to it, its kind, what it must say."""
    marks = [pytest.mark.fact(fact) for fact in facts.split()]
    return pytest.param(come, kind, says.split(), id=name, marks=marks)


TABLE = [
    row("L-06", "receipt", _deemed, "receipt", "申请材料接收凭证 3项 2026年3月9日 即为受理"),
    row("L-04", "deemed", _deemed, "acceptance", "受理通知书 即为受理 第三十二条 2026年3月2日"),
    row(
        "L-04",
        "supplement",
        _supplemented,
        "supplement",
        "补正材料一次性告知书 全部2项 经营场所布局 食品安全规章制度 制度目录须盖章",
    ),
    row("L-06", "supplement receipt", _supplemented, "supplement_receipt", "补正材料接收凭证 2026年3月11日"),
    row("", "added", _added, "added_receipt", "补交材料接收凭证 1项 经营场所布局 补交不改变"),
    row(
        "L-01 L-06",
        "not needed",
        _not_needed,
        "not_accepted",
        f"不予受理决定书 不需要取得行政许可 {REMEDIES}",
    ),
    row(
        "L-02 L-06",
        "not ours",
        _not_ours,
        "not_accepted",
        f"不予受理决定书 不属于本机关职权 云溪市住房和城乡建设局 {REMEDIES}",
    ),
    row("L-14", "special", _special, "special", "特别程序告知书 专家评审 第四十五条 2026年3月13日"),
    row(
        "L-11",
        "extension",
        _extended,
        "extension",
        "延长办理期限告知书 10个工作日 2026年4月14日 出厂检验机构",
    ),
    row(
        "L-13",
        "grant",
        _decided("grant"),
        "grant",
        "准予行政许可决定书 条件全部具备 检验结论合格 2026年3月18日",
    ),
    row(
        "L-10",
        "refusal",
        _decided("refuse"),
        "refusal",
        "不予行政许可决定书 经审查,不符合下列条件 检验结论合格 《中华人民共和国行政许可法》第三十八条第二款"
        f" {REMEDIES}",
    ),
    row(
        "",
        "correction",
        _corrected,
        "correction",
        "更正期限起算日告知书 2026年3月2日 2026年2月27日 登记簿第3页 2026年3月26日",
    ),
    row("", "withdrawal", _withdrawn, "withdrawal", "撤回申请告知书 李云溪签名 店铺不再开办"),
]


@pytest.mark.parametrize(("come", "kind", "says"), TABLE)
def test_a_paper_says_what_the_law_wants(
    city_db: str, cast: Cast, come: Callable[[Cast], str], kind: str, says: list[str]
) -> None:
    number = come(cast)
    text = printed(cast, number, kind, now=at(20))[kind]
    for said in (*says, number, "2026年3月20日"):
        assert said in text, f"{said} is not in {text}"


def test_every_paper_of_the_procedure_is_written_and_shown_above() -> None:
    called_for = {kind for row in (PROCEDURE.creation, *PROCEDURE.rows) for kind in row.papers}
    assert called_for == {paper.kind for paper in PAPERS}
    assert called_for == {case.values[1] for case in TABLE}


#: whole courses of a case, as (day of March, act, who, data); "" is a sweep that executes legal effects
EXTENSION = {"days": 10, "reason": "需向出厂检验机构核实"}
DECISION = {"reason": "材料齐全，条件全部具备", "standard": ""}
EXPERTS = {"ground": "expert_review", "until": "2026-03-06", "document": "需请外地专家评审"}
REFERRAL = {"reason": "属于住建部门职权", "refer_to": "云溪市住房和城乡建设局"}
LIVES = [
    pytest.param(
        "device",
        ["form"],
        [
            (3, "notify_supplement", "clerk", {"items": ["certificate"], "remarks": "须为原件"}),
            (4, "receive_supplement", "clerk", {"materials": ["certificate"]}),
            (5, "accept", "clerk", {}),
            (6, "complete_step", "examiner", {}),
            (6, "extend", "head", EXTENSION),
            (9, "grant", "approver", DECISION),
            (10, "deliver", "clerk", {}),
        ],
        {"receipt", "supplement", "supplement_receipt", "acceptance", "extension", "grant"},
        id="granted",
    ),
    pytest.param(
        "radiology",
        None,
        [
            (3, "accept", "clerk", {}),
            (4, "start_special", "health_second", EXPERTS),
            (6, "end_special", "health_second", {}),
            (9, "withdraw", "applicant", {}),
        ],
        {"receipt", "acceptance", "special"},
        id="suspended",
    ),
    pytest.param(
        "device",
        None,
        [
            (10, "", "", {}),
            (11, "complete_step", "examiner", {}),
            (12, "refuse", "approver", DECISION),
            (13, "deliver", "clerk", {}),
        ],
        {"receipt", "acceptance", "refusal"},
        id="deemed accepted and refused",
    ),
    pytest.param(
        "food",
        None,
        [(3, "refuse_not_ours", "clerk", REFERRAL)],
        {"receipt", "not_accepted"},
        id="not accepted",
    ),
]


def _lived(cast: Cast, item: str, materials: list[str] | None, acts: list[Any], every_day: bool) -> str:
    """A case that went through these acts; its papers issued after each of them, or all at the end."""
    number = cast.applies(item, at=at(2), materials=materials)
    for day, action, who, given in acts:
        if every_day:
            _issue_all(number, now=at(day))
        data = {**given, "standard": cast.standard(item)} if "standard" in given else dict(given)
        if action == "":
            casework.sweep(now=at(day))
        elif action == "complete_step":
            cast.examines(number, at=at(day))
        else:
            casework.perform(
                number, action, by=getattr(cast, who, None) or cast.staff(who), now=at(day), data=data
            )
    _issue_all(number, now=at(acts[-1][0] if every_day else 31))
    return number


def _issue_all(number: str, *, now: datetime) -> None:
    for entry in journal.entries_of(number):
        papers_actions.issue_papers(number, entry=entry.number, now=now)


@pytest.mark.parametrize(("item", "materials", "acts", "kinds"), LIVES)
def test_a_paper_printed_late_says_what_it_would_have_said_at_once(
    city_db: str,
    cast: Cast,
    monkeypatch: pytest.MonkeyPatch,
    item: str,
    materials: list[str] | None,
    acts: list[Any],
    kinds: set[str],
) -> None:
    written: dict[str, str] = {}
    titles = {paper.title: paper.kind for paper in PAPERS} | {
        "准予行政许可决定书": "grant",
        "不予行政许可决定书": "refusal",
    }

    def rendered(template: object, data: dict[str, Any], *, qr: str, on: object) -> bytes:
        words = {name: value for name, value in data.items() if name not in ("number", "verify")}
        written[titles[data["title"]]] = json.dumps(words, ensure_ascii=False)
        return b"%PDF"

    monkeypatch.setattr("liuquan.kernel.documents.render", rendered)
    said = []
    for every_day in (True, False):
        written.clear()
        number = _lived(cast, item, materials, acts, every_day)
        code = cases.query_code(number)
        own = {number: "N", f"{code[:5]}-{code[5:]}": "C"}
        said.append({kind: _without(text, own) for kind, text in written.items()})
    assert said[0].keys() == kinds
    assert said[0] == said[1]


def _without(text: str, own: dict[str, str]) -> str:
    for value, word in own.items():
        text = text.replace(value, word)
    return text


@pytest.mark.fact("L-04")
def test_an_acceptance_printed_days_later_does_not_call_itself_deemed(city_db: str, cast: Cast) -> None:
    number = cast.accepted("food", at=at(2))
    text = printed(cast, number, "acceptance", now=at(20))["acceptance"]
    assert "依法予以受理" in text
    assert "2026年3月2日" in text
    assert "即为受理" not in text


@pytest.mark.parametrize("action", ["refuse_not_needed", "refuse_not_ours"])
def test_no_paper_of_what_is_no_licence_quotes_the_licensing_law(
    city_db: str, cast: Cast, action: str
) -> None:
    number = cast.applies("reward", at=at(2), materials=["form"])
    notice = {"items": ["identity"], "remarks": "请出示身份证明"}
    casework.perform(number, "notify_supplement", by=cast.clerk, now=at(3), data=notice)
    casework.perform(number, "receive_supplement", by=cast.clerk, now=at(4), data={"materials": ["identity"]})
    data = REFERRAL if action == "refuse_not_ours" else {"reason": "该举报没有奖励可领"}
    casework.perform(number, action, by=cast.clerk, now=at(5), data=data)
    papers = printed(cast, number, now=at(5))
    accepted = cast.accepted("reward", at=at(2))
    papers |= {f"{kind} 2": text for kind, text in printed(cast, accepted, now=at(9)).items()}
    assert {"receipt", "supplement", "supplement_receipt", "not_accepted", "acceptance 2"} <= papers.keys()
    for text in papers.values():
        assert "行政许可" not in text
        assert "即为受理" not in text
    assert "向本机关查询或者投诉" in papers["supplement_receipt"]


def test_a_paper_is_issued_once_and_stays_as_issued(city_db: str, cast: Cast) -> None:
    number = cast.applies("food", at=at(2))
    entry = journal.entries_of(number)[0].number
    first = papers_actions.issue_papers(number, entry=entry, now=at(2))
    pdf = papers_actions.open_paper(first[0], by=cast.clerk, now=at(2))[1]
    assert papers_actions.issue_papers(number, entry=entry, now=at(5)) == []
    assert papers_actions.open_paper(first[0], by=cast.clerk, now=at(5))[1] == pdf
    issued = [e for e in journal.entries_of(number) if e.event == "casework.notice_issued"]
    assert [e.public["notice"] for e in issued] == first
    with pytest.raises(NotVisible):
        papers_actions.issue_papers(number, entry=uuid.uuid4(), now=at(5))


def test_each_kind_of_paper_counts_from_one_every_year_and_leaves_no_gap(
    city_db: str, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers: list[str] = []

    def issue(now: datetime) -> None:
        case = cast.accepted("device", at=now)
        for entry in journal.entries_of(case):
            numbers.extend(papers_actions.issue_papers(case, entry=entry.number, now=now))

    issue(at(2))
    with monkeypatch.context() as broken:
        broken.setattr(documents, "render", lambda *given, **more: _unavailable())
        with pytest.raises(Unavailable):
            issue(at(2))
    issue(at(3))
    issue(datetime(2027, 1, 5, 2, tzinfo=UTC))
    assert numbers == [
        "收字〔2026〕00001号",
        "受字〔2026〕00001号",
        "收字〔2026〕00002号",
        "受字〔2026〕00002号",
        "收字〔2027〕00001号",
        "受字〔2027〕00001号",
    ]


def _unavailable() -> bytes:
    raise Unavailable("暂时不能出具。")


def test_a_paper_is_read_by_those_who_may_see_the_case_or_hold_its_code(city_db: str, cast: Cast) -> None:
    number = cast.applies("food", at=at(2))
    notice = papers_actions.issue_papers(number, entry=journal.entries_of(number)[0].number, now=at(2))[0]
    entries = len(journal.entries_of(number))
    for by, code in ((cast.stranger, ""), (cast.other_examiner, ""), (None, ""), (None, "ABCDEFGHJK")):
        with pytest.raises(NotVisible):
            papers_actions.open_paper(notice, by=by, code=code, now=at(2))
    assert len(journal.entries_of(number)) == entries
    assert (
        papers_actions.open_paper(notice, by=None, code=cases.query_code(number), now=at(2))[1][:4] == b"%PDF"
    )
    assert papers_actions.open_paper(notice, by=cast.supervisor, now=at(2))[1][:4] == b"%PDF"
    assert journal.entries_of(number)[-1].event == "casework.notice_opened"


def test_a_name_no_font_can_print_is_marked_in_print_and_whole_in_the_file(city_db: str, cast: Cast) -> None:
    name = "李\U0002a6dd溪"  # a character of extension B
    party = parties.register_person(
        name=name, id_number="990101199511113018", phone="", by=cast.clerk, now=at(2)
    ).number
    number = actions.submit(
        item_code=ITEMS["food"],
        applicant=party,
        by=cast.clerk,
        now=at(2),
        channel="window",
        materials=cast.materials("food"),
    ).number
    entry = journal.entries_of(number)[0].number
    assert len(papers_actions.issue_papers(number, entry=entry, now=at(2))) == 1
    printed = text_of(cases.notices(number)[0].number, cast)
    assert "李〓溪" in printed
    assert "U+2A6DD" in printed
    assert casework.open_case_file(number, by=cast.clerk, now=at(2)).names == {party: name}


def test_the_decision_says_how_much_was_granted(city_db: str, cast: Cast) -> None:
    number = cast.examined("reward", at=at(2))
    data = {**cast.decision("reward"), "amount": "1200.5"}
    casework.perform(number, "grant", by=cast.examiner, now=at(4), data=data)
    assert "奖励金额:人民币1200.50元。" in printed(cast, number, "grant", now=at(4))["grant"]
    assert "人民币" not in printed(cast, _granted(cast), "grant", now=at(4))["grant"]


def _granted(cast: Cast) -> str:
    number = cast.examined("device", at=at(2))
    casework.perform(number, "grant", by=cast.approver, now=at(4), data=cast.decision("device"))
    return number
