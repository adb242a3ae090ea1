"""The service standard: answered in time, enough connected, who writes replied to, who asks kept secret."""

from __future__ import annotations

from datetime import timedelta

import pytest

from liuquan.casework import actions as casework
from liuquan.hotline import models, queries
from liuquan.hotline.actions.stand_in import StandInPhone
from liuquan.hotline.kind import TICKET
from liuquan.hotline.tests.calling import answered_call, phone
from liuquan.hotline.tests.conftest import MONDAY, Hotline
from liuquan.hotline.types import Identity, Inlet
from liuquan.journal import queries as journal
from liuquan.testing.browsers import SetNow
from liuquan.testing.cast import Cast
from liuquan.testing.sources import squeezed

__all__ = ["phone"]
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)


def written(hotline: Hotline, inlet: Inlet, after: timedelta | None) -> str:
    """A request in writing, told its legal way after so long; without a time, not replied to."""
    number = hotline.registered(inlet=inlet)
    if after is not None:
        hotline.act(number, "tell_way", hotline.dispatcher, MONDAY + after, way="petition")
    return number


@pytest.mark.parametrize(
    ("inlet", "limit"), [(Inlet.WEB, 3 * MINUTE), (Inlet.APP, 3 * MINUTE), (Inlet.MAILBOX, 24 * HOUR)]
)
def test_who_writes_is_replied_to_in_time_or_it_shows(
    hotline: Hotline, inlet: Inlet, limit: timedelta
) -> None:
    place = 1 if inlet is Inlet.MAILBOX else 0
    written(hotline, inlet, limit - SECOND)
    written(hotline, inlet, limit)
    waiting = written(hotline, inlet, None)
    hotline.registered()  # by phone: it is replied to at once
    before = queries.replies(MONDAY.date(), now=MONDAY + limit - SECOND)[place]
    assert (before.counted, before.within, before.late) == (2, 1, ())
    found = queries.replies(MONDAY.date(), now=MONDAY + limit)[place]
    assert (found.counted, found.within, found.late, found.share_text) == (3, 1, (waiting,), "33.3%")
    assert queries.replies(MONDAY.date(), now=MONDAY + limit)[1 - place].counted == 0


def test_the_first_reply_is_the_first(hotline: Hotline) -> None:
    number = hotline.dispatched(inlet=Inlet.WEB)
    hotline.act(
        number,
        "return_ticket",
        hotline.contact,
        MONDAY + HOUR,
        ground="legal_way",
        reason="双方已经提起诉讼，应当由人民法院处理。",
    )
    hotline.act(number, "tell_way", hotline.dispatcher, MONDAY + 2 * HOUR, way="litigation")
    assert models.Ticket.objects.get(case__number=number).replied_at == MONDAY


@pytest.mark.fact("H-04")
def test_the_service_standard_is_counted_and_shown(hotline: Hotline, cast: Cast, set_now: SetNow) -> None:
    phone = StandInPhone()
    for at in range(20):  # 19 of 20 connected, one of them a moment too late
        line = phone.ring(f"199000001{at:02d}", now=MONDAY)
        if at:
            phone.answer(line, "", now=MONDAY + (15 * SECOND if at == 1 else 14 * SECOND))
        phone.end(line, now=MONDAY + MINUTE)
    written(hotline, Inlet.WEB, 2 * MINUTE)
    late = written(hotline, Inlet.FORUM, None)
    written(hotline, Inlet.MAILBOX, 23 * HOUR)
    set_now(MONDAY + 5 * MINUTE)
    wall = squeezed(cast.client("rexiaojie").get("/desk/hotline/wall/").content.decode())
    assert "95.0%" in wall
    assert "19/20 通，不低于 95%" in wall
    assert "15秒内接听" in wall
    assert "18/19 通" in wall
    assert "文字渠道3分钟内首次回复" in wall
    assert "1/2 件，超过还没有回复 1 件" in wall
    assert "信箱24小时内首次回复" in wall
    assert late in cast.client("rexiaojie").get("/desk/hotline/calls/").content.decode()
    secret = hotline.dispatched(identity=Identity.CONFIDENTIAL)
    kept = casework.open_case_file(secret, by=hotline.contact, now=MONDAY)
    assert set(kept.names.values()) == {"（要求保密）"}


@pytest.mark.fact("H-05")
def test_ticket_knowledge_base_and_three_way_call_are_called_as_the_standard_calls_them(
    hotline: Hotline, cast: Cast, phone: StandInPhone, set_now: SetNow
) -> None:
    set_now(MONDAY)
    client = cast.client("rexiaojie")
    number = hotline.registered()
    assert hotline.read(number).kind == TICKET.key
    assert (TICKET.label, TICKET.procedure.label) == ("热线工单", "热线工单")
    assert "热线工单" in squeezed(client.get(f"/desk/cases/{number}/").content.decode())
    # what answers come from: the article that may be quoted stands there
    base = squeezed(client.get("/desk/hotline/knowledge/").content.decode())
    assert "<h1>知识库 " in base
    assert "路灯不亮找谁修？" in base
    # a third person in a call
    call = answered_call(hotline.operator, at=MONDAY)
    path = f"/desk/hotline/calls/{call}/"
    before = squeezed(client.get(path).content.decode())
    assert 'value="third"' in before
    assert "三方通话" in before
    assert "市城管局值班室" not in before
    assert client.post(path, {"do": "third", "to": "市城管局值班室"}).status_code in (200, 302)
    shown = squeezed(client.get(path).content.decode())
    assert "三方通话" in shown
    assert "市城管局值班室" in shown
    assert [entry.label for entry in journal.entries_of(call)][-1] == "三方通话"
