"""What whoever writes to the mailbox is told, by whatever carries our mail."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from liuquan.casework import queries as cases
from liuquan.hotline import actions
from liuquan.hotline.tests.conftest import MONDAY, Hotline
from liuquan.hotline.tests.mailing import WRITER, mail
from liuquan.journal import queries as journal
from liuquan.messages import actions as messages
from liuquan.messages.models import Message
from liuquan.messages.tests.gateways_of_tests import Recording

SOON = MONDAY + timedelta(minutes=1)


@pytest.fixture
def recording(settings: Any, monkeypatch: pytest.MonkeyPatch) -> type[Recording]:
    settings.LIUQUAN_GATEWAYS = {"sms": "", "email": "liuquan.messages.tests.gateways_of_tests.Recording"}
    monkeypatch.setattr(Recording, "letters", [])
    return Recording


def test_the_writer_gets_the_number_with_its_code_and_the_answer_later(
    hotline: Hotline, recording: type[Recording]
) -> None:
    number = actions.take_mail(mail().as_bytes(), arrived_at=MONDAY, now=SOON)
    (registered,) = [one for one in hotline_entries(number) if one[1] == "ticket.registered"]
    messages.prepare(number, entry=registered[0], event="ticket.registered", now=SOON)  # as the worker does
    (waiting,) = Message.objects.all()
    messages.send(str(waiting.number), now=SOON)
    (letter,) = recording.letters
    code = cases.query_code(number)
    assert (letter.address, letter.channel) == (WRITER, "email")
    assert f"{code[:5]}-{code[5:]}" in letter.text
    assert number in letter.text
    assert code[:5] not in Message.objects.get().text
    hotline.act(number, "tell_way", hotline.dispatcher, SOON, way="petition")
    (told,) = [one for one in hotline_entries(number) if one[1] == "ticket.way_told"]
    assert messages.prepare(number, entry=told[0], event="ticket.way_told", now=SOON) == 1


def test_without_a_way_to_send_mail_the_ticket_is_made_all_the_same(hotline: Hotline, settings: Any) -> None:
    settings.LIUQUAN_GATEWAYS = {"sms": "", "email": ""}
    assert actions.take_mail(mail().as_bytes(), arrived_at=MONDAY, now=SOON)
    assert Message.objects.count() == 0


def hotline_entries(number: str) -> list[tuple[Any, str]]:
    return [(one.number, one.event) for one in journal.entries_of(number)]
