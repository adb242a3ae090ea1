"""Which gateway carries what, by settings, and the one that speaks SMTP.

The demo keeps every letter in its outbox. A place names its own SMS gateway in `LIUQUAN_SMS_GATEWAY` (the
path of a class) and its mail server in `LIUQUAN_SMTP_HOST`; a way that has none is not open here.
"""

from __future__ import annotations

import smtplib
from datetime import datetime
from typing import cast

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils.module_loading import import_string

from liuquan.messages.types import MAIL_MARK, Channel, Gateway, Letter, TryLater, Undeliverable


def path_of(channel: Channel) -> str:
    """The class that carries this way; empty where none does."""
    return str(settings.LIUQUAN_GATEWAYS.get(channel.value, ""))


def gateway(channel: Channel) -> Gateway:
    """The gateway of this way. Raises `TryLater` where none is set: the message waits for one."""
    path = path_of(channel)
    if not path:
        raise TryLater("没有接通")
    return cast("Gateway", import_string(path)())


class SmtpGateway:
    """Mail by the server of the settings. A letter is taken when the server has accepted it."""

    def hand_over(self, letter: Letter, *, now: datetime) -> None:
        """As `Gateway` says. The key is the message's id, by which a mail server knows a second copy.
        Machines are told not to answer (RFC 3834), and our own mailbox knows it."""
        domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ") or "localhost"
        mail = EmailMessage(
            letter.title,
            letter.text,
            to=[letter.address],
            headers={
                "Message-ID": f"<{letter.key}@{domain}>",
                "Auto-Submitted": "auto-generated",
                "X-Auto-Response-Suppress": "All",
                MAIL_MARK: letter.key,
            },
            connection=get_connection(),
        )
        try:
            mail.send()
        except smtplib.SMTPRecipientsRefused as refused:
            codes = [code for code, _ in refused.recipients.values()]
            if all(code >= 500 for code in codes):
                raise Undeliverable(f"邮件服务器不收这个地址（{codes[0]}）") from None
            raise TryLater(f"邮件服务器暂时不收（{codes[0]}）") from None
        except smtplib.SMTPResponseException as refused:
            raise TryLater(f"邮件服务器没有收下（{refused.smtp_code}）") from None
        except (OSError, smtplib.SMTPException) as broken:
            raise TryLater(f"邮件服务器连不上（{type(broken).__name__}）") from None
