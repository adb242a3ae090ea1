"""Rows of a ticket by which the unit that has it hands it down its own line."""

from __future__ import annotations

from typing import Any, Final

from liuquan.casework.effects import MoveBody, NeedsChildrenClosed, Start
from liuquan.casework.types import Asking, Field, FieldKind, Given, Option, Transition, Who
from liuquan.hotline import checks
from liuquan.hotline.queries import network
from liuquan.hotline.terms import SIGN
from liuquan.hotline.types import KIND
from liuquan.kernel.refusals import BadInput


def goes_down(given: Given) -> None:
    """Refuse (422) handing a ticket to a body that is not below the one that has it, and a grass-roots body
    handing what the catalogue does not give to it. Cites: 国办函〔2025〕66号"""
    levels, body = given.facts["levels"], str(given.data.get("body") or "").strip()
    if body not in levels:
        return  # the move says so itself
    listed = body in {one["body"] for one in given.facts["lines"]}
    if levels[body] <= levels.get(given.snapshot.body_code, 0):
        sentence = "只能交给下级单位；不属于本单位职责的请退单，要别的单位配合的请提请协办。"
    elif levels[body] >= checks.GRASS_ROOTS and not listed:
        sentence = "派单目录没有规定由这个单位办理，不能交给乡镇、街道或者村、社区，请由本单位办理。"
    else:
        return
    raise BadInput(sentence, fields={"body": sentence})


def below(asking: Asking) -> list[Option]:
    """The bodies that this ticket may be handed down to, those of the catalogue first."""
    return network.below(asking.snapshot, on=asking.on)


def _values(given: Given) -> dict[str, Any]:
    body = str(given.data["body"])
    return {"body_name": given.facts["names"].get(body, body)}


UNIT_ROWS: Final = (
    Transition(
        "hand_down",
        "交下级单位办理",
        ("handling",),
        "dispatched",
        (Who.POST,),
        f"{KIND}.handed_down",
        fields=(
            Field("body", "交给哪个下级单位", FieldKind.CHOICE, options=below),
            Field("reason", "理由", FieldKind.LONG, help="写明事实和依据；办理时限不变"),
        ),
        guards=(checks.reason_is_said, goes_down, checks.goes_to_none_reported),
        effects=(NeedsChildrenClosed(), MoveBody(keeps="following"), Start(SIGN, SIGN)),
        public=_values,
        private=checks.texts("reason"),
    ),
)
