"""Values of the engine: the terms of a case, its snapshot, the rows of a procedure, and what an act changes.

No Django, no database. Dates are days in Asia/Shanghai, moments are aware.
"""

from liuquan.casework.types.case import AssignmentView, DeadlineView, Running, Snapshot, SuspensionView
from liuquan.casework.types.decisions import DeadlineChange, Decision, NewCase, NewDeadline, Outcome
from liuquan.casework.types.pages import Lamp, NewNotice, NoticeView, Offer, WorkItem, notice_record
from liuquan.casework.types.procedure import (
    Data,
    Facts,
    Field,
    Given,
    Guard,
    Procedure,
    Start,
    State,
    Transition,
    Values,
    Who,
)
from liuquan.casework.types.terms import Counting, GroundTerm, Step, StepKind, Terms

__all__ = [
    "AssignmentView",
    "Counting",
    "Data",
    "DeadlineChange",
    "DeadlineView",
    "Decision",
    "Facts",
    "Field",
    "Given",
    "GroundTerm",
    "Guard",
    "Lamp",
    "NewCase",
    "NewDeadline",
    "NewNotice",
    "NoticeView",
    "Offer",
    "Outcome",
    "Procedure",
    "Running",
    "Snapshot",
    "Start",
    "State",
    "Step",
    "StepKind",
    "SuspensionView",
    "Terms",
    "Transition",
    "Values",
    "Who",
    "WorkItem",
    "notice_record",
]
