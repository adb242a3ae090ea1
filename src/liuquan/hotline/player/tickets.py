"""One ticket of the demo on its way, from the call to the call-back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from liuquan.casework import actions as casework
from liuquan.casework import queries as cases
from liuquan.hotline import actions, queries
from liuquan.hotline.player.lines import Line, Lines
from liuquan.hotline.player.scenes import Scene
from liuquan.hotline.player.shifts import moment
from liuquan.hotline.types import KIND, URGENT, CallOutcome, Identity, Inlet, NewTicket
from liuquan.kinds.types import Choices, Course, DemoStage
from liuquan.organisation import queries as organisation
from liuquan.organisation.types import SYSTEM, Actor, party_actor

_FIRST_PERSON: Final = 120  #: serial of the first fictional requester, so that none is an applicant too
_OWN: Final = frozenset({Inlet.WEB, Inlet.APP})  #: who writes there registers the request themselves
_OPERATORS: Final = frozenset({"answer_now", "tell_way", "transfer"})
_CITY: Final = 2  #: level of the city's division


@dataclass
class Running:
    """One ticket. `lead`: the number of its scene's first, into which others are merged; `public`: what was
    published, each question once."""

    stage: DemoStage
    scene: Scene
    serial: int
    place: int
    choices: Choices
    words: Mapping[str, Sequence[str]]
    lines: Lines
    lead: list[str]
    public: set[str]
    number: str = ""
    requester: str = ""
    at: datetime = field(default=datetime.min.replace(tzinfo=UTC))

    def begin(self) -> datetime:
        """A moment of a day between the first and the last of the scene, which come evenly."""
        scene = self.scene
        days = (scene.to_on - scene.from_on).days + 1
        on = date.fromordinal(scene.from_on.toordinal() + self.place * days // scene.count)
        on = min(on, self.stage.ends_on)
        if scene.hours is None:
            self.at = self.stage.on_day(on, self.choices)
        else:
            length = timedelta(hours=scene.hours[1] - scene.hours[0]).total_seconds()
            self.at = moment(on, scene.hours[0]) + timedelta(seconds=self.choices.below(int(length)))
        return self.at

    def register(self, line: Line | None = None) -> None:
        """By whoever took the call, by the centre, or by the requester themselves."""
        centre, scene = queries.centre(), self.scene
        by = self.stage.authorised("ticket.register", body_code=centre, subject_code="", at=self.at)
        if line is not None and line.seat is not None:
            by = self.stage.actor(line.seat.post, self.at)
        if scene.identity is not Identity.ANONYMOUS:
            self.requester = self.stage.person(self.person, by=by, at=self.at)
        own = scene.inlet in _OWN and self.requester
        new = NewTicket(
            request_kind=scene.kind,
            class_code=scene.class_code,
            text=self.text,
            inlet=scene.inlet,
            division=scene.division,
            place=scene.place,
            identity=scene.identity,
            requester=self.requester,
            is_urgent=scene.urgent,
        )
        outcome = actions.register(new, by=self.party if own else by, now=self.at)
        self.number = outcome.number
        self.stage.done(outcome, at=self.at)

    @property
    def person(self) -> int:
        return _FIRST_PERSON + self.serial

    @property
    def party(self) -> Actor:
        return party_actor(self.requester, "诉求人")

    @property
    def text(self) -> str:
        return self.scene.texts[self.place % len(self.scene.texts)]

    @property
    def limit(self) -> str:
        return URGENT if self.scene.urgent else self.scene.kind.value

    def centre(self, action: str, *, second: bool = False, **data: object) -> None:
        """An act of the hotline centre: of an operator, or of a dispatcher; `second`: of the other one."""
        dispatcher = -1 if second else -2
        self.act(action, self._of(action, queries.centre(), 0 if action in _OPERATORS else dispatcher), data)

    def unit(self, action: str, **data: object) -> None:
        """An act of the unit that has it."""
        self.act(action, self._of(action, cases.read(self.number).body_code, 0), data)

    def act(self, action: str, by: Actor, data: Mapping[str, Any], *, number: str = "") -> None:
        """An act on it, or on another case."""
        outcome = casework.perform(number or self.number, action, by=by, now=self.at, data=data)
        self.stage.done(outcome, at=self.at)

    def helper(self, action: str, body: str, number: str, **data: object) -> None:
        """An act of a body that was asked for help."""
        by = self.stage.authorised(f"assist.{action}", body_code=body, subject_code="", at=self.at)
        self.act(action, by, data, number=number)

    def soon(self) -> datetime:
        self.at = self.stage.soon(self.at, self.choices)
        return self.at

    def later(self, days: int) -> datetime:
        self.at = self.stage.days_later(self.at, days, self.choices)
        return self.at

    def said(self, kind: str) -> str:
        return self.choices.choice(self.words[kind])

    def answer_words(self) -> str:
        """What the unit answers: in the words for this class where there are some."""
        return self.said(f"answered_{self.scene.class_code}" if self._has_own else "answered")

    @property
    def _has_own(self) -> bool:
        return f"answered_{self.scene.class_code}" in self.words

    def listed(self) -> str:
        """The body that the catalogue names first for this class in this place."""
        found = queries.suggestions(self.scene.class_code, self.scene.division, on=self.at.date())
        return found[0].body_code

    def other(self, place: int = 0) -> str:
        """A department that the catalogue does not name."""
        levels = {one.code: one.level for one in organisation.divisions()}
        bodies = [
            one.code
            for one in organisation.bodies(on=self.at.date())
            if levels.get(one.division_code, 0) == _CITY and one.code not in (self.listed(), queries.centre())
        ]
        return [code for code in bodies if self._signs(code)][place]

    def _signs(self, code: str) -> bool:
        """Whether somebody of this body may sign tickets."""
        register = organisation.authorisation_register(
            on=self.at.date(), body_code=code, item_code="", action="ticket.sign"
        )
        return bool(register)

    def _of(self, action: str, body: str, place: int) -> Actor:
        return self.stage.authorised(
            f"{KIND}.{action}", body_code=body, subject_code="", at=self.at, place=place
        )


def played(one: Running) -> Course:
    """The whole course of one ticket, as far as its scene goes."""
    scene = one.scene
    yield one.begin()
    if scene.inlet is Inlet.PHONE and one.lines.is_manned(one.at):
        yield from _called(one)
        if not one.number:
            return  # nobody was free; the caller gave up, and is called back from the list
    else:
        one.register()
    match scene.course:
        case "now":
            yield one.soon()
            one.centre("answer_now", reply=scene.reply or one.said("now"), article=scene.article)
        case "told":
            yield one.soon()
            one.centre("tell_way", way=scene.way)
        case "transferred":
            one.centre("transfer", service="120")
        case "same" if one.lead:
            yield from _merged(one)
        case _:
            if scene.course == "same":
                one.lead.append(one.number)
            yield from _dispatched(one)


def _called(one: Running) -> Iterator[datetime]:
    """The call in which the request is made; its operator says what became of it."""
    line = one.lines.ring(f"demo-ticket-{one.serial}", one.person, one.at)
    yield from one.lines.answered(line, one.choices.between(3, 11))
    if line.seat is None:
        return
    one.at = line.arrived_at + timedelta(seconds=one.choices.between(150, 260))
    yield one.at
    one.register(line)
    ends = one.at + timedelta(seconds=one.choices.between(5, 30))
    yield ends
    line.end(ends)
    yield (settled := ends + timedelta(seconds=one.choices.between(8, 40)))
    one.lines.settle(line, CallOutcome.TICKET, settled, ticket=one.number)
    one.at = settled


def _merged(one: Running) -> Iterator[datetime]:
    """It says the same as the first of its scene: joined by whoever brings it, or merged by the centre."""
    if one.scene.inlet in _OWN:
        one.act("join", SYSTEM, {"into": one.lead[0]})
    else:
        one.at += timedelta(minutes=one.choices.between(3, 9))
        yield one.at
        one.centre("merge", into=one.lead[0], note=one.said("merged"))


def _dispatched(one: Running) -> Iterator[datetime]:
    scene = one.scene
    if scene.stops == "registered":
        return
    if scene.inlet in _OWN and scene.hours is not None:
        one.at += timedelta(seconds=one.choices.between(40, 150))  # while somebody sits there
        yield one.at
    else:
        yield one.soon()
    if scene.course in ("returned", "returned_twice", "disputed", "refused"):
        yield from _returned(one)
        if cases.read(one.number).state in ("returned", "disputed"):
            return
    else:
        one.centre("dispatch", body=one.listed(), limit=one.limit)
    if scene.course == "withdrawn":
        yield one.soon()
        one.act("withdraw", one.party, {"reason": one.said("withdrawn")})
        return
    if scene.stops == "dispatched":
        return
    if scene.course != "refused":
        yield one.soon()
        one.unit("sign")
    if scene.course == "pressed":
        yield from _pressed(one)
    if scene.stops == "handling" and scene.course not in ("helped", "extended"):
        return
    yield from _handled(one)


def _returned(one: Running) -> Iterator[datetime]:
    """Sent to a unit whose duty it is not, and back, until it is settled who handles it."""
    course, limit = one.scene.course, one.limit
    if course == "refused":
        one.centre("dispatch", body=one.listed(), limit=limit)
    else:
        one.centre("dispatch", body=one.other(), limit=limit, note=one.said("elsewhere"))
    yield one.soon()
    one.unit("return_ticket", ground="not_ours", reason=one.said("returned"))
    if one.scene.stops == "returned":
        return
    yield one.soon()
    if course == "returned_twice":
        one.centre("redispatch", body=one.other(1), limit=limit, note=one.said("elsewhere"))
        yield one.soon()
        one.unit("return_ticket", ground="not_ours", reason=one.said("returned"))
        yield one.soon()
    if course == "refused":
        one.centre("refuse_return", reason=one.said("return_refused"))
        return
    meeting = ""
    if course == "disputed":
        one.centre("dispute", reason=one.said("disputed"))
        if one.scene.stops == "disputed":
            return
        yield one.later(2)
        meeting = one.said("meeting")
    one.centre("redispatch", body=one.listed(), limit=limit, meeting=meeting)


def _pressed(one: Running) -> Iterator[datetime]:
    """Nothing happens until it is overdue: reminded, then supervised, up to the leader."""
    yield one.later(4)
    one.centre("remind", note=one.said("reminded"))
    for level in ("call", "letter", "leader"):
        yield one.later(1)
        one.centre("supervise", level=level, note=one.said("supervised"))


def _handled(one: Running) -> Iterator[datetime]:
    course = one.scene.course
    if course == "extended":
        yield one.later(2)
        one.unit("ask_extension", days=3, reason=one.said("extended"))
        yield one.soon()
        one.centre("extend", days=3, reason=one.said("extended"))
    elif course == "helped":
        yield one.soon()
        body = one.other()
        one.unit("ask_help", bodies=[body], what=one.said("help"), days=2)
        child = cases.read(one.number).children[0].number
        yield one.soon()
        one.helper("sign", body, child)
        if one.scene.stops == "handling":
            return
        yield one.later(1)
        one.helper("reply", body, child, done="done", reply=one.said("helped"))
    if one.scene.stops == "handling":
        return
    if one.scene.urgent:
        yield one.soon()
    else:
        yield one.later({"late": 9, "extended": 4, "helped": 0}.get(course, one.choices.between(1, 2)))
    yield from _answered(one)


def _answered(one: Running) -> Iterator[datetime]:
    course = one.scene.course
    fixed = "not_fixed" if course == "unhappy" else "fixed"
    contact = "none" if one.scene.identity is Identity.ANONYMOUS else "phone"
    why = one.said("why") if fixed == "not_fixed" else ""
    one.unit("answer", reply=one.answer_words(), fixed=fixed, contact=contact, why=why)
    if course in ("redone", "again"):
        yield one.later(1)
        if course == "redone":
            one.centre("redo", limit=one.limit, reason=one.said("redone"))
        else:
            one.act("ask_again", one.party, {"more": one.said("again")})
        yield one.later(1)
        one.unit("answer", reply=one.answer_words(), fixed="fixed", contact=contact)
    if one.scene.stops == "answered":
        if course == "unreached":
            yield one.soon()
            one.centre("not_reached", second=True)
        return
    if course == "unreasonable":
        yield one.soon()
        one.centre("propose_unreasonable", reason=one.said("unreasonable"))
        yield one.soon()
        one.centre("confirm_unreasonable", second=True, reason=one.said("unreasonable"))
    yield from _called_back(one)


def _called_back(one: Running) -> Iterator[datetime]:
    course = one.scene.course
    if course == "unreached" or one.scene.identity is Identity.ANONYMOUS:
        for _ in range(3):
            yield one.soon()
            one.centre("not_reached", second=True)
        yield one.soon()
        one.centre("close_unreached", second=True)
        return
    yield one.later(1) if one.choices.happens(40) else one.soon()
    unhappy = course in ("unhappy", "unreasonable")
    one.centre(
        "call_back",
        second=True,
        satisfied="not" if unhappy else one.choices.choice(["satisfied", "satisfied", "basically"]),
        confirmed="no" if unhappy else "yes",
        note=one.said("unhappy") if unhappy else "",
    )
    if one.scene.publishes and not unhappy and one.text not in one.public:
        one.public.add(one.text)
        yield one.soon()
        one.centre("publish", question=one.text, answer=one.answer_words())
