"""`catalogue import`, `lacks`, `search` and `law`: the item list from the command line.

Progress goes to standard error and only to a terminal, so that standard output stays the answer.
"""

import sys
from argparse import ArgumentParser, Namespace
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from django.db import connection
from tqdm import tqdm

from liuquan.catalogue import actions, queries
from liuquan.catalogue.types import ImportReport, ItemLacks, Lack, Severity
from liuquan.kernel import moments
from liuquan.kernel.refusals import BadInput
from liuquan.organisation.types import SYSTEM
from liuquan.site.commands import Answer, Command
from liuquan.site.commands.database import migrate
from liuquan.site.startup import refuse_unmigrated

SHOWN = 20


def make_ready() -> None:
    """Create the tables of a new home. Refuses tables of another version."""
    if not connection.introspection.table_names():
        sys.stderr.write("第一次使用，正在建立数据库的表……\n")
        migrate()
    refuse_unmigrated()


def import_file(asked: Namespace) -> Answer:
    """Import a list of items as drafts and report what they lack. A second run changes nothing."""
    content = _read(asked.file)
    make_ready()
    now = moments.now()
    lines = max(content.count(b"\n") - 1, 0)
    with tqdm(total=lines, unit="行", file=sys.stderr, disable=not sys.stderr.isatty(), leave=False) as bar:
        report = actions.import_item_list(
            content, file_name=asked.file.name, by=SYSTEM, now=now, progress=bar.update
        )
    data = {
        "rows": report.rows,
        "created": report.created,
        "updated": report.updated,
        "unchanged": report.unchanged,
        "rejected": [{"row": one.row, "reason": one.reason} for one in report.rejected],
    }
    lacking = queries.lacks(on=moments.today(now), codes=report.codes) if not asked.json else ()
    return Answer("\n".join([*_told(report), *_lacks_in_short(lacking)]), data)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise BadInput(f"没有文件“{path}”，请核对路径。", code="no_file") from error
    except IsADirectoryError as error:
        raise BadInput(f"“{path}”是文件夹，请给出其中的一个文件。", code="no_file") from error
    except OSError as error:
        raise BadInput(f"打不开“{path}”：{error.strerror}，请核对权限。", code="no_file") from error


def _told(report: ImportReport) -> list[str]:
    told = [
        *report.notes,
        f"读到{report.rows}行：新增{report.created}、更新{report.updated}、未变{report.unchanged}、"
        f"未收{len(report.rejected)}。",
    ]
    told += [f"  第{one.row}行没有收：{one.reason}" for one in report.rejected[:SHOWN]]
    if len(report.rejected) > SHOWN:
        told.append(f"  …… 其余{len(report.rejected) - SHOWN}行用 --json 查看")
    return told


def _lacks_in_short(lacking: Sequence[ItemLacks]) -> list[str]:
    """By body: the number of drafts; then each missing thing, with the number of drafts that lack it."""
    if not lacking:
        return []
    bodies = Counter(item.body_name or item.body_code for item in lacking)
    told = [f"草稿{len(lacking)}项，属于{len(bodies)}个单位："]
    told += [f"  {name}　{count}项" for name, count in bodies.most_common()]
    told.append("发布以前还缺（项数）：")
    counts = Counter(_kind(lack.sentence) for item in lacking for lack in _refusing(item))
    told += [f"  {sentence}　{count}" for sentence, count in counts.most_common()]
    told.append("逐项查看：liuquan catalogue lacks")
    return told


def _kind(sentence: str) -> str:
    """The sentence without its quoted parts, so that equal faults are counted together."""
    before, _, rest = sentence.partition("“")
    return before + rest.partition("”")[2] if rest else sentence


def _refusing(item: ItemLacks) -> list[Lack]:
    return [lack for lack in item.lacks if lack.severity is Severity.REFUSES]


def lacks(asked: Namespace) -> Answer:
    """What each draft still lacks before it may be published."""
    make_ready()
    found = queries.lacks(on=moments.today(moments.now()), body_code=asked.body)
    told = []
    for item in found:
        told.append(f"{item.body_name or item.body_code}　{item.name}（{item.item_code}）")
        told += [
            f"  {'·' if lack.severity is Severity.REFUSES else '（提醒）'}{lack.sentence}"
            for lack in item.lacks
        ]
    told.append(f"草稿{len(found)}项，其中{sum(item.publishable for item in found)}项可以发布。")
    data = {
        "drafts": len(found),
        "publishable": sum(item.publishable for item in found),
        "items": [
            {
                "item_code": item.item_code,
                "name": item.name,
                "body": item.body_name,
                "lacks": [lack.sentence for lack in item.lacks if lack.severity is Severity.REFUSES],
                "warnings": [lack.sentence for lack in item.lacks if lack.severity is Severity.WARNS],
            }
            for item in found
        ],
    }
    return Answer("\n".join(told), data)


def search(asked: Namespace) -> Answer:
    """Find items by plain words; an operator sees drafts too, unless `--public`."""
    on = moments.today(moments.now())
    make_ready()
    text = " ".join(asked.words)
    found = queries.search(text, on=on, limit=asked.limit, scope="public" if asked.public else "staff")
    told = [
        f"{at}. {hit.name}（{hit.body_name or hit.body_code}，{hit.item_type_label}，{hit.state.label}）"
        f"{hit.item_code}"
        for at, hit in enumerate(found.hits, 1)
    ]
    if not found:
        told = ["没有找到。"]
    elif found.is_general:
        told.insert(0, "没有专门叫这个名称的，做这类事一般先办：")
    elif found.is_near:
        told.insert(0, "没有这个名称，读音相同或者只差一个字的有：")
    data = {
        "words": list(found.words),
        "hits": [
            {"item_code": hit.item_code, "name": hit.name, "body": hit.body_name, "state": hit.state.value}
            for hit in found.hits
        ],
        "is_near": found.is_near,
    }
    return Answer("\n".join(told), data)


def law(asked: Namespace) -> Answer:
    """Compare published limits with the law in force; what has become too long is entered in the journal."""
    make_ready()
    now = moments.now()
    changes = actions.check_against_law(on=moments.today(now), by=SYSTEM, now=now)
    told = [change.sentence for change in changes] or ["已发布的法定时限都不长于现行法律。"]
    return Answer("\n".join(told), {"longer_than_law": [change.item_code for change in changes]})


def _file(parser: ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="CSV 文件（UTF-8 或 GBK）/ a CSV file")


def _body(parser: ArgumentParser) -> None:
    parser.add_argument("--body", default="", help="只看这个机构代码 / one body code only")


def _words(parser: ArgumentParser) -> None:
    parser.add_argument("words", nargs="+", help="日常说法 / plain words")
    parser.add_argument("--limit", type=int, default=10, help="最多几条 / at most")
    parser.add_argument("--public", action="store_true", help="只找已施行的 / only what is in force")


COMMANDS = [
    Command("catalogue import", "导入事项清单为草稿 / import a list of matters", import_file, _file),
    Command("catalogue lacks", "各草稿发布以前还缺什么 / what drafts lack", lacks, _body),
    Command("catalogue search", "用日常说法找事项 / search by plain words", search, _words),
    Command("catalogue law", "与现行法律的时限核对 / compare with the law", law),
]
