"""From TOML tables to the law book's values: every unknown, missing or odd key refused with file and id.

Otherwise a misspelt key would silently have no effect, and a value could lack its legal source.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from liuquan.clock import Direction, EndRule, Extension, Limit, Sense, Unit, Verification
from liuquan.law.types import (
    FIGURE_UNITS,
    DatedFigure,
    DatedValue,
    Effect,
    FigureEntry,
    Ground,
    LawError,
    LimitEntry,
    TakesEffect,
)

_LIMIT_KEYS = {
    "label", "starts", "ends", "unit", "direction", "sense", "end_rule", "cites", "excludes", "extension",
    "on_expiry", "verification", "fact", "profile", "values", "ended",
}  # fmt: skip
_LIMIT_NEEDS = ("label", "starts", "unit", "cites", "verification", "values")
_EXTENSION_KEYS = {"amount", "times", "approver", "notice", "days_before", "cites"}
_GROUND_KEYS = {"label", "cites", "notice_required"}
_EFFECT_KEYS = {"label", "takes_effect", "sentence", "cites"}
_FIGURE_KEYS = {"label", "unit", "sense", "cites", "verification", "fact", "profile", "values"}
_FIGURE_NEEDS = ("label", "unit", "sense", "cites", "verification", "values")


def refuse_unknown(table: Mapping[str, Any], known: set[str], where: str) -> None:
    """Refuse an unknown key."""
    unknown = sorted(set(table) - known)
    if unknown:
        raise LawError(f"{where}：不认识的项 {'、'.join(unknown)}")


def read_ground(law: str, name: str, table: Any, file: str) -> Ground:
    """One ground of a law's closed list."""
    where = f"{file}：grounds.{name}"
    _whole(table, _GROUND_KEYS, ("label", "notice_required"), where)
    told = table["notice_required"]
    if not isinstance(told, bool):
        raise LawError(f"{where}：notice_required 应当是 true 或 false")
    return Ground(law, name, _text(table, "label", where), _cites(table, where), told, file)


def read_effect(law: str, name: str, table: Any, file: str) -> Effect:
    """One effect of silence."""
    where = f"{file}：effects.{name}"
    _whole(table, _EFFECT_KEYS, tuple(_EFFECT_KEYS), where)
    try:
        takes_effect = TakesEffect(table["takes_effect"])
    except ValueError as error:
        raise LawError(f"{where}：{error}") from error
    label, sentence = _text(table, "label", where), _text(table, "sentence", where)
    return Effect(law, name, label, takes_effect, sentence, _cites(table, where), file)


def read_limit(id: str, table: Any, file: str) -> LimitEntry:
    """One limit with its dated values, each of them counted out once so that none is absurd."""
    where = f"{file}：{id}"
    _whole(table, _LIMIT_KEYS, _LIMIT_NEEDS, where)
    values = tuple(sorted((_value(one, where) for one in _rows(table, where)), key=lambda one: one.from_on))
    try:
        entry = LimitEntry(id, _terms(id, table, where), values, file, str(table.get("ended", "")))
        amounts = [one.amount for one in entry.all_terms()]
    except (ValueError, TypeError) as error:
        raise LawError(f"{where}：{error}") from error
    return replace(entry, terms=replace(entry.terms, amount=amounts[-1] if amounts else 0))


def read_figure(id: str, table: Any, file: str) -> FigureEntry:
    """One figure with its dated values: whole numbers, or shares written "2/3"."""
    where = f"{file}：figures.{id}"
    _whole(table, _FIGURE_KEYS, _FIGURE_NEEDS, where)
    unit = _text(table, "unit", where)
    if unit not in FIGURE_UNITS:
        raise LawError(f"{where}：不认识的单位 {unit}")
    rows = sorted((_figure_value(one, where) for one in _rows(table, where)), key=lambda one: one.from_on)
    try:
        sense, verification = Sense(table["sense"]), Verification(table["verification"])
    except ValueError as error:
        raise LawError(f"{where}：{error}") from error
    return FigureEntry(
        id, _text(table, "label", where), unit, sense, _cites(table, where), verification,
        table.get("fact", ""), table.get("profile"), tuple(rows), file,
    )  # fmt: skip


