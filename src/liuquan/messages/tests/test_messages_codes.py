"""One-time codes: sent to the mobile on record only, short-lived, used once, few tries."""

from __future__ import annotations

from datetime import timedelta

import pytest

from liuquan.journal import queries as journal
from liuquan.kernel import sql
from liuquan.kernel.refusals import BadInput
from liuquan.messages import actions, codes
from liuquan.messages.tests.conftest import MONDAY, Carrying
from liuquan.messages.tests.gateways_of_tests import Recording
from liuquan.organisation.types import PUBLIC, party_actor
from liuquan.parties import actions as parties
from liuquan.testing.cast import LI_YUNXI, WANG_XIPAN, Cast

ID, PHONE = LI_YUNXI.id_number, LI_YUNXI.phone


@pytest.fixture
def known(city_db: str, cast: Cast, carried_by: Carrying) -> str:
    """The number of a person who is registered; nobody agreed to anything."""
    return cast.applicant.party_number


def sent() -> str:
    """The code of the letter that goes out now."""
    before = len(Recording.letters)
    for row in sql.run("SELECT number::text AS number FROM message WHERE state = 'waiting'"):
        actions.send(row["number"], now=MONDAY)
    letters = Recording.letters[before:]
    return "".join(c for c in letters[0].text.partition("验证码")[2][: codes.LENGTH]) if letters else ""


def wrong(number: str, typed: str, minutes: int = 0) -> None:
    with pytest.raises(BadInput, match="验证码不对|请重新获取"):
        actions.use_code(number, typed, now=MONDAY + timedelta(minutes=minutes))


def test_the_code_that_was_sent_says_who_it_is_once(known: str) -> None:
    number = actions.ask_code(id_number=ID, phone=PHONE, now=MONDAY)
    typed = sent()
    assert len(typed) == codes.LENGTH
    assert typed.isdigit()
    assert Recording.letters[-1].address == PHONE
    assert actions.use_code(number, typed, now=MONDAY + timedelta(minutes=9)) == known
    wrong(number, typed)
    assert [entry.event for entry in journal.entries_of(known)] == ["messages.address_used"]
    (row,) = sql.run("SELECT text FROM message")
    assert row["text"] == ""  # the code is kept nowhere


def test_nobody_else_gets_a_code_and_the_answer_is_the_same(known: str) -> None:
    for id_number, phone in ((ID, WANG_XIPAN.phone), (WANG_XIPAN.id_number, PHONE), ("1", "2")):
        number = actions.ask_code(id_number=id_number, phone=phone, now=MONDAY)
        assert sent() == ""
        (row,) = sql.run("SELECT number FROM message_code ORDER BY id DESC LIMIT 1")
        assert str(row["number"]) == number
        wrong(number, codes.digits(row["number"]))  # even the right digits open nobody
    assert Recording.letters == []


def test_a_mobile_that_a_stranger_claimed_opens_nothing_until_a_window_registers_it(known: str) -> None:
    stranger = "19900000099"

    def applied_online(phone: str) -> None:
        parties.register_person(name=LI_YUNXI.name, id_number=ID, phone=phone, by=PUBLIC, now=MONDAY)

    applied_online(stranger)  # the window registered another
    actions.ask_code(id_number=ID, phone=stranger, now=MONDAY)
    assert sent() == ""
    actions.ask_code(id_number=ID, phone=PHONE, now=MONDAY)
    assert sent()
    sql.run("UPDATE party SET phone_standing = 'claimed'")  # as if the first had come online too
    actions.ask_code(id_number=ID, phone=PHONE, now=MONDAY)
    applied_online(stranger)
    assert sent() == ""  # the code that waited neither
    for phone in (PHONE, stranger):
        actions.ask_code(id_number=ID, phone=phone, now=MONDAY)
        assert sent() == ""


def test_a_mobile_that_came_online_for_somebody_whom_a_window_knows_opens_nothing(
    known: str, cast: Cast
) -> None:
    person = {"name": WANG_XIPAN.name, "id_number": WANG_XIPAN.id_number}
    party = parties.register_person(**person, phone="", by=cast.clerk, now=MONDAY)
    parties.register_person(**person, phone=PHONE, by=PUBLIC, now=MONDAY)
    actions.ask_code(id_number=WANG_XIPAN.id_number, phone=PHONE, now=MONDAY)
    assert sent() == ""
    me = party_actor(party.number)
    with pytest.raises(BadInput, match="有疑问"):
        actions.agree_to_sms(party.number, by=me, now=MONDAY)
    parties.check_document(
        party.number, id_number=WANG_XIPAN.id_number, phone=PHONE, by=cast.clerk, now=MONDAY
    )
    actions.ask_code(id_number=WANG_XIPAN.id_number, phone=PHONE, now=MONDAY)
    assert sent()


def test_a_code_ends_after_ten_minutes_and_after_five_tries(known: str) -> None:
    number = actions.ask_code(id_number=ID, phone=PHONE, now=MONDAY)
    typed = sent()
    wrong(number, typed, minutes=10)
    false = f"{(int(typed) + 1) % 10**codes.LENGTH:06d}"
    for _ in range(codes.TRIES):
        wrong(number, false)
    wrong(number, typed)
    for unknown in ("", "x", "00000000-0000-0000-0000-000000000000"):
        wrong(unknown, typed)


def test_a_code_that_could_not_be_sent_in_time_is_not_sent_at_all(known: str, carried_by: Carrying) -> None:
    carried_by("Down")
    actions.ask_code(id_number=ID, phone=PHONE, now=MONDAY)
    sent()
    carried_by("Recording")
    (row,) = sql.run("SELECT number::text AS number FROM message")
    actions.send(row["number"], now=MONDAY + timedelta(minutes=10))
    assert Recording.letters == []
    assert sql.run("SELECT state FROM message") == [{"state": "dropped"}]


def test_a_code_is_forgotten_a_day_after_it_ended(known: str) -> None:
    actions.ask_code(id_number=ID, phone=PHONE, now=MONDAY)
    assert actions.forget_codes(now=MONDAY + timedelta(hours=24)) == 0
    assert actions.forget_codes(now=MONDAY + timedelta(hours=25)) == 1
    sent()  # its message is dropped, not sent
    assert Recording.letters == []
