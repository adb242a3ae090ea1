"""Values of the engine: the terms of a case, its snapshot, the rows of a procedure, and what an act changes.

No Django, no database. Dates are days in Asia/Shanghai, moments are aware.
"""

from liuquan.casework.types.case import AssignmentView, BodyRole, PartyView, Snapshot, SuspensionView
from liuquan.casework.types.children import ChildView, Family, NewChild, ParentClock, Relative
from liuquan.casework.types.clocks import DeadlineChange, DeadlineView, NewDeadline, Running
from liuquan.casework.types.decisions import Decision, NewAssignment, NewCase, Outcome
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
from liuquan.casework.types.own_terms import ListedMaterial, OwnTerms, TermsError
from liuquan.casework.types.pages import (
    AskedOffer,
    CaseFile,
    Clock,
    Lamp,
    NewNotice,
    NoticeView,
    Offer,
    OpenedMatter,
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
from liuquan.casework.types.procedure_v1 import ProcedureV1, RowV1, StartV1
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
    "BodyRole",
    "CaseFile",
    "ChildView",
    "Clock",
    "Counting",
    "Data",
    "DeadlineChange",
    "DeadlineView",
    "Decision",
    "Facts",
    "Family",
    "Field",
    "FieldKind",
    "Given",
    "GroundTerm",
    "Guard",
    "Lamp",
    "ListedMaterial",
    "Material",
    "NewAssignment",
    "NewCase",
    "NewChild",
    "NewDeadline",
    "NewNotice",
    "NoticeView",
    "Offer",
    "OpenedMatter",
    "Operator",
    "Option",
    "Outcome",
    "OwnRow",
    "OwnTerms",
    "PartyView",
    "ParentClock",
    "Procedure",
    "ProcedureV1",
    "Received",
    "RowV1",
    "Relative",
    "Running",
    "ShownIf",
    "Snapshot",
    "StartV1",
    "State",
    "Step",
    "StepKind",
    "SuspensionView",
    "Terms",
    "TermsError",
    "Transition",
    "Upload",
    "Values",
    "Who",
    "WorkItem",
    "condition_text",
    "notice_record",
]
