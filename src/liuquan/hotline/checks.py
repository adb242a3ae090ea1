"""What may happen to a ticket, as pure checks; each refuses with the sentence that says what to do.

The facts that `queries.facts` gathers: `filed` (kind and class now), `lines` of the catalogue for this class
and place, `levels` of the bodies that exist, `into` (the ticket to merge with), counts of returns and
calls, who answered, who proposed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from liuquan.casework.types import Given, Snapshot
from liuquan.clock import shanghai_day
from liuquan.hotline import legal_ways
from liuquan.hotline.terms import HANDLING_CLOCK, TicketTerms
from liuquan.hotline.types import HANDLING, URGENT, Emergency, Identity, RequestKind
from liuquan.kernel.refusals import BadInput, NotAllowed, WrongState
from liuquan.law import load_law

LEAST_REASON: Final = 10  #: characters of a reason that others have to judge
MOST_RETURNS: Final = 2  #: after which who is responsible is a dispute and goes to coordination
LEAST_CALLS: Final = 3  #: calls without an answer before a ticket is closed without one
GRASS_ROOTS: Final = 4  #: level of a division from which on a body is grass-roots: town, street, village

GROUNDS: Final = {
    "not_ours": "不属于本单位职责",
    "other_place": "不在本单位管辖的区域",
    "unclear": "诉求不清，无法办理",
    "legal_way": "应当通过法定途径解决",
}
FIXED: Final = {"fixed": "已解决", "not_fixed": "没有解决", "explained": "已解释说明"}
CONTACTS: Final = {"phone": "电话", "met": "当面", "message": "短信", "none": "诉求人没有留联系方式"}
SATISFIED: Final = {"satisfied": "满意", "basically": "基本满意", "not": "不满意"}
CONFIRMED: Final = {"yes": "诉求人认为已解决", "no": "诉求人认为没有解决"}
LEVELS: Final = {"call": "电话督办", "letter": "书面督办", "leader": "报领导督办"}


def is_confidential_to(case: Snapshot, body_code: str) -> bool:
    """Whether who asked is kept from this body: the centre alone knows a requester who asks for that.
    Cites: GB/T 33358—2016, 信访工作条例 第三十条"""
    own = case.own(TicketTerms)
    return own.identity != Identity.OPEN and body_code != case.terms.body_code


def goes_to_none_reported(given: Given) -> None:
    """Refuse (422) handing a report to the body that it is about. Cites: 信访工作条例 第三十条"""
    about = given.facts.get("about_body")
    chosen = [str(given.data.get("body") or ""), *map(str, given.data.get("bodies") or ())]
    if about and about in chosen:
        field = "body" if given.data.get("body") else "bodies"
        sentence = "本件反映的就是这个单位，举报的材料不能交给它，请派给它的上级或者有权处理的单位。"
        raise BadInput(sentence, citation="信访工作条例 第三十条", fields={field: sentence})


def reason_is_said(given: Given) -> None:
    """Refuse (422) a reason that others cannot judge."""
    said = str(given.data.get("reason") or "").strip()
    if len(said) < LEAST_REASON:
        sentence = f"请写明理由，至少{LEAST_REASON}个字，写清事实和依据。"
        raise BadInput(sentence, fields={"reason": sentence})


def fits_what_is_asked(given: Given) -> None:
    """Refuse (422) the limit of another kind of request than the ticket's; what cannot wait goes before."""
    said, kind = str(given.data.get("limit") or ""), given.facts["filed"]["request_kind"]
    if said not in (kind, URGENT):
        label = RequestKind(kind).label
        sentence = f"本件归类为{label}，请选“{label}”或者“{HANDLING[URGENT]}”的时限；归类不对的先更正归类。"
        raise BadInput(sentence, fields={"limit": sentence})


def files_anew(given: Given) -> None:
    """Refuse (422) a class that is none today or has others below it, and what is filed like this already."""
    filed = {name: str(given.data[name]) for name in ("request_kind", "class_code")}
    if filed["class_code"] not in given.facts["classes"]:
        sentence = "请从列出的归类中选择，选到第二级。"
    elif filed == given.facts["filed"]:
        sentence = "本件现在就是这个诉求类型和归类，不用更正；要改的请另选。"
    else:
        return
    raise BadInput(sentence, fields={"class_code": sentence})


