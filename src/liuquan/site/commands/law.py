"""`law list`, `show`, `check`, `diff` and `import`: the law as this system applies it, from the command line.

Texts are kept in the home's folder `law`, as files; nothing here needs the database. Progress of an import
goes to standard error and only to a terminal.
"""

import re
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from tqdm import tqdm

from liuquan.clock import Limit, Verification
from liuquan.kernel import moments
from liuquan.kernel.home import CHECKOUT, current_home
from liuquan.kernel.refusals import BadInput, NotVisible
from liuquan.law import (
    APPROVERS,
    Figure,
    FigureEntry,
    LawError,
    LimitEntry,
    NumberReport,
    Texts,
    check_calendar,
    check_facts,
    check_law,
    compare_numbers,
    differences,
    import_folder,
    load_calendar,
    load_facts,
    load_law,
    parse_citation,
)
from liuquan.law.facts import Fact, FactReport, facts_under_test
from liuquan.site.commands import Answer, Command

MARKS = {
    Verification.TEXT: "已核对原文",
    Verification.SECONDARY: "转述，待核对",
    Verification.MEMORY: "凭记忆，待核对",
}
DIRECTIONS = {"after": "起算后", "before": "倒算"}
SENSES = {"at_most": "最长", "at_least": "最短", "earliest": "最早"}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def list_(asked: Namespace) -> Answer:
    """Every limit and figure in force, or of one law, one line each. Refuses a law without any."""
    on = _day(asked.on)
    book, lines, rows = load_law(), [], []
    entries: list[LimitEntry | FigureEntry] = [*book.limits(), *book.figures()]
    waiting = {entry.id for entry in book.to_be_confirmed()}
    for entry in entries:
        if asked.law and entry.id.partition(".")[0] != asked.law:
            continue
        if asked.unconfirmed and entry.id not in waiting:
            continue
        terms = _terms(entry, on)
        if terms is not None:
            lines.append(_line(entry.id, terms))
            rows.append(_values(entry.id, terms))
    if not rows:
        laws = "、".join(sorted({entry.id.partition(".")[0] for entry in entries}))
        raise NotVisible(f"没有找到这样的期限或数额，可查的法律：{laws}", code="no_such_law")
    return Answer("\n".join([*lines, f"共{len(rows)}项。"]), {"on": on.isoformat(), "values": rows})


def show(asked: Namespace) -> Answer:
    """One limit or figure as in force on a day, with all its values and the cited articles' own words."""
    on, book, texts = _day(asked.on), load_law(), Texts.load(current_home().root / "law")
    entry = book.entries.get(asked.id) or book.all_figures.get(asked.id)
    if entry is None:
        raise NotVisible(
            f"没有编号为“{asked.id}”的期限或数额，用 liuquan law list 查看全部。", code="no_such_id"
        )
    terms = _terms(entry, on)
    lines = [_line(entry.id, terms) if terms else f"{entry.id}　在 {on} 没有生效的数值"]
    if isinstance(terms, Limit):
        lines += _limit_lines(terms)
    elif isinstance(entry, LimitEntry) and entry.ended:
        lines.append(f"{entry.ended}。")
    lines.append("历次数值：")
    lines += [f"  {_span(one)}　{one.text}　{'；'.join(one.citations)}" for one in entry.all_terms()]
    words = {cite: _words(texts, cite, on) for cite in (terms.citations if terms else ())}
    for cite, paragraphs in words.items():
        lines.append(f"{cite}：")
        lines += [f"  {text}" for text in paragraphs or ["（原文没有导入，见 liuquan law import）"]]
    data = {
        "on": on.isoformat(),
        **(_values(entry.id, terms) if terms else {"id": entry.id}),
        "values": [_values(entry.id, one) for one in entry.all_terms()],
        "texts": words,
    }
    return Answer("\n".join(lines), data)


