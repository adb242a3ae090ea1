"""What the record and supervision make of a kind of which nothing outside its folder knows."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from liuquan.casework import queries as casework
from liuquan.journal import actions as journal_actions
from liuquan.journal import queries as journal
from liuquan.journal.witness.keys import trust
from liuquan.kernel import documents
from liuquan.kinds.tests.questions import BODY, Question, questioned
from liuquan.kinds.types import CaseKind
from liuquan.merkle import parse_receipt, verify
from liuquan.supervision import actions as supervision
from liuquan.supervision import queries as findings
from liuquan.supervision import rulebook
from liuquan.supervision.tests import duck
from liuquan.testing.browsers import SetNow
from liuquan.testing.cast import LI_YUNXI, Cast
from liuquan.testing.city import FOUNDED
from liuquan.testing.sources import squeezed

WRITTEN = {"way": "written", "answer": "周末不办，工作日九点至十七点可以办。"}


def at(day: int, hour: int = 10) -> datetime:
    """A moment of March 2026, by the clock in Shanghai."""
    return datetime(2026, 3, day, hour - 8, tzinfo=UTC)


def words(answer: Any, status: int = 200) -> str:
    page: str = answer.content.decode()
    assert answer.status_code == status, page[:3000]
    return squeezed(page)


def printed(pdf: bytes) -> str:
    """The text of a paper, without blanks."""
    said = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    return re.sub(r"\s", "", said)


def test_a_paper_has_its_qr_is_sealed_and_is_verified_with_its_receipt(
    city: str, log_home: Path, kind: CaseKind, cast: Cast, set_now: SetNow, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache.clear()
    set_now(FOUNDED)
    held: list[str] = []
    whole = documents.render

    def rendered(*args: Any, qr: str, **more: Any) -> bytes:
        held.append(qr)
        return whole(*args, qr=qr, **more)

    monkeypatch.setattr("liuquan.kernel.documents.render", rendered)
    question, officer = questioned(cast), cast.client("examiner")
    assert officer.post(reverse("desk-act", args=[question.number, "answer"]), WRITTEN).status_code == 302
    notice = casework.notices(question.number)[-1]
    assert held[-1] == f"{site.LIUQUAN_PUBLIC_URL}/verify/{notice.short_code}?e={notice.record.hex}"
    paper = question.slip.get(reverse("track_paper", args=[question.number, notice.short_code])).content
    for said in ("咨询答复书", "咨复字〔2026〕00001号", LI_YUNXI.name, WRITTEN["answer"], question.number):
        assert said in printed(paper), printed(paper)
    assert "正在入册" in words(Client().get(reverse("verify_paper", args=[notice.short_code])))
    while journal.log_status().unsealed:
        journal_actions.seal(now=FOUNDED)
    page = words(Client().get(reverse("verify_paper", args=[notice.short_code]), {"e": notice.record.hex}))
    for said in ("咨询答复书", "政策咨询", "已经入册", notice.sha256):
        assert said in page, said
    answer = Client().get(reverse("verify_receipt", args=[notice.short_code]))
    receipt = parse_receipt(answer.content.decode())
    assert verify(receipt, trust(), document=paper).passed
    assert not verify(receipt, trust(), document=paper + b"\n").passed


def test_supervision_watches_it_by_every_rule_and_by_its_own(
    question: Question, officer: Client, set_now: SetNow, kind: CaseKind, cast: Cast
) -> None:
    own = rulebook.rule("consultation_unanswered")
    assert own.kinds == (kind.key,)
    assert findings.judge(own, now=at(9, 23)) == []
    late = at(10)
    (hit,) = findings.judge(own, now=late)
    assert (hit.subject_number, hit.body_code, hit.subject_kind) == (question.number, BODY, kind.key)
    assert findings.judge(own, now=late) == duck.judged(duck.exported(), own, now=late)
    supervision.run_all(now=late)
    board = cast.supervisor
    found = findings.of_subject(question.number, by=board, now=late)
    assert {(one.rule_name, one.state) for one in found} == {
        ("超过环节时限", "open"),
        ("咨询逾期未答复", "open"),
    }
    set_now(late + timedelta(hours=1))
    assert officer.post(reverse("desk-act", args=[question.number, "answer"]), WRITTEN).status_code == 302
    supervision.run_all(now=late + timedelta(hours=2))
    lifted = {one.rule_name: one.state for one in findings.of_subject(question.number, by=board, now=late)}
    assert lifted == {"超过环节时限": "open", "咨询逾期未答复": "lifted"}
