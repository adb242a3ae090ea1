"""The running system, as an operator meets it: a home from migration to backup, a server that is killed."""

import io
import json
import os
import signal
import socket
import subprocess
import sys
import tarfile
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from liuquan.kernel.home import Home
from liuquan.kernel.postgres.cluster import NOBODY, SUPERUSER, Cluster
from liuquan.kernel.postgres.place import place_of
from liuquan.kernel.postgres.sharing import Server, serving
from liuquan.kernel.refusals import BadInput
from liuquan.site.commands.serve import refuse_taken_port
from liuquan.testing.room import room

QUICK = {"fsync": "off", "shared_buffers": "16MB"}
SECRET = "密文".encode()


def liuquan(home: Home, *words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "liuquan.site.command", *words],
        env=environment(home),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def environment(home: Home) -> dict[str, str]:
    return {**os.environ, "LIUQUAN_HOME": str(home.root), "DJANGO_SETTINGS_MODULE": "liuquan.site.settings"}


def ask(home: Home, question: str) -> list[tuple[object, ...]]:
    with psycopg.connect(Server(place_of(home)).dsn("liuquan", SUPERUSER), autocommit=True) as connection:
        return connection.execute(question.encode()).fetchall()


def eventually(is_so: Callable[[], bool]) -> bool:
    """Whether it becomes so within the time that a loaded machine may need."""
    end = time.monotonic() + 120
    while time.monotonic() < end:
        try:
            if is_so():
                return True
        except (OSError, psycopg.Error):
            pass
        time.sleep(0.1)
    return False


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="liuquan-", dir=room()) as made:
        Path(made).chmod(0o755)
        yield Path(made)


@pytest.fixture(scope="module")
def home(folder: Path) -> Home:
    """A home whose tables were made by the command, as an operator would."""
    made = Home(folder / "home")
    migrated = liuquan(made, "migrate", "--json")
    assert json.loads(migrated.stdout) == {"migrated": True}, migrated.stderr
    return made


@pytest.fixture(scope="module")
def running(home: Home) -> Iterator[Home]:
    """The same home with its server kept running, so that each command need not start and stop it."""
    with serving(home, QUICK):
        yield home


