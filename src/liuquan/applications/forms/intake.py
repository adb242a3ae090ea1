"""What the clerk typed on the intake screen, and what is wrong with it before anything is done.

Everything that can be checked without writing is checked here, so that a typing error creates no case.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from django.http import HttpRequest, QueryDict

from liuquan.applications.rules import OUTSIDE
from liuquan.casework.types import LONGEST_TEXT
from liuquan.catalogue.types import ItemTerms, MaterialTerm, Necessity
from liuquan.kernel.refusals import BadInput
from liuquan.organisation.types import Actor
from liuquan.parties.types import Found

ONLY_RECEIVE: Final = "receive"
#: what may follow the receipt, in the order of the buttons: act → (button, key)
DECISIONS: Final = {
    "accept": ("受理", "1"),
    "accept_corrected": ("当场更正后受理", "2"),
    "notify_supplement": ("一次性告知补正", "3"),
    "refuse_not_needed": ("不予受理：不需要许可", "4"),
    "refuse_not_ours": ("不予受理：不属本机关", "5"),
    ONLY_RECEIVE: ("只收件", "6"),
}
_ACCEPTING: Final = frozenset({"accept", "accept_corrected"})
_REFUSING: Final = frozenset({"refuse_not_needed", "refuse_not_ours"})
_SHORTEST_REASON: Final = 4
_WANTED: Final = "requirements."  #: begins the names of the lines that say what is wanted of each material
_TEXTS: Final = (
    "id_number",
    "name",
    "phone",
    "agent_id_number",
    "agent_name",
    "agent_phone",
    "q",
    "item",
    "matter",
    "corrections",
    "remarks",
    "reason",
    "refer_to",
    "outside_body",
    "confirmed",
    "again",
)


@dataclass(frozen=True)
class Intake:
    """One filled-in screen."""

    key: str
    texts: Mapping[str, str] = field(default_factory=dict)
    materials: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    requirements: Mapping[str, str] = field(default_factory=dict)  #: what is wanted of a material, by its key
    scanned: frozenset[str] = frozenset()
    tick_all: bool = False

    def __getitem__(self, name: str) -> str:
        return self.texts.get(name, "")

    @property
    def there(self) -> frozenset[str]:
        """Materials that are on the counter: ticked or scanned."""
        return frozenset(self.materials) | self.scanned


def fresh(given: QueryDict) -> Intake:
    """An empty screen with a key of its own; an item may be named in the address."""
    return Intake(str(uuid.uuid4()), {"item": given.get("item", ""), "q": given.get("q", "")})


def read(request: HttpRequest, kept: Iterable[str] = ()) -> Intake:
    """The screen as it was sent; `kept`: materials whose scans an earlier try has kept. An invalid key is
    replaced: it did not come from our form."""
    post = request.POST
    try:
        key = str(uuid.UUID(post.get("submission_key", "")))
    except ValueError:
        key = str(uuid.uuid4())
    return Intake(
        key=key,
        texts={name: post.get(name, "").strip() for name in _TEXTS},
        materials=tuple(post.getlist("materials")),
        items=tuple(post.getlist("items")),
        requirements={
            name.removeprefix(_WANTED): post.get(name, "").strip()
            for name in post
            if name.startswith(_WANTED)
        },
        scanned=frozenset(name.removeprefix("file_") for name in request.FILES) | frozenset(kept),
        tick_all=post.get("tick") == "all",
    )


def referred(intake: Intake, bodies: Sequence[str]) -> Intake:
    """The same with the body that does what was asked for, if nobody was chosen and there is one such body
    outside the centre."""
    if intake["refer_to"] or len(bodies) != 1:
        return intake
    return replace(intake, texts={**intake.texts, "refer_to": OUTSIDE, "outside_body": bodies[0]})


def missing(item: ItemTerms, there: frozenset[str]) -> list[MaterialTerm]:
    """Required materials that are not on the counter, in the order of the list."""
    return [m for m in item.materials if m.necessity is Necessity.REQUIRED and m.key not in there]


def check(
    intake: Intake, decision: str, item: ItemTerms | None, people: Sequence[Found], actor: Actor
) -> ItemTerms:
    """The item, if the acts can go through; otherwise refuse (422, every field at once) what they would
    refuse, before anything is written."""
    errors = _people(intake, people)
    if item is None:
        errors["item"] = "请查找并选择要办的事项。"
    errors |= _words(intake, decision)
    errors |= {
        name: f"最多写{LONGEST_TEXT}字，请精简。"
        for name, text in intake.texts.items()
        if len(text) > LONGEST_TEXT
    }
    if item is not None:
        errors |= _materials(intake, decision, item)
        allowed = all(
            actor.may(f"application.{act}", item.item_code, item.body_code)
            for act in {"submit", decision} - {ONLY_RECEIVE}
        )
        if not allowed:
            label = DECISIONS[decision][0]
            errors["decide"] = f"您的岗位没有对本事项办理“{label}”的授权，可以只收件，转有授权的岗位办理。"
    if errors or item is None:
        raise BadInput("还没有办理：请改正下面标出的内容，再按一次。", fields=errors)
    return item


def check_is_ours(intake: Intake, elsewhere: Sequence[str]) -> None:
    """Refuse (422) a screen without an item where what was asked for is another body's, found or written by
    the clerk: nothing can be taken in or decided, so nothing else is asked either."""
    written = intake["outside_body"] if intake["refer_to"] == OUTSIDE else ""
    if elsewhere:
        bodies = "、".join(dict.fromkeys(elsewhere))
        sentence = f"本中心没有这件事，不用收件，也出不了书面决定：请告诉当事人找{bodies}。"
    elif written:
        sentence = (
            f"没有选择事项，出不了书面决定：本中心没有这件事的，不用收件，请告诉当事人找{written}；"
            "当事人要办的其实是本中心某一个事项的，请在上面查找、选择。"
        )
    else:
        return
    raise BadInput(sentence, fields={"item": sentence})


def _people(intake: Intake, people: Sequence[Found]) -> dict[str, str]:
    errors = {}
    for prefix, found in zip(("", "agent_"), people, strict=False):
        at_the_counter = found is people[-1]
        if found.error:
            errors[prefix + "id_number"] = found.error
        elif found.is_new and not intake[prefix + "name"]:
            errors[prefix + "name"] = "第一次来办事，请照证件填写姓名（名称）。"
        elif at_the_counter and _is_unverified(found) and not intake[prefix + "name"]:
            errors[prefix + "name"] = "网上登记的，还没有当面核验身份，请照证件原件填写姓名（名称）核对。"
        elif intake[prefix + "phone"] and not intake[prefix + "name"]:
            errors[prefix + "name"] = "要更新手机号，请照证件填写姓名（名称）核对。"
    if intake["agent_name"] and not intake["agent_id_number"]:
        errors["agent_id_number"] = "请填写代办人的证件号码。"
    return errors


def _is_unverified(found: Found) -> bool:
    return found.party is not None and not found.party.is_verified


def _words(intake: Intake, decision: str) -> dict[str, str]:
    errors = {}
    if decision == "accept_corrected" and not intake["corrections"]:
        errors["corrections"] = "请写明当场更正了什么。"
    if decision in _REFUSING and len(intake["reason"]) < _SHORTEST_REASON:
        errors["reason"] = "请写明理由（至少四个字），让申请人看得明白。"
    if decision == "refuse_not_ours" and not intake["refer_to"]:
        errors["refer_to"] = "请选择应当受理的机关。"
    if decision == "refuse_not_ours" and intake["refer_to"] == OUTSIDE and not intake["outside_body"]:
        errors["outside_body"] = "请写明机关的名称，申请人才知道去哪里申请。"
    return errors


def _materials(intake: Intake, decision: str, item: ItemTerms) -> dict[str, str]:
    lacking = missing(item, intake.there)
    if decision in _ACCEPTING and lacking:
        names = "、".join(m.name for m in lacking)
        return {"materials": f"还缺必要材料：{names}。收齐后勾选再受理，或者按 Alt+3 一次性告知补正。"}
    if decision == "notify_supplement" and not lacking and not intake.items:
        return {"materials": "必要材料都已勾选，没有需要补正的；有不合格的，请去掉它的勾再告知。"}
    return {}
