"""The rules in force, read from `rules/*.sql` here and from folders of the kinds of case: a comment header in
words, then one SELECT.

The SELECT has the parameters `:now` and `:subjects` (numbers, or NULL for all) and gives `subject_number`,
`key` (which clock or event of the subject), `body_code` (who answers), `since_at` (when it came true); every
further column is evidence. It reads `caselog` only and does no arithmetic with dates, so that it means
the same on every engine; a fixed span after a moment is the only one.

`kinds` names the kinds of subject that a rule judges, as `caselog.subjects` has them; whatever else it
selects is no hit. `*` is every kind of case except those set apart: their cases are judged only by rules that
name them, and are not counted as work of the bodies.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from liuquan.kinds import queries as kinds
from liuquan.supervision.types import Rule, Severity, Standing

FOLDER = Path(__file__).parent / "rules"
ALL_CASES = "*"
REQUIRED_COLUMNS = ("subject_number", "key", "body_code", "since_at")
#: what the case log says of a hit's subject
SUBJECT_COLUMNS = ("subject_kind", "subject_name", "division_path", "item_code")
#: What a rule selects of the kinds it judges.
_OF_ITS_KINDS = """
SELECT f.*, s.kind AS subject_kind, s.name AS subject_name, s.division_path, s.item_code
FROM ({rule}) AS f JOIN caselog.subjects AS s ON s.number = f.subject_number
WHERE s.kind = ANY(:kinds) OR (:kinds IS NULL AND s.is_case AND NOT s.kind = ANY(:apart))
"""
_HEADER = re.compile(r"^-- (\w+): (.*)$")
_KIND = re.compile(r"^[a-z][a-z_]*$")
_PARAMETER = re.compile(r"(?<![:\w]):(\w+)")
_WORDS = frozenset(
    {
        "id",
        "version",
        "name",
        "sentence",
        "severity",
        "standing",
        "kinds",
        "scope",
        "basis",
        "owes",
        "in_force",
        "parameters",
    }
)
#: how the finding reads once the duty was done after all; the sentence stands where a rule has none
_MAY_SAY = frozenset({"ended"})
#: parameter → its type on PostgreSQL and elsewhere
PARAMETERS: Mapping[str, tuple[str, str]] = {
    "now": ("timestamptz", "TIMESTAMP"),
    "subjects": ("text[]", "VARCHAR[]"),
}
_TYPES = {**PARAMETERS, **dict.fromkeys(("kinds", "apart"), PARAMETERS["subjects"])}


class BadRule(ValueError):
    """A rule file that cannot be used; the message says which and why."""


def kinds_apart() -> list[str]:
    """The kinds of case set apart: only rules that name them judge their cases, and no count holds them."""
    return sorted(kind.key for kind in kinds.kinds() if not kind.is_ordinary)


def rulebook() -> tuple[Rule, ...]:
    """Every rule, ours and those of the kinds of case, by file name. Refuses two versions of one rule in
    force on the same day."""
    own = (kind.supervision_rules for kind in kinds.kinds())
    return _read((FOLDER, *(folder for folder in own if folder)))


@cache
def _read(folders: tuple[Path, ...]) -> tuple[Rule, ...]:
    paths = sorted((path for folder in folders for path in folder.glob("*.sql")), key=lambda path: path.name)
    found = tuple(parse(path.read_text(), path.name) for path in paths)
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
    if said := (header.keys() - _MAY_SAY) ^ _WORDS:
        raise BadRule(f"{where}: the header lacks or does not know {sorted(said)}")
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
        kinds=_kinds(header["kinds"], where),
        scope=header["scope"],
        basis=tuple(part.strip() for part in header["basis"].split("；")),
        owes=header["owes"],
        from_on=date.fromisoformat(from_on),
        to_on=date.fromisoformat(to_on) if to_on else None,
        sql=body,
        ended=header.get("ended", ""),
    )


def check_versions(rules: tuple[Rule, ...]) -> None:
    """Refuse two versions of a rule that are in force on the same day."""
    for i, one in enumerate(rules):
        for other in rules[i + 1 :]:
            apart = (one.to_on and one.to_on <= other.from_on) or (other.to_on and other.to_on <= one.from_on)
            if one.id == other.id and (one.version == other.version or not apart):
                raise BadRule(f"{one.id}: versions {one.version} and {other.version} judge the same days")


def for_postgres(one: Rule) -> str:
    """The SELECT over the subjects of its kinds, with named, typed parameters for PostgreSQL."""
    return _PARAMETER.sub(lambda m: f"%({m[1]})s::{_TYPES[m[1]][0]}", _of_its_kinds(one))


def parameters(one: Rule, *, now: datetime, subjects: Sequence[str] | None) -> dict[str, Any]:
    """The values of the parameters, for a run at a moment over these subjects or over all."""
    return {
        "now": now,
        "subjects": None if subjects is None else list(subjects),
        "kinds": None if ALL_CASES in one.kinds else list(one.kinds),
        "apart": kinds_apart(),
    }


def transpiled(one: Rule, dialect: str = "duckdb") -> str:
    """The same SELECT for another engine, whose moments are naive UTC and whose parameters are named."""
    import sqlglot  # a heavy import, needed by exports and analysts only
    from sqlglot import expressions as ast

    tree = sqlglot.parse_one(_of_its_kinds(one), read="postgres")
    for place in list(tree.find_all(ast.Placeholder)):
        kind = ast.DataType.build(_TYPES[place.name][1], dialect="duckdb")
        place.replace(ast.Cast(this=place.copy(), to=kind))
    return tree.sql(dialect=dialect)


def sentence(one: Rule, evidence: Mapping[str, object]) -> str:
    """The rule's sentence with the values of one finding; a missing one reads as '—'. Where the evidence says
    on which day the duty was done after all (`ended_on`), in the past."""
    said = one.ended if one.ended and evidence.get("ended_on") else one.sentence
    return said.format_map(_Slots(evidence))


def _kinds(words: str, where: str) -> tuple[str, ...]:
    kinds = tuple(word.strip() for word in words.split(","))
    if kinds != (ALL_CASES,) and not all(_KIND.match(kind) for kind in kinds):
        raise BadRule(f"{where}: names kinds, or * alone for every kind of case, not {words!r}")
    return kinds


def _of_its_kinds(one: Rule) -> str:
    return _OF_ITS_KINDS.format(rule=_without_comments(one.sql))


def _without_comments(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if not line.strip().startswith("--"))


class _Slots(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return "—"
