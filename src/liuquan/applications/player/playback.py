"""The course of one application from its receipt: a generator that yields the moment of its next act.

It resumes when the demo has reached that moment, and then takes the act. So a thousand applications are
played in the order of their acts, as they would have happened.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from liuquan.applications import actions
from liuquan.applications.player.scenes import Scene
from liuquan.applications.procedure import KIND
from liuquan.applications.rules import OTHER
from liuquan.casework import actions as casework_actions
from liuquan.casework import queries as casework
from liuquan.casework.types import Snapshot, StepKind, Upload
from liuquan.catalogue.types import ItemTerms, Necessity, ServiceObject
from liuquan.identifiers import FICTIONAL_PROVINCE, RESIDENT, resident_check
from liuquan.kernel.moments import today
from liuquan.kinds.types import Choices, Course, DemoStage
from liuquan.organisation.types import Actor, party_actor

#: applications received later than this are not finished on the same day
LAST_TO_COME = time(14, 40)
#: possible amounts of a reward, in yuan
_AMOUNTS = ("500", "1000", "2000", "3000")


@dataclass
class Case:
    """One application on its way. `sentences`: what people write, by its kind."""

    stage: DemoStage
    scene: Scene
    item: ItemTerms
    serial: int
    choices: Choices
    begins_on: date
    sentences: Mapping[str, Sequence[str]]
    matter: str = ""
    number: str = ""
    at: datetime = datetime.min.replace(tzinfo=UTC)

    @property
    def now(self) -> Snapshot:
        """The case as it stands."""
        return casework.read(self.number)

    @property
    def required(self) -> list[str]:
        """Keys of the materials that must be there at acceptance."""
        return [m.key for m in self.item.materials if m.necessity is Necessity.REQUIRED]

    def submit(self, materials: Sequence[str]) -> None:
        """Hand it in at a window or, with uploads, from a phone."""
        clerk, online = self._authorised("submit"), self.scene.online
        applicant = self._applicant(clerk)
        document = self.stage.document()
        outcome = actions.submit(
            item_code=self.item.item_code,
            applicant=applicant,
            by=party_actor(applicant) if online else clerk,
            now=self.at,
            channel="online" if online else "window",
            materials=() if online else materials,
            files_given=[Upload(key, f"{key}.pdf", document) for key in materials] if online else [],
            matter=self.matter,
        )
        self.number = outcome.number
        self.stage.done(outcome, at=self.at)

    def act(self, action: str, post: str = "", **data: object) -> None:
        """Take an act now, by the post named or by one that is authorised."""
        by = self.stage.actor(post, self.at) if post else self._authorised(action)
        outcome = casework_actions.perform(self.number, action, by=by, now=self.at, data=data)
        self.stage.done(outcome, at=self.at)

    def words(self, kind: str) -> str:
        """A sentence of the script."""
        return self.choices.choice(self.sentences[kind])

    def soon(self) -> datetime:
        """Move on by some minutes of office time."""
        self.at = self.stage.soon(self.at, self.choices)
        return self.at

    def by(self, on: date) -> datetime:
        """Move on to a day, or by some minutes when it is here already."""
        self.at = self.stage.on_day(on, self.choices) if on > today(self.at) else self.soon()
        return self.at

    def later(self, days: int) -> datetime:
        """Move on by working days."""
        self.at = self.stage.days_later(self.at, days, self.choices)
        return self.at

    def _authorised(self, action: str) -> Actor:
        item = self.item
        return self.stage.authorised(
            f"{KIND}.{action}",
            body_code=item.body_code,
            subject_code=item.item_code,
            at=self.at,
            place=self.serial,
        )

    def _applicant(self, by: Actor) -> str:
        """The party number of a person or firm, as the item is meant for."""
        is_person = ServiceObject.PERSON in self.item.service_objects
        register = self.stage.person if is_person else self.stage.firm
        return register(self.serial, by=by, at=self.at)


def play_application(case: Case) -> Course:
    """The whole course of one application, as far as its scene goes."""
    case.at = case.stage.on_day(case.begins_on, case.choices, last=LAST_TO_COME)
    yield case.at
    yield from _open(case)
    if case.scene.ending in ("not_needed", "not_ours") or case.scene.stops in ("received", "supplementing"):
        return
    yield from _examine(case)
    if case.now.state != "deciding" or case.scene.stops == "deciding":
        return
    yield from _decide(case)


def _open(case: Case) -> Course:
    """Receipt, and what the window decides."""
    required = case.required
    opening, ending = case.scene.opening, case.scene.ending
    complete = opening in ("accept", "corrected") or ending in ("not_needed", "not_ours")
    case.submit(required if complete else required[:1])
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
    yield case.later(case.choices.between(1, 3))
    case.act("notify_supplement", **_wanted(case, missing))
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
        case.act("notify_supplement", **_wanted(case, missing))
        yield case.later(3)
    case.act("receive_supplement", materials=missing)
    if case.scene.opening == "silent_supplement":
        yield from _wait_for_silence(case)
        return
    yield case.later(1)
    case.act("accept")


def _wait_for_silence(case: Case) -> Course:
    """Nobody acts until the limit has expired: then the sweeper records deemed acceptance."""
    clock = case.now.deadline("acceptance")
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
        case.act("withdraw_at_window", request=case.words("request"), reason=case.words("withdrawal"))
        return
    while not _is_left(case, now := case.now):
        yield from _next_step(case, now)


def _is_left(case: Case, now: Snapshot) -> bool:
    """Whether the examiners are done, or the scene leaves them here: before their last steps, or while the
    experts confer."""
    open_keys = {a.step for a in now.open_assignments}
    last = {step.key for step in now.terms.last_steps}
    stops = case.scene.stops
    return (
        not open_keys
        or (stops == "examining" and open_keys <= last)
        or (stops == "special" and bool(now.open_suspensions))
    )


def _next_step(case: Case, now: Snapshot) -> Course:
    """The open step that comes first; an expert review is notified before and registered after."""
    given = now.open_assignments[0]
    step = now.step(given.step)
    if step is None:
        return
    days = max(1, round(case.scene.pace * step.limit.amount)) if step.limit else 1
    if step.kind is StepKind.EXPERT_REVIEW:
        yield case.soon()
        until = case.stage.calendar.nth_working_day_after(today(case.at), days)
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
        yield case.by(case.stage.calendar.nth_working_day_after(today(given.opened_at), days))
    second = {"second_officer": case.stage.colleague(step.post_code, "examiner")} if step.officers > 1 else {}
    against = case.scene.ending == "refused"
    result = "disagree" if against else case.choices.choice(["agree"] * 4 + ["agree_with_conditions"])
    case.act(
        "complete_step",
        step.post_code,
        assignment=given.id,
        result=result,
        opinion=case.words("disagreement" if against else "opinion"),
        **({"proposed": case.sentences["conditions"][0]} if result == "agree_with_conditions" else {}),
        **second,
    )


def _decide(case: Case) -> Course:
    """Decision, publication, delivery; sent back once where the scene says so."""
    post = case.item.deciding_post_code
    if case.item.steps:
        yield case.later(1)
    else:
        yield case.soon()
    if case.scene.middle == "sent_back":
        case.act("send_back", post, reason=case.words("sent_back"))
        while (now := case.now).open_assignments:
            yield from _next_step(case, now)
        yield case.soon()
    refused = case.scene.ending == "refused"
    standard = next(iter(case.item.decision_standards), "")
    case.act(
        "refuse" if refused else "grant",
        post,
        standard=standard,
        reason=case.words("refusal" if refused else "grant"),
        **(_unmet(case, standard) if refused else _conditions(case)),
        **({} if refused or not case.item.amount_label else {"amount": case.choices.choice(_AMOUNTS)}),
    )
    actions.publicise(case.number, now=case.at + timedelta(seconds=20))
    if case.scene.stops == "granted":
        return
    yield case.soon() if not case.item.steps else case.later(case.choices.between(1, 4))
    way = case.choices.choice(["pick_up", "pick_up", "post", "electronic"])
    case.act("deliver", way=way, **_received(case, way))


def _unmet(case: Case, standard: str) -> Mapping[str, Any]:
    """What a refusal says is not met, and what was found about it."""
    found = case.sentences["disagreement"][0]
    return {"unmet": [standard], "found": {standard: found}} if standard else {}


def _wanted(case: Case, missing: Sequence[str]) -> Mapping[str, Any]:
    """A one-time notice: what it names, and what is wanted of each."""
    remarks, wanted = case.words("remarks"), case.sentences["requirements"]
    texts = {key: wanted[place % len(wanted)] for place, key in enumerate(missing)}
    return {"items": missing, "requirements": texts, "remarks": remarks}


def _conditions(case: Case) -> Mapping[str, Any]:
    """A decision takes over what an examiner proposed."""
    if all(one.result != "agree_with_conditions" for one in case.now.assignments):
        return {}
    return {"taken": "take", "conditions": case.sentences["conditions"][0]}


def _received(case: Case, way: str) -> Mapping[str, Any]:
    """Who received a result, by a number of nobody: somebody sent by the applicant."""
    if way == "electronic":
        return {"sent_to": "申请人登记的手机"}
    if way == "post":
        return {"received_by": "applicant", "receiver": "申请人本人", "waybill": f"YS{case.serial:08d}"}
    first = f"{FICTIONAL_PROVINCE}010119900101{case.serial % 1000:03d}"
    number = first + resident_check(first)
    sent = {"received_by": OTHER, "authority": "申请人委托的人，凭签名或者盖章的授权委托书"}
    return {**sent, "receiver": "申请人委托的人", "credential_kind": RESIDENT, "credential": number}
