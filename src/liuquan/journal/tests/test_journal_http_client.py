"""Answers of other offices' servers, over real connections on loopback, good and hostile."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator

import pytest

from liuquan.journal.witness import http_client
from liuquan.kernel.refusals import BadInput, Unavailable

Serve = Callable[[bytes], str]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """A server that says these bytes to whoever asks, whatever they ask."""
    listening: list[socket.socket] = []

    def start(said: bytes) -> str:
        server = socket.create_server(("127.0.0.1", 0))
        listening.append(server)

        def answer() -> None:
            try:
                asking, _ = server.accept()
            except OSError:
                return
            with asking, contextlib.suppress(OSError):  # whoever asked may hang up in the middle
                asking.recv(65536)
                asking.sendall(said)

        threading.Thread(target=answer, daemon=True).start()
        return f"http://127.0.0.1:{server.getsockname()[1]}/log"

    yield start
    for server in listening:
        server.close()


def test_an_answer_comes_with_its_status_and_media_type(serve: Serve) -> None:
    url = serve(b"HTTP/1.1 409 Conflict\r\nContent-Type: text/x.tlog.size\r\nContent-Length: 3\r\n\r\n17\n")
    assert http_client.get(url) == http_client.Reply(409, "text/x.tlog.size", b"17\n")


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (b"", "no_answer"),
        (b"\x00\xff\xfe garbage\r\n\r\n", "no_answer"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\ncut", "no_answer"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "no_answer"),
        (b"HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\n\r\n", "redirected"),
        (b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 5000, "answer_too_long"),
        (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 50_000 + b"\r\n", "no_answer"),
    ],
    ids=["nothing", "garbage", "cut", "chunks", "redirect", "long", "headers"],
)
def test_a_hostile_answer_is_one_sentence_and_no_crash(serve: Serve, said: bytes, code: str) -> None:
    with pytest.raises(Unavailable) as refused:
        http_client.get(serve(said), limit=4096)
    assert refused.value.code == code
    assert refused.value.sentence.startswith("127.0.0.1:")
    assert refused.value.sentence.endswith("。")


def test_nobody_listening_is_one_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}/"
    with pytest.raises(Unavailable, match="没有应答"):
        http_client.post(url, b"x")


def test_an_answer_that_drips_is_left(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_client, "TOTAL_SECONDS", -1.0)
    with pytest.raises(Unavailable, match="太慢"):
        http_client.get(serve(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"))


def test_headers_that_drip_are_left_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_client, "TOTAL_SECONDS", 0.2)
    hung_up = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def drip() -> None:
            asking, _ = server.accept()
            with asking:
                asking.recv(65536)
                with contextlib.suppress(OSError):
                    while True:  # a packet now and then, each well in time
                        asking.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
                        if hung_up.wait(0.02):
                            return

        dripping = threading.Thread(target=drip, daemon=True)
        dripping.start()
        try:
            with pytest.raises(Unavailable, match="太慢") as refused:
                http_client.get(f"http://127.0.0.1:{server.getsockname()[1]}/log")
        finally:
            hung_up.set()
            dripping.join()
    assert refused.value.code == "answer_too_slow"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "log",
        "//host/log",
        "file:///etc/passwd",
        "ftp://host/",
        "http://",
        "http:///x",
        "http://a b/",
        "https://user:secret@host/",
        "https://host/?q=1",
        "https://host/#x",
        "https://host:99999/",
        "https://host:0/",
        "https://host/日志",
        "http://host/\r\nX: y",
        "https://host/" + "x" * 500,
        "javascript:alert(1)",
        "http://[::1",
    ],
)
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(BadInput) as refused:
        http_client.refuse_bad_address(url)
    assert refused.value.fields


def test_a_good_address_loses_its_last_stroke() -> None:
    assert http_client.refuse_bad_address("https://city.example/witness/") == "https://city.example/witness"
    assert http_client.refuse_bad_address("http://[::1]:8000/log") == "http://[::1]:8000/log"