def free_port() -> int:
    """A port that nobody listens on; the usual one may be a demo's."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number: int = free.getsockname()[1]
    return number


@contextmanager
def served(home: Home) -> Iterator[int]:
    port = free_port()
    words = ["serve", "--port", str(port), "--workers", "1", "--threads", "2"]
    running = subprocess.Popen(
        [sys.executable, "-m", "liuquan.site.command", *words], env=environment(home), stderr=subprocess.PIPE
    )
    try:
        assert eventually(lambda: answers(port))
        yield port
    finally:
        running.send_signal(signal.SIGTERM)
        running.communicate(timeout=120)
    assert running.returncode == 128 + signal.SIGTERM


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/accounts/login/", timeout=20) as page:
            return page.status == 200
    except urllib.error.HTTPError as refused:
        return refused.code < 500


def defer_housekeeping(home: Home) -> None:
    ask(
        home,
        "INSERT INTO procrastinate_jobs (queue_name, task_name, args) "
        "VALUES ('default', 'kernel.delete_old', '{\"timestamp\": 0}') RETURNING id",
    )


def nothing_to_do(home: Home) -> bool:
    return ask(home, "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'kernel.delete_old'") == [
        (0,)
    ]


def enter(home: Home) -> None:
    ask(
        home,
        "INSERT INTO journal_entry (event, vocabulary_version, subject, body_code, post_code, actor_kind, "
        "effective_at, public, commitment) VALUES ('journal.audited', 1, 'log', '', '', 'system', now(), "
        "'{}', sha256('x')) RETURNING id",
    )


def everything_sealed(home: Home) -> bool:
    (counts,) = ask(
        home, "SELECT (SELECT count(*) FROM journal_entry), (SELECT max(size) FROM journal_checkpoint)"
    )
    return counts[0] == counts[1]


@pytest.mark.slow
def test_web_worker_and_sealer_go_on_after_the_server_was_killed_and_nothing_is_left_running(
    home: Home,
) -> None:
    with served(home) as port:
        defer_housekeeping(home)
        enter(home)
        assert eventually(lambda: nothing_to_do(home))
        assert eventually(lambda: everything_sealed(home))
        number = Cluster(place_of(home)).postmaster()
        assert number is not None
        os.kill(number, signal.SIGKILL)
        assert eventually(lambda: Cluster(place_of(home)).answer() == 0)
        defer_housekeeping(home)
        enter(home)
        assert eventually(lambda: nothing_to_do(home))
        assert eventually(lambda: everything_sealed(home))
        assert answers(port)
    assert Cluster(place_of(home)).answer() == NOBODY


@pytest.mark.slow
def test_a_backup_comes_back_in_an_empty_home_and_only_there(running: Home, folder: Path) -> None:
    home = running
    (home.files / "ab").mkdir()
    (home.files / "ab" / "one").write_bytes(SECRET)
    (home.keys / "field.key").write_bytes(b"key")
    archive, keys = folder / "backup.tar", folder / "keys.tar"
    made = liuquan(home, "backup", str(archive), "--keys", str(keys), "--json")
    assert json.loads(made.stdout)["files"] == 1, made.stderr
    assert archive.stat().st_mode & 0o777 == 0o600
    with tarfile.open(archive) as without_keys:
        public = {"keys-made.txt", "log-keys.json"}  # said about keys, where a sealer has made some
        names = [name for name in without_keys.getnames() if name not in public]
        assert names == ["manifest.json", "database.dump", "files/ab/one"]

    again = liuquan(home, "backup", str(archive))
    assert again.returncode == 1
    assert "已经存在" in again.stderr
    full = liuquan(home, "restore", str(archive))
    assert full.returncode == 1
    assert "已有数据" in full.stderr

    new = Home(folder / "new")
    with serving(new, QUICK):
        restored = liuquan(new, "restore", str(archive), "--keys", str(keys))
        assert restored.returncode == 0, restored.stderr
        migrated = liuquan(new, "migrate")
        assert migrated.returncode == 0, migrated.stderr
    assert (new.files / "ab" / "one").read_bytes() == SECRET
    assert (new.keys / "field.key").read_bytes() == b"key"
    assert (new.keys / "django.txt").read_text() == (home.keys / "django.txt").read_text()


@pytest.mark.slow
def test_a_damaged_or_foreign_archive_changes_nothing(folder: Path) -> None:
    foreign, climbing = folder / "foreign.tar", folder / "climbing.tar"
    foreign.write_bytes(b"not a tar")
    manifest = {"format": 1, "made_at": "", "dump_sha256": "", "dump_bytes": 0, "files": 0}
    with tarfile.open(climbing, "w") as archive:
        for name, text in (("manifest.json", json.dumps(manifest)), ("../climbed", "x")):
            entry = tarfile.TarInfo(name)
            entry.size = len(text)
            archive.addfile(entry, io.BytesIO(text.encode()))
    empty = Home(folder / "unmigrated")
    with serving(empty, QUICK):
        for source in (foreign, climbing):
            refused = liuquan(empty, "restore", str(source), "--json")
            assert refused.returncode == 1
            assert json.loads(refused.stdout)["code"] == "damaged"
    assert not list(empty.files.iterdir())
    assert not list(folder.rglob("climbed"))


def test_words_that_are_not_understood_end_with_two_and_touch_no_database(folder: Path) -> None:
    unknown = liuquan(Home(folder / "untouched"), "nonsense")
    assert unknown.returncode == 2
    assert "invalid choice" in unknown.stderr
    assert not (folder / "untouched" / "database").exists()


def test_tables_of_another_version_are_refused_with_the_command_to_run(folder: Path) -> None:
    refused = liuquan(Home(folder / "unmigrated"), "serve", "--port", str(free_port()))
    assert refused.returncode == 1
    assert "liuquan migrate" in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.parametrize("port", [-1, 0, 65536, 99999])
def test_a_number_that_is_no_port_is_refused_with_the_numbers_that_are(port: int) -> None:
    with pytest.raises(BadInput, match=f"端口 {port} 不存在：请用 --port 指定 1 到 65535 之间的数"):
        refuse_taken_port("127.0.0.1", port)
