"""The ticket and the assistance as kinds of case of the tests: valid acts, each state, whoever opens them;
and what else there is of the hotline."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from liuquan.casework import actions as casework
from liuquan.casework import queries as cases
from liuquan.hotline import actions, queries
from liuquan.hotline.assist.procedure import PROCEDURE as ASSIST
from liuquan.hotline.changes import ChangeGiven, ChangeKind
from liuquan.hotline.procedure import PROCEDURE as TICKET
from liuquan.hotline.programmes import ProgrammeGiven, ProgrammeKind, QuestionGiven
from liuquan.hotline.types import Inlet, NewTicket, RequestKind
from liuquan.kernel import moments
from liuquan.organisation import actions as organisation
from liuquan.organisation.types import SYSTEM, Actor, BodyData, OrganisationData
from liuquan.testing.cases import ACTED, Kind
from liuquan.testing.cast import Cast

CITY_MANAGEMENT, HOUSING = "11990100MB9901083F", "11990100MB99010327"
MARKET = "11990100MB9901024C"
COUNTY = "11990121MB9901202W"  #: a bureau of a county, which only these cases have
OPENED = datetime(2026, 3, 9, 1, tzinfo=UTC)
_REASON = "经核实写明事实和依据，请按此办理。"
#: what each act is given; `into` and `assignment` are found when it is taken
GIVEN: Final[dict[str, dict[str, Any]]] = {
    "transfer": {"service": "120"},
    "answer_now": {"reply": "工作日可以到一层窗口办理。"},
    "tell_way": {"way": "petition"},
    "dispatch": {"body": CITY_MANAGEMENT, "limit": "complaint"},
    "redispatch": {"body": HOUSING, "limit": "complaint", "note": _REASON},
    "refile": {"request_kind": "help", "class_code": "0101", "reason": _REASON},
    "hand_down": {"body": COUNTY, "reason": _REASON},
    "return_ticket": {"ground": "not_ours", "reason": _REASON},
    "refuse_return": {"reason": _REASON},
    "dispute": {"reason": _REASON},
    "ask_extension": {"days": 2, "reason": _REASON},
    "extend": {"days": 2, "reason": _REASON},
    "ask_help": {"bodies": [MARKET], "what": "请查线路由谁养护。", "days": 1},
    "add": {"more": "今天还是不亮。"},
    "ask_again": {"more": "今天还是不亮。"},
    "remind": {"note": "请尽快办理。"},
    "supervise": {"level": "letter", "note": "请尽快办理。"},
    "answer": {"reply": "路灯不亮是灯具损坏，已经更换，今晚恢复照明。", "fixed": "fixed", "contact": "phone"},
    "redo": {"limit": "complaint", "reason": _REASON},
    "call_back": {"satisfied": "satisfied", "confirmed": "yes"},
    "propose_unreasonable": {"reason": _REASON},
    "confirm_unreasonable": {"reason": _REASON},
    "tell_with": {"reply": "已经更换灯具。"},
    "end_with": {"reply": "这件事应当通过信访解决。"},
    "publish": {
        "question": "门前的路灯几天不亮，请派人修好。",
        "answer": "已经到现场更换灯具，今晚恢复照明。",
    },
    "unpublish": {"reason": _REASON},
    "reply": {"done": "done", "reply": "已经查明。"},
    "give_back": {"reason": _REASON},
}
#: the acts that lead to each state of a ticket, and to each of an assistance after it was asked for
LEADS_TO: Final[dict[str, tuple[str, ...]]] = {
    "registered": (),
    "dispatched": ("dispatch",),
    "handling": ("dispatch", "sign"),
    "returned": ("dispatch", "return_ticket"),
    "disputed": ("dispatch", "return_ticket", "dispute"),
    "answered": ("dispatch", "sign", "answer"),
    "closed": ("dispatch", "sign", "answer", "call_back"),
    "told": ("tell_way",),
    "merged": ("merge",),
    "withdrawn": ("withdraw",),
    "asked": (),
    "working": ("sign",),
    "replied": ("sign", "reply"),
    "given_back": ("give_back",),
    "called_off": ("call_off",),
}
_BY: Final = {"sign": "unit_contact", "return_ticket": "unit_contact", "answer": "unit_contact"}
_HELPER: Final = "shixiaore"  #: the contact of the unit that is asked for help


def opened(cast: Cast, by: Actor) -> str:
    """A complaint registered by this actor, of the cast's applicant."""
    requester = by.party_number if by.kind == "party" else cast.applicant.party_number
    new = NewTicket(
        request_kind=RequestKind.COMPLAINT,
        class_code="0103",
        text="溪畔大道三十号门前的路灯不亮。",
        inlet=Inlet.PHONE,
        division="990102001000",
        requester=requester,
    )
    return actions.register(new, by=by, now=OPENED).number


