"""Rows of a ticket that its requester takes: more to say, not settled, withdrawn."""

from __future__ import annotations

from typing import Any, Final

from liuquan.casework.effects import CloseChildren, Mark, Start, Stop
from liuquan.casework.types import Field, FieldKind, Transition, Who
from liuquan.hotline import checks, options
from liuquan.hotline.terms import AGAIN, CALLBACK, HANDLING_CLOCK
from liuquan.hotline.types import KIND


def _row(
    action: str, label: str, sources: tuple[str, ...], target: str | None, *who: Who, event: str, **more: Any
) -> Transition:
    return Transition(action, label, sources, target, who, f"{KIND}.{event}", **more)


FILES: Final = Field(
    "files", "照片或者文件", FieldKind.FILES, options=options.photos, required=False, only_uploads=True
)
_MORE: Final = Field("more", "补充什么", FieldKind.LONG)
_UNANSWERED: Final = ("registered", "dispatched", "handling", "returned", "disputed")

PARTY_ROWS: Final = (
    _row(
        "add",
        "补充说明",
        _UNANSWERED,
        None,
        Who.PARTY,
        event="added",
        fields=(_MORE, FILES),
        public=checks.files,
        private=checks.texts("more"),
    ),
    _row(
        "ask_again",
        "没有解决，再次反映",
        ("answered",),
        "handling",
        Who.PARTY,
        event="asked_again",
        fields=(_MORE, FILES),
        effects=(Stop(CALLBACK), Start(HANDLING_CLOCK, AGAIN), Mark("decided", AGAIN)),
        public=checks.files,
        private=checks.texts("more"),
    ),
    _row(
        "withdraw",
        "撤回诉求",
        _UNANSWERED,
        "withdrawn",
        Who.PARTY,
        event="withdrawn",
        fields=(Field("reason", "撤回的原因", FieldKind.LONG, required=False),),
        guards=(checks.nobody_waits_with_it,),
        effects=(CloseChildren("call_off"), Mark("closed", "withdrawn")),
        private=checks.texts("reason"),
        confirm="撤回后本件不再办理，确定吗？",
    ),
)
