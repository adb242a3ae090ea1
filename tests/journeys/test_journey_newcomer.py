"""A newcomer who has only the checkout: `./run demo` starts, says where it is and who may sign in; they sign
in, see work, and Ctrl-C leaves nothing running."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from liuquan.kernel.home import CHECKOUT
from liuquan.testing.room import room

pytestmark = [pytest.mark.browser, pytest.mark.slow]

READY_SECONDS = 420
STOP_SECONDS = 60


@dataclass
class Demo:
    """The demo as a process of its own, with everything it started and what it said."""

    process: subprocess.Popen[str]
    home: str
    said: list[str] = field(default_factory=list)
    listener: threading.Thread | None = None

    def wait_until_it_serves(self) -> None:
        """Read what it says up to its last line; then it serves. Fails with what it said when it ends."""
        assert self.process.stdout is not None
        too_long = threading.Timer(READY_SECONDS, self.process.kill)
        too_long.start()
        try:
            for line in self.process.stdout:
                self.said.append(line)
                if "按 Ctrl-C 停下" in line:
                    break
            else:
                raise AssertionError(self.text)
        finally:
            too_long.cancel()
        # what it still says must not fill the pipe
        self.listener = threading.Thread(target=self.process.stdout.read, daemon=True)
        self.listener.start()

    @property
    def text(self) -> str:
        return "".join(self.said)

    def family(self) -> set[int]:
        """The process ids of the demo and of everything that it started, however deep; the database server
        has left the family, and is known by its home."""
        parents: dict[int, list[int]] = {}
        found = {self.process.pid}
        for place in Path("/proc").glob("[0-9]*"):
            try:
                fields = (place / "stat").read_text().rpartition(")")[2].split()
                words = (place / "cmdline").read_bytes()
            except OSError:  # it has just ended
                continue
            parents.setdefault(int(fields[1]), []).append(int(place.name))
            found |= {int(place.name)} if self.home.encode() in words else set()
        asked = list(found)
        while asked:
            children = parents.get(asked.pop(), [])
            found |= set(children)
            asked += children
        return found

    def press_ctrl_c(self) -> None:
        """As a terminal does it: the signal goes to the whole foreground group."""
        os.killpg(self.process.pid, signal.SIGINT)
        self.process.wait(STOP_SECONDS)

    def is_over(self) -> None:
        """Nobody writes any more: what listened ends too."""
        self.process.wait()
        if self.listener is not None:
            self.listener.join()
        if self.process.stdout is not None:
            self.process.stdout.close()


def is_running(pid: int) -> bool:
    """Whether this process is there and not only a name that nobody has asked about."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


def free_port() -> int:
    with closing(socket.socket()) as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


@pytest.fixture
def demo() -> Iterator[Demo]:
    """`./run demo` with a home of its own on a free port; what is left of it in the end is ended by id."""
    # The suite's own settings must not reach the demo.
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LIUQUAN_", "PYTEST_"))}
    environment = {name: value for name, value in kept.items() if name != "DJANGO_SETTINGS_MODULE"}
    with tempfile.TemporaryDirectory(prefix="liuquan-", dir=room()) as folder:
        Path(folder).chmod(0o755)
        home = f"{folder}/home"
        words = ["./run", "demo", "--home", home, "--port", str(free_port())]
        process = subprocess.Popen(
            words,
            cwd=CHECKOUT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        started = Demo(process, home)
        try:
            yield started
        finally:
            for pid in sorted(started.family()):
                if is_running(pid):
                    os.kill(pid, signal.SIGKILL)
            started.is_over()


def test_a_newcomer_starts_the_demo_signs_in_sees_work_and_stops_it(demo: Demo, page: Page) -> None:
    demo.wait_until_it_serves()
    address = re.search(r"工作台\s+(http://127\.0\.0\.1:(\d+)/desk/)", demo.text)
    password = re.search(r"口令都是 (\S+)，", demo.text)
    account = re.search(r"综合窗口人员\s+(\w+)\s+(\S+)", demo.text)
    assert address, demo.text
    assert password, demo.text
    assert account, demo.text
    assert address[2] != "8000"

    _is_reached(page, address[1])
    page.locator("[name=login]").fill(account[1])
    page.locator("[name=password]").fill(password[1])
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="我的待办")).to_be_visible()
    expect(page.locator("body")).to_contain_text(account[2])
    work = page.locator('tbody a[href^="/desk/cases/"]')
    expect(work.first).to_be_visible()
    number = work.first.inner_text()
    work.first.click()
    expect(page.locator("main")).to_contain_text(number)

    started = demo.family()
    assert len(started) > 5  # the command, the database with its own, the web server, worker and sealer
    demo.press_ctrl_c()
    until = time.monotonic() + STOP_SECONDS
    while (left := [pid for pid in started if is_running(pid)]) and time.monotonic() < until:
        time.sleep(0.2)
    assert left == [], [Path(f"/proc/{pid}/cmdline").read_bytes() for pid in left]
    with closing(socket.socket()) as asked:
        assert asked.connect_ex(("127.0.0.1", int(address[2]))) != 0


def _is_reached(page: Page, address: str) -> None:
    """The line with the address is printed a moment before the web server listens."""
    port = int(address.split(":")[2].split("/")[0])
    until = time.monotonic() + STOP_SECONDS
    while time.monotonic() < until:
        with closing(socket.socket()) as asked:
            if asked.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.2)
    page.goto(address)
