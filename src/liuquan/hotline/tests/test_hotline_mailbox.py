"""The mailbox, read from a real IMAP server: each mail a ticket, once, or listed with why it is none."""

from __future__ import annotations

import io
from datetime import timedelta
from email import policy
from email.message import EmailMessage
from typing import Any

import pytest
from PIL import Image

from liuquan.casework import actions as casework
from liuquan.casework import queries as cases
from liuquan.hotline import actions, models, queries
from liuquan.hotline.actions import mailbox, mails
from liuquan.hotline.mails import MailReason, Standing, read_mail
from liuquan.hotline.tests.conftest import MONDAY, Hotline
from liuquan.hotline.tests.mailing import OWN, WRITER, MailServer, _server, mail, mail_server
from liuquan.hotline.types import Identity, Inlet
from liuquan.journal import queries as journal
from liuquan.kernel.refusals import NotAllowed, Unavailable, WrongState
from liuquan.messages import queries as messages

__all__ = ["_server", "mail_server"]
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
SOON = MONDAY + MINUTE
GPS = 0x8825


@pytest.fixture
def open_mail_channel(settings: Any) -> None:
    settings.LIUQUAN_GATEWAYS = {"sms": "", "email": "liuquan.messages.actions.outbox.OutboxGateway"}


def matter(hotline: Hotline, number: str) -> str:
    return casework.open_case_file(number, by=hotline.dispatcher, now=SOON).matter


def only() -> models.Mail:
    (row,) = models.Mail.objects.all()
    return row


def told(row: models.Mail) -> list[str]:
    return [one.text for one in messages.of_case(row.ticket, party=str(row.party))]


def photo() -> bytes:
    """A photo in which a camera wrote where it was taken."""
    exif, kept = Image.Exif(), io.BytesIO()
    exif[GPS] = {1: "N", 2: (36.0, 4.0, 0.0)}
    Image.new("RGB", (8, 8)).save(kept, "JPEG", exif=exif)
    return kept.getvalue()


def test_a_mail_becomes_a_ticket_by_the_channel_mailbox(hotline: Hotline, mail_server: MailServer) -> None:
    mail_server.deliver(mail(), at=MONDAY)
    found = actions.read_mailbox(now=SOON)
    assert (found.mails, found.tickets, found.failed) == (1, 1, 0)
    row = only()
    ticket = hotline.ticket(row.ticket)
    assert ticket is not None
    assert (ticket.inlet, ticket.class_code) == (Inlet.MAILBOX, "unfiled")
    assert ticket.identity is Identity.ANONYMOUS  # an address is nobody's name
    assert matter(hotline, row.ticket).split("\n") == [
        "路灯不亮",
        "溪畔大道三十号门前的路灯连续三天不亮，晚上看不见路。",
    ]
    assert row.arrived_at == MONDAY
    assert cases.read(row.ticket).state == "registered"
    assert queries.mails.unregistered(by=hotline.operator) == []
    assert WRITER.encode() not in bytes(row.sender_enc)
    assert row.sender_masked == "l***@example.com"


def test_the_same_mail_is_one_ticket_however_often_it_comes(
    hotline: Hotline, mail_server: MailServer
) -> None:
    mail_server.deliver(mail(), at=MONDAY)
    actions.read_mailbox(now=SOON)
    assert actions.read_mailbox(now=SOON).mails == 0
    again = mail()
    again["Received"] = "from elsewhere"  # a second copy by another way
    mail_server.deliver(again, at=MONDAY)
    assert actions.read_mailbox(now=SOON).mails == 1
    models.Mailbox.objects.update(generation=1)  # the server counts anew
    assert actions.read_mailbox(now=SOON).mails == 2
    assert models.Ticket.objects.count() == models.Mail.objects.count() == 1


