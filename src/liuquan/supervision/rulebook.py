"""The rules in force, read from `rules/*.sql`: a comment header in words, then one SELECT.

The SELECT has the parameters `:now` and `:cases` (numbers, or NULL for all) and gives `case_number`,
`key` (which clock or event of the case), `body_code` (who answers), `since_at` (when it came true); every
further column is evidence. It reads `caselog` only and does no arithmetic with dates, so that it means
the same on every engine.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path

from liuquan.supervision.types import Rule, Severity, Standing

FOLDER = Path(__file__).parent / "rules"
REQUIRED_COLUMNS = ("case_number", "key", "body_code", "since_at")
_HEADER = re.compile(r"^-- (\w+): (.*)$")
_PARAMETER = re.compile(r"(?<![:\w]):(\w+)")
_WORDS = frozenset(
    {
        "id",
        "version",
        "name",
        "sentence",
        "severity",
        "standing",
        "scope",
        "basis",
        "owes",
        "in_force",
        "parameters",
    }
)
#: parameter → its type on PostgreSQL and elsewhere
PARAMETERS: Mapping[str, tuple[str, str]] = {
    "now": ("timestamptz", "TIMESTAMP"),
    "cases": ("text[]", "VARCHAR[]"),
}


class BadRule(ValueError):
    """A rule file that cannot be used; the message says which and why."""


@cache
def rulebook() -> tuple[Rule, ...]:
    """Every rule, by file name. Refuses two versions of one rule in force on the same day."""
    found = tuple(parse(path.read_text(), path.name) for path in sorted(FOLDER.glob("*.sql")))
    check_versions(found)
    return found


def rule(rule_id: str, version: int | None = None) -> Rule:
    """The rule of this id and version; without a version, the newest."""
    mine = [r for r in rulebook() if r.id == rule_id and version in (None, r.version)]
    if not mine:
        raise LookupError(f"no rule {rule_id} v{version}: a rule file stays while findings name it")
    return max(mine, key=lambda r: r.version)


def parse(text: str, where: str) -> Rule:
    """Parse a rule from its text. Refuses missing, unknown or repeated header words and unknown
    parameters."""
    header: dict[str, str] = {}
    lines = text.splitlines()
    while lines and (found := _HEADER.match(lines[0])):
        if found[1] in header:
            raise BadRule(f"{where}: {found[1]} stands twice")
        header[found[1]] = found[2].strip()
        lines.pop(0)
    if header.keys() != _WORDS:
        raise BadRule(f"{where}: the header lacks or does not know {sorted(header.keys() ^ _WORDS)}")
    body = "\n".join(lines).strip()
    declared = {word.strip() for word in header["parameters"].split(",")}
    code = _without_comments(body)
    used = set(_PARAMETER.findall(code))
    if used != declared or not used <= PARAMETERS.keys():
        raise BadRule(f"{where}: declares {sorted(declared)}, uses {sorted(used)}")
    if not code.upper().startswith("SELECT") or ";" in code or "%" in code:
        raise BadRule(f"{where}: one SELECT without ; or %")
    from_on, _, to_on = (part.strip() for part in header["in_force"].partition(".."))
    return Rule(
        id=header["id"],
        version=int(header["version"]),
        name=header["name"],
        sentence=header["sentence"],
        severity=Severity(header["severity"]),
        standing=Standing(header["standing"]),
        scope=header["scope"],
        basis=tuple(part.strip() for part in header["basis"].split("；")),
        owes=header["owes"],
        from_on=date.fromisoformat(from_on),
        to_on=date.fromisoformat(to_on) if to_on else None,
        sql=body,
    )


def check_versions(rules: tuple[Rule, ...]) -> None:
    """Refuse two versions of a rule that are in force on the same day."""
    for i, one in enumerate(rules):
        for other in rules[i + 1 :]:
            apart = (one.to_on and one.to_on <= other.from_on) or (other.to_on and other.to_on <= one.from_on)
            if one.id == other.id and (one.version == other.version or not apart):
                raise BadRule(f"{one.id}: versions {one.version} and {other.version} judge the same days")


def for_postgres(one: Rule) -> str:
    """The SELECT with named, typed parameters for PostgreSQL."""
    return _PARAMETER.sub(lambda m: f"%({m[1]})s::{PARAMETERS[m[1]][0]}", _without_comments(one.sql))


def transpiled(one: Rule, dialect: str = "duckdb") -> str:
    """The same SELECT for another engine, whose moments are naive UTC and whose parameters are named."""
    import sqlglot  # a heavy import, needed by exports and analysts only
    from sqlglot import expressions as ast

    tree = sqlglot.parse_one(_without_comments(one.sql), read="postgres")
    for place in list(tree.find_all(ast.Placeholder)):
        kind = ast.DataType.build(PARAMETERS[place.name][1], dialect="duckdb")
        place.replace(ast.Cast(this=place.copy(), to=kind))
    return tree.sql(dialect=dialect)


def sentence(one: Rule, evidence: Mapping[str, object]) -> str:
    """The rule's sentence with the values of one finding; a missing one reads as '—'."""
    return one.sentence.format_map(_Slots(evidence))


def _without_comments(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if not line.strip().startswith("--"))


class _Slots(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return "—"
