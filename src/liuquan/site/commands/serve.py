"""`serve` and `worker`: the running system.

The sealer runs where the worker runs: once an installation.
"""

import os
import socket
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.db import connection

from liuquan.kernel import moments
from liuquan.kernel.home import current_home
from liuquan.kernel.postgres import revive
from liuquan.kernel.refusals import BadInput, Unavailable
from liuquan.site import startup
from liuquan.site.commands import Answer, Command
from liuquan.site.processes import Kept, keep
from liuquan.site.settings_database import POOL_VARIABLE

HOST = "127.0.0.1"
PORT = 8000
LAST_PORT = 65535


def web_process(*, host: str, port: int, workers: int, threads: int) -> Kept:
    """The web server: so many processes of so many threads, each thread with its own connection at hand."""
    # Until `liuquan static` has run there are none; the server asks for the folder all the same.
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    words = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws", "--log-level", "warning"),
        *("--host", host, "--port", str(port), "--workers", str(workers)),
        *("--blocking-threads", str(threads), "--respawn-failed-workers", "liuquan.site.wsgi:application"),
    ]
    return Kept("web", words, {POOL_VARIABLE: str(threads + 1)})


def worker_process() -> Kept:
    """The worker that does the jobs."""
    return Kept("worker", [sys.executable, "-m", "liuquan.site.worker"], {POOL_VARIABLE: "6"}, True)


def sealer_process() -> Kept:
    """The sealer that puts what is committed under signed checkpoints."""
    return Kept("sealer", [sys.executable, "-m", "liuquan.site.sealing"], {POOL_VARIABLE: "2"}, True)


def run(children: Sequence[Kept]) -> None:
    """Keep the processes and the embedded server running until told to stop."""
    connection.close()
    external = bool(os.environ.get("DATABASE_URL"))
    keep(children, tend=(lambda: False) if external else (lambda: revive(current_home())))


def refuse_taken_port(host: str, port: int) -> None:
    """Refuse a number that is no port, and a port where another program listens already."""
    if not 1 <= port <= LAST_PORT:
        raise BadInput(
            f"端口 {port} 不存在：请用 --port 指定 1 到 {LAST_PORT} 之间的数。", code="no_such_port"
        )
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            raise Unavailable(
                f"{host} 的端口 {port} 已被别的程序占用：请用 --port 换一个端口。", code="port_taken"
            ) from None


def _serve(asked: Namespace) -> Answer:
    refuse_taken_port(asked.host, asked.port)
    _say(startup.check(now=moments.now()))
    web = web_process(host=asked.host, port=asked.port, workers=asked.workers, threads=asked.threads)
    children = [web] if asked.no_worker else [web, worker_process(), sealer_process()]
    sys.stderr.write(f"http://{asked.host}:{asked.port}/  (Ctrl-C 停止)\n")
    run(children)
    return Answer()


def _work(asked: Namespace) -> Answer:
    _say(startup.check(now=moments.now()))
    run([worker_process(), sealer_process()])
    return Answer()


def _say(sentences: Sequence[str]) -> None:
    for sentence in sentences:
        sys.stderr.write(f"{sentence}\n")


def _serve_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--host", default=HOST, help="address to listen on (default: loopback only)")
    parser.add_argument("--port", type=int, default=PORT)
    parser.add_argument("--workers", type=int, default=2, help="web processes")
    parser.add_argument("--threads", type=int, default=4, help="threads of each")
    parser.add_argument("--no-worker", action="store_true", help="only the web server, no jobs, no sealing")


COMMANDS = [
    Command(
        "serve", "网站、后台任务和入册，直到 Ctrl-C / web server, worker and sealer", _serve, _serve_arguments
    ),
    Command("worker", "只运行后台任务和入册 / worker and sealer alone", _work),
]
