"""What a visitor of the portal does, for tests: fill in the form, send it, read the page."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from liuquan.casework import queries as casework
from liuquan.journal import queries as journal
from liuquan.papers import actions as papers_actions
from liuquan.testing.cast import ITEMS, LI_YUNXI
from liuquan.testing.sources import squeezed

NOW = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)
FOOD = ITEMS["food"]
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def pdf(name: str = "材料.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "application/pdf")


def typed(**given: Any) -> dict[str, Any]:
    person = {"name": LI_YUNXI.name, "id_number": LI_YUNXI.id_number, "phone": LI_YUNXI.phone}
    return {
        "as_kind": "person",
        "submission_key": str(uuid.uuid4()),
        "matter": "开一家面馆",
        "incomplete": "99",
        "again": "99",
        **person,
        **given,
    }


def send(visitor: Client, item: str = FOOD, **given: Any) -> Any:
    return shown(visitor, visitor.post(reverse("apply", args=[item]), typed(go="send", **given)))


def shown(visitor: Client, answer: Any) -> Any:
    """What a browser shows: it follows an answer that leads to a draft, or to what is wrong with it."""
    while answer.status_code == 302 and (
        answer["Location"].startswith("/apply/") or answer["Location"].endswith("?at=wrong")
    ):
        answer = visitor.get(answer["Location"])
    return answer


def words(response: Any, status: int) -> str:
    page = str(response.content.decode())
    assert response.status_code == status, page[:1500]
    return squeezed(page)


def applied(visitor: Client, **given: Any) -> str:
    response = send(visitor, **given)
    assert response.status_code == 302, response.content.decode()[:3000]
    return str(response["Location"].split("/")[2])


def grouped(code: str) -> str:
    return f"{code[:5]}-{code[5:]}".lower()


def papers_of(number: str) -> list[str]:
    """The verify codes of the papers of a case, which are issued first if necessary."""
    entry = journal.entries_of(number)[0]
    papers_actions.issue_papers(number, entry=entry.number, now=NOW)
    return [n.short_code for n in casework.notices(number)]
