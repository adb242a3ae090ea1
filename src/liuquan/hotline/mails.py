"""A mail as it came, read into what a request needs. Pure; whoever sends mail may write anything into it.

The words are kept as sent; what a reply quotes is told apart and stands behind them. A mail that a machine
sent (RFC 3834), a list, a bounce and our own mail are no requests: `why_not` says which. The address in From
proves nothing; what our own mail server found of it is `standing`.

Standards: RFC 5322, RFC 3834, RFC 8601
"""

from __future__ import annotations

import email
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import policy
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import EmailMessage
from email.utils import getaddresses
from enum import StrEnum
from html.parser import HTMLParser
from typing import Final

from liuquan.messages.types import MAIL_MARK

QUOTED: Final = "【以下是来信引用的原文】"
LONGEST_SUBJECT, LONGEST_NAME = 300, 100  #: characters
_GUESSES: Final = ("utf-8", "gb18030", "big5hkscs")
#: what mail programmes say of a text, and what it is
_WIDER: Final = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs", "us-ascii": "ascii"}
_BULK: Final = frozenset({"bulk", "list", "junk"})
_MACHINES: Final = frozenset({"mailer-daemon", "postmaster"})
_ADDRESS: Final = re.compile(r"[^@\s,;<>()\[\]\\\"]{1,64}@[A-Za-z0-9][A-Za-z0-9.-]{0,188}\.[A-Za-z]{2,24}")
#: the line from which on a reply repeats what it answers
_REPEATS: Final = re.compile(
    r"\s*(-{2,}\s*(original message|forwarded message|原始邮件|原邮件|转发邮件)\s*-{2,}"
    r"|on .{5,200} wrote:|在.{5,200}写道[：:]|at .{5,200},.{2,100} wrote:)\s*",
    re.IGNORECASE,
)
_BLOCKS: Final = frozenset(
    [
        "address",
        "article",
        "blockquote",
        "br",
        "dd",
        "div",
        "dl",
        "dt",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "li",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "tr",
        "ul",
    ]
)
_UNSEEN: Final = frozenset({"script", "style", "head", "title", "template"})


class MailReason(StrEnum):
    """Why a mail is kept and listed, and is no ticket."""

    AUTO = "auto"
    BULK = "bulk"
    BOUNCE = "bounce"
    OWN = "own"
    NO_SENDER = "no_sender"
    EMPTY = "empty"
    SAME = "same"
    TOO_MANY = "too_many"
    TOO_LARGE = "too_large"
    UNREADABLE = "unreadable"

    @property
    def label(self) -> str:
        return {
            "auto": "自动答复",
            "bulk": "群发邮件",
            "bounce": "退信",
            "own": "本系统发出的邮件",
            "no_sender": "没有可以回复的发件地址",
            "empty": "没有标题、正文和附件",
            "same": "同一地址同样的内容一天内已经登记",
            "too_many": "同一地址一天内来信太多",
            "too_large": "邮件太大，没有收下来，原信留在邮箱",
            "unreadable": "邮件读不出来",
        }[self]


class Standing(StrEnum):
    """What our mail server found of the sender's address. `unknown`: it said nothing."""

    RIGHT = "right"
    FAIL = "fail"
    UNKNOWN = "unknown"

    @property
    def label(self) -> str:
        return {
            "right": "发件域名核对一致",
            "fail": "发件域名核对不符，可能是冒名",
            "unknown": "邮件服务器没有核对发件域名",
        }[self]


@dataclass(frozen=True)
class Attached:
    """A file of a mail, as it was sent."""

    name: str
    content: bytes


@dataclass(frozen=True)
class ReadMail:
    """What a mail says. `key`: the same for every copy of it. `text`: what its writer wrote, `quoted` what
    it repeats. `why_not`: why it is no request; nothing for one that is."""

    key: str
    sender: str
    subject: str
    text: str
    quoted: str
    files: tuple[Attached, ...]
    standing: Standing
    why_not: MailReason | None

    @property
    def digest(self) -> str:
        """Of what it says: the same again from one address is one request."""
        said = "\n".join((self.subject, self.text, *(one.name for one in self.files)))
        return hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()


