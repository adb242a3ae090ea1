"""From the tables of `divisions.toml` and `bodies.toml` to the organisation's data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import MISSING, fields
from typing import Any

from liuquan.organisation import types

from .toml_text import TomlText
from .values import Complaint

FILES = ("divisions.toml", "bodies.toml")

#: Table of the pack → field of `OrganisationData`, row.
TABLES: dict[str, tuple[str, type[Any]]] = {
    "division": ("divisions", types.DivisionData),
    "body": ("bodies", types.BodyData),
    "unit": ("units", types.UnitData),
    "post": ("posts", types.PostData),
    "staff": ("staff", types.StaffData),
    "holding": ("holdings", types.HoldingData),
    "mandate": ("mandates", types.MandateData),
    "cover": ("covers", types.CoverData),
    "seal": ("seals", types.SealData),
    "promise": ("promises", types.PromiseData),
}


def read_organisation(
    texts: Sequence[TomlText], source: str
) -> tuple[types.OrganisationData, list[Complaint]]:
    """The data of all files together, and every key that is unknown, missing or written in two files."""
    complaints: list[Complaint] = []
    values: dict[str, tuple[Any, ...]] = {}
    for text in texts:
        for table, rows in text.values.items():
            if table not in TABLES or not isinstance(rows, list):
                complaints.append(text.complaint(f"不认识的表“{table}”，请核对拼写。", table))
                continue
            if TABLES[table][0] in values:
                complaints.append(text.complaint(f"[[{table}]] 已经写在另一个文件里，请合在一处。", table))
                continue
            read = [_row(text, table, at, row, complaints) for at, row in enumerate(rows)]
            values[TABLES[table][0]] = tuple(row for row in read if row is not None)
    return types.OrganisationData(source=source, **values), complaints


def _row(
    text: TomlText, table: str, at: int, row: Mapping[str, Any], complaints: list[Complaint]
) -> Any | None:
    kind = TABLES[table][1]
    known = {field.name for field in fields(kind)}
    needed = {
        field.name for field in fields(kind) if field.default is MISSING and field.default_factory is MISSING
    }
    wrong = [text.complaint(f"不认识的键“{key}”，请核对拼写。", table, at, key) for key in set(row) - known]
    if missing := sorted(needed - set(row)):
        wrong.append(text.complaint(f"没有写 {'、'.join(missing)}。", table, at))
    complaints += wrong
    if wrong:
        return None
    return kind(**{key: tuple(value) if isinstance(value, list) else value for key, value in row.items()})


def file_of(table: str, texts: Sequence[TomlText]) -> TomlText | None:
    """The file that holds this table."""
    return next((text for text in texts if table in text.values), None)
