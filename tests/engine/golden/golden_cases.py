"""What the engine decides in stored cases, as tokens: the same code for recording and for comparing.

A file of given values holds calendar, people, terms, the values given with acts, and cases, each with the
acts tried on it. Of what the engine answers, refusals, offers and the first decisions of each row are kept in
full, all other decisions by a hash.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields
from datetime import datetime
from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

from golden_values import (
    HERE,
    Plain,
    calendar_from_json,
    case_from_json,
    decision_told,
    difference,
    line,
    plain,
    procedures,
    read,
    stored_lines,
)

from liuquan.casework import opening, rules, stored_terms
from liuquan.casework.types import Field, Given, NewCase, Offer, Procedure, Snapshot, Terms
from liuquan.clock import Calendar
from liuquan.kernel.refusals import Refusal
from liuquan.organisation.types import Actor

GIVEN, DECIDED = HERE / "given", HERE / "decided"


class Answer(NamedTuple):
    """What the engine says to one actor, with the question in words."""

    case: str
    question: str
    actor: str  #: the letter
    told: Any


@dataclass
class Cases:
    """The stored values of one procedure."""

    head: Plain
    cases: list[Plain]
    openings: list[Plain]

    @classmethod
    def of(cls, path: Path) -> Cases:
        head, *rest = stored_lines(path)
        return cls(head, [one for one in rest if "case" in one], [one for one in rest if "new" in one])

    @cached_property
    def procedure(self) -> Procedure:
        return procedures()[self.head["procedure"]]

    @cached_property
    def calendar(self) -> Calendar:
        return calendar_from_json(self.head["calendar"])

    @cached_property
    def actors(self) -> dict[str, Actor]:
        """By letter."""
        return {letter: read(Actor, one) for letter, (_, one) in self.head["actors"].items()}

    @cached_property
    def terms(self) -> dict[str, Terms]:
        return {name: stored_terms.from_json(one) for name, one in self.head["terms"].items()}

    def case(self, stored: Plain) -> Snapshot:
        return case_from_json(stored["case"], self.terms[stored["terms"]])

    def answers(self) -> Iterator[Answer]:
        """Everything that is asked of the engine, in the stored order."""
        for stored in self.openings:
            yield from self._opened(stored)
        for stored in self.cases:
            case, now = self.case(stored), datetime.fromisoformat(stored["now"])
            for letter in self.actors:
                yield Answer(stored["id"], "offers", letter, self._offered(case, letter, now))
            for n, (action, data, facts, letters) in enumerate(stored["tries"]):
                for letter in letters:
                    told = self._decided(case, action, letter, data, facts, now)
                    yield Answer(stored["id"], f"{n}:{action}", letter, told)

    def _opened(self, stored: Plain) -> Iterator[Answer]:
        new = NewCase(terms=self.terms[stored["terms"]], **stored["new"])
        received_at, now = (datetime.fromisoformat(stored[name]) for name in ("received_at", "now"))
        blank = opening.blank(new, self.procedure, received_at)
        given = Given(blank, {}, stored["data"], now, self.actors[stored["by"]])
        found = opening.opening(new, self.procedure, received_at, given, self.calendar)
        told = {"started": plain(found.started), "counts_from": plain(found.counts_from)}
        yield Answer(stored["id"], "opens", stored["by"], told)
        for letter, actor in self.actors.items():
            try:
                rules.check_who(self.procedure.creation, blank, actor, stored["data"])
            except Refusal as refusal:
                yield Answer(stored["id"], "may open", letter, _refusal_told(refusal))
            else:
                yield Answer(stored["id"], "may open", letter, {})

    def _offered(self, case: Snapshot, letter: str, now: datetime) -> list[str]:
        found = rules.offers(self.procedure, case, by=self.actors[letter], now=now, calendar=self.calendar)
        return [_offer_told(one) for one in found]

    def _decided(
        self, case: Snapshot, action: str, letter: str, data: int, facts: int, now: datetime
    ) -> Plain:
        try:
            decision = rules.decide(
                self.procedure,
                case,
                action,
                by=self.actors[letter],
                data=self.head["data"][data],
                facts=self.head["facts"][facts],
                now=now,
                calendar=self.calendar,
            )
        except Refusal as refusal:
            return _refusal_told(refusal)
        except Exception as fault:  # what it is made of differs between versions of Python
            return {"fault": type(fault).__name__}
        return decision_told(decision, case)


def _refusal_told(refusal: Refusal) -> Plain:
    """A refusal by its class, which says the status, and what it says itself."""
    told = {
        "refusal": type(refusal).__name__,
        "sentence": refusal.sentence,
        "citation": refusal.citation,
        "fields": refusal.fields,
        "details": refusal.details,
        "code": "" if refusal.code == refusal.default_code else refusal.code,
    }
    return {name: said for name, said in told.items() if said}


def _offer_told(offer: Offer) -> str:
    """An offer in words: act, step, whether it is due, its fields; and a digest of all other values."""
    rest = {one.name: plain(getattr(offer, one.name)) for one in fields(offer) if one.name != "fields"}
    asked = ",".join(map(_field_told, offer.fields))
    step = f" #{offer.assignment} {offer.step_name}" if offer.assignment else ""
    return f"{offer.action}{step}{' duty' if offer.duty else ''} [{asked}] {_hash(rest, 6)}"


def _field_told(one: Field) -> str:
    return f"{one.name}{'*' if one.required else ''}:{one.kind.value}:{one.label}"


def digest(told: Any) -> str:
    """The name of a decision: equal ones have the same."""
    return f"d{_hash(told, 10)}"


def _hash(told: Any, length: int) -> str:
    return hashlib.sha256(line(told).encode()).hexdigest()[:length]


def is_decision(told: Any) -> bool:
    return isinstance(told, dict) and "row" in told


# -- stored answers --------------------------------------------------------------------------------------


@dataclass
class Writer:
    """The answers as they are stored. Each of the first `in_full` decisions of a row, and all that is no
    decision, stands in full under a token; a group says which token each actor gets, by letter; a case has a
    group for each question, in their order."""

    in_full: int
    tokens: dict[str, str] = field(default_factory=dict)
    groups: dict[str, str] = field(default_factory=dict)
    rows: Counter[str] = field(default_factory=Counter)

    def lines(self, cases: Cases) -> Iterator[Plain]:
        """Each line once, before the first that refers to it."""
        for case, of_case in groupby(cases.answers(), lambda one: one.case):
            gives = []
            for _, to_all in groupby(of_case, lambda one: one.question):
                group: dict[str, str] = {}
                for answer in to_all:
                    token, new = self._token(answer.told)
                    yield from new
                    group[token] = group.get(token, "") + answer.actor
                text = " ".join(f"{token}:{letters}" for token, letters in group.items())
                if text not in self.groups:
                    self.groups[text] = f"g{len(self.groups)}"
                    yield {"group": self.groups[text], "is": text}
                gives.append(self.groups[text])
            yield {"case": case, "gives": " ".join(gives)}

    def _token(self, told: Any) -> tuple[str, list[Plain]]:
        text = line(told)
        if is_decision(told):
            token, action = digest(told), told["row"]["action"]
            if text in self.tokens or self.rows[action] >= self.in_full:
                return token, []
            self.rows[action] += 1
            self.tokens[text] = token
            return token, [{"token": token, "told": told}]
        if text in self.tokens:
            return self.tokens[text], []
        self.tokens[text] = f"a{len(self.tokens)}"
        return self.tokens[text], [{"token": self.tokens[text], "told": told}]


def differences(cases: Cases, stored: Iterable[Plain]) -> Iterator[str]:
    """Where the engine now answers otherwise than is stored, each in words with the values that differ."""
    told: dict[str, Any] = {}
    groups: dict[str, dict[str, str]] = {}
    gives: dict[str, list[str]] = {}
    for one in stored:
        if "token" in one:
            told[one["token"]] = one["told"]
        elif "group" in one:
            pairs = (group.split(":") for group in one["is"].split(" "))
            groups[one["group"]] = {letter: token for token, letters in pairs for letter in letters}
        else:
            gives[one["case"]] = one["gives"].split(" ")
    texts = {token: line(one) for token, one in told.items()}
    for case, of_case in groupby(cases.answers(), lambda one: one.case):
        recorded = iter(gives.pop(case, []))
        for _, to_all in groupby(of_case, lambda one: one.question):
            group = groups.get(next(recorded, ""), {})
            for answer in to_all:
                token = group.get(answer.actor, "nothing")
                now = digest(answer.told) if is_decision(answer.told) else line(answer.told)
                if now != (token if token.startswith("d") else texts.get(token)):
                    yield _in_words(cases, answer, told.get(token, token))
    yield from (f"case {case} is recorded, but no longer given" for case in gives)


def _in_words(cases: Cases, answer: Answer, recorded: Any) -> str:
    who = cases.head["actors"][answer.actor][0]
    said = f"{cases.head['procedure']}, case {answer.case}, {answer.question}, by {who}:"
    number, _, action = answer.question.partition(":")
    if action:
        asked = next(one for one in cases.cases if one["id"] == answer.case)
        _, data, facts, _ = asked["tries"][int(number)]
        case = f"in the state {asked['case']['state']} at {asked['now']}"
        said += f"\n    {case} with {line(cases.head['data'][data])}, {line(cases.head['facts'][facts])}"
    if isinstance(recorded, str):
        return f"{said}\n    recorded only by its hash, {recorded}; now {line(answer.told)}"
    return f"{said}\n{difference(recorded, answer.told)}"
