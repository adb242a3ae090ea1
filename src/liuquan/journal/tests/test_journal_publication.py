"""What the public gets of the log: its files exactly, and pages in plain words."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client

from liuquan.journal import actions, queries
from liuquan.journal.log import keys, views
from liuquan.journal.types import NewEntry
from liuquan.journal.witness.keys import trust
from liuquan.merkle import (
    Tile,
    TiledTree,
    check_bundle,
    ed25519_signer,
    parse_checkpoint,
    parse_note,
    parse_trust,
    unpack_entries,
)
from liuquan.organisation.types import SYSTEM
from liuquan.testing.browsers import SetNow

MONDAY = datetime(2026, 3, 9, 2, tzinfo=UTC)
CITY = ed25519_signer("city.example/witness", bytes(range(2, 34)), witness=True)
ATOM = "{http://www.w3.org/2005/Atom}"
Seal = Callable[[datetime], int]


def enter(number: int) -> None:
    actions.append_durably(
        *(
            NewEntry("casework.file_opened", "A-1", "B", "P", "staff", MONDAY, public={"post": "审查岗"})
            for _ in range(number)
        )
    )


@pytest.fixture
def log_folder(log_home: Path) -> Path:
    """The folder of the log's files, with a few in it and others beside that nobody may read."""
    folder = log_home / "log"
    for name in ("tile/0/x001/x234/067", "tile/0/000.p/7", "tile/entries/000", "checkpoint"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(f"content of {name}".encode())
    for name in (".sealing", "tile/secret", "tile/0/secret", "tile/0/000.p/secret"):
        (folder / name).write_text("secret")
    (log_home / "keys").mkdir()
    (log_home / "keys" / "log-00001.key").write_text("secret")
    return folder


@pytest.mark.usefixtures("log_folder")
def test_files_of_the_log_are_served_as_they_are_and_kept_for_good(client: Client) -> None:
    for name in ("tile/0/x001/x234/067", "tile/0/000.p/7", "tile/entries/000"):
        answer = client.get(f"/log/{name}")
        assert (answer.status_code, answer.content) == (200, f"content of {name}".encode())
        assert answer["Content-Type"] == "application/octet-stream"
        assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
        assert not answer.cookies
        assert "Vary" not in answer
    head = client.get("/log/checkpoint")
    assert (head.content, head["Content-Type"]) == (b"content of checkpoint", "text/plain; charset=utf-8")
    assert head["Cache-Control"] == "public, max-age=3"
    assert client.head("/log/tile/entries/000").content == b""
    assert client.post("/log/tile/entries/000").status_code == 405


@pytest.mark.usefixtures("log_folder")
@pytest.mark.parametrize(
    "path",
    [
        "0/001",
        "0/0",
        "0/000.p/0",
        "0/000.p/256",
        "0/000.p/07",
        "00/000",
        "64/000",
        "0/000.p/secret",
        "secret",
        "0/secret",
        "0/x000/000",
        "0/x001/234/067",
        "entries/000.p/",
        "entries/001",
        "0/",
        "",
        "../.sealing",
        "..%2f.sealing",
        "../../keys/log-00001.key",
        "0/../secret",
        "0/000.p/../secret",
        "%2e%2e/%2e%2e/keys/log-00001.key",
        "0/０００",
        "0/000%0a",
        "0//000",
        "/etc/passwd",
        "0/000/",
        "0/" + "x999/" * 40 + "999",
        "0/000?x=1",
    ],
)
def test_no_other_file_is_ever_served(client: Client, path: str) -> None:
    answer = client.get(f"/log/tile/{path}")
    assert answer.status_code in (400, 404)
    assert b"secret" not in answer.content
    assert "immutable" not in answer.get("Cache-Control", "")


def test_a_control_character_in_an_address_is_refused(client: Client) -> None:
    assert client.get("/log/tile/0/000%00").status_code == 400
    assert client.get("/log/daily/2026-03-09%00/").status_code == 400


def test_what_is_published_adds_up_to_the_signed_root(
    client: Client, seal_all: Seal, set_now: SetNow
) -> None:
    enter(300)
    assert seal_all(MONDAY) == 300
    note = parse_note(client.get("/log/checkpoint").content)
    head = trust().open(note).checkpoint

    def fetch(path: str) -> bytes | None:
        answer = client.get(f"/log/{path}")
        return answer.content if answer.status_code == 200 else None

    assert TiledTree(head.hash, head.size, fetch).root() == head.root
    tile = Tile(0, 1, 44)
    entries = unpack_entries(fetch(tile.entries_path) or b"", 44)
    check_bundle(head.hash, tile, entries, fetch(tile.path) or b"")
    set_now(MONDAY)
    page = client.get("/log/").content.decode()
    assert "300" in page
    for group in (head.root.hex()[:4], head.root.hex()[60:]):
        assert f"<td>{group}</td>" in page
    assert keys.log_keys()[0].key.text in page
    assert parse_trust(client.get("/log/trust.json").content) == trust()


def test_the_page_says_who_cosigned_up_to_where(client: Client, seal_all: Seal, set_now: SetNow) -> None:
    set_now(MONDAY)
    actions.add_witness(CITY.key.text, by=SYSTEM, now=MONDAY, label="某市政务服务中心")
    size = seal_all(MONDAY)
    assert "还没有见证" in client.get("/log/").content.decode()
    assert client.get("/log/cosigned").status_code == 404
    published = parse_note(client.get("/log/checkpoint").content)
    line = published.signed(CITY, at=MONDAY).signatures[-1].line
    body = f"{published.text}\n{line}"
    kept = client.post("/log/cosignatures", body, content_type="text/plain")
    assert kept.status_code == 200, kept.content.decode()
    page = client.get("/log/").content.decode()
    assert "某市政务服务中心" in page
    assert f"第 {size} 条" in page
    assert "已见证到最新" in page
    cosigned = client.get("/log/checkpoint").content.decode()
    assert cosigned.endswith(line)
    assert parse_note(cosigned).text == published.text
    assert client.get("/log/cosigned").content.decode() == cosigned
    opened = trust().open(cosigned)
    assert [each.key for each in opened.cosigned] == [CITY.key]
    receipt = queries.receipt_of(queries.entries_of("log")[0].number)
    assert receipt is not None
    assert receipt.note == parse_note(cosigned)
    enter(1)
    assert seal_all(MONDAY) == size + 1
    assert client.get("/log/cosigned").content.decode() == cosigned


def test_cosignatures_nobody_asked_for_are_refused(client: Client, seal_all: Seal, set_now: SetNow) -> None:
    set_now(MONDAY)
    actions.add_witness(CITY.key.text, by=SYSTEM, now=MONDAY)
    seal_all(MONDAY)
    published = parse_note(client.get("/log/checkpoint").content)
    stranger = ed25519_signer("other.example/witness", bytes(32), witness=True)
    line = published.signed(CITY, at=MONDAY).signatures[-1].line
    other = parse_checkpoint(published.text).text.replace("\n1\n", "\n2\n")
    bodies = {
        str(published): 403,
        str(published.signed(stranger, at=MONDAY)): 403,
        f"{other}\n{line}": 422,
        f"{published.text}\n{line[:-8]}AAAAAA=\n": 422,
        "": 400,
        "x" * 70000: 413,
        "\x00": 400,
    }
    for body, status in bodies.items():
        answer = client.post("/log/cosignatures", body, content_type="text/plain")
        assert answer.status_code == status, (body[:80], answer.content.decode()[:200])
    assert client.post("/log/cosignatures", b"\xff\xfe", content_type="image/png").status_code == 400
    assert queries.witnesses()[0].size is None
    assert client.get("/log/checkpoint").content.decode() == str(published)


@pytest.mark.usefixtures("db", "log_home")
@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"", "text/plain", 400),
        (b"\x00", "text/plain", 400),
        (b"\x00", "application/octet-stream", 400),
        (b"\xff\xfe", "text/plain", 400),
        (b"\xff\xfe", "image/png", 400),
        (b"{}", "application/json", 400),
        (b"old 0\n\nx", "application/x-www-form-urlencoded", 400),
        (b"x" * 70_000, "text/plain", 413),
        (
            b"old 0\n\n"
            + "无/log\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\n— x AAAAAAA=\n".encode(),
            "text/plain; charset=utf-8",
            404,
        ),
    ],
)
def test_a_witness_answers_any_bytes_with_a_status(
    client: Client, set_now: SetNow, body: bytes, kind: str, status: int
) -> None:
    set_now(MONDAY)
    answer = client.post("/witness/add-checkpoint", body, content_type=kind)
    assert answer.status_code == status, answer.content.decode()[:200]
    assert client.get("/witness/add-checkpoint").status_code == 405
    assert queries.known_logs() == []


