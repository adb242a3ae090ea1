"""`liuquan-verify FILE.pdf --receipt R.json --key …`: is this the paper that stands in the record?"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from liuquan.merkle import (
    Answer,
    Receipt,
    RecordError,
    Trust,
    TrustedKey,
    beijing,
    detach_receipt,
    parse_advance,
    parse_key,
    parse_note,
    parse_receipt,
    parse_trust,
    verify,
)
from liuquan_verify.output import NO, YES, NotChecked, Parser, not_checked, read, say_json, say_line

#: What the values of a paper's entry are called; those with no name here are shown as they are.
_NAMES: Final = {"label": "文书", "notice": "文书编号", "sha256": "文书的 SHA-256"}
_EVENTS: Final = {"casework.notice_issued": "签发文书"}
#: Values for programs, and the envelope, of which a reader needs the number of the case only.
_LEFT_OUT: Final = frozenset({"kind", "_entry"})
_MARKS: Final = {True: "[是]", False: "[否]", None: "[－]"}


def main(arguments: Sequence[str]) -> int:
    """Check one paper and say the answer; returns the exit code."""
    given = _parser().parse_args(arguments)
    try:
        trust = _trust(given)
        document = read(given.file, "文书")
        seen, advance = _optional(given.seen, "检查点"), _optional(given.advance, "一致性证明")
        other = parse_note(seen) if seen else None
        proof = parse_advance(advance) if advance else None
        text = _receipt_text(given, document)
    except NotChecked as cannot:
        return not_checked(str(cannot), as_json=given.json)
    except RecordError as refused:
        return not_checked(refused.sentence, as_json=given.json)
    try:
        receipt = parse_receipt(text)
    except RecordError as refused:
        _say(given, {"passed": False, "sentence": f"核验不通过：{refused.sentence}", "checks": []})
        return NO
    answer = verify(receipt, trust, document=document, seen=other, advance=proof)
    _say(given, _values(answer, receipt))
    return YES if answer.passed else NO


def _parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog="liuquan-verify",
        description="离线核验文书：是否与入册时相同，是否确在公开的日志中。",
        epilog="核验随机抽取的记录：liuquan-verify draw 文件",
    )
    parser.add_argument("file", help="文书（PDF）")
    parser.add_argument(
        "--receipt", metavar="文件", help="核验凭证 .receipt.json；不给出时用文书中附带的凭证"
    )
    parser.add_argument("--trust", metavar="文件", help="信任文件：日志公钥、见证公钥和要求的见证数")
    parser.add_argument(
        "--key", action="append", default=[], metavar="公钥", help="日志公钥，写作 名称+编号+内容"
    )
    parser.add_argument(
        "--witness", action="append", default=[], metavar="公钥", help="见证公钥，可以给出多个"
    )
    parser.add_argument("--policy", type=int, metavar="K", help="至少要有几个见证；不给出时要求全部")
    parser.add_argument("--seen", metavar="文件", help="另行取得的检查点（报纸、公告栏、先前的凭证）")
    parser.add_argument("--advance", metavar="文件", help="两个检查点之间的一致性证明")
    parser.add_argument("--json", action="store_true", help="以 JSON 输出")
    return parser


def _trust(given: argparse.Namespace) -> Trust:
    """From the trust file, or from the keys on the line; not from both, or nobody knows which counts."""
    if given.trust and (given.key or given.witness or given.policy is not None):
        raise NotChecked("给出了信任文件，就不要再用 --key、--witness、--policy。")
    if given.trust:
        return parse_trust(read(given.trust, "信任文件"))
    if not given.key:
        raise NotChecked("请用 --key 给出日志公钥，或者用 --trust 给出信任文件；公钥应取自可信的公告。")
    witnesses = tuple(parse_key(text) for text in given.witness)
    quorum = len(witnesses) if given.policy is None else given.policy
    return Trust(tuple(TrustedKey(parse_key(text)) for text in given.key), witnesses, quorum)


def _receipt_text(given: argparse.Namespace, document: bytes) -> str | bytes:
    if given.receipt:
        return read(given.receipt, "凭证")
    carried = detach_receipt(document)[1]
    if carried is None:
        raise NotChecked("文书没有附带凭证，请用 --receipt 给出 .receipt.json 文件。")
    return carried


def _optional(path: str | None, what: str) -> bytes | None:
    return read(path, what) if path else None


def _values(answer: Answer, receipt: Receipt) -> dict[str, Any]:
    opened = receipt.openings.get("public")
    return {
        "passed": answer.passed,
        "sentence": answer.sentence,
        "checks": [vars(check) for check in answer.checks],
        "entry": {
            "number": str(receipt.leaf.number),
            "event": receipt.leaf.event,
            "body": receipt.leaf.body,
            "effective_at": beijing(receipt.leaf.effective_at),
            "recorded_at": beijing(receipt.leaf.recorded_at),
            "public": dict(opened.values) if opened else {},
        },
    }


def _say(given: argparse.Namespace, values: dict[str, Any]) -> None:
    if given.json:
        say_json(values)
        return
    for check in values["checks"]:
        say_line(f"{_MARKS[check['passed']]} {check['name']}　{check['sentence']}")
    entry = values.get("entry") if values["passed"] else None  # what is not proven is not repeated
    if entry:
        event = _EVENTS.get(entry["event"], entry["event"])
        say_line(f"记录编号 {entry['number']}，{event}，机关 {entry['body']}，{entry['effective_at']}")
        for name, value in _named(entry["public"]):
            say_line(f"　{name}：{value}")
    say_line(values["sentence"])


def _named(public: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The open values as a reader needs them."""
    for key, value in public.items():
        if key not in _LEFT_OUT:
            yield _NAMES.get(key, key), value
    envelope = public.get("_entry")
    if isinstance(envelope, Mapping) and envelope.get("subject"):
        yield "办件编号", envelope["subject"]
