"""A record as a file: JSON out, and in again with every field named, none missing, none unknown."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from liuquan.draw.canonical import canonical, read
from liuquan.draw.exclusions import TESTS, Exclusion, Rule
from liuquan.draw.pool import KINDS, LARGEST_POOL, Fact, Opening, Row
from liuquan.draw.recomputing import Fault, recompute
from liuquan.draw.records import (
    FORMAT,
    Announcement,
    DrawRecord,
    Replacement,
    announcement_values,
    moment_text,
    plain,
)
from liuquan.draw.refusals import DrawRefused
from liuquan.draw.seed import PartyCommitment

_HEX = re.compile(r"(?:[0-9a-f]{2}){1,64}")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)


@dataclass(frozen=True)
class Answer:
    """What a verifier tells a citizen: yes or no, and why, in Chinese sentences."""

    ok: bool
    sentences: tuple[str, ...]


def verify_file(text: str | bytes, *, announced_hash: str | None = None) -> Answer:
    """The whole check of a draw record's file; never raises, whatever the text holds."""
    try:
        outcome = recompute(record_from(text), announced_hash=announced_hash)
    except DrawRefused as refused:
        return Answer(False, (refused.sentence,))
    if isinstance(outcome, Fault):
        return Answer(False, (outcome.reason,))
    sitting = "抽中并在席的编号：" + "、".join(outcome.members)
    return Answer(True, ("抽取记录核对无误。", sitting, *outcome.checked, *outcome.open_points))


def record_text(record: DrawRecord) -> str:
    """The record's file. Keys sorted, so that the same record is always the same file."""
    values = {
        "announcement": announcement_values(record.announcement),
        "rows": [plain(row) for row in record.rows],
        "rules": [plain(rule) for rule in record.rules],
        "exclusions": [plain(one) for one in record.exclusions],
        "nonces": {party: nonce.hex() for party, nonce in record.nonces.items()},
        "checkpoint": record.checkpoint,
        "checkpoint_at": moment_text(record.checkpoint_at),
        "log_position": record.log_position,
        "selected": list(record.selected),
        "replacements": [plain(one) for one in record.replacements],
        "openings": [
            {**plain(one), "values": dict(one.values), "salt": one.salt.hex()} for one in record.openings
        ],
    }
    canonical(values)  # refuses what another program could not read
    return json.dumps(values, ensure_ascii=False, sort_keys=True, indent=1) + "\n"


def record_from(text: str | bytes) -> DrawRecord:
    """The record in the file. Refused: another format, a field missing, unknown or of another kind."""
    top = _Fields(read(text), "抽取记录")
    record = DrawRecord(
        announcement=_announcement(top.inner("announcement", "公告")),
        rows=tuple(
            Row(one.text("id"), one.hex("identity"), one.hex("facts")) for one in top.each("rows", "名单")
        ),
        rules=tuple(_rule(one) for one in top.each("rules", "排除规则")),
        exclusions=tuple(
            Exclusion(one.text("id"), one.text("rule"), one.text("reason"))
            for one in top.each("exclusions", "排除")
        ),
        nonces=top.inner("nonces", "随机数").all_hex(),
        checkpoint=top.text("checkpoint"),
        checkpoint_at=top.moment("checkpoint_at"),
        log_position=top.whole_or_none("log_position"),
        selected=top.texts("selected"),
        replacements=tuple(
            Replacement(one.text("out"), one.text("ground"), one.text("incoming"))
            for one in top.each("replacements", "递补")
        ),
        openings=tuple(_opening(one) for one in top.each("openings", "公开内容")),
    )
    top.finish()
    return record


def _announcement(fields: _Fields) -> Announcement:
    if fields.text("format") != FORMAT:
        raise DrawRefused("format", "抽取记录的格式版本本程序不认识：请换用新版本的验证程序。")
    return Announcement(
        number=fields.text("number"),
        purpose=fields.text("purpose"),
        profile=fields.text("profile"),
        take=fields.whole("take"),
        pool_size=fields.whole("pool_size"),
        pool_hash=fields.text("pool_hash"),
        rules_hash=fields.text("rules_hash"),
        exclusions_hash=fields.text("exclusions_hash"),
        eligible=fields.whole("eligible"),
        parties=tuple(
            PartyCommitment(one.text("party"), one.hex("commitment"))
            for one in fields.each("parties", "参加方")
        ),
        log_origin=fields.text("log_origin"),
        checkpoint_after=fields.moment("checkpoint_after"),
    )


