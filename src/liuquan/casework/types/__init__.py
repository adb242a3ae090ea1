"""Values of the engine: the terms of a case, its snapshot, the rows of a procedure, and what an act changes.

No Django, no database. Dates are days in Asia/Shanghai, moments are aware.
"""

from liuquan.casework.types.case import AssignmentView, DeadlineView, Running, Snapshot, SuspensionView
from liuquan.casework.types.decisions import DeadlineChange, Decision, NewCase, NewDeadline, Outcome
from liuquan.casework.types.effects import Act, Change, Effect
from liuquan.casework.types.fields import (
    LONGEST_TEXT,
    YES,
    AskedField,
    Asking,
    Field,
    FieldKind,
    Operator,
    Option,
    ShownIf,
    condition_text,
)
from liuquan.casework.types.materials import Material, Received, Upload
from liuquan.casework.types.pages import (
    AskedOffer,
    CaseFile,
    Clock,
    Lamp,
    NewNotice,
    NoticeView,
    Offer,
    WorkItem,
    notice_record,
)
from liuquan.casework.types.procedure import (
    Data,
    Facts,
    Given,
    Guard,
    OwnRow,
    Procedure,
    State,
    Transition,
    Values,
    Who,
)
from liuquan.casework.types.terms import Counting, GroundTerm, Step, StepKind, Terms

__all__ = [
    "Act",
    "Change",
    "Effect",
    "LONGEST_TEXT",
    "YES",
    "AskedField",
    "AskedOffer",
    "Asking",
    "AssignmentView",
    "CaseFile",
    "Clock",
    "Counting",
    "Data",
    "DeadlineChange",
    "DeadlineView",
    "Decision",
    "Facts",
    "Field",
    "FieldKind",
    "Given",
    "GroundTerm",
    "Guard",
    "Lamp",
    "Material",
    "NewCase",
    "NewDeadline",
    "NewNotice",
    "NoticeView",
    "Offer",
    "Operator",
    "Option",
    "Outcome",
    "OwnRow",
    "Procedure",
    "Received",
    "Running",
    "ShownIf",
    "Snapshot",
    "State",
    "Step",
    "StepKind",
    "SuspensionView",
    "Terms",
    "Transition",
    "Upload",
    "Values",
    "Who",
    "WorkItem",
    "condition_text",
    "notice_record",
]
