"""The demo's tickets: which requests come when, and how each goes, as the script's section says.

`[[ticket.scene]]` class, kind, from_on, to_on, count, division, place, texts; `course`: plain, returned (the
unit sends it back, another gets it), redone (answered twice), unhappy, unreached, now (answered at once),
told (a legal channel, `way`), transferred, late; `stops`: the state in which it is left.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Final

from liuquan.casework import actions as casework
from liuquan.casework import queries as cases
from liuquan.hotline import actions, queries
from liuquan.hotline.types import KIND, Identity, Inlet, NewTicket, RequestKind
from liuquan.kernel.refusals import BadInput
from liuquan.kinds.types import Choices, Course, DemoStage, Player, Section
from liuquan.organisation import queries as organisation

COURSES: Final = frozenset(
    {"plain", "returned", "redone", "unhappy", "unreached", "now", "told", "transferred", "late"}
)
PUBLISHED_EVERY: Final = 3  #: of the answers that may be published, one in so many is
_FIRST_PERSON: Final = 120  #: serial of the first fictional requester, so that none is an applicant too


@dataclass(frozen=True)
class Scene:
    """Requests that are alike."""

    class_code: str
    kind: RequestKind
    from_on: date
    to_on: date
    texts: tuple[str, ...]
    division: str
    place: str = ""
    count: int = 1
    course: str = "plain"
    stops: str = ""
    inlet: Inlet = Inlet.PHONE
    identity: Identity = Identity.OPEN
    way: str = ""

    @property
    def publishes(self) -> bool:
        """Whether its answers may be published."""
        return self.identity is not Identity.CONFIDENTIAL and self.kind is not RequestKind.REPORT


@dataclass(frozen=True)
class Programme:
    """All scenes. `words`: what units and the centre write, by kind."""

    scenes: tuple[Scene, ...]
    words: Mapping[str, Sequence[str]]

    def courses(self, stage: DemoStage) -> list[Course]:
        numbered = [(at, scene, n) for at, scene in enumerate(self.scenes) for n in range(scene.count)]
        return [
            _played(Running(stage, scene, serial, stage.choices(KIND, at, n), self.words))
            for serial, (at, scene, n) in enumerate(numbered)
        ]


@dataclass
class Running:
    """One ticket on its way."""

    stage: DemoStage
    scene: Scene
    serial: int
    choices: Choices
    words: Mapping[str, Sequence[str]]
    number: str = ""
    at: datetime = field(default=datetime.min.replace(tzinfo=UTC))

    def begin(self) -> datetime:
        """A day between the first and the last of the scene."""
        days = (self.scene.to_on - self.scene.from_on).days
        on = date.fromordinal(self.scene.from_on.toordinal() + self.choices.between(0, max(days, 0)))
        self.at = self.stage.on_day(min(on, self.stage.ends_on), self.choices)
        return self.at

    def register(self) -> None:
        centre, scene = queries.centre(), self.scene
        by = self.stage.authorised("ticket.register", body_code=centre, subject_code="", at=self.at)
        anonymous = scene.identity is Identity.ANONYMOUS
        new = NewTicket(
            request_kind=scene.kind,
            class_code=scene.class_code,
            text=self.text,
            inlet=scene.inlet,
            division=scene.division,
            place=scene.place,
            identity=scene.identity,
            requester="" if anonymous else self.stage.person(_FIRST_PERSON + self.serial, by=by, at=self.at),
        )
        outcome = actions.register(new, by=by, now=self.at)
        self.number = outcome.number
        self.stage.done(outcome, at=self.at)

    @property
    def text(self) -> str:
        return self.scene.texts[self.serial % len(self.scene.texts)]

    def centre(self, action: str, *, second: bool = False, **data: object) -> None:
        """An act of the hotline centre."""
        self._act(action, queries.centre(), int(second), data)

    def unit(self, action: str, **data: object) -> None:
        """An act of the unit that has it."""
        self._act(action, cases.read(self.number).body_code, 0, data)

    def soon(self) -> datetime:
        self.at = self.stage.soon(self.at, self.choices)
        return self.at

    def later(self, days: int) -> datetime:
        self.at = self.stage.days_later(self.at, days, self.choices)
        return self.at

    def said(self, kind: str) -> str:
        return self.choices.choice(self.words[kind])

    def listed(self) -> str:
        """The body that the catalogue names first for this class in this place."""
        found = queries.suggestions(self.scene.class_code, self.scene.division, on=self.at.date())
        return found[0].body_code

    def other(self) -> str:
        """A body that the catalogue does not name."""
        centre = queries.centre()
        bodies = [one.code for one in organisation.bodies(on=self.at.date())]
        named = {self.listed(), centre}
        return next(code for code in bodies if code not in named and self.stage_has(code))

    def stage_has(self, code: str) -> bool:
        """Whether somebody of this body may sign tickets."""
        register = organisation.authorisation_register(
            on=self.at.date(), body_code=code, item_code="", action="ticket.sign"
        )
        return bool(register)

    def _act(self, action: str, body: str, place: int, data: Mapping[str, Any]) -> None:
        by = self.stage.authorised(
            f"{KIND}.{action}", body_code=body, subject_code="", at=self.at, place=place
        )
        outcome = casework.perform(self.number, action, by=by, now=self.at, data=data)
        self.stage.done(outcome, at=self.at)


def _played(one: Running) -> Course:
    yield one.begin()
    one.register()
    match one.scene.course:
        case "now":
            yield one.soon()
            one.centre("answer_now", reply=one.said("now"))
        case "told":
            yield one.soon()
            one.centre("tell_way", way=one.scene.way)
        case "transferred":
            one.centre("transfer", service="120")
        case _:
            yield from _dispatched(one)


def _dispatched(one: Running) -> Iterator[datetime]:
    if one.scene.stops == "registered":
        return
    yield one.soon()
    limit = one.scene.kind.value
    if one.scene.course == "returned":
        one.centre("dispatch", body=one.other(), limit=limit, note=one.said("elsewhere"))
        yield one.soon()
        one.unit("return_ticket", ground="not_ours", reason=one.said("returned"))
        if one.scene.stops == "returned":
            return
        yield one.soon()
        one.centre("redispatch", body=one.listed(), limit=limit)
    else:
        one.centre("dispatch", body=one.listed(), limit=limit)
    if one.scene.stops == "dispatched":
        return
    yield one.soon()
    one.unit("sign")
    if one.scene.stops == "handling":
        return
    yield one.later(9 if one.scene.course == "late" else one.choices.between(1, 2))
    yield from _answered(one)


def _answered(one: Running) -> Iterator[datetime]:
    fixed = "not_fixed" if one.scene.course == "unhappy" else "fixed"
    why = {"why": one.said("why")} if fixed == "not_fixed" else {}
    one.unit("answer", reply=one.said("answered"), fixed=fixed, contact="phone", **why)
    if one.scene.course == "redone":
        yield one.later(1)
        one.centre("redo", limit=one.scene.kind.value, reason=one.said("redone"))
        yield one.later(1)
        one.unit("answer", reply=one.said("answered"), fixed="fixed", contact="phone")
    if one.scene.stops == "answered":
        return
    if one.scene.course == "unreached":
        for _ in range(3):
            yield one.soon()
            one.centre("not_reached", second=True)
        yield one.soon()
        one.centre("close_unreached", second=True)
        return
    yield one.later(1)
    unhappy = one.scene.course == "unhappy"
    one.centre(
        "call_back",
        second=True,
        satisfied="not" if unhappy else one.choices.choice(["satisfied", "satisfied", "basically"]),
        confirmed="no" if unhappy else "yes",
        note=one.said("unhappy") if unhappy else "",
    )
    if one.scene.publishes and not unhappy and one.serial % PUBLISHED_EVERY == 0:
        yield one.soon()
        one.centre("publish", question=one.text, answer=one.said("answered"))


def read(section: Section) -> Programme:
    """The programme that the script's section gives. Refuses a scene that names what is not there."""
    scenes = tuple(_scene(row, at, section.file) for at, row in enumerate(section.values.get("scene", ())))
    return Programme(scenes, section.values.get("words", {}))


def _scene(row: Mapping[str, Any], at: int, file: str) -> Scene:
    try:
        scene = Scene(
            **{
                **row,
                "class_code": row["class_code"],
                "kind": RequestKind(row["kind"]),
                "texts": tuple(row["texts"]),
                "inlet": Inlet(row.get("inlet", "phone")),
                "identity": Identity(row.get("identity", "open")),
            }
        )
    except (KeyError, TypeError, ValueError) as wrong:
        raise BadInput(f"{file} 的 [[ticket.scene]] 第{at + 1}场写法不对：{wrong}。") from wrong
    if scene.course not in COURSES:
        raise BadInput(f"{file} 的 [[ticket.scene]] 第{at + 1}场没有走法“{scene.course}”。")
    return scene


PLAYER = Player(
    read=read,
    to_follow=("handling", "answered", "closed"),
    to_try={
        "operator": "登记诉求，当场答复，转接紧急电话",
        "dispatcher": "派单，审核退单，催办督办，回访",
        "unit_contact": "签收，退单，申请延期，答复诉求人",
    },
)
