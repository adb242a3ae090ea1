"""A mail is taken in: kept as it came, then registered as a ticket or listed with the reason why not.

Each step can be taken again: a mail is known by its key, its ticket by the mail's number. The sender proved
nothing by an address: each mail is of a party of its own, found by nothing, told by mail alone. Where our
mail server says that the address is not the sender's, nobody is told anything.

Cites: GB/T 33358—2016, 个人信息保护法 第六条, 第五十一条
"""

from __future__ import annotations

import logging
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction

from liuquan.casework.types import Outcome, Upload
from liuquan.hotline import events, models
from liuquan.hotline.actions import registering
from liuquan.hotline.actions.calls import entry
from liuquan.hotline.mails import QUOTED, MailReason, ReadMail, Standing, key_of, masked, read_mail
from liuquan.hotline.queries import calls, catalogue
from liuquan.hotline.queries import mails as queries
from liuquan.hotline.terms import PHOTO
from liuquan.hotline.types import UNFILED, Identity, Inlet, NewTicket, RequestKind
from liuquan.journal import actions as journal
from liuquan.kernel import files, moments, pictures, uploads
from liuquan.kernel.refusals import NotVisible, Refusal, WrongState
from liuquan.kernel.secrecy import blind_index, decrypt, encrypt
from liuquan.messages import actions as messages
from liuquan.messages.types import QUERY_CODE
from liuquan.organisation import queries as organisation
from liuquan.organisation.types import Actor, party_actor
from liuquan.parties import actions as parties

logger = logging.getLogger(__name__)
SENDER = "hotline.mail_sender"
SUBJECT = "hotline.mail_subject"
MOST_FILES: Final = 20  #: of one mail
MOST_A_DAY: Final = 20  #: tickets of one address
MOST_TOLD: Final = 5  #: acknowledgements to one address a day
DAY: Final = timedelta(days=1)
_DIGEST: Final = "hotline.mail_digest"
_PURPOSE: Final = "核对来信"
_LONGEST_NOTE: Final = 1_500  #: characters of what is said of files that were left out


@dataclass(frozen=True)
class OpenedMail:
    """A mail as somebody of the centre reads it."""

    sender: str
    subject: str
    text: str
    quoted: str
    files: tuple[str, ...]


def take_mail(raw: bytes, *, arrived_at: datetime, now: datetime) -> str:
    """Take a mail in; the number of its ticket, empty where it is none. The same mail again changes nothing;
    one that was left in the middle is finished."""
    try:
        read = read_mail(raw, own=settings.LIUQUAN_IMAP_ADDRESS, judge=settings.LIUQUAN_IMAP_JUDGE)
    except Exception:  # whatever a stranger's mail makes the parser raise: it is kept and listed
        logger.exception("a mail could not be read")
        read = _unread(key_of(raw, ""), MailReason.UNREADABLE)
    row = _kept(read, raw, len(raw), arrived_at, now)
    if row.ticket or row.reason:
        return row.ticket
    return _registered(row, read, now)


def list_mail(head: bytes, size: int, *, arrived_at: datetime, now: datetime) -> None:
    """List a mail that is too large to be read: of its head it is known who sent it, and of what."""
    try:
        read = read_mail(head, own="", judge="")
        read = _unread(key_of(head, ""), MailReason.TOO_LARGE, sender=read.sender, subject=read.subject)
    except Exception:  # as in `take_mail`
        logger.exception("the head of a mail could not be read")
        read = _unread(key_of(head, ""), MailReason.TOO_LARGE)
    _kept(read, b"", size, arrived_at, now)


def open_mail(number: str, *, by: Actor, now: datetime) -> OpenedMail:
    """What a mail says, after the reading was entered. Refuses (403) outsiders, (404) a mail that is none."""
    _, sender, subject, content = _opened(number, by, now)
    read = _read_again(content) if content else None
    if read is None:
        return OpenedMail(sender, subject, "", "", ())
    return OpenedMail(sender, subject, read.text, read.quoted, tuple(one.name for one in read.files))


def open_original(number: str, *, by: Actor, now: datetime) -> bytes:
    """The mail as it came, after the reading was entered. Refuses as `open_mail`, and (404) one that stayed
    in the mailbox."""
    *_, content = _opened(number, by, now)
    if not content:
        raise NotVisible("这封邮件太大，没有收下来，原信在邮箱里，请用邮件软件打开。")
    return content


