"""核对证件、更正姓名: who applied online is unverified until a clerk saw the original document."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from liuquan.applications import actions as applications
from liuquan.casework import queries as casework
from liuquan.desk.identity import actions
from liuquan.journal import actions as journal
from liuquan.journal import queries as record
from liuquan.journal.types import NewEntry
from liuquan.kernel.refusals import BadInput, NotAllowed, NotVisible
from liuquan.organisation.types import PUBLIC, party_actor
from liuquan.parties import actions as registering
from liuquan.parties import queries as parties
from liuquan.parties.types import PartyRef
from liuquan.testing.browsers import SetNow
from liuquan.testing.cast import ITEMS, LI_YUNXI, WANG_XIPAN, Cast

MONDAY = datetime(2026, 3, 2, 2, tzinfo=UTC)
GOOD = {"id_number": WANG_XIPAN.id_number, "document": "resident_card", "seen": True}


@pytest.fixture
def online(city_db: str, set_now: SetNow) -> PartyRef:
    """Somebody applied online under Wang Xipan's number with one wrong character in the name."""
    set_now(MONDAY)
    return registering.register_person(
        name="王溪伴", id_number=WANG_XIPAN.id_number, phone=WANG_XIPAN.phone, by=PUBLIC, now=MONDAY
    )


@pytest.fixture
def case(online: PartyRef, cast: Cast) -> str:
    return applications.submit(
        item_code=ITEMS["device"],
        applicant=online.number,
        by=party_actor(online.number),
        now=MONDAY,
        channel="online",
        materials=cast.materials("device"),
    ).number


def plain(html: str) -> str:
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", html))


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.content.decode()[:1500]
    return plain(answer.content.decode())


def events_of(subject: str) -> list[str]:
    return [entry.event for entry in record.entries_of(subject)]


def opened(subject: str, cast: Cast) -> dict[str, Any]:
    """The private part of the last entry, opened under an entry of its own as the rule wants."""
    last = record.entries_of(subject)[-1]
    reading = NewEntry(
        "casework.file_opened", subject, "", "", "staff", MONDAY, {"post": "审计"}, {"staff": 1}
    )
    journal.append_durably(reading)
    return journal.open_private_of(subject, receipt=reading.number)[str(last.number)]


def test_a_name_typed_wrongly_online_is_set_right_and_every_open_case_is_told(
    cast: Cast, online: PartyRef, case: str
) -> None:
    done = actions.check_document(
        online.number, **GOOD, name="王溪畔", reason="网上申请时错了一个字", by=cast.clerk, now=MONDAY
    )
    assert (done.fields, done.told) == (("姓名",), 1)
    assert parties.party(online.number).is_verified
    told = record.entries_of(case)[-1]
    assert told.sentence == "窗口核对了当事人的居民身份证原件，更正了姓名"
    entry = record.entries_of(online.number)[-1]
    assert (entry.event, entry.post_code) == ("desk.identity_corrected", cast.clerk.post_code)
    open_words = f"{entry.public}{told.public}"
    assert "王" not in open_words
    assert "错了一个字" not in open_words
    private = opened(online.number, cast)
    assert (private["name_before"], private["name_after"]) == ("王溪伴", "王溪畔")
    assert private["reason"] == "网上申请时错了一个字"
    again = registering.register_person(
        name="王溪畔", id_number=WANG_XIPAN.id_number, phone="", by=PUBLIC, now=MONDAY
    )
    assert again.number == online.number


def test_a_document_that_agrees_only_verifies(cast: Cast, online: PartyRef, case: str) -> None:
    done = actions.check_document(online.number, **GOOD, by=cast.clerk, now=MONDAY)
    assert (done.fields, done.told) == ((), 1)
    assert events_of(online.number) == ["desk.identity_verified"]
    assert record.entries_of(case)[-1].sentence == "窗口核对了当事人的居民身份证原件，核验了身份"
    assert parties.party(online.number) == PartyRef(
        online.number, "person", online.label_masked, online.id_masked, online.phone_masked, False, True
    )


@pytest.mark.parametrize(
    ("change", "field", "sentence"),
    [
        ({"seen": False}, "seen", "没有见到证件原件"),
        ({"document": ""}, "document", "请选择"),
        ({"document": "licence"}, "document", "请选择"),  # of an organisation
        ({"id_number": LI_YUNXI.id_number}, "id_number", "不是同一个"),
        ({"id_number": "123"}, "id_number", "18位"),
        ({"name": "王溪畔", "reason": ""}, "reason", "写明理由"),
        ({"name": "王🙂", "reason": "写错了一个字"}, "name", "表情"),
        ({"phone": "1390000", "reason": "换了号码了"}, "phone", "11位"),
    ],
)
def test_what_is_missing_or_wrong_is_refused_and_nothing_happens(
    cast: Cast, online: PartyRef, case: str, change: dict[str, Any], field: str, sentence: str
) -> None:
    before = events_of(case)
    with pytest.raises(BadInput, match=sentence) as refused:
        actions.check_document(online.number, **{**GOOD, **change}, by=cast.clerk, now=MONDAY)
    assert field in refused.value.fields
    assert parties.party(online.number) == online
    assert (events_of(online.number), events_of(case)) == ([], before)


