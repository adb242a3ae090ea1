"""Cases played at random, each act decided by the engine and applied to a value. Used to record only.

The same seed plays the same case, at dates of its own: nothing is read of the machine.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from golden_values import row_told
from golden_worlds import AGENT, APPLICANT, BEGINNINGS, BODY, OTHER, World

from liuquan.casework import clocks, entries, events, opening, rules
from liuquan.casework.types import (
    AssignmentView,
    Decision,
    FieldKind,
    Given,
    NewCase,
    Running,
    Snapshot,
    Transition,
    Who,
)
from liuquan.clock import Calendar
from liuquan.journal.types import Entry, NewEntry
from liuquan.kernel.refusals import Refusal
from liuquan.organisation.types import SYSTEM, Actor

HOSTILE: tuple[Any, ...] = (
    *(None, [], {}, 0, -1, True, ["x"], {"a": 1}, 1.5, [["x"]]),
    *("' OR 1=1 --", "\x00", "９", "x" * 2001),
)
WRONG = {
    FieldKind.TEXT: ("长" * 2001, "   ", "不知道"),
    FieldKind.LONG: ("短", "长" * 2001, "   "),
    FieldKind.CHOICE: ("nonsense", "hearing", "disagree"),
    FieldKind.MANY: (["nosuch"], [], ["form"], "form"),
    FieldKind.FILES: (["nosuch"], [], ["health"]),
    FieldKind.DATE: ("2026-02-30", "2020-01-01", "2028-01-01", "20260320"),
    FieldKind.DAYS: ("0", "99", "-1", "1_0"),
    FieldKind.AMOUNT: ("0", "1000.01", "三千", "5.001"),
    FieldKind.PERSON: ("", "nobody"),
    FieldKind.YES: ("maybe", "yes"),
}


@dataclass
class Walk:
    """One case from its opening on. `later`: the calendar that is announced in the course of it."""

    world: World
    terms: str
    seed: str
    calendar: Calendar
    later: Calendar | None = None
    received: set[str] = field(default_factory=set)
    noticed: list[list[str]] = field(default_factory=list)
    since: set[str] = field(default_factory=set)
    written: list[Entry] = field(default_factory=list)
    serial: int = 0

    def __post_init__(self) -> None:
        self.dice = Random(self.seed)
        self.now = self.dice.choice(BEGINNINGS)
        self._open()

    # -- opening ---------------------------------------------------------------------------------------

    def _open(self) -> None:
        world, dice = self.world, self.dice
        creation, self.number = world.procedure.creation, f"N{self.seed}"
        self.by = self._opener(creation)
        self.new = NewCase(
            kind=world.procedure.kind,
            number=self.number,
            terms=world.terms[self.terms],
            subject_version="1",
            division_path=world.path,
            parties={APPLICANT: "applicant", AGENT: "agent"},
            bodies={BODY: "lead", OTHER: "cooperating"},
            channel="portal" if self.by.kind == "party" else "window",
        )
        self.received_at = self.now - timedelta(hours=dice.choice([0, 0, 0, 30]))
        blank = opening.blank(self.new, world.procedure, self.received_at)
        blank_values = replace(blank, received_at=self.received_at)
        self.data = values_of(world, creation, blank_values, dice, self.now)
        self.given = Given(blank, {}, self.data, self.now, self.by)
        self.opening = opening.opening(self.new, world.procedure, self.received_at, self.given, self.calendar)
        self.received |= set(self.data.get("materials") or ())
        self._write(entries.of_opening(self.opening, given=self.given), creation.label)
        self.case = replace(
            blank,
            id=1,
            number=self.number,
            state=world.procedure.initial,
            revision=1,
            deadlines=tuple(replace(clocks.as_started(new), id=self._id()) for new in self.opening.started),
        )

    def _opener(self, row: Transition) -> Actor:
        able = {Who.PARTY: "applicant", Who.POST: "clerk", Who.SUPERVISOR: "supervisor"}
        return self.world.actors[able[self.dice.choice(row.who)]]

    # -- acts ------------------------------------------------------------------------------------------

    def turns(self, most: int) -> Iterator[None]:
        """Time passes, then somebody acts; stops between the two, where the case may be looked at."""
        for _ in range(most):
            self.now += timedelta(hours=self.dice.choice([0, 1, 5, 20, 24, 49, 120, 200, 700]))
            if self.later and self.dice.random() < 0.2:
                self._count_again(self.later)
            if self.dice.random() < 0.5:
                self._breach()
            yield
            self._act()

    def _act(self) -> None:
        silent = rules.silent_effect_due(self.case, self.now)
        if silent is not None:
            with suppress(Refusal):
                self.do(silent.on_expiry, SYSTEM, {"step": silent.step} if silent.step else {})
        for _ in range(6):
            action, by = self._chosen()
            row = self.world.procedure.row(action)
            assert row is not None
            try:
                self.do(action, by, values_of(self.world, row, self.case, self.dice, self.now))
            except Refusal:
                continue
            return

    def _chosen(self) -> tuple[str, Actor]:
        """Mostly what may be done now, seldom what ends the case before its time, sometimes anything."""
        dice, procedure = self.dice, self.world.procedure
        of_the_system = [
            row.action
            for row in procedure.rows
            if row.who == (Who.SYSTEM,) and row.effective == "now" and self.case.state in row.sources
        ]
        if of_the_system and dice.random() < 0.15:
            return dice.choice(of_the_system), SYSTEM
        offers = [
            (offer, by)
            for by in self.world.actors.values()
            for offer in rules.offers(procedure, self.case, by=by, now=self.now, calendar=self.calendar)
        ]
        usual = [one for one in offers if one[0].action not in self.world.ends or dice.random() < 0.04]
        duties = [one for one in usual if one[0].duty]
        if not offers or dice.random() < 0.1:
            return dice.choice(procedure.rows).action, dice.choice(list(self.world.actors.values()))
        offer, by = dice.choice(duties if duties and dice.random() < 0.35 else usual or offers)
        by_act = [one for one in usual or offers if one[0].action == offer.action]
        return offer.action, dice.choice(by_act)[1] if by_act else by

    def do(self, action: str, by: Actor, data: dict[str, Any]) -> None:
        """Decide the act, enter it and apply it. Raises the engine's refusal."""
        decision = rules.decide(
            self.world.procedure,
            self.case,
            action,
            by=by,
            data=data,
            facts=self.facts(action, data),
            now=self.now,
            calendar=self.calendar,
        )
        self.received |= set(data.get("materials") or ())
        self.since |= set(data.get("materials") or ())
        if "items" in data:
            self.noticed.append(list(data["items"]))
        row = self.world.procedure.row(action)
        entry = entries.of_act(decision, self.case, by=by, now=self.now)
        self._write(entry, row.label if row else "")
        if row and row.papers:
            self._note(events.NOTICE_ISSUED.name, {"notice": f"W{self.serial}", "kind": row.papers[0]})
        self.case = self._applied(decision, by)

    def facts(self, action: str, data: dict[str, Any]) -> dict[str, Any]:
        """What the kind would find in its own tables."""
        if self.case.kind != "application":
            return {}
        if action == "complete_step":
            second = data.get("second_officer")
            return {"second_officer": int(second)} if isinstance(second, str) and second.isdigit() else {}
        if action == "refuse_not_ours":
            said = data.get("refer_to")
            return {"refer_to": said if said == "示例第二局" else ""}
        return {
            "received": sorted(self.received),
            "noticed": [list(one) for one in self.noticed],
            "received_since": sorted(self.since),
        }

    def _id(self) -> int:
        self.serial += 1
        return self.serial

    def _applied(self, d: Decision, by: Actor) -> Snapshot:
        case, changed, told = self.case, {c.id: c for c in d.deadline_changes}, row_told(d.row)
        assignments = tuple(self._assignment(a, d, by) for a in case.assignments) + tuple(
            AssignmentView(self._id(), s.key, s.post_code, "open", self.now) for s in d.new_steps
        )
        deadlines = tuple(
            clocks.changed(v, changed[v.id]) if v.id in changed else v for v in case.deadlines
        ) + tuple(replace(clocks.as_started(new), id=self._id()) for new in d.new_deadlines)
        ended = {one.id: one for one in d.ended_suspensions}
        suspensions = tuple(ended.get(s.id, s) for s in case.suspensions)
        if d.new_suspension:
            suspensions += (replace(d.new_suspension, id=self._id()),)
        moments: dict[str, Any] = {f"{mark}_at": d.effective_at for mark in told.get("marks", ())}
        moments |= {f"{name}_at": at for name, at in d.corrected.items()}
        return replace(
            case,
            state=d.to_state,
            revision=case.revision + 1,
            assignments=assignments,
            deadlines=deadlines,
            suspensions=suspensions,
            outcome=told.get("outcome") or case.outcome,
            **moments,
        )

    def _assignment(self, a: AssignmentView, d: Decision, by: Actor) -> AssignmentView:
        if a.id in d.done_assignments:
            done = replace(a, state="done", done_at=self.now, result=d.step_result)
            return replace(done, done_by=by.staff_id, second_by=d.second_by)
        if a.id in d.cancelled_assignments:
            return replace(a, state="cancelled", done_at=self.now)
        return a

    # -- what the engine enters besides acts -------------------------------------------------------------

    def _breach(self) -> None:
        for view in self.case.deadlines:
            over = view.state is Running.RUNNING and view.is_duty and self.now >= view.due_at
            if over and not (view.on_expiry or view.provisional or view.breached):
                self._note(
                    events.DEADLINE_BREACHED.name,
                    {"key": view.key, "step": view.step, "due_on": view.due_on.isoformat()},
                )
                later = tuple(replace(d, breached=d.breached or d is view) for d in self.case.deadlines)
                self.case = replace(self.case, deadlines=later)
                return

    def _count_again(self, calendar: Calendar) -> None:
        case, self.calendar, self.later = self.case, calendar, None
        for view in (one for one in case.deadlines if one.is_open):
            found = clocks.recounted(view, view.state, case.terms, calendar, case.suspensions)
            after = clocks.changed(view, found)
            if after != view:
                name = f"{view.key}:{view.step}" if view.step else view.key
                due, before = {name: str(after.due_on)}, {name: str(view.due_on)}
                told = {"reason": "放假安排公布", "due": due, "before": before, "firm": not after.provisional}
                self._note(events.DEADLINE_REPROJECTED.name, told)
            self.case = replace(
                self.case, deadlines=tuple(after if d.id == view.id else d for d in self.case.deadlines)
            )

    def _note(self, event: str, public: dict[str, Any]) -> None:
        self._write(NewEntry(event, self.number, BODY, "", "system", self.now, public), event)

    def _write(self, new: NewEntry, label: str) -> None:
        self.written.append(
            Entry(
                number=UUID(int=len(self.written) + 1),
                event=new.event,
                label=label,
                sentence="",
                subject=new.subject,
                body_code=new.body_code,
                post_code=new.post_code,
                actor_kind=new.actor_kind,
                effective_at=new.effective_at,
                recorded_at=self.now,
                public=new.public,
                from_state=new.from_state,
                to_state=new.to_state,
                commitment="",
            )
        )