def _whole(table: Any, known: set[str], needs: tuple[str, ...], where: str) -> None:
    if not isinstance(table, Mapping):
        raise LawError(f"{where}：应当是一张表")
    refuse_unknown(table, known, where)
    missing = [key for key in needs if table.get(key) in (None, "", [])]
    if missing:
        raise LawError(f"{where}：缺少 {'、'.join(missing)}")


def _text(table: Mapping[str, Any], key: str, where: str) -> str:
    value = table[key]
    if not isinstance(value, str):
        raise LawError(f"{where}：{key} 应当是文字")
    return value


def _cites(table: Mapping[str, Any], where: str) -> tuple[str, ...]:
    cites = table.get("cites", [])
    if not isinstance(cites, list) or not all(isinstance(cite, str) for cite in cites):
        raise LawError(f"{where}：cites 应当是一组引用")
    return tuple(cites)


def _rows(table: Mapping[str, Any], where: str) -> list[Mapping[str, Any]]:
    rows = table["values"]
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        raise LawError(f"{where}：values 应当是一组数值")
    return rows


def _days(row: Mapping[str, Any], where: str) -> tuple[date, date | None]:
    """A value's first and last day: plain dates, no moments."""
    from_on, to_on = row.get("from"), row.get("to")
    if not _is_day(from_on) or not (to_on is None or _is_day(to_on)):
        raise LawError(f"{where}：values 的 from、to 应当是日期")
    return from_on, to_on  # type: ignore[return-value]  # the line above says so


def _is_day(value: object) -> bool:
    return isinstance(value, date) and not isinstance(value, datetime)


def _value(row: Mapping[str, Any], where: str) -> DatedValue:
    refuse_unknown(row, {"from", "to", "amount", "unit", "cites", "verification"}, where)
    from_on, to_on = _days(row, where)
    amount = row.get("amount")
    if amount is not None and (isinstance(amount, bool) or not isinstance(amount, int)):
        raise LawError(f"{where}：amount 应当是整数，收到 {amount!r}")
    try:
        unit = Unit(row["unit"]) if "unit" in row else None
        verification = Verification(row["verification"]) if "verification" in row else None
    except ValueError as error:
        raise LawError(f"{where}：{error}") from error
    return DatedValue(from_on, amount, to_on, unit, _cites(row, where), verification)


def _figure_value(row: Mapping[str, Any], where: str) -> DatedFigure:
    refuse_unknown(row, {"from", "to", "amount", "cites", "verification"}, where)
    from_on, to_on = _days(row, where)
    amount = row.get("amount")
    if isinstance(amount, bool) or not isinstance(amount, int | str):
        raise LawError(f"{where}：amount 应当是整数或“2/3”这样的分数，收到 {amount!r}")
    try:
        exact = Fraction(amount)
        verification = Verification(row["verification"]) if "verification" in row else None
    except (ValueError, ZeroDivisionError) as error:
        raise LawError(f"{where}：{error}") from error
    if exact < 0:
        raise LawError(f"{where}：数额不合理：{amount}")
    return DatedFigure(from_on, exact, to_on, _cites(row, where), verification)


def _terms(id: str, table: Mapping[str, Any], where: str) -> Limit:
    """The wording of a limit, with no amount yet."""
    unit = Unit(table["unit"])
    return Limit(
        amount=0,
        unit=unit,
        direction=Direction(table.get("direction", "after")),
        sense=Sense(table.get("sense", "at_most")),
        end_rule=EndRule(table.get("end_rule", "roll")),
        starts=_text(table, "starts", where),
        ends=table.get("ends", ""),
        excludes=tuple(table.get("excludes", ())),
        extension=_extension(table["extension"], unit, where) if "extension" in table else None,
        on_expiry=table.get("on_expiry"),
        citations=_cites(table, where),
        verification=Verification(table["verification"]),
        label=_text(table, "label", where),
        source=id,
        fact=table.get("fact", ""),
        profile=table.get("profile"),
    )


def _extension(table: Mapping[str, Any], unit: Unit, where: str) -> Extension:
    _whole(table, _EXTENSION_KEYS, ("amount", "cites"), f"{where}：extension")
    before = table.get("days_before", 0)
    if type(before) is not int or before < 0:
        raise LawError(f"{where}：extension 的 days_before 应当是不小于零的整数，收到 {before!r}")
    return Extension(
        amount=table["amount"],
        unit=unit,
        times=table.get("times", 1),
        approver=table.get("approver", ""),
        notice=table.get("notice", ""),
        days_before=before,
        citations=_cites(table, where),
    )
