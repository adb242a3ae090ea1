"""Values of a kind of case. No Django, no database."""

from liuquan.kinds.types.kind import CaseKind, Panel, PanelAsked, Place, SecondLook
from liuquan.kinds.types.packs import PackSection, PackWrong
from liuquan.kinds.types.pages import ClockRow, EventRow
from liuquan.kinds.types.papers import Context, Paper, grouped, remedy_text
from liuquan.kinds.types.players import Choices, Course, DemoStage, Part, Player, Section
from liuquan.kinds.types.stages import Stage, StageRow, Turn

__all__ = [
    "CaseKind",
    "ClockRow",
    "Context",
    "EventRow",
    "Choices",
    "Course",
    "DemoStage",
    "Part",
    "Player",
    "Section",
    "PackSection",
    "PackWrong",
    "Panel",
    "PanelAsked",
    "Paper",
    "Place",
    "SecondLook",
    "Stage",
    "StageRow",
    "Turn",
    "grouped",
    "remedy_text",
]
