"""What binds a ticket from its registration: the local limits, and what it was registered as. Pure.

Limits of the hotline are local: those of the pack in force on the day, each with the place whose rule it is.
`dispatch` the centre's time to dispatch; `sign` the unit's to sign; `return` how long a unit may say that it
is not its duty, `return_review` the centre's time to decide that; `coordination` of a dispute; `callback`
after the answer; `again` the unit's time for what was not settled; `handling:…` the unit's time to answer,
by what is asked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from liuquan.casework.types import Counting, ListedMaterial, OwnTerms, Terms
from liuquan.clock import Extension, Limit, Unit
from liuquan.hotline.types import HANDLING, LocalLimit, NewTicket, RequestClass

DISPATCH, SIGN, REVIEW = "dispatch", "sign", "return_review"
RETURN = "return"  #: the limit of a right, which is no clock of a duty
COORDINATION, CALLBACK, HANDLING_CLOCK = "coordination", "callback", "handling"
PHOTO: Final = "photo"  #: what may come with a request or an answer
AGAIN = "again"  #: the limit, not the clock, of what somebody says was not settled
LABELS: Final = {
    DISPATCH: "派单时限",
    SIGN: "签收时限",
    REVIEW: "退单审核时限",
    COORDINATION: "争议协调时限",
    CALLBACK: "回访时限",
    HANDLING_CLOCK: "办理时限",
}
#: every limit that a place has to set, with its name
NEEDED: Final = {
    **{key: label for key, label in LABELS.items() if key != HANDLING_CLOCK},
    RETURN: "退单时限",
    AGAIN: "再次反映的办理时限",
    **{f"{HANDLING_CLOCK}:{key}": f"办理时限（{label}）" for key, label in HANDLING.items()},
}


@dataclass(frozen=True, kw_only=True)
class TicketTerms(OwnTerms):
    """What a ticket was registered as. What it is filed under now stands in its own row."""

    request_kind: str
    class_name: str
    inlet: str = "phone"
    identity: str = "open"
    is_urgent: str = ""  #: "yes" for what cannot wait


def limit(line: LocalLimit) -> Limit:
    """The limit of this line of the pack."""
    unit = Unit(line.unit)
    extension = Extension(line.extension, unit, approver="body_itself") if line.extension else None
    return Limit(
        line.amount, unit, label=NEEDED[line.key], extension=extension, profile=line.place, source=line.key
    )


def ticket_terms(
    new: NewTicket,
    filed: RequestClass,
    lines: Iterable[LocalLimit],
    *,
    body_code: str,
    body_name: str,
    counting: Counting,
    warn_share: str,
) -> Terms:
    """The terms of this request under the limits in force on its day, taken in by this body."""
    own = TicketTerms(
        body_name=body_name,
        request_kind=new.request_kind.value,
        class_name=filed.name,
        inlet=new.inlet.value,
        identity=new.identity.value,
        is_urgent="yes" if new.is_urgent else "",
        materials=(ListedMaterial(PHOTO, "照片或者文件", "optional"),),
    )
    return Terms(
        subject_code=filed.code,
        subject_name=filed.name,
        body_code=body_code,
        limits={line.key: limit(line) for line in lines},
        warn_share=warn_share,
        counting=counting,
        receiver_clocks=(DISPATCH, REVIEW, COORDINATION, CALLBACK),
        extra=own.to_stored(),
    )
