"""The pages of mails that are no tickets: listed with the reason, opened by one press, then done with."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from liuquan.hotline import actions, jobs, models, queries
from liuquan.hotline.tests.conftest import MONDAY, Hotline
from liuquan.hotline.tests.mailing import WRITER, MailServer, _server, mail, mail_server
from liuquan.testing.browsers import SetNow
from liuquan.testing.sources import squeezed

__all__ = ["_server", "mail_server"]
SOON = MONDAY + timedelta(minutes=1)
LIST = "/desk/hotline/mails/"


@pytest.fixture
def listed(hotline: Hotline, set_now: SetNow) -> str:
    """The number of a mail that a machine sent."""
    set_now(SOON)
    actions.take_mail(mail(Auto_Submitted="auto-replied").as_bytes(), arrived_at=MONDAY, now=SOON)
    return queries.mails.unregistered(by=hotline.operator)[0].number


def test_the_list_says_why_and_shows_nothing_of_the_mail(hotline: Hotline, listed: str) -> None:
    page = hotline.cast.client("rexiaojie").get(LIST).content.decode()
    assert "自动答复" in page
    assert "l***@example.com" in page
    assert WRITER not in page
    assert "路灯" not in page
    assert f"{LIST}{listed}/" in page
    assert "本系统没有接热线信箱" in page


def test_a_mail_is_opened_by_a_press_and_downloaded_as_it_came(hotline: Hotline, listed: str) -> None:
    visitor = hotline.cast.client("rexiaojie")
    assert WRITER not in visitor.get(f"{LIST}{listed}/").content.decode()
    page = visitor.post(f"{LIST}{listed}/", {"do": "open"}).content.decode()
    assert WRITER in page
    assert "连续三天不亮" in page
    original = visitor.post(f"{LIST}{listed}/original/")
    assert original.content == mail(Auto_Submitted="auto-replied").as_bytes()
    assert original["Content-Disposition"] == f'attachment; filename="{listed}.eml"'
    assert original["Content-Type"] == "application/octet-stream"


def test_a_person_makes_a_ticket_of_it_and_the_case_leads_back(hotline: Hotline, listed: str) -> None:
    visitor = hotline.cast.client("rexiaopai")
    response = visitor.post(f"{LIST}{listed}/", {"do": "register"}, follow=True)
    number = models.Mail.objects.get().ticket
    assert response.redirect_chain[0][0] == f"/desk/cases/{number}/"
    page = squeezed(response.content.decode())
    assert "没有核实是谁" in page
    assert f"{LIST}{listed}/" in page
    assert number in visitor.get(f"{LIST}?show=tickets").content.decode()
    again = visitor.post(f"{LIST}{listed}/", {"do": "register"})
    assert again.status_code == 409
    assert f"这封来信已经登记为工单{number}" in again.content.decode()
    assert models.Ticket.objects.count() == 1


def test_the_unit_sees_that_it_was_a_mail_and_no_way_to_the_original(hotline: Hotline, listed: str) -> None:
    number = actions.register_mail(listed, by=hotline.dispatcher, now=SOON)
    body = "11990100MB9901083F"
    filed = {"request_kind": "help", "class_code": "0103", "reason": "来信没有归类，按内容归类。"}
    hotline.act(number, "refile", hotline.dispatcher, SOON, **filed)
    hotline.act(number, "dispatch", hotline.dispatcher, SOON, body=body, limit="help")
    page = hotline.cast.client("chengxiaore").get(f"/desk/cases/{number}/").content.decode()
    assert "没有核实是谁" in page
    assert listed not in page


def test_what_needs_nothing_is_settled_once_and_stays_to_be_found(hotline: Hotline, listed: str) -> None:
    visitor = hotline.cast.client("rexiaojie")
    assert visitor.post(f"{LIST}{listed}/", {"do": "nothing"}).status_code == 422
    assert visitor.post(f"{LIST}{listed}/", {"do": "settle"})["Location"] == LIST
    assert listed not in visitor.get(LIST).content.decode()
    assert listed in visitor.get(f"{LIST}?show=settled").content.decode()
    assert models.Mail.objects.get().settled_by == hotline.operator.staff_id


def test_a_mailbox_that_was_not_read_for_long_is_warned_of(
    hotline: Hotline, mail_server: MailServer, set_now: SetNow
) -> None:
    set_now(MONDAY)
    jobs.read_mailbox()
    visitor = hotline.cast.client("rexiaojie")
    assert "超过半小时没有收取" not in visitor.get(LIST).content.decode()
    set_now(MONDAY + timedelta(minutes=31))
    assert "超过半小时没有收取" in visitor.get(LIST).content.decode()


def test_the_worker_reads_no_mailbox_where_there_is_none(hotline: Hotline, settings: Any) -> None:
    settings.LIUQUAN_IMAP_HOST = ""
    jobs.read_mailbox()
    assert models.Mailbox.objects.count() == 0