def _rule(fields: _Fields) -> Rule:
    test = next((known for known in TESTS if known == fields.text("test")), None)
    values = fields.items("values")
    if test is None or not all(isinstance(value, str | int) for value in values):
        raise DrawRefused("rules", "排除规则中有本程序不认识的写法：请换用新版本的验证程序。")
    return Rule(
        fields.text("key"),
        fields.text("sentence"),
        test,  # type: ignore[arg-type]  # one of the closed list, by the line above
        fields.text("fact"),
        tuple(values),
        fields.text("citation"),
    )


def _opening(fields: _Fields) -> Opening:
    kind = next((known for known in KINDS if known == fields.text("kind")), None)
    if kind is None:
        raise DrawRefused("openings", "公开内容中有本程序不认识的种类：请换用新版本的验证程序。")
    return Opening(
        fields.text("id"), kind, fields.inner("values", "公开内容").facts(), bytes.fromhex(fields.hex("salt"))
    )


class _Fields:
    """One object of the file, read field by field; what nobody asked for is refused when it is done."""

    def __init__(self, values: Any, name: str) -> None:
        if not isinstance(values, dict):
            raise DrawRefused("field", f"“{name}”的写法不对：请重新下载后再验证。")
        self._values, self._name, self._asked = values, name, set[str]()
        self._inner: list[_Fields] = []

    def get(self, key: str, kinds: type | tuple[type, ...]) -> Any:
        """The field, of one of the kinds."""
        self._asked.add(key)
        value = self._values.get(key)
        wrong = isinstance(value, bool) or not isinstance(value, kinds)
        if key not in self._values or wrong:
            raise DrawRefused("field", f"“{self._name}”缺少“{key}”或写法不对：请重新下载后再验证。")
        return value

    def text(self, key: str) -> str:
        return str(self.get(key, str))

    def whole(self, key: str) -> int:
        return int(self.get(key, int))

    def whole_or_none(self, key: str) -> int | None:
        value = self.get(key, (int, type(None)))
        return None if value is None else int(value)

    def hex(self, key: str) -> str:
        return self._hex(key, self.text(key))

    def moment(self, key: str) -> datetime:
        text = self.text(key)
        try:
            if _MOMENT.fullmatch(text):
                return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        except ValueError:
            pass
        raise DrawRefused("field", f"“{self._name}”的时间“{key}”写法不对：请重新下载后再验证。")

    def items(self, key: str) -> list[Any]:
        found: list[Any] = self.get(key, list)
        if len(found) > 4 * LARGEST_POOL:
            raise DrawRefused("size", "抽取记录过大，不予读取：请确认选对了文件。")
        return found

    def texts(self, key: str) -> tuple[str, ...]:
        found = self.items(key)
        if not all(isinstance(value, str) for value in found):
            raise DrawRefused("field", f"“{self._name}”的“{key}”写法不对：请重新下载后再验证。")
        return tuple(found)

    def inner(self, key: str, name: str) -> _Fields:
        self._inner.append(_Fields(self.get(key, dict), name))
        return self._inner[-1]

    def each(self, key: str, name: str) -> list[_Fields]:
        found = [_Fields(value, name) for value in self.items(key)]
        self._inner += found
        return found

    def all_hex(self) -> dict[str, bytes]:
        """Every field as bytes written in hex."""
        return {key: bytes.fromhex(self.hex(key)) for key in self._values}

    def facts(self) -> Mapping[str, Fact]:
        """Every field as text, whole number, yes or no, or a list of text."""
        self._asked.update(self._values)
        return {
            key: self.texts(key) if isinstance(value, list) else _fact(value)
            for key, value in self._values.items()
        }

    def finish(self) -> None:
        """Refused: a field nobody asked for, here or below."""
        if self._asked != set(self._values):
            raise DrawRefused("field", f"“{self._name}”中有多余的内容：记录不是原样，请重新下载。")
        for one in self._inner:
            one.finish()

    def _hex(self, key: str, text: str) -> str:
        if not _HEX.fullmatch(text):
            raise DrawRefused("field", f"“{self._name}”的“{key}”应为十六进制：请重新下载后再验证。")
        return text


def _fact(value: Any) -> Fact:
    if isinstance(value, str | bool | int):
        return value
    raise DrawRefused("field", "公开的事项只能是文字、整数、是否或文字列表：请重新下载后再验证。")
