"""Values of the case log."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class View(StrEnum):
    """The relations of the contract."""

    CASES = "cases"
    STEPS = "steps"
    EVENTS = "events"
    CLOCKS = "clocks"
    NOTICES = "notices"
    SUSPENSIONS = "suspensions"
    WORKDAY = "workday"
    LOGS = "logs"
    RECORD_FAULTS = "record_faults"


#: relations that are not about cases: always read whole
NO_CASES: Final = frozenset({View.WORKDAY, View.LOGS, View.RECORD_FAULTS})


@dataclass(frozen=True, slots=True)
class Changes:
    """Cases touched since a watermark, and the watermark to go on from next time."""

    case_numbers: tuple[str, ...]
    upto: int