def check(asked: Namespace) -> Answer:
    """Check the data, count the facts, compare the numbers with imported texts. Refuses unsound data."""
    book, facts = load_law(), load_facts()
    wrong = [*check_law(book), *check_calendar(load_calendar()), *check_facts(facts, book)]
    if wrong:
        raise BadInput("\n".join([*wrong, f"法规数据有{len(wrong)}处需要改正。"]), code="law_refused")
    checkout = (CHECKOUT / "tests").is_dir()
    tested = facts_under_test(CHECKOUT / "tests", CHECKOUT / "src") if checkout else frozenset()
    report = FactReport(facts, tested, checkout)
    try:
        numbers = compare_numbers(book, Texts.load(current_home().root / "law"))
    except LawError as damaged:
        raise BadInput(f"{damaged}。", code="damaged_text") from damaged
    waiting = [entry.id for entry in book.to_be_confirmed()]
    data = {
        "limits": len(book.entries),
        "figures": len(book.all_figures),
        "to_be_confirmed": waiting,
        "facts": len(facts),
        "encoded": [fact.id for fact in report.encoded],
        "tested": sorted(id for id in tested if id in facts) if checkout else None,
        "waiting": {fact.id: fact.later for fact in report.waiting},
        "outside": {fact.id: fact.why for fact in report.outside},
        "numbers": _numbers(numbers),
    }
    lines = [f"法规数据没有问题：期限{len(book.entries)}项，数额{len(book.all_figures)}项。"]
    lines += _fact_lines(report)
    lines += _number_lines(numbers)
    lines.append(f"待核对原文的{len(waiting)}项，用 liuquan law list --unconfirmed 查看。")
    return Answer("\n".join(lines), data)


def diff(asked: Namespace) -> Answer:
    """What differs in the law between the two days."""
    first, second = _day(asked.first), _day(asked.second)
    found = differences(load_law(), first, second)
    rows = [
        {
            "id": one.id,
            "label": one.label,
            "kind": one.kind,
            "before": _values(one.id, one.before) if one.before else None,
            "after": _values(one.id, one.after) if one.after else None,
        }
        for one in found
    ]
    lines = [f"{one.kind}　{one.id}　{one.label}：{_side(one.before)} → {_side(one.after)}" for one in found]
    lines.append(f"{first} 与 {second} 之间有{len(rows)}项不同。")
    return Answer("\n".join(lines), {"first": str(first), "second": str(second), "differences": rows})


def import_(asked: Namespace) -> Answer:
    """Bring statute texts in from a folder of markdown; run twice it changes nothing."""
    target = current_home().root / "law"
    with tqdm(unit="部", file=sys.stderr, disable=not sys.stderr.isatty(), leave=False) as bar:
        try:
            done = import_folder(asked.folder, target, progress=bar.update)
        except LawError as refusal:
            raise BadInput(f"{refusal}。", code="no_texts") from refusal
    lines = [
        f"新增{done.new}部、更新{done.changed}部、未变{done.unchanged}部，共{done.articles}条；"
        f"没有收{len(done.refused)}个文件。"
    ]
    lines += [f"  {name}：{reason}" for name, reason in done.refused]
    data = {
        "new": done.new,
        "changed": done.changed,
        "unchanged": done.unchanged,
        "articles": done.articles,
        "refused": [{"file": name, "reason": reason} for name, reason in done.refused],
    }
    return Answer("\n".join(lines), data)


def _day(text: str) -> date:
    if not text:
        return moments.today(moments.now())
    try:
        if not _DAY.fullmatch(text):
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput(f"“{text}”不是日期，请写成 2026-03-20 的样子。", code="bad_date") from None


def _terms(entry: LimitEntry | FigureEntry, on: date) -> Limit | Figure | None:
    try:
        return entry.on(on)
    except LawError:
        return None


def _line(id: str, terms: Limit | Figure) -> str:
    text = terms.text if isinstance(terms, Figure) else f"{SENSES[terms.sense]}{terms.text}"
    parts = [id, terms.label, text, "；".join(terms.citations), MARKS[terms.verification]]
    return "　".join([*parts, terms.profile] if terms.profile else parts)


def _limit_lines(limit: Limit) -> list[str]:
    lines = [f"自 {limit.starts} {DIRECTIONS[limit.direction]}，至 {limit.ends or '期满'}；{_span(limit)}。"]
    if limit.extension:
        more = limit.extension
        lines.append(
            f"可延长{more.times}次，每次不超过{more.amount}{more.unit.label}，"
            f"由{APPROVERS.get(more.approver, more.approver)}批准。"
        )
    law = limit.source.partition(".")[0]
    if limit.excludes:
        labels = [load_law().ground(law, name).label for name in limit.excludes]
        lines.append(f"不计入：{'、'.join(labels)}。")
    if limit.on_expiry:
        lines.append(f"届满效果：{load_law().effect(law, limit.on_expiry).sentence}")
    return lines


def _span(terms: Limit | Figure) -> str:
    return f"{terms.valid_from} 起" + (f"至 {terms.valid_to}" if terms.valid_to else "施行")