def follows_the_catalogue(given: Given) -> None:
    """Refuse (422) another body than the catalogue's without a reason, and a grass-roots body for what the
    catalogue gives to a department. Cites: 国办函〔2025〕66号"""
    body, listed = str(given.data.get("body") or ""), [one["body"] for one in given.facts["lines"]]
    if body in listed:
        return
    if listed and given.facts["levels"].get(body, 0) >= GRASS_ROOTS:
        sentence = "派单目录规定这类诉求由部门办理，不能派给乡镇、街道或者村、社区，请选择目录里的单位。"
        raise BadInput(sentence, fields={"body": sentence})
    if len(str(given.data.get("note") or "").strip()) < LEAST_REASON:
        whose = "派单目录里没有这类诉求" if not listed else "这个单位不是派单目录规定的单位"
        sentence = f"{whose}，请写明为什么派给它，至少{LEAST_REASON}个字。"
        raise BadInput(sentence, fields={"note": sentence})


def goes_on_to_another(given: Given) -> None:
    """Refuse (422) handing a ticket to the centre, which handles none, and asking the unit that has it for
    help."""
    case = given.snapshot
    several = list(map(str, given.data.get("bodies") or ()))
    chosen, field = [*several, str(given.data.get("body") or "")], "bodies" if several else "body"
    if case.terms.body_code in chosen:
        sentence = "热线中心只派单和回访，自己不承办，请选择有这项职责的单位。"
    elif case.body_code in several:
        sentence = "本件现在就由这个单位办理，协办请选择另外的单位。"
    else:
        return
    raise BadInput(sentence, fields={field: sentence})


def unit_is_still_there(given: Given) -> None:
    """Refuse (409) leaving a ticket with a unit that exists no more."""
    if given.snapshot.body_code not in given.facts["levels"]:
        raise WrongState(f"{given.snapshot.body_name}已经撤销，不能再由它办理，请改派现在有这项职责的单位。")


def asks_no_grass_roots(given: Given) -> None:
    """Refuse (422) asking a grass-roots body for what the catalogue gives to the department that asks, and
    one that does not exist. A town whose duty it is may ask its villages. Cites: 国办函〔2025〕66号"""
    from_above = given.facts["levels"].get(given.snapshot.body_code, 0) < GRASS_ROOTS
    levels, listed = given.facts["levels"], {one["body"] for one in given.facts["lines"]}
    for body in given.data["bodies"]:
        if body not in levels:
            sentence = "没有这个单位，或者它今天已经撤销，请从列出的单位中选择。"
        elif levels[body] >= GRASS_ROOTS and body not in listed and listed and from_above:
            sentence = "派单目录规定这类诉求由部门办理，不能转给乡镇、街道或者村、社区，请由部门自己办理。"
        else:
            continue
        raise BadInput(sentence, fields={"bodies": sentence})


def may_still_return(given: Given) -> None:
    """Refuse (409) a return after its time, and one more after the last that is allowed."""
    until = given.facts.get("return_until")
    if until is None or given.now >= until:
        raise WrongState("退单时限已过，请办理；确实不属于本单位职责的，请与热线中心联系协调。")
    if given.facts.get("returns", 0) >= MOST_RETURNS:
        raise WrongState(f"本件已经退过{MOST_RETURNS}次，不能再退，职责有争议的由热线中心提请协调。")


def enough_calls(given: Given) -> None:
    """Refuse (409) closing without an answer before somebody was called often enough."""
    tries = int(given.facts.get("tries", 0))
    if tries < LEAST_CALLS:
        raise WrongState(f"回访没有接通{tries}次，至少{LEAST_CALLS}次以后才能办结，请另选时间再打。")


def by_somebody_else(given: Given) -> None:
    """Refuse (403) a call-back by whoever answered the request. Cites: 国办发〔2020〕53号"""
    if given.by.staff_id is not None and given.by.staff_id == given.facts.get("answered_by"):
        raise NotAllowed("本件由您答复，回访须由另一人进行，请转交同事。")