@pytest.mark.parametrize("broken_in", ["_files", "registering.register", "_told", "messages.answer_mail"])
def test_what_was_left_in_the_middle_is_finished_and_never_doubled(
    hotline: Hotline,
    mail_server: MailServer,
    open_mail_channel: None,
    monkeypatch: pytest.MonkeyPatch,
    broken_in: str,
) -> None:
    def breaks(*_: object, **__: object) -> None:
        raise RuntimeError("the power went off")

    mail_server.deliver(mail(), at=MONDAY)
    mail_server.deliver(mail("第二封：公交站牌倒了。", key="two"), at=MONDAY)
    with monkeypatch.context() as broken:
        broken.setattr(f"liuquan.hotline.actions.mails.{broken_in}", breaks)
        assert actions.read_mailbox(now=SOON).failed == 2
    found = actions.read_mailbox(now=SOON)
    assert found.failed == 0
    assert [len(told(one)) for one in models.Mail.objects.all()] == [1, 1]
    assert models.Ticket.objects.count() == models.Mail.objects.exclude(ticket="").count() == 2
    assert actions.read_mailbox(now=SOON).mails == 0


def test_nothing_on_the_server_is_changed(hotline: Hotline, mail_server: MailServer) -> None:
    mail_server.deliver(mail(), at=MONDAY)
    actions.read_mailbox(now=SOON)
    server = mail_server.opened()
    server.select("INBOX", readonly=True)
    assert server.search(None, "UNSEEN")[1] == [b"1"]
    server.logout()


@pytest.mark.parametrize(
    ("heads", "reason"),
    [
        ({"Auto_Submitted": "auto-replied"}, MailReason.AUTO),
        ({"Auto_Submitted": "auto-generated; x=y"}, MailReason.AUTO),
        ({"X_Autoreply": "yes"}, MailReason.AUTO),
        ({"Precedence": "bulk"}, MailReason.BULK),
        ({"List_Id": "<news.example.com>"}, MailReason.BULK),
        ({"Return_Path": "<>"}, MailReason.BOUNCE),
        ({"X_Liuquan_Message": "1.0"}, MailReason.OWN),
        ({"sender": OWN}, MailReason.OWN),
        ({"sender": "MAILER-DAEMON@example.com"}, MailReason.BOUNCE),
    ],
)
def test_a_machine_gets_no_answer_and_no_ticket_and_a_person_decides(
    hotline: Hotline,
    mail_server: MailServer,
    open_mail_channel: None,
    heads: dict[str, str],
    reason: MailReason,
) -> None:
    mail_server.deliver(mail(**heads), at=MONDAY)
    actions.read_mailbox(now=SOON)
    assert models.Ticket.objects.count() == 0
    (listed,) = queries.mails.unregistered(by=hotline.operator)
    assert (listed.reason, listed.was_told) == (reason, False)
    number = actions.register_mail(listed.number, by=hotline.operator, now=SOON)
    assert "连续三天不亮" in matter(hotline, number)
    assert told(only()) == []
    assert queries.mails.unregistered(by=hotline.operator) == []
    with pytest.raises(WrongState):
        actions.register_mail(listed.number, by=hotline.operator, now=SOON)
    assert models.Ticket.objects.count() == 1


def test_auto_submitted_no_is_written_by_a_person(hotline: Hotline, mail_server: MailServer) -> None:
    mail_server.deliver(mail(Auto_Submitted="no"), at=MONDAY)
    assert actions.read_mailbox(now=SOON).tickets == 1


def test_the_sender_is_told_the_number_once_and_nothing_of_the_mail(
    hotline: Hotline, mail_server: MailServer, open_mail_channel: None
) -> None:
    mail_server.deliver(mail(), at=MONDAY)
    actions.read_mailbox(now=SOON)
    row = only()
    (said,) = told(row)
    assert row.ticket in said
    assert "{query_code}" in said  # the code itself is kept nowhere
    assert cases.query_code(row.ticket)[:5] not in said
    assert "路灯" not in said
    assert row.acknowledged_at == SOON


