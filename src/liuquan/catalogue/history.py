"""The history of an item. Pure: which version was in force on which days, from the journal's entries alone;
how two versions differ, in words; and the hash of a version's text that is recorded with it.

Cites: 行政许可法 第三十条, 优化营商环境条例 第三十五条
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any, Final

from liuquan.catalogue.types import ItemDraft, LimitTerm, MaterialTerm, StepTerm
from liuquan.clock import Unit
from liuquan.journal.types import Entry

#: Attributes of the item, not of a version: they may change without a new version and are not hashed.
_OF_THE_ITEM: Final = frozenset(
    {
        "basic_code",
        "local_code",
        "body_code",
        "division_code",
        "source",
        "source_body_code",
        "source_url",
        "aliases",
    }
)


@dataclass(frozen=True)
class Span:
    """A version and its days: from `from_on` up to, not including, `until_on`; `entered`: its entry."""

    version_no: int
    from_on: date
    until_on: date | None
    entered: Entry
    ended_by: Entry | None = None

    def covers(self, on: date) -> bool:
        """Whether it is in force on this day."""
        return self.from_on <= on and (self.until_on is None or on < self.until_on)


@dataclass(frozen=True)
class Difference:
    """One difference between two versions."""

    label: str
    then: str
    now: str


def spans(entries: Iterable[Entry]) -> list[Span]:
    """The versions of an item with their days, from its entries (oldest first). A published version ends the
    one before it; a cancellation ends the last one, and one that never began is not listed."""
    found: list[Span] = []
    for entry in entries:
        if entry.event not in ("catalogue.published", "catalogue.cancelled"):
            continue
        day = date.fromisoformat(entry.public["from_on"])
        found = [_ended(span, day, entry) for span in found]
        found = [span for span in found if span.until_on is None or span.from_on < span.until_on]
        if entry.event == "catalogue.published":
            found.append(Span(int(entry.public["version"]), day, None, entry))
    return found


def _ended(span: Span, on: date, by: Entry) -> Span:
    if span.until_on is not None and span.until_on <= on:
        return span
    return replace(span, until_on=max(on, span.from_on), ended_by=by)


def in_force(found: Iterable[Span], on: date) -> Span | None:
    """The version in force on this day, if any."""
    return next((span for span in found if span.covers(on)), None)


def words_hash(draft: ItemDraft) -> str:
    """SHA-256 of the text of a version, in hexadecimal. Empty values are left out, so that a field added in
    later releases of the system does not change the hash of older versions."""
    words = {name: value for name, value in asdict(draft).items() if name not in _OF_THE_ITEM}
    text = json.dumps(_said(words), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _said(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _said(one) for key, one in value.items() if one not in (None, "", (), [], {}, False)}
    if isinstance(value, list | tuple):
        return [_said(one) for one in value]
    return value


def differences(then: ItemDraft, now: ItemDraft) -> list[Difference]:
    """The differences between two versions, in the order of a guide; materials and steps one by one."""
    rows = [
        Difference(label, one, other)
        for (label, one), (_, other) in zip(_plain(then), _plain(now), strict=True)
        if one != other
    ]
    rows += _of_list("材料", _by_key(then.materials, _material), _by_key(now.materials, _material))
    rows += _of_list("环节", _by_key(then.steps, _step), _by_key(now.steps, _step))
    return rows


def _plain(draft: ItemDraft) -> list[tuple[str, str]]:
    yes = {True: "是", False: "否", None: ""}
    return [
        ("事项名称", draft.name),
        ("承诺办结时限", _limit(draft.promised_amount, draft.promised_unit)),
        ("法定办结时限", _limit(draft.statutory_amount, draft.statutory_unit)),
        ("法定时限依据", draft.statutory_citation),
        ("办件类型", draft.case_type.label if draft.case_type else ""),
        ("服务对象", _labels(draft.service_objects)),
        ("受理条件", "；".join(draft.acceptance_conditions)),
        ("审查标准", "；".join(draft.decision_standards)),
        ("办理流程", draft.procedure_text),
        ("法律依据", "；".join(basis.citation for basis in draft.bases)),
        ("是否收费", yes[draft.fee_charged]),
        ("收费标准", "；".join(f"{fee.name} {fee.standard_text}".strip() for fee in draft.fees)),
        ("办理形式", _labels(draft.forms)),
        ("到现场次数", "" if draft.limit_scene_num is None else f"{draft.limit_scene_num}次"),
        ("办理地点", draft.address),
        ("办理时间", draft.hours),
        ("咨询方式", draft.phone),
        ("监督投诉方式", draft.supervise_phone),
        ("网上办理地址", draft.online_url),
        ("办理结果", draft.result_name),
        ("送达方式", _labels(draft.delivery_ways)),
        ("数量限制", draft.quantity_limit),
        ("服务承诺", draft.commitment_quality),
        ("决定岗位", draft.deciding_post_code),
        ("通常还要办", "；".join(f"{one.name}（{one.when}）" for one in draft.also)),
        ("常见问题", "；".join(f"{one.question}{one.answer}" for one in draft.questions)),
    ]


def _limit(amount: int | None, unit: str) -> str:
    return "" if amount is None or not unit else LimitTerm(amount, Unit(unit), "", "").text


def _labels(values: Iterable[Any]) -> str:
    return "、".join(value.label for value in values)


def _by_key(rows: Iterable[Any], words: Any) -> dict[str, tuple[str, str]]:
    return {row.key: words(row) for row in rows}


def _material(material: MaterialTerm) -> tuple[str, str]:
    parts = [material.necessity.label, material.form.label, material.accept_standard, material.fill_notes]
    copies = f"原件{material.originals}份、复印件{material.copies}份"
    return material.name, "，".join([*(part for part in parts if part), copies])


def _step(step: StepTerm) -> tuple[str, str]:
    days = f"{step.limit_days}个工作日" if step.limit_days else "当日"
    return step.name, "，".join(
        part for part in (step.kind.label, step.post_code, days, step.task, step.standard) if part
    )


def _of_list(
    what: str, then: dict[str, tuple[str, str]], now: dict[str, tuple[str, str]]
) -> Iterable[Difference]:
    for key in dict.fromkeys([*then, *now]):
        one, other = then.get(key), now.get(key)
        if one == other:
            continue
        name = (one or other or ("", ""))[0]
        renamed = one is not None and other is not None and one[0] != other[0]
        yield Difference(
            f"{what}：{name}",
            "没有" if one is None else one[1],
            "没有" if other is None else (f"{other[0]}：{other[1]}" if renamed else other[1]),
        )