def note_for_the_dissatisfied(given: Given) -> None:
    """Refuse (422) a dissatisfied requester without what they said."""
    unhappy = given.data.get("satisfied") == "not" or given.data.get("confirmed") == "no"
    if unhappy and len(str(given.data.get("note") or "").strip()) < LEAST_REASON:
        sentence = "诉求人不满意或者认为没有解决的，请记下诉求人怎么说；是承办单位的原因的，请发回重办。"
        raise BadInput(sentence, fields={"note": sentence})


def not_yet_proposed(given: Given) -> None:
    """Refuse (409) proposing twice."""
    if given.facts.get("proposed_by"):
        raise WrongState("已经提请认定，等第二人认定。")


def judged_by_a_second(given: Given) -> None:
    """Refuse (409) where nobody proposed, (403) the one who did."""
    proposed = given.facts.get("proposed_by")
    if not proposed:
        raise WrongState("还没有人提请认定，请先提请。")
    if given.by.staff_id == proposed:
        raise NotAllowed("提请和认定不能是同一人，请由另一人认定。")


def merges_into_an_open_ticket(given: Given) -> None:
    """Refuse (422) a ticket that is not there, is over or is itself merged, and the ticket itself."""
    number, into = str(given.data.get("into") or "").strip(), given.facts.get("into")
    if number == given.snapshot.number:
        sentence = "不能并入自己，请填写另一件工单的编号。"
    elif into is None:
        sentence = "没有这件工单，请核对编号。"
    elif into["closed"] or into["into"]:
        sentence = "那件工单已经办结或者并入别的工单，请并入正在办理的那一件。"
    else:
        return
    raise BadInput(sentence, fields={"into": sentence})


def nobody_waits_with_it(given: Given) -> None:
    """Refuse (409) withdrawing a request that others were joined to: they would wait for nothing."""
    if held := int(given.facts.get("held", 0)):
        raise WrongState(
            f"另有{held}位诉求人反映同一件事，和本件一起等答复，本件不能撤回；不想再跟进的，回访时告诉热线中心就行。"
        )


def may_be_public(given: Given) -> None:
    """Refuse (409) publishing what the requester did not agree to, a report, and what is public already;
    (422) a question or an answer of a few words. Cites: 信访工作条例 第三十条"""
    facts = given.facts
    if facts["filed"]["request_kind"] == RequestKind.REPORT:
        raise WrongState("举报件不公开，请选择别的工单。", citation="信访工作条例 第三十条")
    if not facts["may_publish"]:
        raise WrongState("诉求人没有同意公开，本件的答复不能公开。")
    if facts["is_public"]:
        raise WrongState("本件的答复已经公开；要改的，先撤下再公开。")
    wrong = {
        name: f"{label}至少写{LEAST_REASON}个字。"
        for name, label in (("question", "公开的问题"), ("answer", "公开的答复"))
        if len(str(given.data.get(name) or "").strip()) < LEAST_REASON
    }
    if wrong:
        raise BadInput(next(iter(wrong.values())), fields=wrong)


def is_public_now(given: Given) -> None:
    """Refuse (409) taking back what is not public."""
    if not given.facts["is_public"]:
        raise WrongState("本件的答复没有公开，不用撤下。")


def whole_days(given: Given) -> int:
    """The days that were given, by a form as digits, by the API as a number; the engine took nothing else."""
    return int(str(given.data["days"]).strip())


def days_asked(given: Given) -> dict[str, Any]:
    return {"days": whole_days(given)}


def is_extendable_once(given: Given) -> None:
    """Refuse (422) more days than the limit allows."""
    days = whole_days(given)
    clock = given.snapshot.deadline(HANDLING_CLOCK)
    rule = clock.limit(given.snapshot.terms).extension if clock else None
    if rule is None:
        raise WrongState("本件的办理时限不能延长，请按期办理。")
    if not 1 <= days <= rule.amount:
        sentence = f"可以申请延长1至{rule.amount}个工作日。"
        raise BadInput(sentence, fields={"days": sentence})


def why_not_fixed(given: Given) -> None:
    """Refuse (422) "not fixed" without why."""
    if (
        given.data.get("fixed") == "not_fixed"
        and len(str(given.data.get("why") or "").strip()) < LEAST_REASON
    ):
        sentence = f"没有解决的，请写明为什么，至少{LEAST_REASON}个字；诉求人会看到。"
        raise BadInput(sentence, fields={"why": sentence})


