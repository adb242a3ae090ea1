"""Values of the case log."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class View(StrEnum):
    """The relations of the contract."""

    CASES = "cases"
    BODIES = "bodies"
    STEPS = "steps"
    EVENTS = "events"
    CLOCKS = "clocks"
    NOTICES = "notices"
    SUSPENSIONS = "suspensions"
    WORKDAY = "workday"
    LOGS = "logs"
    RECORD_FAULTS = "record_faults"
    SUBJECTS = "subjects"
    CALLS = "calls"


#: relations that are not about cases alone: always read whole
NO_CASES: Final = frozenset({View.WORKDAY, View.LOGS, View.RECORD_FAULTS, View.SUBJECTS, View.CALLS})


@dataclass(frozen=True, slots=True)
class Changes:
    """Numbers of the subjects touched since a watermark, and the watermark to go on from next time."""

    numbers: tuple[str, ...]
    upto: int
