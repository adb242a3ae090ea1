"""Values of the engine as plain JSON and back, and the difference of two such values in words.

A field that has its default is left out, so that a field added later changes no recorded value. Moments are
in UTC. Nothing here depends on the day, on the law book or on the calendar of the checkout.
"""

from __future__ import annotations

import gzip
import json
import types
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass, replace
from datetime import UTC, date, datetime
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from golden_rows import PROCEDURES_V1

from liuquan.casework import stored_terms
from liuquan.casework.effects import Mark
from liuquan.casework.tests import asking_kind, silent_kind
from liuquan.casework.types import (
    DeadlineChange,
    DeadlineView,
    Decision,
    NewDeadline,
    Procedure,
    Snapshot,
    Step,
    Terms,
    Transition,
)
from liuquan.clock import Calendar, Day, DayKind, Limit
from liuquan.kinds.register import KINDS
from liuquan.testing import kinds as test_kinds
from liuquan.testing.consultation import procedure as consultation

HERE = Path(__file__).parent
Plain = dict[str, Any]
_OF_THE_ROW = ("row", "marks", "outcome")  #: told with the row


#: values of clocks that were recorded though they equal today's defaults, and values that came later
_ALWAYS: dict[type[Any], tuple[str, ...]] = {
    NewDeadline: ("step", "provisional", "on_expiry"),
    DeadlineView: ("step", "state"),
    DeadlineChange: ("state", "provisional", "extended"),
}
_NEW_OF: dict[type[Any], tuple[str, ...]] = {DeadlineView: ("amount", "unit")}


def procedures() -> dict[str, Procedure]:
    """Every version of every procedure: those of the wiring and those of the tests, by name."""
    found = [one for kind in KINDS.values() for one in (*kind.earlier, kind.procedure)]
    found += [one.PROCEDURE for one in (asking_kind, consultation, silent_kind, test_kinds)]
    found = [replace(one, version_1=one.version_1 or PROCEDURES_V1.get(one.kind)) for one in found]
    return {f"{one.kind}_v{one.version}": one for one in found}


