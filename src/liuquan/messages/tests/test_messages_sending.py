"""Who is told what, when, and how often: consent, quiet hours, gateways that fail."""

from __future__ import annotations

import logging
import uuid
from datetime import datetime, timedelta

import pytest
from pytest_django import Settings

from liuquan.casework import actions as casework_actions
from liuquan.journal import queries as journal
from liuquan.kernel import sql
from liuquan.kernel.refusals import BadInput, NotAllowed
from liuquan.messages import actions, codes, jobs, queries, rules
from liuquan.messages.tests.conftest import MONDAY, Carrying
from liuquan.messages.tests.gateways_of_tests import Recording, mail_server
from liuquan.messages.types import Channel, Delivery, MessageView
from liuquan.organisation.types import Actor
from liuquan.parties import actions as parties
from liuquan.testing.browsers import SetNow
from liuquan.testing.cast import LI_YUNXI, WANG_XIPAN, Cast

USED = "messages.address_used"


def accepted(number: str, cast: Cast, at: datetime = MONDAY) -> uuid.UUID:
    """Accept the case; the number of the entry."""
    return uuid.UUID(casework_actions.perform(number, "accept", by=cast.clerk, now=at).entry)


def told(number: str, cast: Cast, at: datetime = MONDAY) -> int:
    """Accept the case and tell of it; how many messages are new."""
    entry = accepted(number, cast, at)
    return actions.prepare(number, entry=entry, event="application.accepted", now=at)


def messages(number: str, cast: Cast) -> list[MessageView]:
    """What the applicant was told of the case."""
    return queries.of_case(number, party=cast.applicant.party_number)


def send_all(now: datetime) -> None:
    """Do what the jobs would, for every message."""
    for row in sql.run("SELECT number::text AS number FROM message ORDER BY id"):
        actions.send(row["number"], now=now)


def key() -> str:
    """The key of the letter that was taken last."""
    return Recording.letters[-1].key


def openings(number: str) -> int:
    """How often an address was opened for the case."""
    return [entry.event for entry in journal.entries_of(number)].count(USED)


def test_who_agreed_is_told_state_and_last_day_and_no_name(agreed_case: str, cast: Cast) -> None:
    assert told(agreed_case, cast) == 1
    send_all(MONDAY)
    (letter,) = Recording.letters
    assert letter.address == LI_YUNXI.phone
    assert agreed_case in letter.text
    assert "审查" in letter.text
    assert "2026年3月" in letter.text
    assert LI_YUNXI.name not in letter.text
    assert LI_YUNXI.id_number not in letter.text
    (message,) = messages(agreed_case, cast)
    assert (message.state, message.sent_at) == (Delivery.SENT, MONDAY)


def test_who_did_not_agree_is_told_nothing(city_db: str, cast: Cast, carried_by: Carrying) -> None:
    number = cast.applies("food", at=MONDAY)
    assert told(number, cast) == 0
    send_all(MONDAY)
    assert (Recording.letters, openings(number)) == ([], 0)


def test_one_event_is_told_once_however_often_its_job_runs(
    agreed_case: str, cast: Cast, set_now: SetNow
) -> None:
    set_now(MONDAY)
    entry = accepted(agreed_case, cast)
    waiting = sql.run(
        "SELECT args FROM procrastinate_jobs WHERE task_name = 'messages.prepare' AND args->>'entry' = %(e)s",
        {"e": str(entry)},
    )
    assert len(waiting) == 1
    for _ in range(2):
        jobs.prepare(**waiting[0]["args"])
    (deferred,) = sql.run("SELECT args FROM procrastinate_jobs WHERE task_name = 'messages.send'")
    for _ in range(3):
        jobs.send(**deferred["args"])
    assert len(Recording.letters) == 1
    assert openings(agreed_case) == 1


def test_what_happens_at_night_is_told_in_the_morning(agreed_case: str, cast: Cast) -> None:
    night = MONDAY.replace(hour=15)  # eleven in the evening
    morning = (MONDAY + timedelta(days=1)).replace(hour=0)  # eight
    told(agreed_case, cast, at=night)
    send_all(night)
    assert Recording.letters == []
    assert messages(agreed_case, cast)[0].next_at == morning
    assert actions.send_due(now=morning - timedelta(seconds=1)) == 0
    assert actions.send_due(now=morning) == 1
    send_all(morning)
    assert len(Recording.letters) == 1


@pytest.mark.parametrize(
    ("quiet", "hour", "at"),
    [("21-8", 20, 20), ("21-8", 21, 32), ("21-8", 3, 8), ("21-8", 8, 8), ("12-14", 13, 14), ("0-0", 3, 3)],
)
def test_the_place_says_which_hours_are_quiet(quiet: str, hour: int, at: int) -> None:
    day = MONDAY.replace(hour=0)
    found = rules.after_quiet_hours(day + timedelta(hours=hour), rules.QuietHours.read(quiet), day.tzinfo)
    assert found == day + timedelta(hours=at)


