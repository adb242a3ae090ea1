"""`pack check`, `pack load`: a locality as data, checked with file and line, and brought in."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from liuquan.kernel import moments
from liuquan.kernel.refusals import BadInput
from liuquan.organisation.types import SYSTEM
from liuquan.site.commands import Answer, Command
from liuquan.site.commands.catalogue import make_ready
from liuquan.site.packs import check_pack, load_pack


def check(asked: Namespace) -> Answer:
    """Name everything wrong in a pack, with file and line. Refuses (exit code 1) when anything is."""
    found = check_pack(asked.path)
    wrong = [one for one in found if one.refuses]
    warnings = [one for one in found if not one.refuses]
    lines = [f"{asked.path}/{one}" for one in wrong] + [f"{asked.path}/{one}（提醒）" for one in warnings]
    if wrong:
        raise BadInput(
            "\n".join([*lines, f"共{len(wrong)}处需要改正，{len(warnings)}处提醒。"]), code="pack_refused"
        )
    data = {
        "errors": 0,
        "warnings": [{"file": one.file, "line": one.line, "sentence": one.sentence} for one in warnings],
    }
    return Answer("\n".join([*lines, f"数据包可以装载，{len(warnings)}处提醒。"]), data)


def load(asked: Namespace) -> Answer:
    """Bring a pack in; run twice it changes nothing."""
    make_ready()
    done = load_pack(asked.path, by=SYSTEM, now=moments.now())
    items = done.items
    sentence = (
        f"{done.pack.settings.label}：事项新增{items.created}、更新{items.updated}、未变{items.unchanged}、"
        f"发布{items.published}；机构和岗位{'有更新' if done.organisation.changed else '没有变化'}。"
    )
    data = {
        "pack": done.pack.settings.name,
        "created": items.created,
        "updated": items.updated,
        "unchanged": items.unchanged,
        "published": items.published,
        "organisation_changed": done.organisation.changed,
    }
    return Answer(sentence, data)


def _path(parser: ArgumentParser) -> None:
    parser.add_argument("path", type=Path, help="数据包的文件夹 / the pack's folder")


COMMANDS = [
    Command(
        "pack check", "检查数据包，逐处给出文件和行号 / check a pack", check, _path, needs_database=False
    ),
    Command("pack load", "装载数据包 / load a pack", load, _path),
]