def test_one_address_is_told_so_often_a_day_and_makes_so_many_tickets(
    hotline: Hotline,
    mail_server: MailServer,
    open_mail_channel: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert (mails.MOST_A_DAY, mails.MOST_TOLD) == (20, 5)
    monkeypatch.setattr(mails, "MOST_A_DAY", 4)
    monkeypatch.setattr(mails, "MOST_TOLD", 2)
    for at in range(mails.MOST_A_DAY + 1):
        mail_server.deliver(mail(f"第{at}件事：路灯不亮。", key=str(at)), at=MONDAY)
    mail_server.deliver(mail("第0件事：路灯不亮。", key="again"), at=MONDAY)
    actions.read_mailbox(now=SOON)
    assert models.Ticket.objects.count() == mails.MOST_A_DAY
    assert models.Mail.objects.exclude(acknowledged_at=None).count() == mails.MOST_TOLD
    reasons = {one.reason for one in queries.mails.unregistered(by=hotline.operator)}
    assert reasons == {MailReason.TOO_MANY, MailReason.SAME}
    mail_server.deliver(mail("第0件事：路灯不亮。", key="tomorrow"), at=MONDAY + 25 * HOUR)
    assert actions.read_mailbox(now=MONDAY + 25 * HOUR).tickets == 1


def test_a_forged_sender_is_shown_and_told_nothing(
    hotline: Hotline, mail_server: MailServer, open_mail_channel: None
) -> None:
    forged = mail(Authentication_Results="mx.yunxi.example.cn; dmarc=fail; spf=pass")
    mail_server.deliver(forged, at=MONDAY)
    actions.read_mailbox(now=SOON)
    row = only()
    assert row.ticket
    assert (row.standing, row.acknowledged_at, told(row)) == ("fail", None, [])
    page = hotline.cast.client("rexiaopai").get(f"/desk/cases/{row.ticket}/").content.decode()
    assert "发件域名核对不符" in page
    assert WRITER not in page


@pytest.mark.parametrize(
    ("said", "standing"),
    [
        ("mx.yunxi.example.cn; dmarc=pass", Standing.RIGHT),
        ("mx.yunxi.example.cn; spf=softfail", Standing.FAIL),
        ("mx.yunxi.example.cn; dkim=pass; spf=fail", Standing.RIGHT),
        ("mx.yunxi.example.cn; none", Standing.UNKNOWN),
        ("elsewhere.example.com; dmarc=pass", Standing.UNKNOWN),  # the sender may have written it
    ],
)
def test_only_our_own_server_judges_the_sender(said: str, standing: Standing) -> None:
    raw = mail(Authentication_Results=said).as_bytes()
    assert read_mail(raw, own=OWN, judge="mx.yunxi.example.cn").standing is standing
    assert read_mail(raw, own=OWN, judge="").standing is Standing.UNKNOWN


def raw_mail(body: bytes, charset: str, subject: bytes = b"=?gb2312?B?wre1xrK7wcE=?=") -> bytes:
    return (
        b"From: <li.yunxi@example.com>\r\nMessage-ID: <raw@example.com>\r\nSubject: " + subject + b"\r\n"
        b"Content-Type: text/plain; charset=" + charset.encode() + b"\r\n"
        b"Content-Transfer-Encoding: 8bit\r\n\r\n" + body
    )


@pytest.mark.parametrize(
    ("text", "written_in", "named"),
    [
        ("路灯不亮，请修理。", "gbk", "gb2312"),
        ("路燈不亮，請修理。𠮷", "gb18030", "gbk"),
        ("路燈不亮，請修理。", "big5", "big5"),
        ("路灯不亮，请修理。", "gbk", "us-ascii"),
        ("路灯不亮，请修理。", "gbk", "no-such-charset"),
        ("路灯不亮，请修理。", "utf-8", "gbk-2"),
        ("བོད་ཡིག ئۇيغۇرچە ᠮᠣᠩᠭᠣᠯ", "utf-8", "utf-8"),
        ("THE LAMP IS OUT", "ascii", "us-ascii"),
    ],
)
def test_every_writing_is_kept_as_it_was_sent(text: str, written_in: str, named: str) -> None:
    found = read_mail(raw_mail(text.encode(written_in), named), own="", judge="")
    assert (found.text, found.subject) == (text, "路灯不亮")


def test_a_subject_in_bare_bytes_is_read(hotline: Hotline) -> None:
    raw = raw_mail(b"x", "utf-8", subject="路灯不亮".encode("gbk"))
    assert read_mail(raw, own="", judge="").subject == "路灯不亮"


def test_twenty_thousand_characters_are_kept_and_more_stay_in_the_original(
    hotline: Hotline, mail_server: MailServer
) -> None:
    long = "路灯不亮" * 5000
    mail_server.deliver(mail(long, subject=""), at=MONDAY)
    mail_server.deliver(mail(f"{long}，多一句", key="two", subject=""), at=MONDAY)
    actions.read_mailbox(now=SOON)
    exact, longer = models.Mail.objects.order_by("pk")
    assert matter(hotline, exact.ticket) == long
    assert matter(hotline, longer.ticket).endswith("【来信超过长度，以下见原信】")
    opened = actions.open_mail(str(longer.number), by=hotline.operator, now=SOON)
    assert opened.text == f"{long}，多一句"


def test_a_page_is_read_as_words_and_what_it_quotes_stands_apart() -> None:
    made = EmailMessage()
    made["From"] = WRITER
    made.set_content(
        "<html><head><title>x</title><style>p{}</style></head><body><p>路灯还是&nbsp;不亮。</p>"
        "<script>alert(1)</script><blockquote><div>您好，已修好。</div></blockquote></body></html>",
        subtype="html",
    )
    found = read_mail(made.as_bytes(), own="", judge="")
    assert (found.text, found.quoted) == ("路灯还是 不亮。", "> 您好，已修好。")


@pytest.mark.parametrize(
    "repeats",
    [
        "> 您好，已修好。\n> 热线中心",
        "------------------ 原始邮件 ------------------\n发件人: 热线",
        "在 2026年3月2日，热线中心写道：\n您好，已修好。",
        "On Mon, 2 Mar 2026 10:00, Hotline wrote:\nfixed",
    ],
)
def test_a_reply_is_kept_whole_with_what_it_quotes_told_apart(
    hotline: Hotline, mail_server: MailServer, repeats: str
) -> None:
    mail_server.deliver(mail(f"还是不亮。\n\n{repeats}", subject=""), at=MONDAY)
    actions.read_mailbox(now=SOON)
    assert matter(hotline, only().ticket) == f"还是不亮。\n\n【以下是来信引用的原文】\n{repeats}"


def test_thirty_files_are_counted_checked_and_those_left_out_named(
    hotline: Hotline, mail_server: MailServer, open_mail_channel: None
) -> None:
    made = mail()
    for at in range(29):
        made.add_attachment(photo(), maintype="image", subtype="jpeg", filename=f"照片{at}.jpg")
    made.add_attachment(b"MZ\x90", maintype="application", subtype="octet-stream", filename="../病毒.exe")
    mail_server.deliver(made, at=MONDAY)
    actions.read_mailbox(now=SOON)
    row = only()
    assert (row.files, row.left_out) == (30, 10)
    taken = [file for one in cases.materials(cases.read(row.ticket)) for file in one.files]
    assert len(taken) == mails.MOST_FILES
    _, _, content = casework.open_material(row.ticket, str(taken[0]), by=hotline.dispatcher, now=SOON)
    assert GPS not in Image.open(io.BytesIO(content)).getexif()
    said = matter(hotline, row.ticket)
    assert "来信有附件30个，收下20个，没有收下10个" in said
    assert "照片28.jpg（最多收20个）" in said
    assert "没有收下10个" in told(row)[0]
    original = actions.open_original(str(row.number), by=hotline.dispatcher, now=SOON)
    assert original.count(b"Content-Disposition: attachment") == 30


def test_a_program_is_left_out_with_the_reason(hotline: Hotline, mail_server: MailServer) -> None:
    made = mail()
    made.add_attachment(b"MZ\x90", maintype="application", subtype="octet-stream", filename="../病毒.exe")
    mail_server.deliver(made, at=MONDAY)
    actions.read_mailbox(now=SOON)
    assert "病毒.exe（不能上传“病毒.exe”这类文件" in matter(hotline, only().ticket)


def test_a_mail_that_is_too_large_is_listed_and_not_read(
    hotline: Hotline, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailbox, "LARGEST", 2_000)
    asked: list[str] = []
    content = mailbox._content
    monkeypatch.setattr(
        mailbox, "_content", lambda server, uid, what: asked.append(what) or content(server, uid, what)
    )
    mail_server.deliver(mail("很长" * 2_000), at=MONDAY)
    assert actions.read_mailbox(now=SOON).tickets == 0
    assert [one for one in asked if one.startswith("BODY.PEEK[]")] == []
    (listed,) = queries.mails.unregistered(by=hotline.operator)
    assert (listed.reason, listed.sender_masked) == (MailReason.TOO_LARGE, "l***@example.com")
    assert listed.size > 2_000
    assert actions.open_mail(listed.number, by=hotline.operator, now=SOON).subject == "路灯不亮"
    actions.settle_mail(listed.number, by=hotline.operator, now=SOON)
    assert queries.mails.unregistered(by=hotline.operator) == []
    assert [one.number for one in queries.mails.unregistered(by=hotline.operator, settled=True)] == [
        listed.number
    ]


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00\xff\xfe" * 50,
        b"From: a@example.com\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n" * 400,
        b"From: a@example.com, b@example.com\r\n\r\nhello",
        b'From: a@example.com\r\nContent-Type: text/plain; charset="\r\n\r\n\x80',
        b"From: a@example.com\r\nContent-Type: image/png; name*0=\r\nContent-Transfer-Encoding: base64\r\n",
    ],
)
def test_whatever_a_stranger_sends_is_kept_and_stops_nothing(hotline: Hotline, raw: bytes) -> None:
    actions.take_mail(raw, arrived_at=MONDAY, now=SOON)
    actions.take_mail(mail().as_bytes(policy=policy.SMTP), arrived_at=MONDAY, now=SOON)
    assert models.Mail.objects.count() == 2
    assert models.Mail.objects.filter(ticket="", reason="").count() == 0
    assert models.Mail.objects.order_by("pk")[1].ticket


