"""What other modules see of the organisation: who acts, what a post may do, and the data a pack brings.

Frozen values, no Django. Dates are days in Asia/Shanghai; a range is half-open: `to_on` is the first day on
which the row no longer holds, `None` means until further notice.
"""

from liuquan.organisation.types.actors import (
    EVERY_ITEM,
    PUBLIC,
    ROLES,
    SYSTEM,
    Actor,
    ActorKind,
    MandateTerm,
    party_actor,
)
from liuquan.organisation.types.data import (
    BodyData,
    Complaint,
    CoverData,
    DivisionData,
    HoldingData,
    Known,
    MandateData,
    OrganisationData,
    PostData,
    SealData,
    StaffData,
    UnitData,
)
from liuquan.organisation.types.views import (
    BodyView,
    CalendarReport,
    Colleague,
    DivisionView,
    HeldPost,
    LoadReport,
    NoticeView,
    PostDutySheet,
    PostView,
    RegisterLine,
    SealView,
    Tally,
)

__all__ = [
    "Actor",
    "ActorKind",
    "BodyData",
    "BodyView",
    "Colleague",
    "CalendarReport",
    "Complaint",
    "CoverData",
    "DivisionData",
    "DivisionView",
    "EVERY_ITEM",
    "HeldPost",
    "HoldingData",
    "Known",
    "LoadReport",
    "MandateData",
    "MandateTerm",
    "OrganisationData",
    "PUBLIC",
    "PostData",
    "PostDutySheet",
    "PostView",
    "ROLES",
    "RegisterLine",
    "SYSTEM",
    "SealData",
    "NoticeView",
    "SealView",
    "StaffData",
    "Tally",
    "UnitData",
    "party_actor",
]
