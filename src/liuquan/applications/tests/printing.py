"""The papers of a case as they are printed, for tests of what they say."""

from __future__ import annotations

import io
import re
import unicodedata
from datetime import UTC, datetime

from pypdf import PdfReader

from liuquan.casework import queries as cases
from liuquan.journal import queries as journal
from liuquan.papers import actions as papers_actions
from liuquan.testing.cast import Cast


def at(day: int, hour: int = 10) -> datetime:
    """A moment of March 2026, by the clock in Shanghai."""
    return datetime(2026, 3, day, hour - 8, tzinfo=UTC)


def text_of(notice: str, by: Cast) -> str:
    """What is printed, without the breaks of lines."""
    pdf = papers_actions.open_paper(notice, by=by.clerk, now=at(31))[1]
    printed = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", printed))


def printed(cast: Cast, number: str, *kinds: str, now: datetime) -> dict[str, str]:
    """Issue the papers required so far; returns the text of all papers, or of these, by kind. Of several of a
    kind it returns the last."""
    for entry in journal.entries_of(number):
        papers_actions.issue_papers(number, entry=entry.number, now=now)
    last = {notice.kind: notice.number for notice in cases.notices(number)}
    return {kind: text_of(last[kind], cast) for kind in kinds or last}
