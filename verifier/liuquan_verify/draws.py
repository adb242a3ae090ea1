"""`liuquan-verify draw FILE`: was this random selection made as announced, and does it come out again?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from liuquan.draw import verify_file
from liuquan_verify.output import NO, YES, NotChecked, Parser, not_checked, read, say_json, say_line

_HASH: Final = re.compile("[0-9a-fA-F]{64}", re.ASCII)


def main(arguments: Sequence[str]) -> int:
    """Draw again from the record's values, compare, and say the answer; returns the exit code."""
    parser = Parser(
        prog="liuquan-verify draw",
        description="离线核验随机抽取的记录：名单、排除和随机数是否与事先的公告一致，重新计算的结果是否相同。",
    )
    parser.add_argument("file", help="抽取记录（JSON）")
    parser.add_argument("--announced", metavar="杂凑值", help="日志中事先登记的公告杂凑值，64 个十六进制字符")
    parser.add_argument("--json", action="store_true", help="以 JSON 输出")
    given = parser.parse_args(arguments)
    try:
        if given.announced is not None and not _HASH.fullmatch(given.announced):
            raise NotChecked("公告的杂凑值应为 64 个十六进制字符，请完整复制。")
        text = read(given.file, "抽取记录")
    except NotChecked as cannot:
        return not_checked(str(cannot), as_json=given.json)
    answer = verify_file(text, announced_hash=given.announced)
    sentence = "核验通过。" if answer.ok else f"核验不通过：{answer.sentences[0]}"
    if given.json:
        say_json({"passed": answer.ok, "sentence": sentence, "reasons": list(answer.sentences)})
    else:
        for each in answer.sentences if answer.ok else ():
            say_line(each)
        say_line(sentence)
    return YES if answer.ok else NO
