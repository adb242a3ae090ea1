"""A real mail server on this machine for the mailbox: started by the test, ended by it, on any free port."""

from __future__ import annotations

import imaplib
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

OWN = "rexian@yunxi.example.cn"
WRITER = "li.yunxi@example.com"
_SECONDS = 20


class MailServer:
    """The server, and what is delivered to it."""

    def __init__(self, port: int) -> None:
        self.port = port

    def opened(self) -> imaplib.IMAP4:
        server = imaplib.IMAP4("127.0.0.1", self.port, timeout=_SECONDS)
        server.login("demouser", "demopass")
        return server

    def deliver(self, mail: EmailMessage | bytes, *, at: datetime) -> None:
        """Put a mail into the mailbox, as it arrived at this moment."""
        server = self.opened()
        raw = mail if isinstance(mail, bytes) else mail.as_bytes()
        done, _ = server.append("INBOX", "", imaplib.Time2Internaldate(at), raw.replace(b"\r\n", b"\n"))
        server.logout()
        assert done == "OK"


@pytest.fixture(scope="session")
def _server() -> Iterator[int]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = shutil.which("pymap", path=str(Path(sys.executable).parent))
    assert command is not None
    asked = [command, "--host", "127.0.0.1", "--port", str(port), "--no-tls", "--no-service", "admin"]
    asked += ["--no-service", "managesieve", "dict"]
    process = subprocess.Popen(asked, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + _SECONDS
        while not _answers(port):
            assert process.poll() is None
            assert time.monotonic() < until
            time.sleep(0.05)
        yield port
    finally:
        process.kill()
        process.wait()


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as line:
            return line.recv(4) == b"* OK"
    except OSError:
        return False


@pytest.fixture
def mail_server(_server: int, settings: Any) -> Iterator[MailServer]:
    """An empty mailbox that the hotline reads."""
    settings.LIUQUAN_IMAP_HOST = "127.0.0.1"
    settings.LIUQUAN_IMAP_PORT = _server
    settings.LIUQUAN_IMAP_USER = "demouser"
    settings.LIUQUAN_IMAP_PASSWORD = "demopass"
    settings.LIUQUAN_IMAP_TLS = False
    settings.LIUQUAN_IMAP_ADDRESS = OWN
    settings.LIUQUAN_IMAP_JUDGE = "mx.yunxi.example.cn"
    server = MailServer(_server)
    yield server
    line = server.opened()
    line.select("INBOX")
    line.store("1:*", "+FLAGS", r"(\Deleted)")
    line.expunge()
    line.logout()


def mail(
    text: str = "溪畔大道三十号门前的路灯连续三天不亮，晚上看不见路。",
    *,
    subject: str = "路灯不亮",
    sender: str = WRITER,
    key: str = "one",
    **heads: str,
) -> EmailMessage:
    """A mail that somebody wrote. `heads`: further headers, `_` for `-`."""
    made = EmailMessage()
    made["From"] = f"李云溪 <{sender}>"
    made["To"] = OWN
    made["Subject"] = subject
    made["Message-ID"] = f"<{key}@example.com>"
    for name, value in heads.items():
        made[name.replace("_", "-")] = value
    made.set_content(text)
    return made
