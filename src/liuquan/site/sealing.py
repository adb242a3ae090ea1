"""The sealer's process: `python -m liuquan.site.sealing`, kept running by `liuquan serve` and `demo`.

It looks four times a second, so that what is committed stands under a signed checkpoint well within a second.
Any failure is logged and tried again; only a lost database ends it, and its parent process starts it again.
"""

import logging
import os
import signal
import threading
from types import FrameType

import django
from django.db import Error

from liuquan.kernel import moments
from liuquan.kernel.refusals import Refusal

logger = logging.getLogger(__name__)

PAUSE_SECONDS = 0.25
REFUSED_PAUSE_SECONDS = 10.0


def watch(stop: threading.Event) -> None:
    """Seal until told to stop. A full disk or a refusal is logged once, and tried again."""
    from liuquan.journal import actions  # needs Django to be set up

    sealer, last_problem = actions.Sealer(), ""
    while not stop.is_set():
        pause = PAUSE_SECONDS
        try:
            done = sealer.seal(now=moments.now())
            pause = 0.0 if done.more else PAUSE_SECONDS
            problem = ""
        except Refusal as refusal:
            problem, pause = str(refusal), REFUSED_PAUSE_SECONDS
        except OSError as fault:
            problem = f"the log's files cannot be written: {fault}"
        if problem and problem != last_problem:
            logger.error("not sealed: %s", problem)
        elif last_problem and not problem:
            logger.warning("sealing goes on")
        last_problem = problem
        stop.wait(pause)


def main() -> None:
    """Seal until told to stop; end with an error when the database goes away."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liuquan.site.settings")
    stop = threading.Event()

    def request_stop(number: int, frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, request_stop)
    signal.signal(signal.SIGINT, request_stop)
    django.setup()
    try:
        watch(stop)
    except Error as trouble:
        logger.error("the sealer lost its database: %s", str(trouble).strip())
        raise SystemExit(1) from None


if __name__ == "__main__":
    main()
