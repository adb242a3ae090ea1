"""Gateways that behave badly, and a mail server that takes mail."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import ClassVar

from liuquan.messages.types import Letter, TryLater, Undeliverable


class Recording:
    """Takes every letter and remembers it."""

    letters: ClassVar[list[Letter]] = []

    def hand_over(self, letter: Letter, *, now: datetime) -> None:
        """As `Gateway` says."""
        self.letters.append(letter)


class Down(Recording):
    """Is not there."""

    def hand_over(self, letter: Letter, *, now: datetime) -> None:
        """As `Gateway` says."""
        super().hand_over(letter, now=now)
        raise TryLater("网关超时")


class Refusing(Recording):
    """Knows no such address."""

    def hand_over(self, letter: Letter, *, now: datetime) -> None:
        """As `Gateway` says."""
        raise Undeliverable("空号")


class _Talk(socketserver.StreamRequestHandler):
    """One connection: just enough of RFC 5321 for a client without extensions."""

    def handle(self) -> None:
        """Answer each line until QUIT."""
        server = self.server
        assert isinstance(server, MailServer)
        self._say("220 ready")
        while line := self.rfile.readline().decode().strip():
            verb = line.upper()
            if verb == "DATA":
                self._say("354 go on")
                server.mails.append(self._body())
                self._say("250 taken")
            elif verb.startswith("RCPT"):
                self._say(server.answer)
            elif verb == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 ok")

    def _body(self) -> str:
        lines = []
        while (line := self.rfile.readline().decode()) != ".\r\n":
            lines.append(line)
        return "".join(lines)

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


class MailServer(socketserver.ThreadingTCPServer):
    """A mail server of this machine. `answer`: what it says to a recipient."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.mails: list[str] = []
        self.answer = "250 ok"


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """A server that answers while the block runs."""
    with MailServer() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