def says_why_despite(given: Given) -> None:
    """Refuse (422) sending a questioned reply for a reason that nobody can judge."""
    said = str(given.data.get("why_despite") or "").strip()
    if said and len(said) < LEAST_REASON:
        sentence = f"请写明为什么不用改，至少{LEAST_REASON}个字；回访的人会看到。"
        raise BadInput(sentence, fields={"why_despite": sentence})


def quotes_what_holds(given: Given) -> None:
    """Refuse (422) quoting an article that is not there or does not hold, with who answers for it.
    Cites: GB/T 44191"""
    number, found = str(given.data.get("article") or "").strip(), given.facts.get("article")
    if not number:
        return
    sentence = found["refused"] if found else f"知识库里没有条目“{number}”，请核对编号，或者不引用。"
    if sentence:
        raise BadInput(sentence, citation="GB/T 44191", fields={"article": sentence})


def quoted_values(given: Given) -> dict[str, Any]:
    """The article that was quoted: number, version and source, and the words for whoever asked."""
    found = given.facts.get("article") if given.data.get("article") else None
    if not found:
        return {"article": "", "quoted": ""}
    return {
        "article": found["number"],
        "article_version": found["version"],
        "article_source": found["source"],
        "quoted": f"，依据{found['source']}（知识条目{found['number']}第{found['version']}版）",
    }


def texts(*names: str) -> Any:
    """Values of the act that only its handlers and, where they are told, the requester read."""
    return lambda given: {name: str(given.data[name]).strip() for name in names if given.data.get(name)}


def dispatch_values(given: Given) -> dict[str, Any]:
    """To whom, with which limit, and whether by the catalogue."""
    body, limit = str(given.data["body"]), str(given.data["limit"])
    line = next((one for one in given.facts["lines"] if one["body"] == body), None)
    return {
        "body_name": given.facts["names"].get(body, body),
        "limit": limit,
        "limit_label": HANDLING.get(limit, limit),
        "by_catalogue": line is not None,
        "grass_roots": given.facts["levels"].get(body, 0) >= GRASS_ROOTS,
        "basis": line["basis"] if line else "",
    }


def meeting(given: Given) -> dict[str, Any]:
    """The minutes of the joint meeting that decided who leads, if one did, and the words for the record."""
    minutes = str(given.data.get("meeting") or "").strip()
    return {"meeting": minutes, "decided": f"，依据联席会议纪要：{minutes}" if minutes else ""}


def redispatch_values(given: Given) -> dict[str, Any]:
    return {**dispatch_values(given), **meeting(given)}


def labelled(name: str, labels: Mapping[str, str]) -> Any:
    """A chosen value with its word."""

    def values(given: Given) -> dict[str, Any]:
        said = str(given.data.get(name) or "")
        return {name: said, f"{name}_label": labels.get(said, said)}

    return values


def way_values(given: Given) -> dict[str, Any]:
    """The channel, and what the law in force says of its limits."""
    way = str(given.data["way"])
    said = legal_ways.told(way, load_law(), on=shanghai_day(given.now))
    return {"way": way, "way_label": legal_ways.WAYS[way].label, "told": said}


def answer_values(given: Given) -> dict[str, Any]:
    return {
        **labelled("fixed", FIXED)(given),
        **labelled("contact", CONTACTS)(given),
        "despite": bool(str(given.data.get("why_despite") or "").strip()),
        "files": list(given.data.get("files") or ()),
    }


def call_values(given: Given) -> dict[str, Any]:
    return {**labelled("satisfied", SATISFIED)(given), **labelled("confirmed", CONFIRMED)(given)}


def filed_values(given: Given) -> dict[str, Any]:
    code, kind = str(given.data["class_code"]), str(given.data["request_kind"])
    return {
        "class_code": code,
        "class_name": given.facts["classes"][code],
        "request_kind": kind,
        "kind_label": RequestKind(kind).label,
    }


def files(given: Given) -> dict[str, Any]:
    return {"files": list(given.data.get("files") or ())}


def tries(given: Given) -> dict[str, Any]:
    """How many calls were not answered, this one with them."""
    return {"tries": int(given.facts.get("tries", 0)) + 1}


EMERGENCIES: Final = {one.value: one.label for one in Emergency}
