"""When a message goes out: never at night, and again later when its gateway could not take it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Final

ATTEMPTS: Final = 8  #: tries of one message, the first among them
_LONGEST_WAIT: Final = timedelta(hours=6)


@dataclass(frozen=True)
class QuietHours:
    """From this full hour of the local day until that one nobody is told anything; over midnight where the
    first is the later. Equal hours: no quiet time."""

    begins: int
    ends: int

    @classmethod
    def read(cls, text: str) -> QuietHours:
        """From "21-8". Refuses (ValueError) what is not two hours from 0 to 23."""
        begins, _, ends = text.partition("-")
        hours = cls(int(begins), int(ends))
        if not (0 <= hours.begins <= 23 and 0 <= hours.ends <= 23):
            raise ValueError(f"no hours of the day: {text}")
        return hours

    def holds(self, hour: int) -> bool:
        """Whether this hour of the day is quiet."""
        if self.begins <= self.ends:
            return self.begins <= hour < self.ends
        return hour >= self.begins or hour < self.ends


def after_quiet_hours(at: datetime, quiet: QuietHours, local: tzinfo) -> datetime:
    """The moment itself, or the end of the quiet hours it falls into."""
    here = at.astimezone(local)
    if not quiet.holds(here.hour):
        return at
    morning = here.replace(hour=quiet.ends, minute=0, second=0, microsecond=0)
    return (morning if morning > here else morning + timedelta(days=1)).astimezone(at.tzinfo)


def wait_after(attempts: int) -> timedelta:
    """How long to wait after so many tries that failed: 1, 2, 4 … minutes, six hours at most."""
    return min(timedelta(minutes=2 ** (attempts - 1)), _LONGEST_WAIT)
