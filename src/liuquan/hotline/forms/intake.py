"""What the operator typed on the screen, and what is wrong with it before anything is done."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from django.http import HttpRequest

from liuquan.hotline import actions
from liuquan.hotline.queries import articles
from liuquan.hotline.types import Emergency, Identity, Inlet, NewTicket, RequestKind, Suggestion
from liuquan.kernel.refusals import BadInput

#: what may follow, in the order of the buttons: act → (button, key)
DECISIONS: Final = {
    "register": ("登记", "1"),
    "dispatch": ("登记并派单", "2"),
    "answer_now": ("当场答复", "3"),
    "tell_way": ("告知法定途径", "4"),
}
#: one press, at once: number → key
EMERGENCIES: Final = {
    Emergency.POLICE: "6",
    Emergency.FIRE: "7",
    Emergency.MEDICAL: "8",
    Emergency.TRAFFIC: "9",
}
JOIN: Final = "join:"
TRANSFER: Final = "transfer:"
SHORTEST_REPLY: Final = 4
#: an article as it is chosen from the list (ZS00003 第2版 …) or typed (ZS00003)
_ARTICLE: Final = re.compile(r"\s*([A-Za-z0-9]{1,12})(?:\s*第\s*([0-9]{1,4})\s*版)?(?:\s.*)?", re.DOTALL)
TEXTS: Final = (
    "phone",
    "name",
    "identity",
    "request_kind",
    "class_code",
    "division",
    "place",
    "title",
    "text",
    "about_body",
    "inlet",
    "reply",
    "article",
    "way",
    "call",
    "confirmed",
)
TICKS: Final = ("is_urgent", "may_publish")
#: what an empty screen says already; the kind, which decides the time to answer, and consent are for people
FRESH: Final = {"identity": "open", "inlet": "phone"}


@dataclass(frozen=True)
class Intake:
    """One filled-in screen."""

    key: str
    texts: Mapping[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        return self.texts.get(name, "")

    @property
    def said(self) -> str:
        """The text as tickets are compared by it."""
        return f"{self['title']}{self['text']}{self['place']}"

    @property
    def article(self) -> tuple[str, int | None]:
        """The number of the article to be quoted, and the version that was read; what is none as typed."""
        found = _ARTICLE.fullmatch(self["article"])
        if found is None:
            return self["article"], None
        return found[1].upper(), int(found[2]) if found[2] else None


def fresh(values: Mapping[str, str] | None = None) -> Intake:
    """An empty screen with a key of its own, or one with these values."""
    return Intake(str(uuid.uuid4()), {**FRESH, **(values or {})})


def read(request: HttpRequest) -> Intake:
    """The screen as it was sent. An invalid key is replaced: it did not come from our form."""
    post = request.POST
    try:
        key = str(uuid.UUID(post.get("submission_key", "")))
    except ValueError:
        key = str(uuid.uuid4())
    texts = {name: post.get(name, "").strip() for name in TEXTS}
    texts |= {name: "yes" if name in post else "" for name in TICKS}
    if picked := post.get("pick", ""):
        texts["class_code"] = picked
    return Intake(key, texts)


def new_ticket(given: Intake, requester: str) -> NewTicket:
    """The request as it is registered. Refuses (422) a choice that is none."""
    try:
        kind, identity = RequestKind(given["request_kind"]), Identity(given["identity"])
        inlet = Inlet(given["inlet"])
    except ValueError as wrong:
        raise BadInput("请选择诉求类型、实名或者匿名、渠道。") from wrong
    return NewTicket(
        request_kind=kind,
        class_code=given["class_code"],
        text=given["text"],
        inlet=inlet,
        division=given["division"],
        title=given["title"],
        place=given["place"],
        identity=identity,
        requester=requester,
        is_urgent=bool(given["is_urgent"]),
        may_publish=bool(given["may_publish"]),
        about_body=given["about_body"],
    )


def check(given: Intake, decision: str, first: Suggestion | None, on: date) -> None:
    """Refuse (422, every field at once) what the acts would refuse on this day, before anything is written.
    `first`: the body that the catalogue names."""
    wrong: dict[str, str] = {}
    if given["identity"] != Identity.ANONYMOUS:
        wrong |= {} if given["name"] else {"name": "请填写诉求人的姓名，不愿意留的选“匿名”。"}
        wrong |= {} if given["phone"] else {"phone": "请填写手机号码，不愿意留的选“匿名”。"}
    wrong |= _of_decision(given, decision, first)
    if decision == "answer_now" and (refused := _not_quoted(given, on)):
        wrong["article"] = refused
    try:
        actions.check(new_ticket(given, ""), on, is_named=given["identity"] != Identity.ANONYMOUS)
    except BadInput as refusal:
        wrong |= refusal.fields or {"request_kind": refusal.sentence}
    if wrong:
        raise BadInput("还没有登记：请改正下面标出的内容，再按一次。", fields=wrong)


def _of_decision(given: Intake, decision: str, first: Suggestion | None) -> dict[str, str]:
    if decision == "answer_now" and len(given["reply"]) < SHORTEST_REPLY:
        return {"reply": "请写下答复的内容，按 Alt+3 时要用。"}
    if decision == "tell_way" and not given["way"]:
        return {"way": "请选择应当通过哪种途径，按 Alt+4 时要用。"}
    if decision == "dispatch" and given["class_code"]:
        if first is None:
            return {"decide": "派单目录里没有这一类的承办单位，请按 Alt+1 登记，由派单人员派单。"}
        if given["about_body"] and first.body_code == given["about_body"]:
            return {"decide": "派单目录规定的单位就是被反映的单位，请按 Alt+1 登记，由派单人员派单。"}
    return {}


def _not_quoted(given: Intake, on: date) -> str:
    """Why the article may not be quoted today, or not in the version that was read; empty where it may.
    Cites: GB/T 44191"""
    number, version = given.article
    found = articles.quoted(number, on=on) if number else None
    if not number:
        return ""
    if found is None:
        return f"知识库里没有条目“{number[:20]}”，请从列出的条目里选择，或者不引用。"
    if not found["refused"] and version not in (None, found["version"]):
        return f"知识条目{number}现在是第{found['version']}版，不是第{version}版，请看过现行的版本再引用。"
    return str(found["refused"])
