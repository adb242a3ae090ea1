"""The dates that a guide promises to somebody who applies on a day."""

from __future__ import annotations

from datetime import date

from liuquan.catalogue import due_preview as counting
from liuquan.catalogue.due_preview import DuePreview
from liuquan.catalogue.types import ItemTerms
from liuquan.law import load_law
from liuquan.organisation import queries as organisation


def due_preview(terms: ItemTerms, *, on: date) -> DuePreview:
    """When an application of this day is answered, and decided if it is accepted at once.

    Cites: 行政许可法 第三十二条, 第四十二条
    """
    return counting.due_preview(terms, on=on, law=load_law(), calendar=organisation.calendar())
