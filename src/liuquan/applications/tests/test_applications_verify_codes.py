"""What a paper carries so that anyone can check it: a QR with the entry that issues it, and a code."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime
from typing import Any

import pytest
import segno
from django.conf import settings

from liuquan.casework import queries as cases
from liuquan.identifiers import parse_verify_code, show_verify_code
from liuquan.journal import queries as journal
from liuquan.papers import actions as papers_actions
from liuquan.papers.types import VerifyPlace
from liuquan.testing.cast import Cast

NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)


@pytest.mark.usefixtures("city_db")
def test_the_qr_of_a_paper_holds_its_code_and_the_entry_that_issues_it(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: dict[str, Any] = {}

    def rendered(template: object, data: dict[str, Any], *, qr: str, on: date) -> bytes:
        said.update(data["verify"], qr=qr)
        return b"%PDF"

    monkeypatch.setattr("liuquan.kernel.documents.render", rendered)
    number = cast.applies("food", at=NOW)
    papers_actions.issue_papers(number, entry=journal.entries_of(number)[0].number, now=NOW)
    (paper,) = cases.notices(number)
    entry = next(e for e in journal.entries_of(number) if e.event == "casework.notice_issued")
    assert entry.number == paper.record
    assert parse_verify_code(paper.short_code) == paper.short_code
    assert said == {
        "code": show_verify_code(paper.short_code),
        "url": f"{settings.LIUQUAN_PUBLIC_URL}/verify",
        "qr": f"{settings.LIUQUAN_PUBLIC_URL}/verify/{paper.short_code}?e={entry.number.hex}",
    }
    assert paper.short_code not in entry.number.hex.upper()


def test_the_qr_prints_well_even_under_a_long_address() -> None:
    place = VerifyPlace("https://zwfw.yunxi-county.guyuan.gov.cn", "23456789ABCD", uuid.UUID(int=0))
    modules = segno.make(place.qr, error="m", micro=False).symbol_size(border=2)[0]
    assert 19 / modules > 0.38  # millimetres a square on paper, five dots of an office printer