def test_a_mail_nobody_can_parse_is_listed_with_its_original(
    hotline: Hotline, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: object, **__: object) -> None:
        raise IndexError

    monkeypatch.setattr(mails, "read_mail", breaks)
    assert actions.take_mail(b"From: x\r\n\r\ny", arrived_at=MONDAY, now=SOON) == ""
    (listed,) = queries.mails.unregistered(by=hotline.operator)
    assert listed.reason is MailReason.UNREADABLE
    assert actions.open_original(listed.number, by=hotline.operator, now=SOON) == b"From: x\r\n\r\ny"
    with pytest.raises(WrongState):
        actions.register_mail(listed.number, by=hotline.operator, now=SOON)


def test_mails_are_read_at_the_centre_alone_and_each_reading_is_entered(
    hotline: Hotline, mail_server: MailServer
) -> None:
    mail_server.deliver(mail(), at=MONDAY)
    actions.read_mailbox(now=SOON)
    row = only()
    number = str(row.number)
    for refused in (
        lambda by: queries.mails.registered(by=by),
        lambda by: queries.mails.mail(number, by=by),
        lambda by: actions.open_mail(number, by=by, now=SOON),
        lambda by: actions.open_original(number, by=by, now=SOON),
        lambda by: actions.register_mail(number, by=by, now=SOON),
        lambda by: actions.settle_mail(number, by=by, now=SOON),
    ):
        with pytest.raises(NotAllowed):
            refused(hotline.contact)
    assert entries(number) == []
    assert actions.open_mail(number, by=hotline.operator, now=SOON).sender == WRITER
    assert entries(number) == ["hotline.mail_opened"]