@pytest.mark.usefixtures("db", "log_home")
@pytest.mark.parametrize("log", ["00", "x", "0" * 64, "../../log", "%00", "0" * 5000])
def test_a_log_never_cosigned_has_no_head_here(client: Client, log: str) -> None:
    assert client.get(f"/witness/logs/{log}/checkpoint").status_code in (400, 404)


def test_the_feed_is_atom_and_can_be_read_back_page_by_page(
    client: Client, seal_all: Seal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "FEED_ENTRIES", 2)
    empty = ElementTree.fromstring(client.get("/log/checkpoints.atom").content)
    assert empty.find(f"{ATOM}entry") is None
    for number in range(3):
        enter(1)
        seal_all(MONDAY + timedelta(seconds=number))
    answer = client.get("/log/checkpoints.atom")
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = ElementTree.fromstring(answer.content)
    for name in ("id", "title", "updated", "author/{http://www.w3.org/2005/Atom}name"):
        assert feed.findtext(f"{ATOM}{name}")
    notes = [entry.findtext(f"{ATOM}content") for entry in feed.findall(f"{ATOM}entry")]
    assert notes == [head.note for head in queries.checkpoints(limit=2)]
    assert feed.findtext(f"{ATOM}updated") == "2026-03-09T02:00:02Z"
    links = {link.get("rel"): str(link.get("href")) for link in feed.findall(f"{ATOM}link")}
    assert links["next"].endswith("?before=2")
    rest = ElementTree.fromstring(client.get("/log/checkpoints.atom?before=2").content)
    assert len(rest.findall(f"{ATOM}entry")) == 1
    ids = [entry.findtext(f"{ATOM}id") for entry in [*feed.iter(f"{ATOM}entry"), *rest.iter(f"{ATOM}entry")]]
    assert len(set(ids)) == 3
    for wrong in ("x", "-1", "1" * 40, "１"):
        assert client.get("/log/checkpoints.atom", {"before": wrong}).status_code == 400


