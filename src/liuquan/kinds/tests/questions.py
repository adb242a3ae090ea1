"""A question of the small kind, in a city in which a post answers it."""

from __future__ import annotations

from dataclasses import dataclass

from django.test import Client

from liuquan.casework import queries as casework
from liuquan.casework.types import Snapshot
from liuquan.journal import queries as journal
from liuquan.papers import actions as papers
from liuquan.testing.cast import ITEMS, Cast
from liuquan.testing.city import FOUNDED
from liuquan.testing.consultation.asking import ask
from liuquan.testing.consultation.mandates import mandate

BODY = ITEMS["device"][:18]
QUESTION = "周末能不能办营业执照"


@dataclass(frozen=True)
class Question:
    """The question, and whoever holds its slip."""

    number: str
    entry: str
    code: str
    slip: Client

    @property
    def case(self) -> Snapshot:
        """The case as it is now."""
        return casework.read(self.number)

    @property
    def acts(self) -> list[str]:
        """What happened to it, without readings."""
        reads = journal.reading_events()
        return [one.event for one in journal.entries_of(self.number) if one.event not in reads]

    @property
    def holder(self) -> dict[str, str]:
        """The headers of whoever holds the slip."""
        return {"Query-Code": self.code}


def questioned(cast: Cast) -> Question:
    """Asked by the applicant, with the slip in hand; the examiner's post may answer."""
    mandate("SCJG-SC1", "consultation.ask", "consultation.answer", body_code=BODY, now=FOUNDED)
    asker = cast.applicant
    asked = ask(QUESTION, party=asker.party_number, body_code=BODY, by=asker, now=FOUNDED)
    assert len(papers.issue_now(asked, now=FOUNDED).numbers) == 1
    code = casework.query_code(asked.number)
    slip = Client()
    assert slip.post("/track/", {"number": asked.number, "code": code}).status_code == 302
    return Question(asked.number, asked.entry, code, slip)
