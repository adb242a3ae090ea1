"""`backup` and `restore`."""

import os
from argparse import ArgumentParser, Namespace
from dataclasses import asdict
from pathlib import Path

from liuquan.kernel import backup, key_files, moments
from liuquan.kernel.home import current_home
from liuquan.kernel.postgres import serving
from liuquan.kernel.refusals import Unavailable
from liuquan.site.commands import Answer, Command


def _backup(asked: Namespace) -> Answer:
    _refuse_external()
    home = current_home()
    with serving(home) as server:
        made = backup.make(home, server, asked.file, keys=asked.keys, now=moments.now())
    apart = (
        f"密钥另存于 {asked.keys}。"
        if asked.keys
        else "其中不含密钥：没有密钥，加密的内容不能恢复（--keys）。"
    )
    return Answer(f"已备份到 {asked.file}（文件 {made.files} 个）。{apart}", asdict(made))


def _restore(asked: Namespace) -> Answer:
    _refuse_external()
    home = current_home()
    with serving(home) as server:
        found = backup.restore(home, server, asked.file, keys=asked.keys)
    said = f"已恢复 {found.made_at} 的备份（文件 {found.files} 个）。"
    if missing := key_files.missing_keys():
        said += f"还缺少密钥 {'、'.join(missing)}：请用 `keys import` 从密钥备份恢复，在此之前系统不能启动。"
    return Answer(said, {**asdict(found), "missing_keys": missing})


def _refuse_external() -> None:
    if os.environ.get("DATABASE_URL"):
        raise Unavailable(
            "使用 DATABASE_URL 时，数据库请用该服务器自己的备份办法；"
            "文件和密钥在 LIUQUAN_HOME 的 files 和 keys。",
            code="external_database",
        )


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE.tar")
    parser.add_argument("--keys", type=Path, metavar="KEYS.tar", help="the keys, in an archive of their own")


COMMANDS = [
    Command("backup", "备份数据库和文件，密钥另存 / database and files, keys apart", _backup, _arguments),
    Command("restore", "恢复到空的 LIUQUAN_HOME / into an empty home", _restore, _arguments),
]
