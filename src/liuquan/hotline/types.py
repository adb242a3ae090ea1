"""Values of the hotline. No Django, no database."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction
from typing import Final, Protocol

from liuquan.casework.types import Outcome
from liuquan.hotline.articles import ArticleGiven
from liuquan.kernel import shares

KIND: Final = "ticket"


class RequestKind(StrEnum):
    """What somebody wants. Cites: DB12/T 1438—2025 3.1"""

    CONSULT = "consult"
    HELP = "help"
    COMPLAINT = "complaint"
    REPORT = "report"
    SUGGESTION = "suggestion"
    PRAISE = "praise"

    @property
    def label(self) -> str:
        return {
            "consult": "咨询",
            "help": "求助",
            "complaint": "投诉",
            "report": "举报",
            "suggestion": "建议",
            "praise": "表扬",
        }[self]


class Inlet(StrEnum):
    """The way a request came in."""

    PHONE = "phone"
    WEB = "web"
    APP = "app"
    MAILBOX = "mailbox"
    WINDOW = "window"
    PROGRAMME = "programme"
    FORUM = "forum"

    @property
    def label(self) -> str:
        return {
            "phone": "电话",
            "web": "网站",
            "app": "手机应用",
            "mailbox": "信箱",
            "window": "大厅窗口",
            "programme": "行风热线节目",
            "forum": "网络论坛",
        }[self]


class Identity(StrEnum):
    """How far the requester is known: named; named, but kept from the handling unit; not at all."""

    OPEN = "open"
    CONFIDENTIAL = "confidential"
    ANONYMOUS = "anonymous"

    @property
    def label(self) -> str:
        return {"open": "实名", "confidential": "保密", "anonymous": "匿名"}[self]


URGENT: Final = "urgent"  #: the limit of what cannot wait, whatever the kind
#: the limits for an answer, by what is asked; `urgent` goes before the others
HANDLING: Final = {URGENT: "紧急事项", **{one.value: one.label for one in RequestKind}}


class Emergency(StrEnum):
    """Numbers that stay apart and get the call at once. Cites: 国办发〔2020〕53号"""

    POLICE = "110"
    FIRE = "119"
    MEDICAL = "120"
    TRAFFIC = "122"

    @property
    def label(self) -> str:
        return {"110": "110 报警", "119": "119 火警", "120": "120 急救", "122": "122 交通事故"}[self]


@dataclass(frozen=True)
class RequestClass:
    """A class of requests, with the class above it."""

    code: str
    name: str
    parent: str = ""
    words: tuple[str, ...] = ()  #: as people say it
    from_on: date | None = None  #: none: from the beginning
    to_on: date | None = None

    @property
    def is_top(self) -> bool:
        return not self.parent


UNFILED: Final = "unfiled"  #: the class of a request that nobody has filed yet: the centre does


@dataclass(frozen=True)
class CatalogueLine:
    """A line of the dispatch catalogue: whose duty a class is, in a division and those below it, and why.

    `division`: its code; empty for the whole city. `basis`: the document that gives the duty.
    """

    class_code: str
    body_code: str
    basis: str
    from_on: date
    to_on: date | None = None
    division: str = ""


@dataclass(frozen=True)
class LocalLimit:
    """A limit of this place. `key`: as in `terms`; `place`: whose rule it is. `extension`: the most by which
    it may be extended once, in its own unit; 0: not at all."""

    key: str
    amount: int
    unit: str
    place: str
    from_on: date
    to_on: date | None = None
    extension: int = 0


@dataclass(frozen=True)
class HotlineData:
    """The hotline of a pack: which body answers it, its classes, catalogue and limits."""

    source: str
    body_code: str
    classes: tuple[RequestClass, ...] = ()
    catalogue: tuple[CatalogueLine, ...] = ()
    limits: tuple[LocalLimit, ...] = ()
    articles: tuple[tuple[str, date, ArticleGiven], ...] = ()  #: number, reviewed on, article


@dataclass(frozen=True)
class Suggestion:
    """A body that a request may be dispatched to, and why."""

    body_code: str
    body_name: str
    reason: str


@dataclass(frozen=True)
class NewTicket:
    """A request as it is registered. `requester`: a party number, empty for an anonymous one. `title`,
    `place` and `text` are kept together, encrypted, as the matter of the case."""

    request_kind: RequestKind
    class_code: str
    text: str
    inlet: Inlet
    division: str
    title: str = ""
    place: str = ""
    identity: Identity = Identity.OPEN
    requester: str = ""
    is_urgent: bool = False
    may_publish: bool = True
    about_body: str = ""  #: the body that a report is about, which must not get it


@dataclass(frozen=True)
class Registered(Outcome):
    """What `register` did. `replayed`: the same key had made the ticket before; nothing happened now."""

    replayed: bool


@dataclass(frozen=True)
class Alike:
    """A ticket that says nearly the same. `share`: of the signature that both have in common, 0 to 1."""

    number: str
    class_name: str
    body_name: str
    state: str
    division: str
    received_at: datetime
    share: float


@dataclass(frozen=True)
class OpenRequest:
    """An open request that says nearly the same, as anybody may see it: nothing of its text, no person.
    `joined`: how many others were merged into it."""

    number: str
    class_name: str
    division_name: str
    body_name: str
    state: str
    received_at: datetime
    joined: int = 0


@dataclass(frozen=True)
class ShownRequest:
    """A request as other systems may list it: nothing of its words unless its answer was published, no
    person, no place but its division. `updated_at`: of its last state that is told."""

    number: str
    class_code: str
    class_name: str
    division: str
    division_name: str
    body_name: str
    state: str
    is_closed: bool
    received_at: datetime
    updated_at: datetime
    expected_at: datetime | None = None
    question: str = ""
    answer: str = ""


@dataclass(frozen=True)
class Submitted:
    """A request as it was taken in; `into`: the one that it was joined to."""

    number: str
    into: str = ""


@dataclass(frozen=True)
class Publication:
    """A question and its answer as the public reads them."""

    key: int
    question: str
    answer: str
    class_code: str
    class_name: str
    division: str
    division_name: str
    body_name: str
    received_at: datetime
    published_at: datetime


@dataclass(frozen=True)
class TicketView:
    """What a ticket holds beside its case."""

    number: str
    request_kind: RequestKind
    class_code: str
    class_name: str
    division: str
    inlet: Inlet
    identity: Identity
    is_urgent: bool
    may_publish: bool
    received_at: datetime
    state: str = ""
    body_code: str = ""
    returns: int = 0
    redone: int = 0
    into: str = ""  #: the ticket that it was merged into
    holds: tuple[str, ...] = field(default=())  #: the tickets merged into it


class CallOutcome(StrEnum):
    """What became of a call. A missed one and one that broke off wait to be called back."""

    TICKET = "ticket"
    ANSWERED = "answered"
    TRANSFERRED = "transferred"
    MISSED = "missed"
    DROPPED = "dropped"
    CALLED_BACK = "called_back"

    @property
    def label(self) -> str:
        return {
            "ticket": "已登记工单",
            "answered": "已解答",
            "transferred": "已转接紧急电话",
            "missed": "没有接到，待回拨",
            "dropped": "中途断线，待回拨",
            "called_back": "已回拨",
        }[self]


class SeatState(StrEnum):
    """What somebody at a seat is doing."""

    READY = "ready"
    TALKING = "talking"
    AFTER = "after"
    REST = "rest"
    AWAY = "away"

    @property
    def label(self) -> str:
        return {"ready": "空闲", "talking": "通话", "after": "整理", "rest": "小休", "away": "离席"}[self]


class PhoneEventKind(StrEnum):
    """What the phone system tells of a call."""

    ARRIVED = "arrived"
    ANSWERED = "answered"
    ENDED = "ended"
    DROPPED = "dropped"
    RECORDED = "recorded"
    THIRD = "third"


@dataclass(frozen=True)
class PhoneEvent:
    """One event of the phone system. `key`: unique; `line`: its id of the call; `seat`: of an answer;
    `digest`: the SHA-256 of a recording; `to`: who was joined as the third."""

    key: str
    kind: PhoneEventKind
    line: str
    at: datetime
    phone: str = ""
    seat: str = ""
    digest: str = ""
    to: str = ""


class PhoneSystem(Protocol):
    """What the hotline asks of a phone system; each raises `Unavailable` where it does not answer."""

    def transfer(self, line: str, to: str, *, now: datetime) -> None:
        """Put this call through to another number, at once."""

    def join(self, line: str, to: str, *, now: datetime) -> None:
        """Add a third to this call."""

    def recording(self, line: str) -> bytes:
        """The sound of a call, as WAV."""


@dataclass(frozen=True)
class CallView:
    """A call as the centre sees it, its number masked. `waited`: seconds until it was answered or ended."""

    number: str
    phone_masked: str
    arrived_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    seat: str
    staff_name: str
    outcome: CallOutcome | None
    ticket: str
    service: str
    third_party: str
    tries: int
    has_recording: bool
    waited: float | None = None
    is_late: bool = False  #: answered later than the limit allows

    @property
    def is_talking(self) -> bool:
        return self.answered_at is not None and self.ended_at is None


@dataclass(frozen=True)
class CallFigures:
    """Calls of a span, counted: `arrived` in it, of these `counted` (answered, or over), of these `connected`
    and of these `quick`, answered within `seconds`. `least`: the share that has to be connected."""

    arrived: int
    counted: int
    connected: int
    quick: int
    seconds: int
    least: Fraction
    citation: str

    @property
    def share(self) -> Fraction | None:
        """Of the calls that were connected; nothing before the first one."""
        return Fraction(self.connected, self.counted) if self.counted else None

    @property
    def is_enough(self) -> bool:
        return self.share is None or self.share >= self.least

    @property
    def share_text(self) -> str:
        """In percent, cut off and not rounded: what is below the mark never reads as if it reached it."""
        return percent(self.connected, self.counted)

    @property
    def quick_text(self) -> str:
        return percent(self.quick, self.connected)

    @property
    def least_text(self) -> str:
        return f"{float(self.least * 100):g}%"


@dataclass(frozen=True)
class ReplyFigures:
    """Requests of a day that came in writing: of `counted` (replied to, or over the limit) so many `within`
    it; `late`: the numbers of those that still wait, over the limit."""

    label: str
    limit_text: str
    counted: int
    within: int
    late: tuple[str, ...] = ()

    @property
    def share_text(self) -> str:
        return percent(self.within, self.counted)


def percent(part: int, whole: int) -> str:
    """A share in percent with one decimal, cut off; a dash where there is nothing to share."""
    found = shares.percent_cut_off(part, whole)
    return "—" if found is None else f"{found}%"


@dataclass(frozen=True)
class SeatView:
    """A seat, who sits there and what they do."""

    seat: str
    staff_name: str
    state: SeatState
    since_at: datetime


@dataclass(frozen=True)
class ShiftView:
    """A shift of the roster."""

    key: int
    staff_name: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class HandOverView:
    """A hand-over, without what was said."""

    number: str
    from_name: str
    handed_at: datetime
    to_call_back: int
    without_outcome: int
    to_name: str = ""
    taken_at: datetime | None = None


@dataclass(frozen=True)
class ClassSuggestion:
    """A class that a request may belong to. `reason`: what speaks for it, in words; `score`: of a model, in
    thousandths."""

    code: str
    name: str
    parent_name: str
    reason: str
    score: int | None = None


@dataclass(frozen=True)
class DraftOffered:
    """A form that its operator did not finish. `phone_masked`: of the call it belongs to, if any; `said`: its
    first words."""

    key: int
    begun_at: datetime
    phone_masked: str = ""
    said: str = ""