def brought(cast: Cast, state: str) -> str:
    """A ticket in this state."""
    number = opened(cast, cast.staff("operator"))
    for action in LEADS_TO[state]:
        by = cast.applicant if action == "withdraw" else cast.staff(_BY.get(action, "dispatcher"))
        acted(cast, action, number, by)
    return number


def acted(cast: Cast, action: str, number: str, by: Actor) -> None:
    """Carry out an act on a ticket, after what it needs has been done by those whose part that is."""
    casework.perform(number, action, by=by, now=ACTED, data=ready(cast, action, number, by))


def ready(cast: Cast, action: str, number: str, by: Actor) -> dict[str, Any]:
    """What an act on a ticket is given, after what it needs has been done by somebody else than `by`."""
    data = dict(GIVEN.get(action, {}))
    second = cast.staff("rexiaopai" if by == cast.staff("rexiaofang") else "rexiaofang")
    if action in ("merge", "join", "move_with"):
        data["into"] = opened(cast, cast.staff("operator"))
    elif action == "hand_down":
        bureau = BodyData(COUNTY, "云上县城市管理局", "990121000000", date(2024, 1, 1), key="XCGJ")
        county = OrganisationData(source="county", bodies=(bureau,))
        organisation.load_organisation(county, by=SYSTEM, now=OPENED, complete=False)
    elif action == "confirm_unreasonable" and cases.read(number).state in ("answered", "closed"):
        casework.perform(number, "propose_unreasonable", by=second, now=ACTED, data=data)
    elif action == "close_unreached" and cases.read(number).state == "answered":
        for _ in range(3):
            casework.perform(number, "not_reached", by=second, now=ACTED)
    elif action == "unpublish" and cases.read(number).state in ("answered", "closed"):
        casework.perform(number, "publish", by=second, now=ACTED, data=GIVEN["publish"])
    return data


def asked(cast: Cast, by: Actor) -> str:
    """An assistance that was asked for; no actor opens one but with an act on a ticket."""
    number = brought(cast, "handling")
    casework.perform(number, "ask_help", by=by, now=ACTED, data=GIVEN["ask_help"])
    return cases.read(number).children[0].number


def helping(cast: Cast, state: str) -> str:
    """An assistance in this state."""
    number = asked(cast, cast.staff("unit_contact"))
    for action in LEADS_TO[state]:
        helped(cast, action, number, SYSTEM if action == "call_off" else cast.staff(_HELPER))
    return number


def helped(cast: Cast, action: str, number: str, by: Actor) -> None:
    """Carry out an act on an assistance."""
    casework.perform(number, action, by=by, now=ACTED + timedelta(minutes=1), data=GIVEN.get(action, {}))


#: not in the city shared by all tests: its counts are of applications
KINDS = (
    Kind(TICKET, opened, brought, acted, lasting=False),
    Kind(ASSIST, asked, helping, helped, lasting=False),
)


def furnish(cast: Cast, names: Mapping[str, str]) -> Mapping[str, str]:
    """`{change}`: it waits for a second person. `{mail}`: of a machine, it waits for one to look at it.
    `{programme}`: an interview with a question."""
    del names
    head = b"From: robot@example.com\r\nAuto-Submitted: auto-replied\r\nSubject: out of office\r\n\r\n"
    actions.take_mail(head + "休假中。".encode(), arrived_at=ACTED, now=ACTED)
    (mail,) = queries.mails.unregistered(by=cast.staff("operator"))
    given = ChangeGiven(
        ChangeKind.CLASS_NEW,
        {"code": "0105", "name": "井盖管理", "parent": "01", "words": ["井盖"]},
        "云溪市城市管理局三定方案（演示）",
        moments.today(ACTED) + timedelta(days=30),
    )
    change = actions.propose_change(given, by=cast.staff("rexiaopai"), now=ACTED)
    planned = ProgrammeGiven(
        ProgrammeKind.INTERVIEW, "城管局在线访谈", moments.today(ACTED), CITY_MANAGEMENT, "城小管，局长"
    )
    programme = actions.plan_programme(planned, by=cast.staff("operator"), now=ACTED)
    question = QuestionGiven("路灯坏了找谁修？", "0103", reply="城市照明由城管局负责。")
    actions.take_question(programme, question, by=cast.staff("operator"), now=ACTED)
    return {"change": change, "mail": mail.number, "programme": programme}
