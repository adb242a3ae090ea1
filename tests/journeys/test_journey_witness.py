"""Two offices on loopback, over real HTTP: the city cosigns the county's log, then the county rewrites it.

The city is a whole Liuquan; the county is its log alone: a folder of tiles, a key, and the wish to be
believed.
"""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from liuquan.journal import actions, queries
from liuquan.journal.witness import checkpoint_pull, checkpoint_push, http_client
from liuquan.journal.witness.keys import witness_signer
from liuquan.kernel import sql
from liuquan.merkle import (
    SHA256,
    Advance,
    Note,
    TiledTree,
    TileEdge,
    Tree,
    checkpoint_of,
    consistency_path,
    ed25519_signer,
    parse_note,
    parse_signatures,
)
from liuquan.organisation.types import SYSTEM
from liuquan.supervision import actions as supervision
from liuquan.testing.browsers import SetNow

ORIGIN = "county.example/log"
NOW = datetime(2026, 3, 10, 2, tzinfo=UTC)
SIGNER = ed25519_signer(ORIGIN, bytes(range(32)))


class County:
    """A log in memory, published over HTTP on loopback."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.got: list[bytes] = []
        self.leaves = b""
        county = self

        class Site(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                content = county.files.get(self.path.removeprefix("/log/"))
                self.send_response(404 if content is None else 200)
                self.send_header("Content-Length", str(len(content or b"")))
                self.end_headers()
                self.wfile.write(content or b"")

            def do_POST(self) -> None:
                county.got.append(self.rfile.read(int(self.headers["Content-Length"])))
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                """Quiet."""

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site)
        self.address = f"http://127.0.0.1:{self.server.server_port}/log"
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def grow(self, size: int, *, word: str = "act", keep: int | None = None) -> None:
        """Publish `size` leaves: the first `keep` as they were (all, unless told), the rest new."""
        kept = self.leaves if keep is None else self.leaves[: keep * 32]
        begin = len(kept) // 32
        self.leaves = kept + SHA256.leaves(f"{word} {n}".encode() for n in range(begin, size))
        self.files.clear()
        edge, tiles = TileEdge(SHA256).grown(self.leaves)
        self.files |= {tile.path: content for tile, content in tiles}
        head = checkpoint_of(SHA256, origin=ORIGIN, size=edge.size, root=edge.root())
        self.files["checkpoint"] = str(head.signed(SIGNER)).encode()

    @property
    def note(self) -> Note:
        return parse_note(self.files["checkpoint"])

    def hand_to(self, city: str, old: int) -> http_client.Reply:
        """What a log does that reaches out itself: C2SP tlog-witness."""
        size = len(self.leaves) // 32
        tree = TiledTree(SHA256, size, self.files.get)
        path = consistency_path(tree, old, size) if old <= size else ()
        return http_client.post(f"{city}/witness/add-checkpoint", str(Advance(old, path, self.note)).encode())


@pytest.fixture
def county() -> Iterator[County]:
    found = County()
    yield found
    found.server.shutdown()
    found.server.server_close()


def cards() -> list[tuple[str, str, str, str]]:
    rows = sql.run("SELECT rule, subject_number, severity, state FROM supervision_finding ORDER BY id")
    return [(row["rule"], row["subject_number"], row["severity"], row["state"]) for row in rows]


def test_a_log_that_goes_back_is_refused_and_is_a_red_card_at_the_witness(
    live_city: str, county: County, set_now: SetNow
) -> None:
    set_now(NOW)
    county.grow(300)
    assert county.hand_to(live_city, 0).status == 404
    actions.know_log(SIGNER.key.text, by=SYSTEM, now=NOW, label="某县政务服务中心")
    supervision.watch(now=NOW)

    reply = county.hand_to(live_city, 0)
    assert (reply.status, reply.media_type) == (200, "text/plain")
    cosigned = Note(county.note.text, parse_signatures(reply.content.decode()))
    witness = witness_signer().key
    assert witness in cosigned.of([witness])
    county.grow(600)
    assert county.hand_to(live_city, 0).content == b"300\n"
    assert county.hand_to(live_city, 300).status == 200
    supervision.watch(now=NOW)
    assert cards() == []

    county.grow(450, keep=400, word="rewritten")  # entries after the 400th are taken back
    reply = county.hand_to(live_city, 0)
    assert (reply.status, reply.media_type, reply.content) == (409, "text/x.tlog.size", b"600\n")
    county.grow(700, word="rewritten")  # and the log grows on as if nothing had been
    assert county.hand_to(live_city, 600).status == 422
    supervision.watch(now=NOW + timedelta(minutes=1))
    assert cards() == [("log_suspect", ORIGIN, "red", "open")]  # one suspicion stands for both
    log = queries.known_log(ORIGIN)
    assert log is not None
    assert log.size == 600
    seen = http_client.get(f"{live_city}/witness/logs/{log.id}/checkpoint")
    assert parse_note(seen.content).text.split("\n")[1] == "600"


def test_a_log_that_cannot_reach_us_is_followed_by_its_public_address(
    live_city: str, county: County, set_now: SetNow
) -> None:
    set_now(NOW)
    county.grow(300)
    actions.know_log(SIGNER.key.text, url=county.address, by=SYSTEM, now=NOW)
    (done,) = checkpoint_pull.pull_all(now=NOW)
    assert (done.size, done.cosigned) == (300, True)
    witness = witness_signer().key
    assert witness in parse_note(county.got[0]).of([witness])
    assert checkpoint_pull.pull_all(now=NOW) == []  # not again within the half minute
    county.grow(70_000)
    (done,) = checkpoint_pull.pull_all(now=NOW + timedelta(minutes=1))
    assert (done.size, done.cosigned) == (70_000, True)

    # An old head that we never cosigned, replayed by somebody: a suspicion that the tiles settle.
    old = Tree(SHA256)
    old.extend(county.leaves[: 500 * 32])
    replayed = checkpoint_of(SHA256, origin=ORIGIN, size=500, root=old.root()).signed(SIGNER)
    body = str(Advance(0, (), replayed)).encode()
    assert http_client.post(f"{live_city}/witness/add-checkpoint", body).status == 409
    supervision.run_all(now=NOW)
    assert cards() == [("log_suspect", ORIGIN, "red", "open")]
    checkpoint_pull.pull_all(now=NOW + timedelta(minutes=2))
    supervision.run_all(now=NOW + timedelta(minutes=2))
    assert cards() == [("log_suspect", ORIGIN, "red", "lifted")]

    # Another past under the same key is no replay: the tiles prove the fork.
    other = Tree(SHA256)
    other.extend(SHA256.leaves(f"other {n}".encode() for n in range(500)))
    forged = checkpoint_of(SHA256, origin=ORIGIN, size=500, root=other.root()).signed(SIGNER)
    body = str(Advance(0, (), forged)).encode()
    assert http_client.post(f"{live_city}/witness/add-checkpoint", body).status == 409
    checkpoint_pull.pull_all(now=NOW + timedelta(minutes=3))
    assert [each.misdeed for each in queries.refused_heads()] == ["fork", "rewind", "rewind"]
    supervision.run_all(now=NOW + timedelta(minutes=3))
    assert ("log_split", ORIGIN, "red", "open") in cards()


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("checkpoint", b"\x00" * 50),
        ("checkpoint", b"x" * 200_000),
        ("checkpoint", b""),
        ("checkpoint", b"county.example/log\n600\nAAAA\n\n"),
        ("tile/0/001", b"short"),
        ("tile/0/001", None),
        ("tile/0/001", b"x" * 9000),
        ("tile/0/001", b"\x00" * 8192),
    ],
    ids=["binary", "huge", "empty", "unsigned", "cut tile", "no tile", "long tile", "other tile"],
)
def test_whatever_a_followed_log_serves_the_witness_says_so_and_stays_where_it_was(
    city_db: str, county: County, path: str, content: bytes | None
) -> None:
    county.grow(300)
    actions.know_log(SIGNER.key.text, url=county.address, by=SYSTEM, now=NOW)
    checkpoint_pull.pull_all(now=NOW)
    county.grow(600)
    if content is None:
        county.files.pop(path)
    else:
        county.files[path] = content
    (done,) = checkpoint_pull.pull_all(now=NOW + timedelta(minutes=1))
    assert not done.cosigned
    assert done.sentence.endswith("。")
    (log,) = queries.known_logs()
    assert (log.size, log.trouble) == (300, done.sentence)


def test_two_witnesses_that_were_shown_different_logs_find_out(city_db: str, county: County) -> None:
    other = County()
    try:
        county.grow(300)
        actions.know_log(SIGNER.key.text, url=county.address, by=SYSTEM, now=NOW)
        checkpoint_pull.pull_all(now=NOW)
        (log,) = queries.known_logs()
        other.grow(300)
        seen = f"logs/{log.id}/checkpoint"
        other.files[seen] = other.files["checkpoint"]
        (same,) = checkpoint_pull.compare(ORIGIN, [other.address], now=NOW)
        assert (same.size, same.misdeed) == (300, None)
        assert same.sentence.startswith("一致")
        county.grow(600)
        checkpoint_pull.pull_all(now=NOW + timedelta(minutes=1))
        (behind,) = checkpoint_pull.compare(ORIGIN, [other.address], now=NOW)
        assert (behind.size, behind.misdeed) == (300, None)
        other.grow(500, keep=200, word="other")
        other.files[seen] = other.files["checkpoint"]
        (split,) = checkpoint_pull.compare(ORIGIN, [other.address], now=NOW)
        assert split.misdeed == "fork"
        assert "证据已入册" in split.sentence
        other.files.clear()
        (nothing,) = checkpoint_pull.compare(ORIGIN, [other.address], now=NOW)
        assert (nothing.size, nothing.misdeed) == (None, None)
    finally:
        other.server.shutdown()
        other.server.server_close()
    supervision.run_all(now=NOW + timedelta(minutes=1))
    assert cards() == [("log_split", ORIGIN, "red", "open")]


def test_our_own_log_is_handed_out_over_http(live_city: str, log_home: Path, set_now: SetNow) -> None:
    """The city's own log, handed to its own address: refused, since nobody witnesses himself; and said so."""
    set_now(NOW)
    elsewhere = ed25519_signer("elsewhere.example/witness", bytes(32), witness=True)
    url = f"{live_city}/witness"
    actions.add_witness(elsewhere.key.text, url=url, by=SYSTEM, now=NOW)
    actions.seal(now=NOW)
    (done,) = checkpoint_push.push_all(now=NOW)
    assert "404" in done.trouble
    assert queries.witnesses()[0].size is None
