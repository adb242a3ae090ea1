"""The embedded server, really started, killed and shared."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from liuquan.kernel.home import Home
from liuquan.kernel.postgres import ServerRefused, cluster, place, serving
from liuquan.kernel.postgres.cluster import NOBODY, READY, Cluster
from liuquan.kernel.postgres.place import SOCKET_NAME, place_of
from liuquan.testing.room import room

QUICK = {"fsync": "off", "shared_buffers": "16MB"}
USER = """
import sys
from pathlib import Path
from liuquan.kernel.home import Home
from liuquan.kernel.postgres import serving
with serving(Home(Path(sys.argv[1])), settings={"fsync": "off", "shared_buffers": "16MB"}):
    print("in", flush=True)
    sys.stdin.readline()
"""
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root hands the server to another user")


@contextmanager
def reachable_folder() -> Iterator[Path]:
    """A folder that any user may enter; pytest's own are closed to the user who serves for root."""
    folder = Path(tempfile.mkdtemp(prefix="liuquan-", dir=room()))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


@pytest.fixture(scope="module")
def home() -> Iterator[Home]:
    """One home for the whole file: making a data folder is the slow part."""
    with reachable_folder() as folder:
        made = Home(folder / "家 home")
        with serving(made, QUICK):
            pass
        yield made


@pytest.fixture(autouse=True)
def _nothing_left_running(home: Home) -> Iterator[None]:
    yield
    assert Cluster(place_of(home)).answer() == NOBODY


def another_user(home: Home) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", USER, str(home.root)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def wait_until_in(user: "subprocess.Popen[str]") -> None:
    assert user.stdout is not None
    assert user.stdout.readline() == "in\n"


def leave(user: "subprocess.Popen[str]") -> None:
    user.communicate("\n", timeout=120)
    assert user.returncode == 0


def server_number(home: Home) -> int:
    number = Cluster(place_of(home)).postmaster()
    assert number is not None
    return number


def kill_server(home: Home) -> None:
    os.kill(server_number(home), signal.SIGKILL)


def test_four_racing_starts_make_one_server_and_the_last_user_stops_it(home: Home) -> None:
    users = [another_user(home) for _ in range(4)]
    for user in users:
        wait_until_in(user)
    number = server_number(home)
    for user in users[:3]:
        leave(user)
    assert server_number(home) == number
    assert Cluster(place_of(home)).answer() == READY
    leave(users[3])
    assert Cluster(place_of(home)).answer() == NOBODY


def test_a_user_that_was_killed_no_longer_counts(home: Home) -> None:
    killed = another_user(home)
    wait_until_in(killed)
    killed.kill()
    killed.communicate()
    assert Cluster(place_of(home)).answer() == READY
    with serving(home, QUICK):
        pass
    assert Cluster(place_of(home)).answer() == NOBODY


def test_what_was_committed_outlives_a_killed_server_and_one_process_number_proves_nothing(
    home: Home,
) -> None:
    with serving(home, QUICK) as server:
        with psycopg.connect(server.dsn("liuquan", "liuquan_owner")) as connection:
            connection.execute("CREATE TABLE kept (word text)")
            connection.execute("INSERT INTO kept VALUES ('留下')")
        kill_server(home)
        recorded = place_of(home).data / "postmaster.pid"
        lines = recorded.read_text().splitlines(keepends=True)
        recorded.write_text("".join([f"{os.getpid()}\n", *lines[1:]]))  # our own number: a living program
        with (
            serving(home, QUICK) as again,
            psycopg.connect(again.dsn("liuquan", "liuquan_app")) as connection,
        ):
            assert connection.execute("SELECT word FROM kept").fetchall() == [("留下",)]
            assert again.host == server.host


def test_a_killed_server_is_started_again_while_it_is_still_a_zombie(home: Home) -> None:
    with serving(home, QUICK):
        kill_server(home)
        with serving(home, QUICK):
            assert Cluster(place_of(home)).answer() == READY


def test_a_server_whose_socket_was_deleted_is_stopped_and_started(home: Home) -> None:
    with serving(home, QUICK) as server:
        before = server_number(home)
        (Path(server.host) / SOCKET_NAME).unlink()
        with serving(home, QUICK):
            assert server_number(home) != before


