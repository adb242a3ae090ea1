"""`demo`: the whole system with a fictional city, until Ctrl-C.

The values of the pack (whose site it is, its number patterns, its yellow share) belong into the environment
before Django reads its settings, so the command starts itself once more with them.
"""

from __future__ import annotations

import json
import os
import sys
import time
from argparse import ArgumentParser, Namespace
from datetime import UTC, date, datetime
from pathlib import Path

from django.conf import settings
from django.db import connections

from liuquan.journal import actions as journal
from liuquan.kernel import moments
from liuquan.kernel.home import CHECKOUT, VARIABLE, current_home
from liuquan.kernel.postgres import serving
from liuquan.kernel.refusals import Refusal, WrongState
from liuquan.site import startup
from liuquan.site.commands import Answer, Command
from liuquan.site.commands.database import migrate
from liuquan.site.commands.serve import (
    HOST,
    PORT,
    refuse_taken_port,
    run,
    sealer_process,
    web_process,
    worker_process,
)
from liuquan.site.packs import Pack, read_pack
from liuquan.site.rehearsal import read_script
from liuquan.site.rehearsal.memory import only_one
from liuquan.site.rehearsal.preparing import Prepared, prepare
from liuquan.site.rehearsal.welcome import as_data, as_text

PACK = CHECKOUT / "packs" / "demo"
WORKERS, THREADS = 2, 4
STOPPED = "演示已停下。再次运行 ./run demo 接着这一天继续，./run demo --fresh 从头开始。"


def _demo(asked: Namespace) -> Answer:
    if os.environ.get("DATABASE_URL"):
        raise WrongState("演示使用自带的数据库：请先去掉环境变量 DATABASE_URL。", code="external_database")
    pack = read_pack(asked.pack)
    _with_its_environment(pack, asked)
    script = read_script(pack)
    if not asked.no_serve:
        refuse_taken_port(HOST, asked.port)
    begun = time.monotonic()
    home = current_home()
    with only_one(home), serving(home) as server:
        try:
            prepared = prepare(
                home, server, pack, script, asked=asked.today, fresh=asked.fresh, migrate=migrate, say=_say
            )
            offset = int((prepared.now - datetime.now(UTC)).total_seconds())
            os.environ[moments.OFFSET_VARIABLE] = str(offset)
            _seal(prepared)
            return _show(asked, pack, prepared, script.password, time.monotonic() - begun)
        finally:
            connections.close_all()


def _seal(prepared: Prepared) -> None:
    """Seal the played history under a signed checkpoint before anybody opens the demo."""
    try:
        journal.seal(now=prepared.now)
    except Refusal as refusal:
        _say(str(refusal))  # the demo is usable all the same; the sealer will report it again


def _show(asked: Namespace, pack: Pack, prepared: Prepared, password: str, seconds: float) -> Answer:
    """Say where it is and who may sign in, then run it until it is stopped."""
    data = as_data(pack, prepared, address=_address(asked.port), password=password, seconds=seconds)
    if asked.no_serve:
        return Answer(as_text(data), data)
    for sentence in startup.check(now=moments.now()):
        _say(sentence)
    Path(settings.STATIC_ROOT).mkdir(exist_ok=True)  # else the web server complains that nothing is in it
    sys.stdout.write((json.dumps(data, ensure_ascii=False) if asked.json else as_text(data)) + "\n")
    sys.stdout.flush()
    web = web_process(host=HOST, port=asked.port, workers=WORKERS, threads=THREADS)
    children = [web, worker_process(), sealer_process()]
    try:
        run(children)
    except KeyboardInterrupt:
        _say(STOPPED)
        raise
    return Answer()


def _with_its_environment(pack: Pack, asked: Namespace) -> None:
    wanted = _environment(pack, asked)
    if all(os.environ.get(name) == value for name, value in wanted.items()):
        return
    again = [sys.executable, "-m", "liuquan.site.command", *sys.argv[1:]]
    os.execve(sys.executable, again, {**os.environ, **wanted})


def _environment(pack: Pack, asked: Namespace) -> dict[str, str]:
    given, first = pack.settings, pack.organisation.bodies[0]
    values = {
        "LIUQUAN_DEMO": "1",
        "LIUQUAN_SITE_NAME": given.site_name,
        "LIUQUAN_SITE_BODY": first.name,
        "LIUQUAN_SITE_PHONE": first.phone,
        "LIUQUAN_YELLOW_SHARE": given.yellow_share,
        "LIUQUAN_DAY_ENDS": given.day_ends,
        "LIUQUAN_AFTER_HOURS": given.after_hours,
        "LIUQUAN_COUNTING_SOURCE": given.counting_place,
        "LIUQUAN_PUBLIC_URL": _address(asked.port),
        moments.OFFSET_VARIABLE: "0",
    }
    for name, text in given.number_patterns.items():
        values["LIUQUAN_PAPER_NUMBER" if name == "paper" else f"LIUQUAN_NUMBER_{name.upper()}"] = text
    if asked.home:
        values[VARIABLE] = str(asked.home.absolute())
    return values


def _address(port: int) -> str:
    return f"http://{HOST}:{port}"


def _say(text: str) -> None:
    sys.stderr.write(text + "\n")


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--fresh", action="store_true", help="从头开始 / start over, without asking")
    parser.add_argument(
        "--today", type=date.fromisoformat, metavar="DATE", help="演示的日子，如 2026-03-20 / the demo's day"
    )
    parser.add_argument("--port", type=int, default=PORT)
    parser.add_argument("--no-serve", action="store_true", help="只准备，不启动网站 / only prepare")
    parser.add_argument("--home", type=Path, metavar="DIR", help="代替 LIUQUAN_HOME")
    parser.add_argument("--pack", type=Path, default=PACK, metavar="DIR", help="数据包 / another pack")


COMMANDS: list[Command] = [
    Command(
        "demo",
        "用虚构的城市演示整个系统，直到 Ctrl-C / the whole system with a fictional city",
        _demo,
        _arguments,
        needs_database=False,
    )
]