# -- values given with acts ------------------------------------------------------------------------------


def values_of(world: World, row: Transition, case: Snapshot, dice: Random, now: datetime) -> dict[str, Any]:
    """Right values for what the act takes; nothing for what is left empty."""
    every = world.values(case, dice, now)
    asked = {one.name: every.get(f"{row.action}.{one.name}", every.get(one.name)) for one in row.fields}
    if Who.ASSIGNEE in row.who:
        asked["assignment"] = every.get("assignment")
    if Who.SYSTEM in row.who and case.open_assignments:
        asked["step"] = dice.choice(case.open_assignments).step
    return {name: _json(said) for name, said in asked.items() if said not in (None, "", [])}


def spoiled(row: Transition, right: dict[str, Any], dice: Random) -> list[dict[str, Any]]:
    """The same values with one missing, with one wrong, and with something hostile."""
    names = [one.name for one in row.fields] + [name for name in ("assignment",) if name in right]
    kinds = {one.name: one.kind for one in row.fields}
    if not names:
        return [{"stranger": "x"}]
    gone = dice.choice(names)
    wrong = dice.choice(names)
    hostile = dice.choice([*names, "stranger", "step"])
    return [
        {name: said for name, said in right.items() if name != gone},
        right | {wrong: dice.choice(WRONG[kinds[wrong]]) if wrong in kinds else 99},
        right | {hostile: dice.choice(HOSTILE)},
    ]


def _json(said: Any) -> Any:
    return said.isoformat() if isinstance(said, date) else said