def plain(value: Any) -> Any:
    """The value as JSON takes it."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date | UUID):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, set | frozenset):
        return sorted(plain(one) for one in value)
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if is_dataclass(value):
        left_out, kept = _NEW_OF.get(type(value), ()), _ALWAYS.get(type(value), ())
        return {
            one.name: plain(said)
            for one in fields(value)
            if one.name not in left_out
            and ((said := getattr(value, one.name)) != _default(one) or one.name in kept)
        }
    return value


def _default(one: Field[Any]) -> Any:
    return one.default_factory() if one.default_factory is not MISSING else one.default


def read(kind: Any, stored: Any) -> Any:
    """The value of this type again; `kind` as annotations write it."""
    if get_origin(kind) in (Union, types.UnionType):
        return (
            None if stored is None else read(next(a for a in get_args(kind) if a is not type(None)), stored)
        )
    if get_origin(kind) in (tuple, frozenset):
        return get_origin(kind)(read(get_args(kind)[0], one) for one in stored)
    if isinstance(kind, type) and is_dataclass(kind):
        hints = _hints(kind)
        return kind(**{name: read(hints[name], one) for name, one in stored.items()})
    if kind is datetime or kind is date:
        return kind.fromisoformat(stored)
    if isinstance(kind, type) and issubclass(kind, Enum | UUID):
        return kind(stored)
    return stored


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def case_to_json(case: Snapshot) -> Plain:
    """A case without its terms, which many share."""
    return {name: said for name, said in plain(case).items() if name != "terms"}


def case_from_json(stored: Plain, terms: Terms) -> Snapshot:
    """The case under these terms."""
    hints = _hints(Snapshot)
    clocks = [{**one, **_counted(terms.limit(one["limit_key"]))} for one in stored.get("deadlines", ())]
    known = {**stored, "deadlines": clocks}
    return Snapshot(terms=terms, **{name: read(hints[name], one) for name, one in known.items()})


def _counted(limit: Limit) -> Plain:
    return {"amount": limit.amount, "unit": limit.unit.value}


def terms_to_json(terms: Terms) -> Plain:
    """The terms as they are stored with a case."""
    stored: Plain = json.loads(json.dumps(stored_terms.to_json(terms), ensure_ascii=False))
    return stored


def calendar_to_json(calendar: Calendar, first: date, last: date) -> Plain:
    """The days of a calendar that differ from their weekday, between two days that are both announced."""
    days = (calendar.day(date.fromordinal(n)) for n in range(first.toordinal(), last.toordinal() + 1))
    named = [[str(d.on), d.kind.value] for d in days if (d.on.weekday() > 4) != (d.kind is DayKind.OFF)]
    return {"announced": [str(first), str(last)], "days": named}


def calendar_from_json(stored: Plain) -> Calendar:
    """The calendar again."""
    first, last = (date.fromisoformat(one) for one in stored["announced"])
    days = [Day(date.fromisoformat(on), DayKind(kind), "") for on, kind in stored["days"]]
    return Calendar.from_days(days, announced=[(first, last)])


def row_told(row: Transition) -> Plain:
    """What the writing of a decision reads from its row."""
    marked = row.of(Mark)
    told = {
        "action": row.action,
        "event": row.event,
        "marks": [one.moment for one in marked],
        "outcome": "".join(one.outcome for one in marked),
        "notices": list(row.papers),
    }
    return {name: said for name, said in told.items() if said}


def decision_told(decision: Decision, case: Snapshot) -> Plain:
    """Every field of a decision; a step of the terms by its key."""
    told: Plain = {one.name: getattr(decision, one.name) for one in fields(decision)}
    of_terms = {step.key: step for step in case.terms.steps}
    steps = [_step_told(step, of_terms) for step in decision.new_steps]
    defaults = {one.name: _default(one) for one in fields(decision)}
    own = {name: said for name, said in told.items() if name not in _OF_THE_ROW}
    kept = {name: plain(said) for name, said in own.items() if said != defaults[name]}
    return {"row": row_told(decision.row), **kept, **({"new_steps": steps} if steps else {})}


def _step_told(step: Step, of_terms: Mapping[str, Step]) -> Any:
    return step.key if of_terms.get(step.key) == step else plain(step)


def line(value: Any) -> str:
    """The value on one line; equal values give equal lines."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def stored_lines(path: Path) -> Iterator[Any]:
    """The values of a file, one a line; a name that ends in gz is compressed."""
    text = gzip.decompress(path.read_bytes()).decode() if path.suffix == ".gz" else path.read_text("utf-8")
    return (json.loads(one) for one in text.splitlines())


def store_lines(path: Path, values: Iterable[Any]) -> None:
    """Write the values, one a line; the same values give the same bytes."""
    text = "".join(line(value) + "\n" for value in values)
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(gzip.compress(text.encode(), mtime=0) if path.suffix == ".gz" else text.encode())


def flat(value: Any, at: str = "") -> dict[str, Any]:
    """Every single value by its path: `deadlines.0.due_on`."""
    if isinstance(value, dict) and value:
        inner = value.items()
    elif isinstance(value, list) and value:
        inner = {str(n): one for n, one in enumerate(value)}.items()
    else:
        return {at: value}
    return {path: one for name, of in inner for path, one in flat(of, f"{at}.{name}" if at else name).items()}


def changes(before: Any, after: Any) -> dict[str, list[Any]]:
    """What differs: each path with its values before and after, an empty list for none."""
    one, other = flat(before), flat(after)
    paths = [*one, *(path for path in other if path not in one)]
    return {
        path: [line(one[path]) if path in one else "-", line(other[path]) if path in other else "-"]
        for path in paths
        if path not in one or path not in other or line(one[path]) != line(other[path])
    }


def difference(recorded: Any, found: Any) -> str:
    """What differs, a line each, for a person."""
    said = [
        f"    {path}: recorded {one}, now {other}" for path, (one, other) in changes(recorded, found).items()
    ]
    return "\n".join(said)
