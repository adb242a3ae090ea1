"""The phone of the tests: the stand-in, and events as a phone system sends them."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from liuquan.hotline import actions, models
from liuquan.hotline.actions.stand_in import StandInPhone
from liuquan.hotline.types import SeatState
from liuquan.hotline.views.phone_events import signature
from liuquan.organisation.types import Actor

EVENTS = "/hotline/phone/events/"
SECRET = "a secret of the tests"


def answered_call(by: Actor, *, at: datetime, phone: str = "19900000001", seat: str = "801") -> str:
    """The number of a call that this operator is talking."""
    actions.sit(seat, SeatState.READY, by=by, now=at)
    stand_in = StandInPhone()
    line = stand_in.ring(phone, now=at)
    stand_in.answer(line, seat, now=at)
    return number_of(line)


def number_of(line: str) -> str:
    return str(models.Call.objects.get(line=line).number)


def row(number: str) -> models.Call:
    return models.Call.objects.get(number=number)


def send(client: Client, at: datetime, *, secret: str = SECRET, stamp: str = "", **event: Any) -> Any:
    """An event as the phone system sends it, signed."""
    body = json.dumps({"at": at.isoformat(), **event}).encode()
    moment = stamp or str(int(at.timestamp()))
    headers = {"Liuquan-Timestamp": moment, "Liuquan-Signature": signature(secret, moment, body)}
    return client.post(EVENTS, body, "application/json", headers=headers)


@pytest.fixture
def phone(settings: Any) -> StandInPhone:
    """The stand-in as the phone system of the site, with the secret of its events."""
    settings.LIUQUAN_PHONE = "liuquan.hotline.actions.stand_in.StandInPhone"
    settings.LIUQUAN_PHONE_SECRET = SECRET
    return StandInPhone()
