"""Reads the law book from TOML: one file a field of law, every unknown key refused with file and id.

A file may begin with `prefix`, put before each id of the file and naming the law its grounds belong to.
`[grounds.NAME]` tables declare grounds, `[effects.NAME]` what follows from silence, `[figures.NAME]` numbers
that are no time; every other table is a limit. `facts.toml` is another kind of file (`law.facts`). The form:

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

A value may bring its own `unit`, `cites` and `verification` where one instrument took the place of another.
"""

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from liuquan.law.tables import read_effect, read_figure, read_ground, read_limit, refuse_unknown
from liuquan.law.types import Effect, FigureEntry, Ground, LawBook, LawError, LimitEntry

DATA = Path(__file__).parent / "data"
FACTS = "facts.toml"

__all__ = ["DATA", "FACTS", "load_law", "read_toml", "refuse_unknown"]


def load_law(folder: Path | None = None) -> LawBook:
    """The law book of this folder (our own when `None`), read once. Refuses malformed data by file and id."""
    return _load_law(folder or DATA)


@cache
def _load_law(folder: Path) -> LawBook:
    limits: dict[str, LimitEntry] = {}
    figures: dict[str, FigureEntry] = {}
    grounds: dict[tuple[str, str], Ground] = {}
    effects: dict[tuple[str, str], Effect] = {}
    for path in sorted(folder.glob("*.toml")):
        if path.name == FACTS:
            continue
        tables = read_toml(path)
        prefix = tables.pop("prefix", "")
        law = prefix or path.stem
        for name, table in _section(tables, "grounds", path):
            grounds[law, name] = read_ground(law, name, table, path.name)
        for name, table in _section(tables, "effects", path):
            effects[law, name] = read_effect(law, name, table, path.name)
        for key, table in _section(tables, "figures", path):
            id = _fresh(prefix, key, path, limits, figures)
            figures[id] = read_figure(id, table, path.name)
        for key, table in tables.items():
            id = _fresh(prefix, key, path, limits, figures)
            limits[id] = read_limit(id, table, path.name)
    return LawBook(limits, grounds, effects, figures)


def read_toml(path: Path) -> dict[str, Any]:
    """The tables of one file; a syntax error names the file."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, OSError, UnicodeDecodeError) as error:
        raise LawError(f"{path.name}：{error}") from error


def _section(tables: dict[str, Any], name: str, path: Path) -> Iterator[tuple[str, Any]]:
    section = tables.pop(name, {})
    if not isinstance(section, Mapping):
        raise LawError(f"{path.name}：{name} 应当是一组表")
    yield from section.items()


def _fresh(prefix: str, key: str, path: Path, *known: Mapping[str, LimitEntry | FigureEntry]) -> str:
    """The id of a limit or figure; the two share their names, and no name is given twice."""
    id = f"{prefix}.{key}" if prefix else key
    for entries in known:
        if id in entries:
            raise LawError(f"{path.name}：{id} 重复，已见于 {entries[id].file}")
    return id
