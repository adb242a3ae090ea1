"""`hotline train`, `classify`, `topics` and `replies`: what an analyst asks of the hotline's files; `use` and
`learn`: which model suggests classes on the pages; `mailbox`: read the mailbox now.

The first four need no running site and no database; working days are those of the law's own calendar files.
Nothing is stored but the file that is asked for. The others write to this place's home and its record.
Progress goes to standard error and only to a terminal.
"""

from __future__ import annotations

import csv
import hashlib
import sys
import time
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tqdm import tqdm

from liuquan import law
from liuquan.clock import ClockError
from liuquan.hotline import actions, analysis, queries
from liuquan.hotline.analysis import messages
from liuquan.kernel import moments
from liuquan.kernel.refusals import BadInput, Unavailable
from liuquan.site.commands import Answer, Command


def train(asked: Namespace) -> Answer:
    """A model from labelled messages, with what it reaches on rows that it has not seen."""
    begun = time.monotonic()
    _check_folder(asked.out)
    read, labels = messages.read_labelled(asked.file, asked.label, text=asked.text)
    content = hashlib.sha256(asked.file.read_bytes()).hexdigest()
    about = {"data_sha256": content, "label": asked.label, "data": asked.file.name}
    with _bar(asked.repeats * 5, "次") as bar:
        found = analysis.train(read, labels, repeats=asked.repeats, about=about, on_fold=bar.update)
    found.model.write(asked.out)
    data = {
        "rows": sum(found.labels.values()),
        "labels": len(found.labels),
        "seconds": round(time.monotonic() - begun, 1),
        "cross_validated_macro_f1": found.macro_f1,
        "spread": found.spread,
        "baseline_macro_f1": found.baseline_macro_f1,
        "rows_by_label": found.labels,
        "data_sha256": content,
        "model": str(asked.out),
        "model_sha256": hashlib.sha256(asked.out.read_bytes()).hexdigest(),
    }
    measured = (
        f"交叉验证宏平均F1 {found.macro_f1:.3f}，同样分组的普通做法（TF-IDF、线性支持向量机）"
        f"{found.baseline_macro_f1:.3f}。"
        if found.macro_f1 is not None and found.baseline_macro_f1 is not None
        else "没有做交叉验证。"
    )
    return Answer(
        f"用{data['rows']}条、{data['labels']}类训练，{data['seconds']}秒；{measured}模型在 {asked.out}。",
        data,
    )


def classify(asked: Namespace) -> Answer:
    """The likeliest class of each message and the one after it; a person decides."""
    _check_folder(asked.out)
    model = analysis.Classifier.load(asked.model)
    read = analysis.read_messages(asked.file, text=asked.text)
    empty = 0
    try:
        with (
            asked.out.open("w", encoding="utf-8-sig", newline="") as out,
            _bar(len(read), "条") as bar,
        ):
            table = csv.writer(out)
            table.writerow(["message", "label", "score", "second_label"])
            for one in read:
                found = model.suggest(one.body, subject=one.subject)
                empty += not found
                best, second = (*found, ("", 0.0), ("", 0.0))[:2]
                table.writerow([one.number, best[0], f"{best[1]:.4f}" if found else "", second[0]])
                bar.update(1)
    except OSError as error:
        raise BadInput(f"写不了“{asked.out}”：{error.strerror}，请核对路径。", code="no_file") from error
    data = {"out": str(asked.out), "rows": len(read), "without_text": empty, "labels": list(model.labels)}
    return Answer(
        f"已写到 {asked.out}：{len(read)} 条，其中 {empty} 条没有正文。类别只是建议，由人确定。", data
    )


def topics(asked: Namespace) -> Answer:
    """The matters that most messages are about."""
    read = analysis.read_messages(asked.file, text=asked.text)
    with _bar(len(read), "条") as bar:
        found = analysis.hot_topics(read, top=asked.top, on_row=bar.update)
    told = [
        f"{one.rank}. {one.place or '（没有共同的地点）'}：{'、'.join(one.words) or '（没有共同的词）'}，"
        f"{one.size} 条、{one.writers} 人，{one.first_on or '？'} 至 {one.last_on or '？'}"
        for one in found
    ]
    return Answer("\n".join(told) or "没有两条以上说同一件事的留言。", [asdict(one) for one in found])


def replies(asked: Namespace) -> Answer:
    """Each reply judged, with the sentence that decided."""
    read = analysis.read_messages(asked.file, needed=(messages.WRITTEN, messages.REPLY, messages.REPLIED))
    calendar = law.national_calendar()
    try:
        with _bar(len(read), "条") as bar:
            found = analysis.judge_replies(read, limit=asked.limit, calendar=calendar, on_row=bar.update)
    except ClockError as error:
        raise BadInput(f"{error}。", code="clock") from error
    judged = [one for one in found if one.on_time is not None]
    late = sum(one.is_late for one in found)
    thin = sum(one.complete is False for one in found)
    bare = sum(one.explains is False for one in found)
    data = {
        "rows": len(found),
        "judged": len(judged),
        "late": late,
        "problems": len(found) - len(judged),
        "incomplete": thin,
        "without_grounds": bare,
        "limit_working_days": asked.limit,
        "replies": [asdict(one) for one in found],
    }
    told = [
        f"{len(found)} 条答复，判断了 {len(judged)} 条是否按时：超过{asked.limit}个工作日 {late} 条，"
        f"{data['problems']} 条没有判断；没有答到事上 {thin} 条，没有说明理由 {bare} 条。"
    ]
    told += [f"  {one.message}：{one.on_time_because}" for one in found if one.on_time is None][:5]
    return Answer("\n".join(told), data)