def test_orphans_of_a_dead_server_are_never_started_over(
    home: Home, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(cluster, "ORPHANS_LIMIT_SECONDS", 0.1)
    shutil.copy("/bin/sleep", tmp_path / "postgres")
    orphan = subprocess.Popen([str(tmp_path / "postgres"), "60"], cwd=place_of(home).data)
    try:
        with pytest.raises(ServerRefused, match=f"编号 {orphan.pid}"), serving(home, QUICK):
            pass
    finally:
        orphan.kill()
        orphan.wait()


def test_data_of_another_major_version_are_refused_with_the_command_to_run(home: Home) -> None:
    marker = place_of(home).data / "PG_VERSION"
    marker.write_text("17\n")
    try:
        with pytest.raises(ServerRefused, match=r"PostgreSQL 17.*liuquan backup"), serving(home, QUICK):
            pass
    finally:
        marker.write_text("18\n")


def test_the_server_sees_chinese_checks_its_pages_and_listens_on_no_network(home: Home) -> None:
    asked = ("data_checksums", "listen_addresses", "unix_socket_permissions", "server_encoding")
    with serving(home, QUICK) as server, psycopg.connect(server.dsn("liuquan")) as connection:
        settings = [connection.execute(f"SHOW {name}").fetchone() for name in asked]
        row = connection.execute(
            "SELECT datlocprovider, datlocale, datctype, show_trgm('身份证') <> '{}' FROM pg_database "
            "WHERE datname = 'liuquan'"
        ).fetchone()
    assert [value for (value,) in settings if value] == ["on", "0700", "UTF8"]
    assert row == ("b", "PG_UNICODE_FAST", "C.UTF-8", True)
    assert stat.S_IMODE(place_of(home).data.stat().st_mode) == 0o700
    assert stat.S_IMODE(place_of(home).sockets.stat().st_mode) == 0o700


def test_the_application_uses_the_owners_tables_but_cannot_empty_or_change_them(home: Home) -> None:
    with serving(home, QUICK) as server:
        with psycopg.connect(server.dsn("liuquan", "liuquan_owner")) as connection:
            connection.execute("CREATE SCHEMA given CREATE TABLE given.thing (id int)")
        with psycopg.connect(server.dsn("liuquan", "liuquan_app"), autocommit=True) as connection:
            connection.execute("INSERT INTO given.thing VALUES (1)")
            for refused in ("TRUNCATE given.thing", "DROP TABLE given.thing", "CREATE TABLE own (id int)"):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    connection.execute(refused)
            assert connection.execute("SELECT count(*) FROM given.thing").fetchone() == (1,)


def test_the_log_is_cut_and_holds_no_values(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    with (
        serving(home, QUICK) as server,
        psycopg.connect(server.dsn("liuquan"), autocommit=True) as connection,
    ):
        connection.execute("CREATE TEMP TABLE person (name text UNIQUE)")
        connection.execute("INSERT INTO person VALUES (%s)", ("张秘密",))
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("INSERT INTO person VALUES (%s)", ("张秘密",))
        said = place_of(home).log.read_text()
        assert "duplicate key" in said
        assert "张秘密" not in said
        monkeypatch.setattr(cluster, "LOG_LIMIT_BYTES", 100)
        with serving(home, QUICK):
            assert place_of(home).log.stat().st_size < 100
        assert place_of(home).log.with_suffix(".log.1").stat().st_size == 100


def test_two_homes_share_nothing_and_a_long_path_finds_a_shorter_socket(home: Home) -> None:
    with reachable_folder() as folder, serving(home, QUICK):
        far = Home(folder / ("很长的路径" * 8))
        with serving(far, QUICK) as server, psycopg.connect(server.dsn("liuquan", "liuquan_app")):
            assert far.root not in Path(server.host).parents
            assert server_number(far) != server_number(home)
            sockets = Path(server.host)
        assert Cluster(place_of(home)).answer() == READY
        shutil.rmtree(sockets)


def test_a_socket_folder_of_somebody_else_is_refused(home: Home) -> None:
    sockets = place_of(home).sockets
    sockets.rename(sockets.with_name("aside"))
    sockets.symlink_to("aside")
    try:
        with pytest.raises(ServerRefused, match="属于别的用户"), serving(home, QUICK):
            pass
    finally:
        sockets.unlink()
        sockets.with_name("aside").rename(sockets)


def test_a_path_that_the_servers_programs_cannot_take_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ServerRefused, match="换一个 LIUQUAN_HOME"), serving(Home(tmp_path / "a$b")):
        pass
    assert not (tmp_path / "a$b" / "database").exists()


@as_root
def test_where_the_serving_user_cannot_come_data_go_elsewhere_and_no_mode_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    hidden = Home(closed / "checkout" / ".liuquan")
    with reachable_folder() as elsewhere, monkeypatch.context() as patched:
        patched.setattr(place, "ELSEWHERE", elsewhere)
        with serving(hidden, QUICK) as server, psycopg.connect(server.dsn("liuquan", "liuquan_app")):
            assert elsewhere in Path(server.host).parents
            assert elsewhere in server.place.data.parents
            assert elsewhere in server.place.binaries.parents
        assert not (hidden.root / "database").exists()
        assert stat.S_IMODE(closed.stat().st_mode) == 0o700
        closed.chmod(0o755)  # the data stay where they are, whatever becomes of the modes
        assert place_of(hidden).folder == server.place.folder


@as_root
def test_data_that_the_serving_user_can_no_longer_reach_are_named_not_made_anew(home: Home) -> None:
    home.root.parent.chmod(0o700)
    try:
        with pytest.raises(ServerRefused, match="进不了"), serving(home, QUICK):
            pass
    finally:
        home.root.parent.chmod(0o755)
