"""The course of one application from its receipt: a generator that yields the moment of its next act.

It resumes when the demo has reached that moment, and then takes the act. So a thousand applications are
played in the order of their acts, as they would have happened.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction

from liuquan.casework import decision_builder
from liuquan.casework.types import Snapshot, StepKind
from liuquan.catalogue.types import ItemTerms
from liuquan.clock import Limit, deadline, warn_on
from liuquan.kernel.moments import today
from liuquan.kernel.refusals import BadInput
from liuquan.site.rehearsal.demo_city import DemoCity
from liuquan.site.rehearsal.script import FILE, Scene
from liuquan.site.rehearsal.seeded_choices import SeededChoices

Playback = Generator[datetime, None, None]

#: applications received later than this are not finished on the same day
LAST_TO_COME = time(14, 40)
SEARCHED_DAYS = 70
#: possible amounts of a reward, in yuan
_AMOUNTS = ("500", "1000", "2000", "3000")


@dataclass
class Case:
    """One application on its way."""

    city: DemoCity
    scene: Scene
    item: ItemTerms
    serial: int
    choices: SeededChoices
    begins_on: date
    number: str = ""
    at: datetime = datetime.min.replace(tzinfo=UTC)

    def act(self, action: str, post: str = "", **data: object) -> None:
        """Take an act now, by the post named or by one that is authorised."""
        city = self.city
        by = city.actor(post, self.at) if post else city.authorised(action, self.item, self.at, self.serial)
        city.act(self.number, action, by=by, at=self.at, data=data)

    def words(self, kind: str) -> str:
        """A sentence of the script."""
        return self.city.word(kind, self.choices)

    def soon(self) -> datetime:
        """Move on by some minutes of office time."""
        self.at = self.city.soon(self.at, self.choices)
        return self.at

    def by(self, on: date) -> datetime:
        """Move on to a day, or by some minutes when it is here already."""
        self.at = self.city.on_day(on, self.choices) if on > today(self.at) else self.soon()
        return self.at

    def later(self, days: int) -> datetime:
        """Move on by working days."""
        self.at = self.city.days_later(self.at, days, self.choices)
        return self.at


def play_application(case: Case) -> Playback:
    """The whole course of one application, as far as its scene goes."""
    case.at = case.city.on_day(case.begins_on, case.choices, last=LAST_TO_COME)
    yield case.at
    yield from _open(case)
    if case.scene.ending in ("not_needed", "not_ours") or case.scene.stops in ("received", "supplementing"):
        return
    yield from _examine(case)
    if case.city.look(case.number).state != "deciding" or case.scene.stops == "deciding":
        return
    yield from _decide(case)


def _open(case: Case) -> Playback:
    """Receipt, and what the window decides."""
    required = case.city.required(case.item)
    opening, ending = case.scene.opening, case.scene.ending
    complete = opening in ("accept", "corrected") or ending in ("not_needed", "not_ours")
    brought = required if complete else required[:1]
    case.number = case.city.submit(
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


def _supplement(case: Case, required: Sequence[str]) -> Playback:
    """The one-time notice, the answer to it, and the acceptance, or the silence, that follows."""
    missing = list(required[1:]) or list(required)
    yield case.later(case.choices.between(1, 3))
    case.act("notify_supplement", items=missing, remarks=case.words("remarks"))
    if case.scene.stops == "supplementing":
        return
    yield case.later(case.choices.between(2, 5))
    if case.scene.opening == "second_notice":
        case.act("receive_supplement", materials=missing[:1])
        yield case.later(1)
        missing = [
            *required[:1],
            *missing[1:],
        ]  # a material on file from the beginning is found faulty only now
        case.act("notify_supplement", items=missing, remarks=case.words("remarks"))
        yield case.later(3)
    case.act("receive_supplement", materials=missing)
    if case.scene.opening == "silent_supplement":
        yield from _wait_for_silence(case)
        return
    yield case.later(1)
    case.act("accept")


def _wait_for_silence(case: Case) -> Playback:
    """Nobody acts until the limit has expired: then the sweeper records deemed acceptance."""
    clock = case.city.look(case.number).deadline("acceptance")
    if clock is not None:
        case.at = clock.due_at + timedelta(hours=9, minutes=10)
        yield case.at


def _examine(case: Case) -> Playback:
    """The steps of the route, each done within its pace of its limit, by whoever holds its post."""
    scene = case.scene
    if scene.middle == "extended":
        yield case.later(2)
        case.act("extend", days="10", reason=case.words("extension"))
    if scene.ending == "withdrawn":
        yield case.later(2)
        case.act("withdraw_at_window", request=case.words("request"), reason=case.words("withdrawal"))
        return
    while not _is_left(case, now := case.city.look(case.number)):
        yield from _next_step(case, now)


def _is_left(case: Case, now: Snapshot) -> bool:
    """Whether the examiners are done, or the scene leaves them here: before their last steps, or while the
    experts confer."""
    open_keys = {a.step for a in now.open_assignments}
    last = {step.key for step in decision_builder.last_steps(now.terms.steps)}
    stops = case.scene.stops
    return (
        not open_keys
        or (stops == "examining" and open_keys <= last)
        or (stops == "special" and bool(now.open_suspensions))
    )


def _next_step(case: Case, now: Snapshot) -> Playback:
    """The open step that comes first; an expert review is notified before and registered after."""
    given = now.open_assignments[0]
    step = now.step(given.step)
    if step is None:
        return
    days = max(1, round(case.scene.pace * step.limit.amount)) if step.limit else 1
    if step.kind is StepKind.EXPERT_REVIEW:
        yield case.soon()
        until = case.city.calendar.nth_working_day_after(today(case.at), days)
        case.act(
            "start_special",
            step.post_code,
            ground="expert_review",
            until=until.isoformat(),
            document=case.words("special"),
        )
        if case.scene.stops == "special":
            return
        yield case.later(days)
        case.act("end_special", step.post_code)
        yield case.soon()
    else:
        yield case.by(case.city.calendar.nth_working_day_after(today(given.opened_at), days))
    second = {"second_officer": case.city.colleague(step.post_code)} if step.officers > 1 else {}
    against = case.scene.ending == "refused"
    result = "disagree" if against else case.choices.choice(["agree"] * 4 + ["agree_with_conditions"])
    case.act(
        "complete_step",
        step.post_code,
        assignment=given.id,
        result=result,
        opinion=case.words("disagreement" if against else "opinion"),
        **second,
    )


def _decide(case: Case) -> Playback:
    """Decision, publication, delivery; sent back once where the scene says so."""
    post = case.item.deciding_post_code
    if case.item.steps:
        yield case.later(1)
    else:
        yield case.soon()
    if case.scene.middle == "sent_back":
        case.act("send_back", post, reason=case.words("sent_back"))
        while (now := case.city.look(case.number)).open_assignments:
            yield from _next_step(case, now)
        yield case.soon()
    refused = case.scene.ending == "refused"
    standard = next(iter(case.item.decision_standards), "")
    case.act(
        "refuse" if refused else "grant",
        post,
        standard=standard,
        reason=case.words("refusal" if refused else "grant"),
        **({} if refused or not case.item.amount_label else {"amount": case.choices.choice(_AMOUNTS)}),
    )
    case.city.publicise(case.number, case.at + timedelta(seconds=20))
    if case.scene.stops == "granted":
        return
    yield case.soon() if not case.item.steps else case.later(case.choices.between(1, 4))
    case.act("deliver", way=case.choices.choice(["pick_up", "pick_up", "post", "electronic"]))


def begins_on(city: DemoCity, scene: Scene, place: int) -> date:
    """The day on which the scene's application number `place` comes."""
    calendar = city.calendar
    if scene.lamp:
        return _day_for_lamp(city, scene, place)
    first, last = scene.from_on or city.ends_on, scene.to_on or city.ends_on
    days = [
        on
        for on in (first + timedelta(days=n) for n in range((last - first).days + 1))
        if calendar.is_working(on)
    ]
    return days[place * len(days) // scene.count] if days else calendar.first_working_day_on_or_after(first)


def _day_for_lamp(city: DemoCity, scene: Scene, place: int) -> date:
    """The day of acceptance for which the clock shows the wanted lamp when the demo opens: the latest such
    day, but the earliest for a green case waiting for its decision, since its steps take some days."""
    item, calendar = city.item(scene.item), city.calendar
    term = item.statutory if scene.lamp == "statutory" and item.statutory else item.promised
    limit, share = Limit(term.amount, term.unit), Fraction(city.pack.settings.yellow_share)
    wanted = "red" if scene.lamp == "statutory" else scene.lamp
    found = []
    on = city.ends_on
    for _ in range(SEARCHED_DAYS):
        on = calendar.nth_working_day_before(on, 1)
        counted = deadline(limit, on, calendar)
        warned = warn_on(counted, calendar, share)
        is_yellow = warned is not None and warned <= city.ends_on
        lamp = "red" if counted.due_on < city.ends_on else "yellow" if is_yellow else "green"
        if lamp == wanted:
            found.append(on)
    if not found:
        raise BadInput(f"没有哪一天受理的“{item.item_name}”在演示日亮{scene.lamp}灯，请改 {FILE}。")
    if scene.lamp == "green" and scene.stops == "deciding":
        found.reverse()
    return found[place % min(len(found), 3)]
