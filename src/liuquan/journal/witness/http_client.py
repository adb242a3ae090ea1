"""Requests to another office's server, without trusting anything it answers.

One request, one answer: no redirect is followed, no proxy or cookie used, an answer longer than asked for is
refused before it is read. Every trouble is one sentence (`Unavailable`) that names the server.
"""

from __future__ import annotations

import contextlib
import http.client
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from liuquan.kernel.refusals import BadInput, Unavailable

TIMEOUT_SECONDS: Final = 5.0  #: for each wait on the network
TOTAL_SECONDS: Final = 15.0  #: for a whole answer with its headers, however slowly it comes
NOTE_BYTES: Final = 128 * 1024
_CHUNK: Final = 64 * 1024
_LONGEST_ADDRESS: Final = 500


@dataclass(frozen=True)
class Reply:
    """What came back: the status, the media type without parameters, the content."""

    status: int
    media_type: str
    content: bytes


def refuse_bad_address(url: str) -> str:
    """The address without a slash at its end. Refuses anything but plain http and https addresses."""
    sentence = "地址应写作 https://主机/路径，不带账号、参数和空格，请核对。"
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise BadInput(sentence, fields={"url": sentence}) from None
    plain = url.isascii() and url.isprintable() and " " not in url and len(url) <= _LONGEST_ADDRESS
    odd = parts.username or parts.password or parts.query or parts.fragment or port == 0
    if not plain or odd or parts.scheme not in ("http", "https") or not parts.hostname:
        raise BadInput(sentence, fields={"url": sentence})
    return url.rstrip("/")


def get(url: str, *, limit: int = NOTE_BYTES) -> Reply:
    """Read one address."""
    return _request("GET", url, None, limit)


def post(url: str, content: bytes, *, limit: int = NOTE_BYTES) -> Reply:
    """Send a text to one address."""
    return _request("POST", url, content, limit)


def _request(method: str, url: str, content: bytes | None, limit: int) -> Reply:
    parts = urlsplit(refuse_bad_address(url))
    host = parts.hostname or ""
    secure = parts.scheme == "https"
    connection = (
        http.client.HTTPSConnection(
            host, parts.port, timeout=TIMEOUT_SECONDS, context=ssl.create_default_context()
        )
        if secure
        else http.client.HTTPConnection(host, parts.port, timeout=TIMEOUT_SECONDS)
    )
    headers = {"User-Agent": "liuquan", "Accept-Encoding": "identity"}
    if content is not None:
        headers["Content-Type"] = "text/plain; charset=utf-8"
    until = time.monotonic() + TOTAL_SECONDS
    try:
        connection.connect()
        with _closed_at(until, connection.sock):
            connection.request(method, parts.path or "/", content, headers)
            with connection.getresponse() as response:
                reply = _read(response, parts.netloc, limit)
        if time.monotonic() >= until:  # what was cut off may look like an end
            raise TimeoutError
        return reply
    except (OSError, http.client.HTTPException) as error:
        if time.monotonic() >= until:
            raise Unavailable(
                f"{parts.netloc} 的应答太慢，没有读完，请稍后重试。", code="answer_too_slow"
            ) from error
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise Unavailable(
            f"{parts.netloc} 没有应答（{reason}），请核对地址和网络后重试。", code="no_answer"
        ) from error
    finally:
        connection.close()


@contextmanager
def _closed_at(until: float, connected: socket.socket) -> Iterator[None]:
    """Close the connection at this moment, however far the answer is: each packet alone may come in time."""

    def close() -> None:
        with contextlib.suppress(OSError):  # it was closed in the meantime
            socket.socket.shutdown(connected, socket.SHUT_RDWR)  # not TLS's own, which waits for an answer

    timer = threading.Timer(until - time.monotonic(), close)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _read(response: http.client.HTTPResponse, place: str, limit: int) -> Reply:
    if 300 <= response.status < 400:
        raise Unavailable(
            f"{place} 要求转到别的地址，为防冒名不予跟随：请直接登记转到的地址。", code="redirected"
        )
    parts, size = [], 0
    while chunk := response.read1(_CHUNK):
        parts.append(chunk)
        size += len(chunk)
        if size > limit:
            raise Unavailable(
                f"{place} 的应答超过 {limit} 字节，没有读完，请核对地址。", code="answer_too_long"
            )
    if response.length:  # bytes that were announced and never came
        raise http.client.IncompleteRead(b"", response.length)
    media_type = response.headers.get_content_type()
    return Reply(response.status, media_type, b"".join(parts))
