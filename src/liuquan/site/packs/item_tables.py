"""Turn the tables of an item file into drafts; unknown keys and codes give complaints."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any, TypeVar

from liuquan.catalogue.types import (
    BasisLevel,
    BasisTerm,
    CaseType,
    Coded,
    DeliveryWay,
    ExerciseLevel,
    FeeTerm,
    HandlingForm,
    ItemDraft,
    ItemType,
    MaterialForm,
    MaterialKind,
    MaterialTerm,
    Necessity,
    PackItem,
    PowerSource,
    QuestionTerm,
    ServiceObject,
    StepKind,
    StepTerm,
)

from .toml_text import TomlText
from .values import Complaint

TEXT, NUMBER, YES_NO, TEXTS, DAY, LIMIT, TABLES = (
    "文字",
    "整数",
    "true 或 false",
    "文字的列表",
    "日期",
    "时限",
    "表",
)

_COMMON: dict[str, str] = {
    "body": TEXT,
    "division": TEXT,
    "exercise_level": TEXT,
    "power_source": TEXT,
    "address": TEXT,
    "hours": TEXT,
    "phone": TEXT,
    "supervise_phone": TEXT,
    "forms": TEXTS,
    "delivery_ways": TEXTS,
    "deciding_post": TEXT,
    "commitment": TEXT,
    "publish_on": DAY,
    "online_url": TEXT,
    "area": TEXT,
    "appointments": YES_NO,
}
_ITEM = _COMMON | {
    "basic_code": TEXT,
    "code": TEXT,
    "local_code": TEXT,
    "name": TEXT,
    "main_item": TEXT,
    "type": TEXT,
    "case_type": TEXT,
    "objects": TEXTS,
    "public_safety": YES_NO,
    "conditions": TEXTS,
    "procedure": TEXT,
    "standards": TEXTS,
    "result": TEXT,
    "result_type": TEXT,
    "visits": NUMBER,
    "visit_reason": TEXT,
    "statutory": LIMIT,
    "promised": LIMIT,
    "charged": YES_NO,
    "amount": TEXT,
    "quantity": TEXT,
    "aliases": TEXTS,
    "entrusting_body": TEXT,
    "cooperating_bodies": TEXTS,
    "intermediary": TEXT,
    "basis": TABLES,
    "material": TABLES,
    "fee": TABLES,
    "step": TABLES,
    "question": TABLES,
    "also": TABLES,
}
_BASIS = {"instrument": TEXT, "article": TEXT, "level": TEXT, "text": TEXT}
_MATERIAL = {
    "key": TEXT,
    "name": TEXT,
    "need": TEXT,
    "kind": TEXT,
    "form": TEXT,
    "originals": NUMBER,
    "copies": NUMBER,
    "standard": TEXT,
    "notes": TEXT,
    "source": TEXT,
    "basis": TEXT,
    "sample": TEXT,
    "blank": TEXT,
    "example": TEXT,
}
_FEE = {"key": TEXT, "name": TEXT, "standard": TEXT, "basis": TEXT, "amount_fen": NUMBER, "waiver": TEXT}
_STEP = {
    "key": TEXT,
    "name": TEXT,
    "kind": TEXT,
    "post": TEXT,
    "days": NUMBER,
    "officers": NUMBER,
    "after": TEXTS,
    "task": TEXT,
    "standard": TEXT,
    "condition": TEXT,
    "documents": TEXTS,
}
_QUESTION = {"question": TEXT, "answer": TEXT}
_ALSO = {"name": TEXT, "when": TEXT, "item": TEXT}
_LIMIT = {"amount": NUMBER, "unit": TEXT, "law": TEXT, "citation": TEXT}

_IS: dict[str, Callable[[Any], bool]] = {
    TEXT: lambda value: isinstance(value, str),
    NUMBER: lambda value: isinstance(value, int) and not isinstance(value, bool) and value >= 0,
    YES_NO: lambda value: isinstance(value, bool),
    TEXTS: lambda value: isinstance(value, list) and all(isinstance(one, str) for one in value),
    DAY: lambda value: type(value) is date,
    LIMIT: lambda value: isinstance(value, dict),
    TABLES: lambda value: isinstance(value, list) and all(isinstance(one, dict) for one in value),
}

AnyCode = TypeVar("AnyCode", bound=Coded)


class ItemReader:
    """Reads the items of one file; faults are collected in `complaints`, and reading continues."""

    def __init__(self, toml: TomlText, source: str) -> None:
        self.toml = toml
        self.source = source
        self.complaints: list[Complaint] = []

    def items(self) -> Iterator[tuple[int, PackItem]]:
        """The items that can be read at all, with their index in the file."""
        common = self._table(self.toml.values.get("common", {}), _COMMON, ("common",))
        for name in self.toml.values:
            if name not in ("common", "item"):
                self._complain(f"不认识的表“{name}”，事项文件里只有 [common] 和 [[item]]。", (name,))
        tables = self.toml.values.get("item", [])
        if not isinstance(tables, list) or not tables:
            self._complain("文件里没有事项，请写 [[item]]。", ())
            return
        for at, table in enumerate(tables):
            values = self._table(table, _ITEM, ("item", at))
            if item := self._item({**common, **values}, ("item", at)):
                yield at, item

    def _item(self, values: dict[str, Any], here: tuple[str | int, ...]) -> PackItem | None:
        for key in ("name", "body", "division", "type"):
            if not values.get(key):
                self._complain(f"事项没有写 {key}。", here)
                return None
        item_type = self._code(ItemType, values["type"], (*here, "type"))
        level = self._code(ExerciseLevel, values.get("exercise_level"), (*here, "exercise_level"))
        code = values.get("code") or f"{values['body']}{level or ''}{values.get('basic_code', '')}"
        if item_type is None:
            return None
        draft = ItemDraft(
            item_code=code,
            name=values["name"],
            body_code=values["body"],
            division_code=values["division"],
            item_type=item_type,
            source=self.source,
            exercise_level=level,
            power_source=self._code(PowerSource, values.get("power_source"), (*here, "power_source")),
            case_type=self._code(CaseType, values.get("case_type"), (*here, "case_type")),
            service_objects=self._codes(ServiceObject, values.get("objects", ()), (*here, "objects")),
            forms=self._codes(HandlingForm, values.get("forms", ()), (*here, "forms")),
            delivery_ways=self._codes(DeliveryWay, values.get("delivery_ways", ()), (*here, "delivery_ways")),
            **_plain_values(values),
            extra=self._extra(values, here),
            **self._limits(values, here),
            bases=tuple(self._rows(values, "basis", here, self._basis)),
            materials=tuple(self._rows(values, "material", here, self._material)),
            fees=tuple(self._rows(values, "fee", here, self._fee)),
            questions=tuple(self._rows(values, "question", here, self._question)),
            steps=tuple(self._rows(values, "step", here, self._step)),
        )
        return PackItem(draft, values.get("publish_on"))

    def _extra(self, values: dict[str, Any], here: tuple[str | int, ...]) -> dict[str, Any]:
        """The name of the amount and what people usually need beside the item, where the pack says them."""
        also = list(self._rows(values, "also", here, self._also))
        amount = values.get("amount")
        return ({"amount_label": amount} if amount else {}) | ({"also": also} if also else {})

    def _also(self, row: dict[str, Any], here: tuple[str | int, ...]) -> dict[str, str] | None:
        row = self._table(row, _ALSO, here)
        if not self._has(row, ("name", "when"), here):
            return None
        return {"name": row["name"], "when": row["when"], "item_code": row.get("item", "")}

    def _limits(self, values: dict[str, Any], here: tuple[str | int, ...]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name in ("statutory", "promised"):
            limit = self._table(values.get(name, {}), _LIMIT, (*here, name))
            if limit and ("amount" not in limit or "unit" not in limit):
                self._complain(f"{name} 应当写 amount（数量）和 unit（单位）。", (*here, name))
                continue
            found[f"{name}_amount"], found[f"{name}_unit"] = limit.get("amount"), limit.get("unit", "")
            if name == "statutory":
                found["statutory_law_id"] = limit.get("law", "")
                found["statutory_citation"] = limit.get("citation", "")
        return found

    def _basis(self, row: dict[str, Any], here: tuple[str | int, ...]) -> BasisTerm | None:
        row = self._table(row, _BASIS, here)
        level = self._code(BasisLevel, row.get("level"), (*here, "level"))
        if level is None or not row.get("instrument"):
            self._complain("设定依据应当写 instrument（名称）、article（条款）和 level（层级）。", here)
            return None
        return BasisTerm(row["instrument"], row.get("article", ""), level, row.get("text", ""))

    def _material(self, row: dict[str, Any], here: tuple[str | int, ...]) -> MaterialTerm | None:
        row = self._table(row, _MATERIAL, here)
        if not self._has(row, ("key", "name"), here):
            return None
        originals = row.get("originals", 1)
        return MaterialTerm(
            key=row["key"],
            name=row["name"],
            necessity=self._code(Necessity, row.get("need", "required"), here) or Necessity.REQUIRED,
            kind=self._code(MaterialKind, row.get("kind", "other"), here) or MaterialKind.OTHER,
            form=self._code(MaterialForm, row.get("form", "both"), here) or MaterialForm.BOTH,
            originals=originals,
            copies=row.get("copies", 0 if originals else 1),
            accept_standard=row.get("standard", ""),
            fill_notes=row.get("notes", ""),
            source=row.get("source", ""),
            basis=row.get("basis", ""),
            sample_url=row.get("sample", ""),
            blank_url=row.get("blank", ""),
            example=row.get("example", ""),
        )

    def _fee(self, row: dict[str, Any], here: tuple[str | int, ...]) -> FeeTerm | None:
        row = self._table(row, _FEE, here)
        if not self._has(row, ("key", "name"), here):
            return None
        names = ("key", "name", "basis", "amount_fen", "waiver")
        kept = {name: row[name] for name in names if name in row}
        return FeeTerm(**{"basis": "", **kept}, standard_text=row.get("standard", ""))

    def _step(self, row: dict[str, Any], here: tuple[str | int, ...]) -> StepTerm | None:
        row = self._table(row, _STEP, here)
        kind = self._code(StepKind, row.get("kind"), (*here, "kind"))
        if not self._has(row, ("key", "name", "kind", "post", "days"), here) or kind is None:
            return None
        return StepTerm(
            key=row["key"],
            name=row["name"],
            kind=kind,
            task=row.get("task", ""),
            standard=row.get("standard", ""),
            condition=row.get("condition", ""),
            post_code=row["post"],
            limit_days=row["days"],
            officers=row.get("officers", 1),
            after=tuple(row.get("after", ())),
            documents=tuple(row.get("documents", ())),
        )

    def _question(self, row: dict[str, Any], here: tuple[str | int, ...]) -> QuestionTerm | None:
        row = self._table(row, _QUESTION, here)
        return (
            QuestionTerm(row["question"], row["answer"]) if self._has(row, tuple(_QUESTION), here) else None
        )

    def _rows(
        self, values: dict[str, Any], name: str, here: tuple[str | int, ...], read: Callable[..., Any]
    ) -> Iterator[Any]:
        for at, row in enumerate(values.get(name, ())):
            if (value := read(row, (*here, name, at))) is not None:
                yield value

    def _has(self, row: dict[str, Any], keys: tuple[str, ...], here: tuple[str | int, ...]) -> bool:
        missing = [key for key in keys if row.get(key) in (None, "")]
        if missing:
            self._complain(f"没有写 {'、'.join(missing)}。", here)
        return not missing

    def _table(self, table: Any, known: dict[str, str], here: tuple[str | int, ...]) -> dict[str, Any]:
        """The values of a table with the right key and type; others are left out and give complaints."""
        if not isinstance(table, dict):
            self._complain(f"“{here[-1]}”应当是一个表。", here)
            return {}
        good = {}
        for key, value in table.items():
            if key not in known:
                self._complain(f"不认识的键“{key}”，请核对拼写。", (*here, key))
            elif not _IS[known[key]](value):
                self._complain(f"“{key}”应当是{known[key]}。", (*here, key))
            else:
                good[key] = value
        return good

    def _code(self, codes: type[AnyCode], value: str | None, here: tuple[str | int, ...]) -> AnyCode | None:
        if value is None:
            return None
        try:
            return codes(value)
        except ValueError:
            listed = "、".join(f"{code} {label}" for code, label in codes.choices())
            self._complain(f"“{value}”不在代码表里，可以写：{listed}。", here)
            return None

    def _codes(
        self, codes: type[AnyCode], values: list[str] | tuple[str, ...], here: tuple[str | int, ...]
    ) -> tuple[AnyCode, ...]:
        found = (self._code(codes, value, here) for value in values)
        return tuple(code for code in found if code is not None)

    def _complain(self, sentence: str, here: tuple[str | int, ...]) -> None:
        self.complaints.append(self.toml.complaint(sentence, *here))


_SAME = {
    "basic_code": "basic_code",
    "local_code": "local_code",
    "main_item": "main_item",
    "procedure": "procedure_text",
    "address": "address",
    "hours": "hours",
    "phone": "phone",
    "supervise_phone": "supervise_phone",
    "online_url": "online_url",
    "visits": "limit_scene_num",
    "visit_reason": "limit_scene_explain",
    "area": "handling_area",
    "intermediary": "intermediary_service",
    "appointments": "takes_appointments",
    "commitment": "commitment_quality",
    "charged": "fee_charged",
    "quantity": "quantity_limit",
    "result": "result_name",
    "result_type": "result_type",
    "deciding_post": "deciding_post_code",
    "entrusting_body": "entrusting_body",
    "public_safety": "touches_public_safety",
    "conditions": "acceptance_conditions",
    "standards": "decision_standards",
    "aliases": "aliases",
    "cooperating_bodies": "cooperating_bodies",
}


def _plain_values(values: dict[str, Any]) -> dict[str, Any]:
    return {
        field: tuple(values[key]) if isinstance(values[key], list) else values[key]
        for key, field in _SAME.items()
        if key in values
    }


#: Field of a `Lack` → key of the pack, to point at the line.
KEY_OF_FIELD = {field: key for key, field in _SAME.items()} | {
    "service_objects": "objects",
    "deciding_post_code": "deciding_post",
}
