"""`./run test`: which tests, in which parts, and at the end how long it took beside what it should take."""

import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from liuquan.testing import selection
from liuquan.testing.slow import COUNT_FILE, sentence

INTERRUPTED, NO_TESTS = 2, 5
WITHOUT = ("-p", "no:playwright", "-n", "2", "--dist", "worksteal")
WITH = ("-n", "2", "--dist", "worksteal")
#: seconds on two idle cores; they are printed, but exceeding them is no failure
AIM_WITHOUT, AIM_MODULE, AIM_WITH = 120, 20, 120
NO_CHROMIUM = (
    "SKIPPED: the browser tests, because no Chromium was found. Install one (Debian: 'apt-get install "
    "chromium'), or as root run './run test --install-browser'."
)


def main(words: list[str]) -> int:
    """Run what the words ask for; 0 when all of it passed."""
    own = [word for word in words if word in _OWN or word.startswith("--changed=")]
    try:
        chosen, rest = selection.sort_out(word for word in words if word not in own)
        for word in own:
            if word.startswith("--changed"):
                files = selection.changed_files(word.partition("=")[2] or "HEAD")
                chosen, said = selection.touched_by(files)
                _say(said)
                if not files:
                    return 0
    except selection.NoSuchTests as unknown:
        _say(str(unknown))
        return 2
    run = _Run(chosen, rest)
    status = run.without_browser()
    asked = "--browser" in own or (chosen.is_everything and "--no-browser" not in own)
    stopped = status < 0 or status == INTERRUPTED
    if not stopped and (asked or (status == NO_TESTS and "--no-browser" not in own)):
        status = _worse(status, run.with_browser())
    run.say_at_the_end()
    return status


class _Run:
    """The parts of one run, and what is said after all of them."""

    def __init__(self, chosen: selection.Selection, rest: list[str]) -> None:
        self.chosen, self.marks, self.rest = chosen, *_marks(rest)
        self.said: list[str] = []
        self.left_out = 0

    def without_browser(self) -> int:
        """The tests that need no browser, in two processes."""
        words = [*WITHOUT, "-m", self._marked("not browser"), *self.chosen.arguments()]
        one = len(self.chosen.modules) == 1 and not self.chosen.paths
        return self._pytest("Without a browser", words, AIM_MODULE if one else self._aim(AIM_WITHOUT))

    def with_browser(self) -> int:
        """The tests in a browser, in two processes with a browser each."""
        words = self.chosen.browser_arguments()
        if not words:
            return NO_TESTS
        if not os.environ.get("LIUQUAN_CHROMIUM"):
            self.said.append(NO_CHROMIUM)
            return NO_TESTS
        words = [*WITH, "-m", self._marked("browser"), *words]
        return self._pytest("With a browser", words, self._aim(AIM_WITH))

    def say_at_the_end(self) -> None:
        """What was left out, and the times beside their aims."""
        _say("", *self.said)
        if self.left_out:
            _say(sentence(self.left_out))

    def _pytest(self, part: str, words: list[str], aim: int | None) -> int:
        with tempfile.NamedTemporaryFile(prefix="liuquan-left-out-") as count:
            begun, before = time.monotonic(), _processor_seconds()
            environment = {**os.environ, COUNT_FILE: count.name}
            status = _waited(
                subprocess.Popen([sys.executable, "-m", "pytest", *words, *self.rest], env=environment)
            )
            took, worked = time.monotonic() - begun, _processor_seconds() - before
            self.left_out += int(Path(count.name).read_text() or 0)
        aimed = f"; aim on two quiet cores: {aim} s" if aim else ""
        self.said.append(f"{part}: {took:.0f} s (processor: {worked:.0f} s{aimed}).")
        return status

    def _aim(self, seconds: int) -> int | None:
        """Aims are for everything that runs by default."""
        slow = "--all" in self.rest or os.environ.get("CI")
        return seconds if self.chosen.is_everything and not self.marks and not slow else None

    def _marked(self, part: str) -> str:
        return f"{part} and ({self.marks})" if self.marks else part


def _waited(tests: "subprocess.Popen[bytes]") -> int:
    """How the tests ended. Who stops this program stops them, and waits: they have servers to stop."""
    signal.signal(signal.SIGTERM, lambda *_: tests.terminate())
    while True:
        try:
            return tests.wait()
        except KeyboardInterrupt:  # the terminal has told them too
            continue


def _marks(rest: list[str]) -> tuple[str, list[str]]:
    """The expression after -m, which is joined with the part's own, and the other words."""
    if "-m" not in rest[:-1]:
        return "", rest
    place = rest.index("-m")
    return rest[place + 1], [*rest[:place], *rest[place + 2 :]]


def _worse(one: int, other: int) -> int:
    """One status of both parts: finding no test is a failure only where neither part found one."""
    found = [status for status in (one, other) if status != NO_TESTS]
    return next((status for status in found if status), 0) if found else NO_TESTS


def _processor_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _say(*lines: str) -> None:
    for line in lines:
        sys.stderr.write(line + "\n")
    sys.stderr.flush()


_OWN = frozenset({"--browser", "--no-browser", "--changed", "--install-browser"})

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