def read_mail(raw: bytes, *, own: str, judge: str) -> ReadMail:
    """A mail from its bytes. `own`: our own address; `judge`: the name of the mail server of ours whose
    finding on the sender counts; empty: none does. Raises whatever the standard library raises on a mail that
    nobody could read."""
    mail = email.message_from_bytes(raw, policy=policy.default)
    heads = _heads(mail)
    sender = _sender(heads)
    plain, files = _parts(mail)
    text, quoted = _told_apart(plain)
    subject = " ".join(_first(heads, "subject").split())[:LONGEST_SUBJECT]
    why_not = _why_not(mail, heads, sender, own)
    if why_not is None and not (subject or text or files):
        why_not = MailReason.EMPTY
    return ReadMail(
        key=key_of(raw, _first(heads, "message-id")),
        sender=sender,
        subject=subject,
        text=text,
        quoted=quoted,
        files=tuple(files),
        standing=_standing(heads, judge),
        why_not=why_not,
    )


def key_of(raw: bytes, message_id: str) -> str:
    """What a mail is known by: its id and what stands below its head, or all of it where it has no id. The
    same mail that came twice differs above."""
    head, _, body = raw.replace(b"\r\n", b"\n").partition(b"\n\n")
    told = f"{message_id.strip()}\n".encode("utf-8", "replace") if message_id.strip() else head
    return hashlib.sha256(told + hashlib.sha256(body).digest()).hexdigest()


def masked(address: str) -> str:
    """z***@example.cn"""
    name, _, domain = address.rpartition("@")
    return f"{name[:1]}***@{domain}"[:80] if name else "—"


def _heads(mail: EmailMessage) -> list[tuple[str, str]]:
    return [(name.lower(), _decoded(str(value))) for name, value in mail.raw_items()]


def _first(heads: list[tuple[str, str]], name: str) -> str:
    return next((value.strip() for key, value in heads if key == name), "")


def _decoded(raw: str) -> str:
    """A header in words, whatever its bytes are; control characters go."""
    whole = "".join(raw.splitlines())
    if any("\ud800" <= letter <= "\udfff" for letter in whole):
        whole = _guessed(whole.encode("utf-8", "surrogateescape"))
    try:
        pieces = decode_header(whole)
    except (HeaderParseError, ValueError):
        pieces = [(whole, None)]
    said = "".join(
        piece if isinstance(piece, str) else _in_charset(piece, charset) for piece, charset in pieces
    )
    return "".join(letter for letter in said if letter.isprintable() or letter == "\t")


def _in_charset(content: bytes, charset: str | None) -> str:
    named = (charset or "ascii").lower()
    try:
        return content.decode(_WIDER.get(named, named))
    except (LookupError, ValueError):
        return _guessed(content)


def _guessed(content: bytes) -> str:
    """Text whose charset is missing or wrong: the first that reads all of it, else with marks for what
    cannot be read."""
    for charset in _GUESSES:
        try:
            return content.decode(charset)
        except ValueError:
            continue
    return content.decode("utf-8", "replace")


def _sender(heads: list[tuple[str, str]]) -> str:
    """The address to which an answer goes; empty where From names none, or more than one."""
    given = [value for key, value in heads if key == "from"]
    found = {
        address.strip().lower() for _, address in getaddresses(given) if _ADDRESS.fullmatch(address.strip())
    }
    return found.pop() if len(found) == 1 else ""


def _why_not(mail: EmailMessage, heads: list[tuple[str, str]], sender: str, own: str) -> MailReason | None:
    names = {key for key, _ in heads}
    if MAIL_MARK.lower() in names or (own and sender == own.lower()):
        return MailReason.OWN
    is_report = mail.get_content_type() == "multipart/report"
    returned = _first(heads, "return-path").replace(" ", "") == "<>"
    if returned or is_report or sender.partition("@")[0] in _MACHINES:
        return MailReason.BOUNCE
    if _first(heads, "auto-submitted").split(";")[0].strip().lower() not in ("", "no"):
        return MailReason.AUTO
    if names & {"x-autoreply", "x-autorespond"}:
        return MailReason.AUTO
    if "list-id" in names or _first(heads, "precedence").lower() in _BULK:
        return MailReason.BULK
    return None if sender else MailReason.NO_SENDER


