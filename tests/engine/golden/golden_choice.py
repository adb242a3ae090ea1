"""Which of the cases that are played are recorded: few of each sort, and every row. Used to record only."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from random import Random
from string import ascii_letters
from typing import Any

from golden_cases import Cases, is_decision
from golden_values import Plain, calendar_to_json, case_to_json, line, plain, terms_to_json
from golden_walks import Walk, spoiled, values_of
from golden_worlds import World

from liuquan.casework import rules
from liuquan.kernel.refusals import NotAllowed, Refusal
from liuquan.law import national_calendar

ANNOUNCED = (date(2025, 1, 1), date(2026, 12, 31))
LEAST_OF_A_ROW = 20  #: decisions

MOST_WHO_TRY = 4  #: people with values that are not right


def given_cases(world: World, *, walks: int, most: int) -> list[Plain]:
    """What is stored of one procedure: the head, its openings, and cases of as many sorts as there are, up to
    this number."""
    stored = _Store(world)
    candidates: list[Plain] = []
    openings: list[Plain] = []
    for name in world.terms:
        for n in range(walks):
            walk = Walk(world, name, f"{world.procedure.kind}/{name}/{n}", national_calendar())
            if n < 12:
                openings.append(stored.opening(walk))
            candidates += [stored.case(walk) for _ in walk.turns(24)]
    chosen = _several_of_each_sort(candidates, most)
    cases = [stored.numbered(n, one) for n, one in enumerate(chosen)]
    lines = [stored.head(), *openings, *cases]
    _check_rows(world, Cases(lines[0], cases, openings))
    return lines


def _several_of_each_sort(candidates: list[Plain], most: int) -> list[Plain]:
    """A few in which each row may be carried out; then as many in each state under each terms as there are,
    first those that differ most from one another."""
    dice, sorts, states, rows = Random("choice"), Counter[str](), Counter[str](), Counter[str]()
    dice.shuffle(candidates)
    ranked: list[tuple[int, int, Plain]] = []
    for one in candidates:
        ranked.append((sorts[one["sort"]], len(ranked), one))
        sorts[one["sort"]] += 1
    turns = []
    for again, place, one in sorted(ranked, key=lambda of: of[:2]):
        state = f"{one['terms']} {one['case']['state']}"
        is_rare = any(rows[action] < LEAST_OF_A_ROW for action in one["done"])
        turns.append((0 if is_rare else states[state], again, place, one))
        states[state] += 1
        rows.update(one["done"])
    return [one for *_, one in sorted(turns, key=lambda of: of[:3])[:most]]


def _check_rows(world: World, cases: Cases) -> None:
    decided = Counter(a.told["row"]["action"] for a in cases.answers() if is_decision(a.told))
    rare = {r.action: decided[r.action] for r in world.procedure.rows if decided[r.action] < LEAST_OF_A_ROW}
    if rare:
        raise SystemExit(f"{world.procedure.kind}: too few decisions of {rare}; play longer")


class _Store:
    """The values that many cases share, each stored once."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.letters = dict(zip(world.actors, ascii_letters, strict=False))
        self.data: dict[str, int] = {}
        self.facts: dict[str, int] = {}

    def head(self) -> Plain:
        world, procedure = self.world, self.world.procedure
        return {
            "procedure": f"{procedure.kind}_v{procedure.version}",
            "calendar": calendar_to_json(national_calendar(), *ANNOUNCED),
            "actors": {self.letters[name]: [name, plain(actor)] for name, actor in world.actors.items()},
            "terms": {name: terms_to_json(terms) for name, terms in world.terms.items()},
            "data": [json.loads(text) for text in self.data],
            "facts": [json.loads(text) for text in self.facts],
        }

    def opening(self, walk: Walk) -> Plain:
        new = {name: said for name, said in plain(walk.new).items() if name != "terms"}
        by = next(name for name, actor in self.world.actors.items() if actor is walk.by)
        return {
            "id": f"opening-{walk.seed}",
            "terms": walk.terms,
            "new": new,
            "received_at": plain(walk.received_at),
            "now": plain(walk.now),
            "by": self.letters[by],
            "data": walk.data,
        }

    def case(self, walk: Walk) -> Plain:
        dice, case = Random(f"{walk.seed}/{walk.case.revision}/{walk.now}"), walk.case
        tries: list[Any] = []
        done = set()
        for row in self.world.procedure.rows:
            right = values_of(self.world, row, case, dice, walk.now)
            tries.append(self._try(walk, row.action, right, list(self.letters)))
            if case.state not in row.sources:
                continue
            able = [name for name in self.letters if self._is_able(walk, row.action, name, right)]
            for data in spoiled(row, right, dice) if able else ():
                tries.append(self._try(walk, row.action, data, able[:MOST_WHO_TRY]))
            if any(self._is_decided(walk, row.action, name, right) for name in able):
                done.add(row.action)
        lamps = sorted({f"{d.key}{d.state.value}{rules.lamp(d, walk.now).value}" for d in case.deadlines})
        sort = [walk.terms, case.state, sorted(done), len(case.open_suspensions), lamps]
        return {
            "terms": walk.terms,
            "now": plain(walk.now),
            "case": case_to_json(case),
            "tries": tries,
            "done": sorted(done),
            "sort": line(sort),
        }

    def numbered(self, number: int, one: Plain) -> Plain:
        """A chosen case as it is stored."""
        tries = [
            [
                action,
                self.data.setdefault(data, len(self.data)),
                self.facts.setdefault(facts, len(self.facts)),
                who,
            ]
            for action, data, facts, who in one["tries"]
        ]
        kept = {name: one[name] for name in ("terms", "now", "case")}
        return {"id": f"{one['terms']}-{number:03}", **kept, "tries": tries}

    def _try(self, walk: Walk, action: str, data: dict[str, Any], names: list[str]) -> list[str]:
        letters = "".join(self.letters[name] for name in names)
        return [action, line(data), line(walk.facts(action, data)), letters]

    def _is_able(self, walk: Walk, action: str, name: str, data: dict[str, Any]) -> bool:
        row, by = rules.row_of(self.world.procedure, action), self.world.actors[name]
        try:
            rules.check_who(row, walk.case, by, data)
        except NotAllowed:
            return False
        return True

    def _is_decided(self, walk: Walk, action: str, name: str, data: dict[str, Any]) -> bool:
        try:
            rules.decide(
                self.world.procedure,
                walk.case,
                action,
                by=self.world.actors[name],
                data=data,
                facts=walk.facts(action, data),
                now=walk.now,
                calendar=walk.calendar,
            )
        except Refusal:
            return False
        return True