def test_each_day_has_the_last_root_of_that_day(client: Client, seal_all: Seal, set_now: SetNow) -> None:
    for place, moment in enumerate(
        ["2026-03-09T02:00", "2026-03-09T15:59", "2026-03-09T16:00", "2026-03-11T02:00"]
    ):
        enter(place + 1)
        seal_all(datetime.fromisoformat(f"{moment}+00:00"))
    roots = {head.size: head.root.hex() for head in queries.checkpoints(limit=9)}
    set_now(datetime(2026, 3, 12, 2, tzinfo=UTC))
    pages = {
        day: client.get(f"/log/daily/2026-03-{day}/").content.decode()
        for day in ("08", "09", "10", "11", "12")
    }
    assert "还没有根" in pages["08"]
    for day, size in {"09": 3, "10": 6, "11": 10, "12": 10}.items():
        for place in range(0, 64, 4):
            assert f"<td>{roots[size][place : place + 4]}</td>" in pages[day]
    assert "当天没有新的记录" not in pages["11"]
    assert "今天还没有结束" in pages["12"]
    listed = client.get("/log/daily/").content.decode()
    assert listed.count("/log/daily/2026-03-") == 4
    set_now(datetime(2026, 3, 13, 2, tzinfo=UTC))
    assert "当天没有新的记录" in client.get("/log/daily/2026-03-12/").content.decode()


@pytest.mark.usefixtures("db", "log_home")
@pytest.mark.parametrize(
    "day", ["2026-03-10", "1999-12-31", "0001-01-01", "2026-3-9", "20260309", "x", "２０２６-03-09"]
)
def test_a_day_to_come_or_no_day_has_no_root(client: Client, set_now: SetNow, day: str) -> None:
    set_now(MONDAY)
    assert client.get(f"/log/daily/{day}/").status_code == 404


@pytest.mark.usefixtures("db", "log_home")
def test_pages_of_an_empty_log_say_what_comes(client: Client, set_now: SetNow) -> None:
    set_now(MONDAY)
    assert "还没有签署过" in client.get("/log/").content.decode()
    assert "还没有每日根" in client.get("/log/daily/").content.decode()
    assert "还没有根" in client.get("/log/daily/2026-03-09/").content.decode()
    assert "还没有为别的机关作见证" in client.get("/witness/").content.decode()
    assert client.get("/log/checkpoint").status_code == 404


def test_a_root_is_read_aloud_in_sixteen_groups() -> None:
    lines = views.read_aloud(bytes(range(32)))
    assert [line.number for line in lines] == [1, 2, 3, 4]
    assert lines[0].groups == ("0001", "0203", "0405", "0607")
    assert "".join(group for line in lines for group in line.groups) == bytes(range(32)).hex()