def use(asked: Namespace) -> Answer:
    """Suggest classes on the pages by a trained model."""
    row = actions.put_to_use(asked.model, now=moments.now(), called=dict(asked.called))
    every = {text for one in queries.classes() for text in (one.code, one.name)}
    foreign = [label for label in row.labels if label not in every]
    told = f"模型 {row.code} 已启用。"
    if foreign:
        told += f"这些类别不是本地的归类，不会建议：{'、'.join(foreign)}。"
    return Answer(told, {**_of_model(row), "not_ours": foreign})


def learn(asked: Namespace) -> Answer:
    """A model from this centre's own tickets, put to use at once."""
    with _bar(asked.repeats * 5, "次") as bar:
        row = actions.learn(now=moments.now(), repeats=asked.repeats, on_fold=bar.update)
    measured = "" if row.macro_f1 is None else f"，交叉验证宏平均F1 {row.macro_f1:.3f}"
    return Answer(
        f"用{row.rows}件工单、{len(row.labels)}类学习{measured}；模型 {row.code} 已启用。", _of_model(row)
    )


def _of_model(row: Any) -> dict[str, Any]:
    names = ("code", "source", "data_sha256", "rows", "labels", "macro_f1")
    return {name: getattr(row, name) for name in names}


def mailbox(asked: Namespace) -> Answer:
    """Take in what came since the last reading, as the worker does every two minutes."""
    del asked
    found = actions.read_mailbox(now=moments.now())
    said = f"收取来信{found.mails}封，立为工单{found.tickets}件，其余列在“来信”里。"
    if found.failed:
        said += f"{found.failed}封没有登记成，下次再试，原因见日志。"
    return Answer(said, asdict(found), exit_code=1 if found.failed else 0)


def _with_libraries(run: Callable[[Namespace], Answer]) -> Callable[[Namespace], Answer]:
    """The command, which says so where the libraries it needs are not installed."""

    def ask(asked: Namespace) -> Answer:
        try:
            return run(asked)
        except ModuleNotFoundError as error:
            sentence = "没有安装分析用的软件包，请安装 liuquan[analysis] 后再试。"
            raise Unavailable(sentence, code="no_libraries") from error

    return ask


def _check_folder(out: Path) -> None:
    if not out.parent.is_dir() or out.is_dir():
        raise BadInput(f"写不了“{out}”，请核对路径。", code="no_file")


def _bar(total: int, unit: str) -> Any:
    return tqdm(total=total, unit=unit, file=sys.stderr, disable=not sys.stderr.isatty(), leave=False)


def _at_least(least: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        try:
            number = int(text)
        except ValueError:
            number = least - 1
        if number < least:
            raise ArgumentTypeError(f"“{text[:20]}”应当是不小于{least}的整数")
        return number

    return read


def _file(parser: ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="留言表格 xlsx / a spreadsheet of messages")


def _text(parser: ArgumentParser) -> None:
    parser.add_argument("--text", action="append", default=[], help="正文在哪一列 / the column of the text")


def _train(parser: ArgumentParser) -> None:
    _file(parser)
    parser.add_argument("--label", required=True, help="类别在哪一列 / the column of the class")
    parser.add_argument("--out", type=Path, required=True, help="模型写到哪里 / where the model goes")
    parser.add_argument(
        "--repeats", type=_at_least(0), default=5, help="交叉验证做几遍，0为不做 / repeats of the validation"
    )
    _text(parser)


def _classify(parser: ArgumentParser) -> None:
    _file(parser)
    parser.add_argument("--model", type=Path, required=True, help="训练得到的模型 / a trained model")
    parser.add_argument("--out", type=Path, required=True, help="写到哪个 CSV / where to")
    _text(parser)


def _topics(parser: ArgumentParser) -> None:
    _file(parser)
    parser.add_argument("--top", type=_at_least(1), default=5, help="要几个 / how many")
    _text(parser)


def _replies(parser: ArgumentParser) -> None:
    _file(parser)
    parser.add_argument("--limit", type=_at_least(0), required=True, help="几个工作日 / working days")


def _use(parser: ArgumentParser) -> None:
    parser.add_argument("model", type=Path, help="训练得到的模型 / a trained model")
    parser.add_argument(
        "--as",
        dest="called",
        action="append",
        default=[],
        type=_pair,
        metavar="LABEL=CLASS",
        help="模型的类别是本地的哪一类，可以写几次 / which class of ours a label means",
    )


def _pair(text: str) -> tuple[str, str]:
    label, sign, name = text.partition("=")
    if not (label and sign and name):
        raise ArgumentTypeError(f"“{text[:40]}”应当写成 类别=归类")
    return label, name


def _learn(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--repeats", type=_at_least(0), default=1, help="交叉验证做几遍，0为不做 / repeats of the validation"
    )


COMMANDS = [
    Command("hotline mailbox", "收取热线信箱 / read the mailbox", mailbox),
    *(
        Command(f"hotline {verb}", help, _with_libraries(run), arguments, needs_database=on_pages)
        for verb, help, run, arguments, on_pages in (
            ("train", "训练类别建议 / train a model", train, _train, False),
            ("classify", "建议类别 / suggest classes", classify, _classify, False),
            ("topics", "热点事项 / hot topics", topics, _topics, False),
            ("replies", "答复质量 / quality of replies", replies, _replies, False),
            ("use", "启用类别模型 / suggest by a model", use, _use, True),
            ("learn", "从工单学习类别 / learn from the tickets", learn, _learn, True),
        )
    ),
]
