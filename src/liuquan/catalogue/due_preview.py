"""The latest days on which an application handed in today is answered and decided, as shown in a guide.

Pure. Uses the limits and calendar that will bind the case, so that the guide never promises a different day.

Cites: 行政许可法 第三十二条, 第四十二条, 优化营商环境条例 第三十六条
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from liuquan.catalogue.types import ItemTerms, ItemType, LimitTerm
from liuquan.clock import Calendar, Deadline, Limit, deadline
from liuquan.law import LawBook


@dataclass(frozen=True)
class DuePreview:
    """Counted from one day: `answered` the last day to say whether it is accepted; `promised` and `statutory`
    the last days to decide, if it is accepted on that same day."""

    on: date
    answered: Deadline
    promised: Deadline
    statutory: Deadline | None

    @property
    def provisional(self) -> bool:
        """Whether a day it crosses has no holiday notice yet."""
        found = (self.answered, self.promised, self.statutory)
        return any(one is not None and one.provisional for one in found)


def due_preview(terms: ItemTerms, *, on: date, law: LawBook, calendar: Calendar) -> DuePreview:
    """Count an item's limits from this day, taking it as the day of application and of acceptance."""
    family = "licensing" if terms.item_type is ItemType.LICENCE else "service"
    statutory = terms.law_limit or (_limit(terms.statutory) if terms.statutory else None)
    return DuePreview(
        on=on,
        answered=deadline(law.limit(f"{family}.acceptance", on=on), on, calendar),
        promised=deadline(_limit(terms.promised), on, calendar),
        statutory=deadline(statutory, on, calendar) if statutory else None,
    )


def _limit(term: LimitTerm) -> Limit:
    citations = (term.citation,) if term.citation else ()
    return Limit(term.amount, term.unit, label=term.label, citations=citations)