@pytest.mark.parametrize("wrong", ["", "21", "21-24", "x-8", "21-8-9"])
def test_hours_that_are_none_are_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="hours|invalid literal"):
        rules.QuietHours.read(wrong)


def test_a_message_that_waits_is_not_sent_after_consent_was_withdrawn(agreed_case: str, cast: Cast) -> None:
    told(agreed_case, cast)
    party = cast.applicant
    actions.withdraw(party.party_number, Channel.SMS, by=party, now=MONDAY)
    send_all(MONDAY)
    assert (Recording.letters, openings(agreed_case)) == ([], 0)
    assert messages(agreed_case, cast)[0].state is Delivery.DROPPED
    events = [entry.event for entry in journal.entries_of(party.party_number)]
    assert events == ["messages.consent_given", "messages.consent_withdrawn"]


def test_after_a_merge_the_survivor_is_asked_and_told(agreed_case: str, cast: Cast) -> None:
    old, new = cast.applicant, cast.agent
    officer = cast.staff("centre_officer")
    parties.merge(loser=old.party_number, survivor=new.party_number, by=officer, now=MONDAY)
    assert queries.agreed(new.party_number) == {Channel.SMS}
    told(agreed_case, cast)
    send_all(MONDAY)
    (letter,) = Recording.letters
    assert letter.address == WANG_XIPAN.phone
    actions.withdraw(old.party_number, Channel.SMS, by=old, now=MONDAY)
    assert queries.agreed(new.party_number) == frozenset()


def test_nobody_agrees_or_withdraws_for_somebody_else(agreed_case: str, cast: Cast) -> None:
    party = cast.applicant.party_number
    for by in (cast.stranger, cast.clerk):
        with pytest.raises(NotAllowed):
            actions.withdraw(party, Channel.SMS, by=by, now=MONDAY)
        with pytest.raises(NotAllowed):
            actions.agree_to_sms(party, by=by, now=MONDAY)
    assert queries.agreed(party) == {Channel.SMS}
    with pytest.raises(BadInput, match="没有开通电子邮件"):
        actions.ask_email(party, "li@example.cn", by=cast.applicant, now=MONDAY)
    assert queries.agreed(party) == {Channel.SMS}


