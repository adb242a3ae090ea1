"""Rows of a ticket by which others are told: who waits with it, and everybody."""

from __future__ import annotations

from typing import Any

from liuquan.casework.effects import Mark, Stop
from liuquan.casework.types import Field, FieldKind, Given, Transition, Who
from liuquan.hotline import checks
from liuquan.hotline.terms import DISPATCH
from liuquan.hotline.types import KIND


def _row(
    action: str, label: str, sources: tuple[str, ...], target: str | None, *who: Who, event: str, **more: Any
) -> Transition:
    return Transition(action, label, sources, target, who, f"{KIND}.{event}", **more)


_TOLD = Field("reply", "答复内容", FieldKind.LONG)
_SERVED_BY = Field("served_by", "由哪个单位办理", required=False)


def _told_values(given: Given) -> dict[str, Any]:
    """With which ticket, and which body handled it: a review of the service goes there."""
    return {
        "into": str(given.facts["merged_into"]),
        "served_by": str(given.data.get("served_by") or ""),
    }


_REASON = Field("reason", "理由", FieldKind.LONG, help="写明事实和依据")

TOLD_ROWS = (
    _row(
        "join",
        "一并办理",
        ("registered",),
        "merged",
        Who.SYSTEM,
        event="joined",
        fields=(Field("into", "并入工单"),),
        guards=(checks.merges_into_an_open_ticket,),
        effects=(Stop(DISPATCH), Mark("closed", "merged")),
        public=lambda given: {"into": str(given.data["into"]).strip()},
    ),
    _row(
        "tell_with",
        "随主单告知",
        ("merged",),
        None,
        Who.SYSTEM,
        event="told_with",
        fields=(_TOLD, _SERVED_BY),
        effects=(Mark("decided", "answered"),),
        public=_told_values,
        private=checks.texts("reply"),
    ),
    _row(
        "end_with",
        "随主单了结",
        ("merged",),
        None,
        Who.SYSTEM,
        event="ended_with",
        fields=(_TOLD, _SERVED_BY),
        effects=(Mark("decided", "ended"),),
        public=_told_values,
        private=checks.texts("reply"),
    ),
    _row(
        "move_with",
        "随主单并入",
        ("merged",),
        None,
        Who.SYSTEM,
        event="moved_with",
        fields=(Field("into", "并入工单"),),
        public=lambda given: {"into": str(given.data["into"]).strip()},
    ),
    _row(
        "publish",
        "公开答复",
        ("answered", "closed"),
        None,
        Who.RECEIVER,
        event="published",
        cites=("政府信息公开条例 第十五条",),
        fields=(
            Field(
                "question", "公开的问题", FieldKind.LONG, help="改写成别人看得懂的一两句话，不写是谁、住哪里"
            ),
            Field("answer", "公开的答复", FieldKind.LONG, help="姓名、手机和证件号码会自动隐去，原文另存"),
        ),
        guards=(checks.may_be_public,),
        private=checks.texts("question", "answer"),
    ),
    _row(
        "unpublish",
        "撤下公开的答复",
        ("answered", "closed"),
        None,
        Who.RECEIVER,
        event="unpublished",
        fields=(_REASON,),
        guards=(checks.reason_is_said, checks.is_public_now),
        private=checks.texts("reason"),
    ),
)
