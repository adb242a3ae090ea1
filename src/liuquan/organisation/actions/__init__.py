"""What may be done to the organisation: load it from a pack, record an absence, load working days.

The organisation lies below the journal, so the caller (a page or a command) writes the journal entry.
"""

from liuquan.organisation.actions.absences import end_absence, record_absence
from liuquan.organisation.actions.days import load_calendar, load_holiday_notice
from liuquan.organisation.actions.loading import load_organisation

__all__ = ["end_absence", "load_calendar", "load_holiday_notice", "load_organisation", "record_absence"]