def _standing(heads: list[tuple[str, str]], judge: str) -> Standing:
    """What the server of this name says; what others say, the sender may have written himself."""
    for key, value in heads:
        server, _, found = value.partition(";")
        if key != "authentication-results" or not judge or server.split()[:1] != [judge]:
            continue
        said = dict(re.findall(r"\b(dmarc|spf|dkim)\s*=\s*([a-z]+)", found.lower()))
        if "dmarc" in said and said["dmarc"] in ("pass", "fail"):
            return Standing.RIGHT if said["dmarc"] == "pass" else Standing.FAIL
        if "pass" in (said.get("dkim"), said.get("spf")):
            return Standing.RIGHT
        return Standing.FAIL if {"fail", "softfail"} & set(said.values()) else Standing.UNKNOWN
    return Standing.UNKNOWN


def _parts(mail: EmailMessage) -> tuple[str, list[Attached]]:
    """The words, and every file. Of two forms of the same words the plain one."""
    plain, pages, files = list[str](), list[str](), list[Attached]()
    for part in _leaves(mail):
        kind, name = part.get_content_type(), _decoded(part.get_filename() or "")
        if (
            kind in ("text/plain", "text/html")
            and not name
            and part.get_content_disposition() != "attachment"
        ):
            (plain if kind == "text/plain" else pages).append(_words(part, kind))
        else:
            files.append(Attached(_name(name, kind, len(files) + 1), _content(part)))
    if not any(one.strip() for one in plain):
        plain = pages
    return "\n".join(one.strip("\n") for one in plain).strip(), files


def _leaves(mail: EmailMessage) -> Iterator[EmailMessage]:
    """Every part that is no container; a mail inside a mail is one file."""
    if mail.get_content_type() == "message/rfc822" or not mail.is_multipart():
        yield mail
        return
    for part in mail.iter_parts():
        if isinstance(part, EmailMessage):
            yield from _leaves(part)


def _content(part: EmailMessage) -> bytes:
    if part.is_multipart():
        return b"".join(one.as_bytes() for one in part.iter_parts())
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _name(name: str, kind: str, number: int) -> str:
    """The name of a file without any folder; one that has none is called after its number."""
    last = re.split(r"[/\\]", name)[-1].strip().lstrip(".")[-LONGEST_NAME:]
    return last or f"附件{number}.{kind.rpartition('/')[2]}"[:LONGEST_NAME]


def _words(part: EmailMessage, kind: str) -> str:
    text = _in_charset(_content(part), part.get_content_charset()).replace("\r\n", "\n").replace("\x00", "")
    return _without_marks(text) if kind == "text/html" else text


def _told_apart(text: str) -> tuple[str, str]:
    """What was written, and what it quotes; a mail that only quotes is all its writer's."""
    written, quoted = list[str](), list[str]()
    repeats = False
    for line in text.split("\n"):
        repeats = repeats or bool(_REPEATS.fullmatch(line))
        (quoted if repeats or line.lstrip().startswith(">") else written).append(line)
    own, other = "\n".join(written).strip(), "\n".join(quoted).strip()
    return (own, other) if own else (other, "")


class _Page(HTMLParser):
    """The words of a page: nothing that is not shown, a line for each block, `> ` before what is quoted."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = [""]
        self.unseen = self.quotes = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        self.unseen += tag in _UNSEEN
        if tag in _BLOCKS:
            self.quotes += tag == "blockquote"
            self.lines.append("")

    def handle_endtag(self, tag: str) -> None:
        self.unseen = max(self.unseen - (tag in _UNSEEN), 0)
        if tag in _BLOCKS:
            self.quotes = max(self.quotes - (tag == "blockquote"), 0)
            self.lines.append("")

    def handle_data(self, data: str) -> None:
        said = re.sub(r"[ \t\r\n\xa0]+", " ", data)
        if self.unseen or not said.strip():
            return
        self.lines[-1] += said if self.lines[-1] else f"{'> ' if self.quotes else ''}{said.lstrip()}"


def _without_marks(page: str) -> str:
    reader = _Page()
    reader.feed(page)
    reader.close()
    return "\n".join(line.rstrip() for line in reader.lines if line.strip())
