"""Requests to another office's server, without trusting anything it answers.

One request, one answer: no redirect is followed, no proxy or cookie used, an answer longer than asked for is
refused before it is read. Every trouble is one sentence (`Unavailable`) that names the server.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import time
from dataclasses import dataclass
from functools import cache
from typing import Any, Final
from urllib.parse import urlsplit

import httpx

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
    place = urlsplit(refuse_bad_address(url)).netloc
    headers = {"User-Agent": "liuquan", "Accept-Encoding": "identity"}
    if content is not None:
        headers["Content-Type"] = "text/plain; charset=utf-8"
    deadline = _Deadline(TOTAL_SECONDS)
    try:
        with (
            deadline,
            httpx.Client(timeout=TIMEOUT_SECONDS, trust_env=False, verify=_authorities()) as client,
            client.stream(
                method, url, content=content, headers=headers, extensions={"trace": deadline.watch}
            ) as response,
        ):
            reply = _read(response, place, limit)
        if deadline.is_over:  # what was cut off may look like an end
            raise TimeoutError
        return reply
    except (OSError, httpx.HTTPError, httpx.InvalidURL) as error:
        if deadline.is_over:
            raise Unavailable(
                f"{place} 的应答太慢，没有读完，请稍后重试。", code="answer_too_slow"
            ) from error
        raise Unavailable(
            f"{place} 没有应答（{type(error).__name__}），请核对地址和网络后重试。", code="no_answer"
        ) from error


@cache
def _authorities() -> ssl.SSLContext:
    """The certificate authorities of this machine: an office may have one of its own."""
    return ssl.create_default_context()


class _Deadline:
    """Closes the connection at its end, however far the answer is: each packet alone may come in time."""

    def __init__(self, seconds: float) -> None:
        self._until = time.monotonic() + seconds
        self._socket: socket.socket | None = None
        self._timer = threading.Timer(seconds, self._close)
        self._timer.daemon = True

    @property
    def is_over(self) -> bool:
        """Whether the time is up."""
        return time.monotonic() >= self._until

    def watch(self, event: str, info: dict[str, Any]) -> None:
        """Learn the socket of the connection, as soon as there is one: headers may be slow too."""
        if event in ("connection.connect_tcp.complete", "connection.start_tls.complete"):
            self._socket = info["return_value"].get_extra_info("socket")

    def __enter__(self) -> None:
        self._timer.start()

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()

    def _close(self) -> None:
        if self._socket is not None:
            with contextlib.suppress(OSError):  # it was closed in the meantime
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)  # not TLS's own, which waits


def _read(response: httpx.Response, place: str, limit: int) -> Reply:
    if 300 <= response.status_code < 400:
        raise Unavailable(
            f"{place} 要求转到别的地址，为防冒名不予跟随：请直接登记转到的地址。", code="redirected"
        )
    parts, size = [], 0
    for chunk in response.iter_raw(_CHUNK):
        parts.append(chunk)
        size += len(chunk)
        if size > limit:
            raise Unavailable(
                f"{place} 的应答超过 {limit} 字节，没有读完，请核对地址。", code="answer_too_long"
            )
    media_type = response.headers.get("Content-Type", "text/plain").partition(";")[0].strip().lower()
    return Reply(response.status_code, media_type, b"".join(parts))