@pytest.mark.parametrize("who", ["examiner", "approver", "head", "supervisor", "sysadmin"])
def test_who_is_no_window_clerk_may_not_and_nothing_happens(cast: Cast, online: PartyRef, who: str) -> None:
    with pytest.raises(NotAllowed):
        actions.check_document(
            online.number, **GOOD, name="王溪畔", reason="改一个字", by=cast.staff(who), now=MONDAY
        )
    assert parties.party(online.number) == online
    assert events_of(online.number) == []
    assert cast.client(who).get(f"/desk/identity/{online.number}/").status_code == 403


def test_an_unknown_party_is_not_found(cast: Cast, online: PartyRef) -> None:
    with pytest.raises(NotVisible):
        actions.check_document("0b3f6a5e-8d1c-4f6e-9a51-2d8f5c1f7a10", **GOOD, by=cast.clerk, now=MONDAY)


def test_the_case_page_says_that_nobody_saw_the_document_until_somebody_did(
    cast: Cast, online: PartyRef, case: str
) -> None:
    assert "未核验身份" in page(cast.client("examiner"), f"/desk/cases/{case}/")
    clerk = cast.client("clerk")
    assert "核对证件、更正姓名" in page(clerk, f"/desk/cases/{case}/")
    actions.check_document(online.number, **GOOD, by=cast.clerk, now=MONDAY)
    assert "未核验身份" not in page(clerk, f"/desk/cases/{case}/")


def test_the_applicant_is_asked_to_bring_the_document_until_it_was_seen(
    cast: Cast, online: PartyRef, case: str
) -> None:
    holder = Client()
    holder.post("/track/", {"number": case, "code": casework.query_code(case)})
    assert "您的身份还没有当面核验" in page(holder, f"/track/{case}/")
    actions.check_document(online.number, **GOOD, by=cast.clerk, now=MONDAY)
    told = page(holder, f"/track/{case}/")
    assert "您的身份还没有当面核验" not in told
    assert "窗口核对了当事人的居民身份证原件，核验了身份" in told


def test_the_clerk_finds_the_person_and_corrects_the_name_on_two_pages(
    cast: Cast, online: PartyRef, case: str
) -> None:
    clerk = cast.client("clerk")
    unknown = clerk.post("/desk/identity/", {"id_number": LI_YUNXI.id_number})
    assert (unknown.status_code, "还没有登记过" in unknown.content.decode()) == (422, True)
    found = clerk.post("/desk/identity/", {"id_number": WANG_XIPAN.id_number})
    assert found.headers["Location"] == f"/desk/identity/{online.number}/"
    shown = page(clerk, found.headers["Location"])
    assert "未核验身份" in shown
    assert "王溪伴" not in shown
    assert WANG_XIPAN.id_number not in shown
    typed = {"document": "resident_card", "id_number": WANG_XIPAN.id_number, "name": "王溪畔", "reason": ""}
    wrong = clerk.post(found.headers["Location"], {**typed, "seen": "yes"})
    assert wrong.status_code == 422
    assert "王溪畔" in wrong.content.decode()  # what was typed stays
    right = clerk.post(found.headers["Location"], {**typed, "seen": "yes", "reason": "网上错了一个字"})
    assert right.status_code == 302
    assert "已更正姓名，并已记入在办的1个案件" in page(clerk, right.headers["Location"])


def test_at_the_counter_an_online_name_is_checked_against_the_document(cast: Cast, online: PartyRef) -> None:
    clerk = cast.client("clerk")
    person = clerk.post("/desk/intake/person/", {"id_number": WANG_XIPAN.id_number}).content.decode()
    assert "未核验身份" in person
    assert f"/desk/identity/{online.number}/" in person
    sent = {"id_number": WANG_XIPAN.id_number, "item": ITEMS["device"], "decide": "receive"}
    asked = clerk.post("/desk/intake/", sent)
    assert asked.status_code == 422
    assert "还没有当面核验身份" in asked.content.decode()
    other = clerk.post("/desk/intake/", {**sent, "name": "王溪畔"})
    assert other.status_code == 422
    assert "登记的是另一个姓名" in other.content.decode()
    assert not parties.party(online.number).is_verified
    clerk.post("/desk/intake/", {**sent, "name": "王溪伴"})
    assert parties.party(online.number).is_verified