def register_mail(number: str, *, by: Actor, now: datetime) -> str:
    """Make a ticket of a mail that was listed, because a person says that it is a request; its number. Nobody
    is told: what answers by itself would answer again. Refuses (403) outsiders, (404) a mail that is none,
    (409) one that has its ticket or cannot be read."""
    calls.check_centre(by)
    row = queries.row_of(number)
    if row.ticket:
        raise WrongState(f"这封来信已经登记为工单{row.ticket}。")
    row, _, _, content = _opened(number, by, now)
    read = _read_again(content) if content else None
    if read is None or not read.sender:
        raise WrongState("这封邮件不能自动登记，请打开原信，在“诉求登记”里登记，渠道选“信箱”。")
    made = _ticket(row, read, now).number
    models.Mail.objects.filter(pk=row.pk).update(ticket=made)
    settle_mail(number, by=by, now=now, ticket=made)
    return made


def settle_mail(number: str, *, by: Actor, now: datetime, ticket: str = "") -> None:
    """Say that a listed mail needs nothing more. Refuses (403) outsiders, (404) a mail that is none."""
    calls.check_centre(by)
    row = queries.row_of(number)
    with transaction.atomic(durable=True):
        changed = models.Mail.objects.filter(pk=row.pk, settled_at=None).update(
            settled_by=by.staff_id, settled_at=now
        )
        if changed:
            public: dict[str, object] = {"reason": row.reason, "ticket": ticket}
            journal.append(entry(events.MAIL_SETTLED.name, str(row.number), public, by, now))


def _unread(key: str, why_not: MailReason, *, sender: str = "", subject: str = "") -> ReadMail:
    return ReadMail(key, sender, subject, "", "", (), Standing.UNKNOWN, why_not)


def _kept(read: ReadMail, raw: bytes, size: int, arrived_at: datetime, now: datetime) -> models.Mail:
    """The row of this mail and its file, made once."""
    known = models.Mail.objects.filter(key=read.key).first()
    if known is not None:
        return known
    number = uuid.uuid4()
    sender = blind_index(read.sender, purpose=SENDER)
    digest = blind_index(f"{read.sender}\n{read.digest}", purpose=_DIGEST)
    kept = None
    if raw:
        kept = files.store(
            scope=f"hotline.mail/{number}", name="来信.eml", content=raw, media_type="message/rfc822", now=now
        ).number
    reason = read.why_not or _too_often(sender, digest, now)
    row, is_new = models.Mail.objects.get_or_create(
        key=read.key,
        defaults={
            "number": number,
            "digest": digest,
            "arrived_at": min(arrived_at, now),
            "taken_at": now,
            "sender_enc": encrypt(read.sender, purpose=SENDER),
            "sender_index": sender,
            "sender_masked": masked(read.sender),
            "subject_enc": encrypt(read.subject, purpose=SUBJECT),
            "standing": read.standing.value,
            "size": size,
            "files": len(read.files),
            "file": kept,
            "reason": reason.value if reason else "",
        },
    )
    if not is_new and kept is not None:  # somebody was first
        files.erase(kept, now=now)
    return row


def _too_often(sender: bytes, digest: bytes, now: datetime) -> MailReason | None:
    """What keeps one address from filling the line: the same again, and more than a person writes a day."""
    of_today = models.Mail.objects.filter(sender_index=sender, taken_at__gt=now - DAY, reason="")
    if of_today.filter(digest=digest).exists():
        return MailReason.SAME
    return MailReason.TOO_MANY if of_today.count() >= MOST_A_DAY else None


def _registered(row: models.Mail, read: ReadMail, now: datetime) -> str:
    """The ticket of this mail, and its sender told so, where that may be. The mail is done when its row names
    the ticket: whatever breaks before is done again."""
    made = _ticket(row, read, now)
    row.refresh_from_db()
    if _may_tell(row, now):
        party, text = str(row.party), _told(row, made.number)
        if messages.answer_mail(party, subject=made.number, cause=UUID(made.entry), text=text, now=now):
            models.Mail.objects.filter(pk=row.pk).update(acknowledged_at=now)
    models.Mail.objects.filter(pk=row.pk).update(ticket=made.number)
    return made.number


def _may_tell(row: models.Mail, now: datetime) -> bool:
    """Whether the address in the mail may be told: it is not forged, and not told too often today."""
    sender = bytes(row.sender_index)
    told = models.Mail.objects.filter(sender_index=sender, acknowledged_at__gt=now - DAY).exclude(pk=row.pk)
    return row.standing != Standing.FAIL and told.count() < MOST_TOLD


