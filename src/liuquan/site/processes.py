"""Keeping processes running: the web server and the worker, started again when they die.

The worker ends when its database goes away, so somebody must start it again; the same one looks after
the embedded server. All children end when their keeper ends, even when it is killed.
"""

import contextlib
import ctypes
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

logger = logging.getLogger(__name__)

LOOK_EVERY_SECONDS = 0.2
TEND_EVERY_SECONDS = 2.0
FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 10.0
LONG_ENOUGH_SECONDS = 30.0
STOP_LIMIT_SECONDS = 10.0


@dataclass
class Kept:
    """One process that is kept running."""

    name: str
    words: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    ends_with_database: bool = False
    process: "subprocess.Popen[bytes] | None" = None
    started: float = 0.0
    next_start: float = 0.0
    pause: float = FIRST_PAUSE_SECONDS

    def start(self) -> None:
        """Start it; it dies with us."""
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            list(self.words),
            stdin=subprocess.DEVNULL,
            env={**os.environ, **self.environment},
            start_new_session=True,  # Ctrl-C reaches the keeper only, which then stops the children in order
            preexec_fn=_die_with_keeper if sys.platform == "linux" else None,
        )

    def look(self) -> None:
        """Start it again if it has ended: at once the first time, then after ever longer pauses."""
        now = time.monotonic()
        if self.process is None:
            if now >= self.next_start:
                self.start()
            return
        code = self.process.poll()
        if code is None:
            return
        if now - self.started > LONG_ENOUGH_SECONDS:
            self.pause = FIRST_PAUSE_SECONDS
        logger.warning("%s ended with %s and is started again", self.name, code)
        self.process = None
        self.next_start = now + self.pause
        self.pause = min(self.pause * 2, LONGEST_PAUSE_SECONDS)

    def stop(self) -> None:
        """Ask it to end; kill it and its children if it does not."""
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(STOP_LIMIT_SECONDS)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self.process = None


def keep(children: Sequence[Kept], tend: Callable[[], bool] = lambda: False) -> None:
    """Keep the processes running until Ctrl-C or SIGTERM; call `tend` every few seconds.

    `tend` returns whether the database was restarted: processes that cannot survive that are restarted too.
    """
    tended = time.monotonic()
    try:
        while True:
            for child in children:
                child.look()
            time.sleep(LOOK_EVERY_SECONDS)
            if time.monotonic() - tended > TEND_EVERY_SECONDS:
                started_anew = tend()
                tended = time.monotonic()
                for child in children:
                    if started_anew and child.ends_with_database and child.process is not None:
                        child.process.kill()  # it would notice by itself, but only after a while
    finally:
        for child in children:
            child.stop()


def _die_with_keeper() -> None:
    ask_for_signal_on_parents_death = 1
    ctypes.CDLL(None).prctl(ask_for_signal_on_parents_death, signal.SIGTERM)
