"""The mailbox of the hotline, read by IMAP from where the last reading ended.

Nothing on the server is changed: no mail is marked, moved or deleted, and one that somebody has read there is
read here too. Where the reading ends is kept after each mail; the same mail twice is one.

Standards: RFC 3501, RFC 9051
"""

from __future__ import annotations

import imaplib
import logging
import re
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from django.conf import settings

from liuquan.hotline import models
from liuquan.hotline.actions.mails import list_mail, take_mail
from liuquan.kernel.refusals import Unavailable

logger = logging.getLogger(__name__)
SECONDS: Final = 30  #: that the server may take for one answer
LARGEST: Final = 40 * 1024 * 1024  #: bytes of a mail that is taken in
HEAD: Final = 64 * 1024  #: bytes that are read of the head of a larger one
MOST: Final = 200  #: mails of one reading
_SIZE: Final = re.compile(rb"RFC822\.SIZE (\d+)")


@dataclass(frozen=True)
class Reading:
    """What one reading of the mailbox brought. `failed`: mails that could not be registered and wait."""

    mails: int = 0
    tickets: int = 0
    failed: int = 0


@dataclass(frozen=True)
class _Waiting:
    """A mail on the server; `size` in bytes."""

    uid: int
    size: int
    arrived_at: datetime


def is_set_up() -> bool:
    """Whether this place has a mailbox."""
    return bool(settings.LIUQUAN_IMAP_HOST)


def read_mailbox(*, now: datetime) -> Reading:
    """Take in what came since the last reading. A mail that cannot be registered stops nothing: it is tried
    again with the next reading, and so are those behind it. Refuses (503) where no mailbox is set up or its
    server does not answer."""
    if not is_set_up():
        raise Unavailable("没有设置热线信箱（LIUQUAN_IMAP_HOST），请系统管理员设置。")
    try:
        with _opened() as (server, generation):
            return _read(server, generation, now)
    except (OSError, imaplib.IMAP4.error) as broken:
        logger.warning("the mailbox does not answer: %s", type(broken).__name__)
        raise Unavailable(f"热线信箱连不上或者登录不了（{type(broken).__name__}），请核对设置。") from broken


def _read(server: imaplib.IMAP4, generation: int, now: datetime) -> Reading:
    place = _place(generation, now)
    mails = tickets = failed = 0
    for one in _waiting(server, place.last_uid):
        mails += 1
        try:
            tickets += bool(_taken(server, one, now))
        except (OSError, imaplib.IMAP4.error):
            raise
        except Exception:  # one mail must not keep all others out; it is tried again
            logger.exception("mail %s could not be registered", one.uid)
            failed += 1
        if not failed:
            models.Mailbox.objects.filter(pk=place.pk).update(last_uid=one.uid)
    models.Mailbox.objects.filter(pk=place.pk).update(read_at=now)
    return Reading(mails, tickets, failed)


def _place(generation: int, now: datetime) -> models.Mailbox:
    name = f"{settings.LIUQUAN_IMAP_USER}@{settings.LIUQUAN_IMAP_HOST}/{settings.LIUQUAN_IMAP_FOLDER}"
    place, _ = models.Mailbox.objects.get_or_create(
        name=name, defaults={"generation": generation, "read_at": now}
    )
    if place.generation != generation:  # the server counts anew; what was taken is known by its key
        place.generation, place.last_uid = generation, 0
        models.Mailbox.objects.filter(pk=place.pk).update(generation=generation, last_uid=0)
    return place


@contextmanager
def _opened() -> Iterator[tuple[imaplib.IMAP4, int]]:
    """The mailbox, opened for reading alone, and the generation in which its server counts."""
    host, port = settings.LIUQUAN_IMAP_HOST, settings.LIUQUAN_IMAP_PORT
    server: imaplib.IMAP4 = (
        imaplib.IMAP4_SSL(host, port, ssl_context=ssl.create_default_context(), timeout=SECONDS)
        if settings.LIUQUAN_IMAP_TLS
        else imaplib.IMAP4(host, port, timeout=SECONDS)
    )
    try:
        server.login(settings.LIUQUAN_IMAP_USER, settings.LIUQUAN_IMAP_PASSWORD)
        done, _ = server.select(f'"{settings.LIUQUAN_IMAP_FOLDER}"', readonly=True)
        told = server.response("UIDVALIDITY")[1]
        if done != "OK" or not told or told[0] is None:
            raise imaplib.IMAP4.error("no such folder")
        yield server, int(told[0])
    finally:
        try:
            server.logout()
        except (OSError, imaplib.IMAP4.error):
            logger.info("the mailbox had hung up already")


def _waiting(server: imaplib.IMAP4, last_uid: int) -> Iterator[_Waiting]:
    """What came behind this one, the oldest first; a server names its last mail in any case."""
    found = _asked(server, "SEARCH", f"UID {last_uid + 1}:*")
    uids = sorted(int(one) for line in found if isinstance(line, bytes) for one in line.split())
    for uid in [one for one in uids if one > last_uid][:MOST]:
        for line in _asked(server, "FETCH", str(uid), "(UID RFC822.SIZE INTERNALDATE)"):
            said = line[0] if isinstance(line, tuple) else line
            size, at = _SIZE.search(said or b""), imaplib.Internaldate2tuple(said or b"")
            if size and at:
                yield _Waiting(uid, int(size[1]), datetime.fromtimestamp(time.mktime(at), UTC))


def _taken(server: imaplib.IMAP4, one: _Waiting, now: datetime) -> str:
    if one.size > LARGEST:
        head = _content(server, one.uid, f"BODY.PEEK[HEADER]<0.{HEAD}>")
        list_mail(head, one.size, arrived_at=one.arrived_at, now=now)
        return ""
    return take_mail(_content(server, one.uid, "BODY.PEEK[]"), arrived_at=one.arrived_at, now=now)


def _content(server: imaplib.IMAP4, uid: int, what: str) -> bytes:
    for line in _asked(server, "FETCH", str(uid), f"(UID {what})"):
        if isinstance(line, tuple):
            return bytes(line[1])
    raise imaplib.IMAP4.error("no such mail")


def _asked(server: imaplib.IMAP4, verb: str, *said: str) -> list[Any]:
    done, found = server.uid(verb, *said)
    if done != "OK":
        raise imaplib.IMAP4.error(verb)
    return list(found)