def _ticket(row: models.Mail, read: ReadMail, now: datetime) -> Outcome:
    """The ticket of this mail, the same each time."""
    if row.party is None:
        party = parties.register_writer(read.sender, now=now).number
        models.Mail.objects.filter(pk=row.pk, party=None).update(party=party)
        row.refresh_from_db()
    taken, left_out = _files(read)
    city = organisation.body(catalogue.centre(), on=moments.today(now)).division_code
    new = NewTicket(
        request_kind=RequestKind.HELP,
        class_code=UNFILED,
        title=read.subject[: registering.LONGEST_TITLE],
        text=_text(read, len(taken), left_out),
        inlet=Inlet.MAILBOX,
        division=city,
        identity=Identity.ANONYMOUS,
        requester=str(row.party),
        may_publish=False,
    )
    made = registering.register(
        new,
        by=party_actor(str(row.party), "来信人"),
        now=now,
        files_given=taken,
        submission_key=row.number,
    )
    models.Mail.objects.filter(pk=row.pk).update(left_out=len(left_out))
    return made


def _files(read: ReadMail) -> tuple[list[Upload], list[tuple[str, str]]]:
    """The files that go to the ticket, checked as every other, and those that do not, with why."""
    taken, left_out = list[Upload](), list[tuple[str, str]]()
    for one in read.files:
        if len(taken) == MOST_FILES:
            left_out.append((one.name, f"最多收{MOST_FILES}个"))
            continue
        try:
            found = uploads.inspect(one.name, one.content)
            content = pictures.without_camera_data(found.name, one.content, found.media_type)
            taken.append(Upload(PHOTO, found.name, content))
        except Refusal as refusal:
            left_out.append((one.name, refusal.sentence.rstrip("。")))
    return taken, left_out


def _text(read: ReadMail, taken: int, left_out: list[tuple[str, str]]) -> str:
    """What the ticket says: the writer's words, what is wrong with the files, then what the mail quotes."""
    notes = ""
    if left_out:
        listed = "；".join(f"{name}（{why}）" for name, why in left_out)
        notes = (
            f"\n\n【来信有附件{taken + len(left_out)}个，收下{taken}个，没有收下{len(left_out)}个，"
            f"都在原信里：{listed[:_LONGEST_NOTE]}】"
        )
    words = read.text or read.subject or "（来信没有正文，见附件）"
    longer = "\n\n【来信超过长度，以下见原信】"
    if len(words) + len(notes) > registering.LONGEST:
        words = words[: registering.LONGEST - len(notes) - len(longer)] + longer
    quoted = f"\n\n{QUOTED}\n{read.quoted}" if read.quoted else ""
    return f"{words}{notes}{quoted}"[: registering.LONGEST]


def _told(row: models.Mail, number: str) -> str:
    """The acknowledgement: nothing of what the mail says. The query code opens this ticket alone."""
    missing = (
        f"附件{row.files}个，没有收下{row.left_out}个（超过数量或者类型、大小不符），原信已保存。"
        if row.left_out
        else ""
    )
    where = f"{settings.LIUQUAN_PUBLIC_URL}/track/"
    return (
        f"您的来信已登记为热线工单{number}，查询码{QUERY_CODE}，查进度、补充、撤回：{where} 。{missing}"
        "本邮件由系统发出，请不要直接回复。不是您写的信，请不必理会。"
    )


def _opened(number: str, by: Actor, now: datetime) -> tuple[models.Mail, str, str, bytes]:
    """The mail with its sender, subject and bytes, after the reading was entered on it and on its ticket."""
    calls.check_centre(by)
    row = queries.row_of(number)
    public: dict[str, object] = {"post": by.post_name, "purpose": _PURPOSE}
    about = [str(row.number), *([row.ticket] if row.ticket else [])]
    journal.append_durably(*(entry(events.MAIL_OPENED.name, one, public, by, now) for one in about))
    sender = decrypt(bytes(row.sender_enc), purpose=SENDER)
    subject = decrypt(bytes(row.subject_enc), purpose=SUBJECT)
    return row, sender, subject, files.open_file(row.file) if row.file else b""


def _read_again(content: bytes) -> ReadMail | None:
    """What a kept mail says; nothing where nobody can read it."""
    try:
        return read_mail(content, own="", judge="")
    except Exception:  # as in `take_mail`
        logger.exception("a mail could not be read")
        return None