def _values(id: str, terms: Limit | Figure) -> dict[str, Any]:
    """One value as the stable JSON of these commands."""
    if isinstance(terms, Limit):
        return {"id": id, "kind": "limit", "text": terms.text, **terms.to_json()}
    return {
        "id": id,
        "kind": "figure",
        "text": terms.text,
        "label": terms.label,
        "amount": str(terms.amount),
        "unit": terms.unit,
        "sense": terms.sense.value,
        "citations": list(terms.citations),
        "verification": terms.verification.value,
        "fact": terms.fact,
        "profile": terms.profile,
        "valid_from": terms.valid_from.isoformat(),
        "valid_to": terms.valid_to.isoformat() if terms.valid_to else None,
    }


def _side(terms: Limit | Figure | None) -> str:
    return f"{terms.text}（{'；'.join(terms.citations)}）" if terms else "无"


def _words(texts: Texts, cite: str, on: date) -> list[str]:
    """The cited paragraphs of the article in force on this day, the whole article when none is named."""
    try:
        article = texts.article(cite, on)
    except LawError as damaged:
        raise BadInput(f"{damaged}。", code="damaged_text") from damaged
    if article is None:
        return []
    marked = article.marked(parse_citation(cite))
    return [text for text, here in marked if here] or list(article.paragraphs)


def _fact_lines(report: FactReport) -> list[str]:
    encoded, tested = len(report.encoded), len(report.encoded) - len(report.untested)
    if report.from_checkout:
        lines = [f"事实{len(report.facts)}条：写成软件{encoded}条，其中有测试{tested}条。"]
        if report.untested:
            lines += ["还没有测试：", *(f"  {_fact(one)}" for one in report.untested)]
    else:
        lines = [f"事实{len(report.facts)}条：写成软件{encoded}条；测试情况只能在源代码目录里查看。"]
    lines.append(f"等待模块{len(report.waiting)}条：")
    lines += [f"  {_fact(one)}（{one.later}）" for one in report.waiting]
    lines.append(f"不写成软件{len(report.outside)}条：")
    lines += [f"  {_fact(one)}：{one.why}" for one in report.outside]
    return lines


def _fact(fact: Fact) -> str:
    return f"{fact.id}　{fact.says}"


def _numbers(report: NumberReport) -> dict[str, Any]:
    missing = [
        {
            "id": one.id,
            "from": one.from_on.isoformat(),
            "looked_for": one.looked_for,
            "citations": list(one.citations),
        }
        for one in report.not_found
    ]
    return {"said": report.said, "without_text": report.without_text, "not_found": missing}


def _number_lines(report: NumberReport) -> list[str]:
    if not report.said and not report.not_found:
        return ["没有导入法律文本，数字没有与原文对照；用 liuquan law import 导入。"]
    lines = [
        f"与导入的原文对照：条文写有该数字{report.said}项，没有原文{report.without_text}项，"
        f"条文里找不到{len(report.not_found)}项。"
    ]
    return lines + [
        f"  {one.id}（{one.from_on}起）：{'；'.join(one.citations)} 里找不到“{one.looked_for}”"
        for one in report.not_found
    ]


def _list_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--law", default="", help="只看一部法律，如 licensing / one law only")
    parser.add_argument("--on", default="", help="哪一天的法律，缺省今天 / as in force on this day")
    parser.add_argument("--unconfirmed", action="store_true", help="只看待核对的 / what is to be confirmed")


def _show_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("id", help="编号，如 licensing.decision / the id of a limit or figure")
    parser.add_argument("--on", default="", help="哪一天的法律，缺省今天 / as in force on this day")


def _diff_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("first", help="一天，如 2026-03-31 / one day")
    parser.add_argument("second", help="另一天，如 2026-04-01 / another day")


def _import_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, help="法律文本的文件夹 / a folder of statute texts")


def _command(
    words: str, help: str, run: Callable[[Namespace], Answer], arguments: Callable[[ArgumentParser], None]
) -> Command:
    return Command(words, help, run, arguments, needs_database=False)


COMMANDS = [
    _command("law list", "列出期限和数额 / list limits and figures", list_, _list_arguments),
    _command("law show", "一项期限或数额的全部内容 / one limit in full", show, _show_arguments),
    Command("law check", "检查法规数据和事实清单 / check the law's data", check, needs_database=False),
    _command("law diff", "两天之间法律的变化 / what changed", diff, _diff_arguments),
    _command("law import", "导入法律文本 / import statute texts", import_, _import_arguments),
]
