"""How one application goes, from the day it comes: a generator that yields the moment of its next act.

It goes on when the demo has come to that moment, and takes the act then. So a thousand applications are
played in the order of their acts, as they would have happened.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from liuquan.casework.types import Snapshot, Step, StepKind
from liuquan.catalogue.types import ItemTerms
from liuquan.clock import Unit
from liuquan.kernel.moments import today
from liuquan.site.rehearsal.chance import Chance
from liuquan.site.rehearsal.script import Scene
from liuquan.site.rehearsal.stage import Stage

Course = Generator[datetime, None, None]


@dataclass
class Case:
    """One application on its way."""

    stage: Stage
    scene: Scene
    item: ItemTerms
    serial: int
    chance: Chance
    begins_on: date
    number: str = ""
    at: datetime = datetime.min.replace(tzinfo=UTC)

    def act(self, action: str, post: str = "", **data: object) -> None:
        """Take an act now, by the post named or by one that is authorised."""
        stage = self.stage
        by = stage.actor(post, self.at) if post else stage.authorised(action, self.item, self.at, self.serial)
        stage.act(self.number, action, by=by, at=self.at, data=data)

    def words(self, kind: str) -> str:
        """A sentence of the script."""
        return self.stage.word(kind, self.chance)

    def soon(self) -> datetime:
        """Move on by some minutes of office time."""
        self.at = self.stage.soon(self.at, self.chance)
        return self.at

    def later(self, days: int) -> datetime:
        """Move on by working days."""
        self.at = self.stage.days_later(self.at, days, self.chance)
        return self.at


def course(case: Case) -> Course:
    """The whole way of one application, as far as its scene goes."""
    case.at = case.stage.on_day(case.begins_on, case.chance)
    yield case.at
    yield from _open(case)
    if case.scene.ending in ("not_needed", "not_ours") or case.scene.stops in ("received", "supplementing"):
        return
    yield from _examine(case)
    if case.stage.look(case.number).state != "deciding" or case.scene.stops == "deciding":
        return
    yield from _decide(case)


def _open(case: Case) -> Course:
    """Receipt and what the window makes of it."""
    required = case.stage.required(case.item)
    opening, ending = case.scene.opening, case.scene.ending
    complete = opening in ("accept", "corrected") or ending in ("not_needed", "not_ours")
    brought = required if complete else required[:1]
    case.number = case.stage.submit(
        case.item, case.serial, materials=brought, online=case.scene.online, at=case.at
    )
    if case.scene.stops == "received":
        return
    yield case.soon()
    if ending == "not_needed":
        case.act("refuse_not_needed", reason=case.words("not_needed"))
    elif ending == "not_ours":
        case.act("refuse_not_ours", reason=case.words("not_ours"), refer_to=case.scene.refer_to)
    elif opening == "accept":
        case.act("accept")
    elif opening == "corrected":
        case.act("accept_corrected", corrections=case.words("corrections"))
    elif opening == "silent":
        yield from _wait_for_silence(case)
    else:
        yield from _supplement(case, required)


def _supplement(case: Case, required: Sequence[str]) -> Course:
    """The one-time notice, the answer to it, and the acceptance, or the silence, that follows."""
    missing = list(required[1:]) or list(required)
    yield case.later(case.chance.between(1, 3))
    case.act("notify_supplement", items=missing, remarks=case.words("remarks"))
    if case.scene.stops == "supplementing":
        return
    yield case.later(case.chance.between(2, 5))
    if case.scene.opening == "second_notice":
        case.act("receive_supplement", materials=missing[:1])
        yield case.later(1)
        case.act("notify_supplement", items=missing[1:] or missing, remarks=case.words("remarks"))
        yield case.later(3)
        missing = missing[1:] or missing
    case.act("receive_supplement", materials=missing)
    if case.scene.opening == "silent_supplement":
        yield from _wait_for_silence(case)
        return
    yield case.later(1)
    case.act("accept")


def _wait_for_silence(case: Case) -> Course:
    """Nobody says anything until the law has spoken: the sweeper accepts."""
    clock = case.stage.look(case.number).deadline("acceptance")
    if clock is not None:
        case.at = clock.due_at + timedelta(hours=9, minutes=10)
        yield case.at


def _examine(case: Case) -> Course:
    """The steps of the route, each done within its pace of its limit, by whoever holds its post."""
    scene = case.scene
    if scene.middle == "extended":
        yield case.later(2)
        case.act("extend", days="10", reason=case.words("extension"))
    if scene.ending == "withdrawn":
        yield case.later(2)
        case.act("withdraw", reason=case.words("withdrawal"))
        return
    if scene.stops == "examining":
        return
    while case.stage.look(case.number).open_assignments:
        yield from _next_step(case)
        if scene.stops == "special" and case.stage.look(case.number).open_suspension:
            return


def _next_step(case: Case) -> Course:
    """The open step that is due first; an expert review is notified before and registered after."""
    step = _first_open(case.stage.look(case.number))
    days = max(1, round(case.scene.pace * step.limit.amount)) if step.limit else 1
    parallel = len(case.stage.look(case.number).open_assignments)
    if step.kind is StepKind.EXPERT_REVIEW:
        yield case.soon()
        until = case.stage.calendar.nth_working_day_after(today(case.at), days)
        case.act("start_special", step.post_code, ground="expert_review", until=until.isoformat(),
                 document=case.words("special"))  # fmt: skip
        if case.scene.stops == "special":
            return
        yield case.later(days)
        case.act("end_special", step.post_code)
        days = 0
    yield case.later(days if parallel == 1 else min(days, 1))
    still = [a for a in case.stage.look(case.number).open_assignments if a.step == step.key]
    if not still:
        return
    second = {"second_officer": case.stage.colleague(step.post_code)} if step.officers > 1 else {}
    against = case.scene.ending == "refused"
    result = "disagree" if against else case.chance.choice(["agree"] * 4 + ["agree_with_conditions"])
    kind = "disagreement" if against else "opinion"
    case.act("complete_step", step.post_code, assignment=still[0].id, result=result,
             opinion=case.words(kind), **second)  # fmt: skip


def _first_open(snapshot: Snapshot) -> Step:
    open_keys = [a.step for a in snapshot.open_assignments]
    return next(step for step in snapshot.terms.steps if step.key in open_keys)


def _decide(case: Case) -> Course:
    """Decision, publication, delivery; sent back once where the scene says so."""
    post = case.item.deciding_post_code
    if case.item.steps:
        yield case.later(1)
    else:
        yield case.soon()
    if case.scene.middle == "sent_back":
        case.act("send_back", post, reason=case.words("sent_back"))
        while case.stage.look(case.number).open_assignments:
            yield from _next_step(case)
        yield case.later(1)
    refused = case.scene.ending == "refused"
    standard = next(iter(case.item.decision_standards), "")
    case.act("refuse" if refused else "grant", post, standard=standard,
             reason=case.words("refusal" if refused else "grant"))  # fmt: skip
    case.stage.publicise(case.number, case.at + timedelta(seconds=20))
    if case.scene.stops == "granted":
        return
    yield case.soon() if not case.item.steps else case.later(case.chance.between(1, 4))
    case.act("deliver", way=case.chance.choice(["pick_up", "pick_up", "post", "electronic"]))


def begins_on(stage: Stage, scene: Scene, place: int) -> date:
    """The day on which the scene's application number `place` comes."""
    calendar = stage.calendar
    if scene.lamp:
        return _day_for_lamp(stage, scene, place)
    first, last = scene.from_on or stage.ends_on, scene.to_on or stage.ends_on
    days = [
        on
        for on in (first + timedelta(days=n) for n in range((last - first).days + 1))
        if calendar.is_working(on)
    ]
    return days[place * len(days) // scene.count] if days else calendar.first_working_day_on_or_after(first)


def _day_for_lamp(stage: Stage, scene: Scene, place: int) -> date:
    """The day of acceptance after which the clock shows the lamp on the demo's day."""
    item, calendar = stage.item(scene.item), stage.calendar
    limit = item.statutory if scene.lamp == "statutory" and item.statutory else item.promised
    over = {"green": -2 - place % 3, "yellow": 0, "red": 1 + place % 4, "statutory": 1 + place % 3}[
        scene.lamp
    ]
    back = max(limit.amount + over, 0)
    if limit.unit is Unit.WORKING_DAY:
        return calendar.nth_working_day_before(stage.ends_on, back) if back else stage.ends_on
    return calendar.last_working_day_on_or_before(stage.ends_on - timedelta(days=back))