def test_a_gateway_that_is_down_is_tried_again_ever_later_and_given_up(
    agreed_case: str, cast: Cast, carried_by: Carrying, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    carried_by("Down")
    told(agreed_case, cast)
    now, waits = MONDAY, []
    while (message := messages(agreed_case, cast)[0]).state is Delivery.WAITING:
        send_all(now)
        after = messages(agreed_case, cast)[0].next_at
        waits.append(int((after - now).total_seconds()) // 60)
        now = max(after, now)
    assert waits[:7] == [1, 2, 4, 8, 16, 32, 64]
    assert (message.state, message.attempts, message.trouble) == (Delivery.FAILED, rules.ATTEMPTS, "网关超时")
    assert len(Recording.letters) == rules.ATTEMPTS
    assert len({letter.key for letter in Recording.letters}) == 1  # a slow gateway that took it knows it
    assert openings(agreed_case) == 1
    assert LI_YUNXI.phone not in caplog.text + repr(Recording.letters)
    assert actions.send_due(now=now + timedelta(days=9)) == 0


def test_a_gateway_that_comes_back_sends_what_waited(
    agreed_case: str, cast: Cast, carried_by: Carrying
) -> None:
    carried_by("Down")
    told(agreed_case, cast)
    send_all(MONDAY)
    carried_by("Recording")
    send_all(MONDAY)  # not yet due
    assert Recording.letters == []
    send_all(MONDAY + timedelta(minutes=1))
    assert messages(agreed_case, cast)[0].state is Delivery.SENT


def test_an_address_that_is_refused_for_good_is_not_tried_again(
    agreed_case: str, cast: Cast, carried_by: Carrying
) -> None:
    carried_by("Refusing")
    told(agreed_case, cast)
    send_all(MONDAY)
    message = messages(agreed_case, cast)[0]
    assert (message.state, message.attempts, message.trouble) == (Delivery.FAILED, 1, "空号")


def test_a_gateway_that_answers_twice_is_believed_once(agreed_case: str, cast: Cast) -> None:
    told(agreed_case, cast)
    send_all(MONDAY)
    assert actions.report(key(), arrived=True, now=MONDAY)
    assert not actions.report(key(), arrived=True, now=MONDAY)
    assert not actions.report(key(), arrived=False, now=MONDAY, trouble="超时")
    assert messages(agreed_case, cast)[0].state is Delivery.DELIVERED
    for unknown in ("", "x.0", f"{uuid.uuid4()}.0", key().partition(".")[0]):
        assert not actions.report(unknown, arrived=False, now=MONDAY)


def test_a_failure_that_is_reported_later_is_sent_again_under_a_new_key(agreed_case: str, cast: Cast) -> None:
    told(agreed_case, cast)
    send_all(MONDAY)
    first = key()
    later = MONDAY + timedelta(hours=1)
    assert actions.report(first, arrived=False, now=later, trouble="关机")
    assert messages(agreed_case, cast)[0].state is Delivery.WAITING
    send_all(later + timedelta(minutes=1))
    assert key() != first
    assert not actions.report(first, arrived=False, now=later)  # of the earlier try
    assert messages(agreed_case, cast)[0].state is Delivery.SENT


def test_a_message_whose_worker_died_is_taken_up_again(agreed_case: str, cast: Cast) -> None:
    told(agreed_case, cast)
    sql.run("UPDATE message SET state = 'sending', claimed_at = %(now)s, attempts = 1", {"now": MONDAY})
    send_all(MONDAY + timedelta(minutes=4))
    assert Recording.letters == []
    assert actions.send_due(now=MONDAY + timedelta(minutes=6)) == 1
    send_all(MONDAY + timedelta(minutes=6))
    assert messages(agreed_case, cast)[0].state is Delivery.SENT


def confirmed_mail(party: Actor, address: str) -> None:
    """The party agreed to mail by the code that was sent to this address."""
    number = actions.ask_email(party.party_number, address, by=party, now=MONDAY)
    sql.run("UPDATE message SET state = 'sent' WHERE is_code")  # as if it had come
    actions.confirm_email(party.party_number, number, codes.digits(uuid.UUID(number)), by=party, now=MONDAY)


def test_an_address_gets_nothing_but_a_code_until_the_code_came_back(
    agreed_case: str, cast: Cast, settings: Settings
) -> None:
    settings.LIUQUAN_GATEWAYS = {"sms": "", "email": "liuquan.messages.tests.gateways_of_tests.Recording"}
    party, other = cast.applicant, cast.stranger
    first = actions.ask_email(party.party_number, "old@example.cn", by=party, now=MONDAY)
    second = actions.ask_email(party.party_number, "li@example.cn", by=party, now=MONDAY)
    told(agreed_case, cast)
    send_all(MONDAY)
    assert [one.address for one in Recording.letters] == ["li@example.cn"]
    assert "确认这个邮箱" in Recording.letters[0].text
    right = codes.digits(uuid.UUID(second))
    for number, typed, by in ((first, codes.digits(uuid.UUID(first)), party), (second, "0" + right, party)):
        with pytest.raises(BadInput):
            actions.confirm_email(party.party_number, number, typed, by=by, now=MONDAY)
    with pytest.raises(BadInput):
        actions.use_code(second, right, now=MONDAY)  # opens no list of cases
    with pytest.raises(NotAllowed):
        actions.confirm_email(party.party_number, second, right, by=other, now=MONDAY)
    assert Channel.EMAIL not in queries.agreed(party.party_number)
    actions.confirm_email(party.party_number, second, right, by=party, now=MONDAY)
    assert Channel.EMAIL in queries.agreed(party.party_number)
    actions.ask_email(party.party_number, "new@example.cn", by=party, now=MONDAY)
    assert Channel.EMAIL not in queries.agreed(party.party_number)


def test_mail_goes_to_a_real_server_in_the_words_of_the_event(
    agreed_case: str, cast: Cast, settings: Settings
) -> None:
    settings.LIUQUAN_GATEWAYS = {"sms": "", "email": "liuquan.messages.gateways.SmtpGateway"}
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    party = cast.applicant
    for wrong in ("", "li", "li@example.cn\nBcc: all@example.cn", "a@b"):
        with pytest.raises(BadInput):
            actions.ask_email(party.party_number, wrong, by=party, now=MONDAY)
    confirmed_mail(party, " li@example.cn ")
    assert told(agreed_case, cast) == 1
    with mail_server() as server:
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address
        settings.EMAIL_USE_TLS = False
        server.answer = "450 busy"
        send_all(MONDAY)
        assert server.mails == []
        server.answer = "250 ok"
        send_all(MONDAY + timedelta(minutes=1))
        (mail,) = server.mails
    assert "To: li@example.cn" in mail
    assert "Message-ID: <" in mail
    message = messages(agreed_case, cast)[0]
    assert (message.channel, message.state, message.attempts) == (Channel.EMAIL, Delivery.SENT, 2)


def test_a_mail_server_that_is_gone_or_refuses_says_no_address(
    agreed_case: str, cast: Cast, settings: Settings
) -> None:
    settings.LIUQUAN_GATEWAYS = {"sms": "", "email": "liuquan.messages.gateways.SmtpGateway"}
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    party = cast.applicant
    confirmed_mail(party, "li@example.cn")
    told(agreed_case, cast)
    with mail_server() as server:
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address
        settings.EMAIL_USE_TLS = False
    send_all(MONDAY)
    gone = messages(agreed_case, cast)[0]
    assert (gone.state, gone.trouble) == (Delivery.WAITING, "邮件服务器连不上（ConnectionRefusedError）")
    with mail_server() as server:
        settings.EMAIL_PORT = server.server_address[1]
        server.answer = "550 li@example.cn unknown"
        send_all(MONDAY + timedelta(minutes=1))
    refused = messages(agreed_case, cast)[0]
    assert (refused.state, refused.trouble) == (Delivery.FAILED, "邮件服务器不收这个地址（550）")
