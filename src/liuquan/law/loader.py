"""Reads the law book from TOML: one file a field of law, every unknown key refused with file and id.

A file may begin with `prefix`, put before each id of the file and naming the law its grounds belong to.
`[grounds.NAME]` tables declare grounds; every other table is a limit. The form:

    [decision]
    label = "行政许可决定期限"
    starts = "application.accepted"
    ends = "application.decided"
    unit = "working_day"
    cites = ["行政许可法 第四十二条第一款"]
    excludes = ["hearing"]
    extension = { amount = 10, times = 1, approver = "head_of_body", cites = ["行政许可法 第四十二条第一款"] }
    verification = "V"
    fact = "L-11"
    values = [{ from = 2004-07-01, amount = 20 }]
"""

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from liuquan.clock import ClockError, Direction, EndRule, Extension, Limit, Sense, Unit, Verification
from liuquan.law.types import DatedValue, Ground, LawBook, LawError, LimitEntry

DATA = Path(__file__).parent / "data"

_LIMIT_KEYS = {
    "label", "starts", "ends", "unit", "direction", "sense", "end_rule", "cites", "excludes", "extension",
    "on_expiry", "verification", "fact", "profile", "values",
}  # fmt: skip
_REQUIRED = ("label", "starts", "unit", "cites", "verification", "values")
_EXTENSION_KEYS = {"amount", "times", "approver", "notice", "cites"}
_GROUND_KEYS = {"label", "cites", "notice_required"}


def load_law(folder: Path | None = None) -> LawBook:
    """The law book of this folder (our own when `None`), read once. Refuses malformed data by file and id."""
    return _load_law(folder or DATA)


@cache
def _load_law(folder: Path) -> LawBook:
    entries: dict[str, LimitEntry] = {}
    grounds: dict[tuple[str, str], Ground] = {}
    for path in sorted(folder.glob("*.toml")):
        tables = read_toml(path)
        prefix = tables.pop("prefix", "")
        for name, table in tables.pop("grounds", {}).items():
            law = prefix or path.stem
            grounds[law, name] = _ground(law, name, table, path.name)
        for key, table in tables.items():
            id = f"{prefix}.{key}" if prefix else key
            if id in entries:
                raise LawError(f"{path.name}：{id} 重复，已见于 {entries[id].file}")
            entries[id] = _entry(id, table, path.name)
    return LawBook(entries, grounds)


def read_toml(path: Path) -> dict[str, Any]:
    """The tables of one file; a syntax error names the file."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, OSError) as error:
        raise LawError(f"{path.name}：{error}") from error


def refuse_unknown(table: Mapping[str, Any], known: set[str], where: str) -> None:
    """Refuse a key nobody reads: a misspelt key would otherwise be law without effect."""
    unknown = sorted(set(table) - known)
    if unknown:
        raise LawError(f"{where}：不认识的项 {'、'.join(unknown)}")


def _ground(law: str, name: str, table: Mapping[str, Any], file: str) -> Ground:
    refuse_unknown(table, _GROUND_KEYS, f"{file}：grounds.{name}")
    return Ground(law, name, table["label"], tuple(table["cites"]), bool(table["notice_required"]), file)


def _entry(id: str, table: Any, file: str) -> LimitEntry:
    where = f"{file}：{id}"
    if not isinstance(table, Mapping):
        raise LawError(f"{where}：不是期限")
    refuse_unknown(table, _LIMIT_KEYS, where)
    missing = [key for key in _REQUIRED if not table.get(key)]
    if missing:
        raise LawError(f"{where}：缺少 {'、'.join(missing)}")
    values = tuple(_value(one, where) for one in table["values"])
    try:
        terms = _terms(id, table, values)
    except (ValueError, TypeError, ClockError) as error:
        raise LawError(f"{where}：{error}") from error
    return LimitEntry(id, terms, tuple(sorted(values, key=lambda value: value.from_on)), file)


def _value(table: Mapping[str, Any], where: str) -> DatedValue:
    refuse_unknown(table, {"from", "to", "amount"}, where)
    from_on, to_on, amount = table.get("from"), table.get("to"), table.get("amount")
    if not isinstance(from_on, date) or not (to_on is None or isinstance(to_on, date)):
        raise LawError(f"{where}：values 的 from、to 应当是日期")
    return DatedValue(from_on, amount, to_on)


def _terms(id: str, table: Mapping[str, Any], values: tuple[DatedValue, ...]) -> Limit:
    amounts = [value.amount for value in values if value.amount is not None]
    for amount in amounts:
        Limit(amount, Unit(table["unit"]))  # every value is checked, not only the one kept in the terms
    unit = Unit(table["unit"])
    return Limit(
        amount=amounts[-1] if amounts else 0,
        unit=unit,
        direction=Direction(table.get("direction", "after")),
        sense=Sense(table.get("sense", "at_most")),
        end_rule=EndRule(table.get("end_rule", "roll")),
        starts=table["starts"],
        ends=table.get("ends", ""),
        excludes=tuple(table.get("excludes", ())),
        extension=_extension(id, table["extension"], unit) if "extension" in table else None,
        on_expiry=table.get("on_expiry"),
        citations=tuple(table["cites"]),
        verification=Verification(table["verification"]),
        label=table["label"],
        source=id,
        fact=table.get("fact", ""),
        profile=table.get("profile"),
    )


def _extension(id: str, table: Mapping[str, Any], unit: Unit) -> Extension:
    refuse_unknown(table, _EXTENSION_KEYS, id)
    return Extension(
        amount=table["amount"],
        unit=unit,
        times=table.get("times", 1),
        approver=table.get("approver", ""),
        notice=table.get("notice", ""),
        citations=tuple(table["cites"]),
    )