def entries(subject: str) -> list[str]:

    return [one.event for one in journal.entries_of(subject)]


def test_a_mailbox_that_does_not_answer_is_said(mail_server: MailServer, settings: Any, db: None) -> None:
    settings.LIUQUAN_IMAP_PASSWORD = "wrong"
    with pytest.raises(Unavailable, match="连不上或者登录不了"):
        actions.read_mailbox(now=SOON)
    settings.LIUQUAN_IMAP_HOST = ""
    with pytest.raises(Unavailable, match="没有设置"):
        actions.read_mailbox(now=SOON)


@pytest.mark.fact("H-04")
def test_the_day_of_a_mail_runs_from_its_arrival(hotline: Hotline, mail_server: MailServer) -> None:
    mail_server.deliver(mail(), at=MONDAY)
    actions.read_mailbox(now=MONDAY + 2 * HOUR)  # the mailbox was away for two hours
    number = only().ticket
    day = (MONDAY + 24 * HOUR).date()
    assert queries.replies(day, now=MONDAY + 24 * HOUR - MINUTE)[1].late == ()
    found = queries.replies(day, now=MONDAY + 24 * HOUR)[1]
    assert (found.counted, found.within, found.late) == (1, 0, (number,))
    much_later = MONDAY + 240 * HOUR
    assert queries.replies(much_later.date(), now=much_later)[1].late == (number,)
    hotline.act(number, "tell_way", hotline.dispatcher, MONDAY + 25 * HOUR, way="petition")
    found = queries.replies(day, now=MONDAY + 26 * HOUR)[1]
    assert (found.counted, found.within, found.late) == (1, 0, ())
