"""The hotline among a million tickets: what the operator's screen asks while somebody types, requests that
say the same, the peak of a day, and the pages and rules that look at all of them.

    ./run python bench/operators.py [--tickets 1000000] [--quick] [--json]

It has a home of its own with the demo's city in it, since pages need people, bodies and classes (`city.py`);
a year of tickets is laid there by set-based SQL (`tickets.py`). Peer of the screen is the same address asked
with an empty form, so that nothing is looked for: what the tickets cost is the difference. Peer of the look
for the same is `pg_trgm`'s similarity over the plain texts of as many open tickets with its own index.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import city
import processor
import psycopg
import tickets
from figures import Figure, median
from peak import peak, within
from sayings import saying
from suite import say

LOOKED_BACK = timedelta(days=30)
_PEER = "the same address asked with an empty form: nothing is looked for"
_TRIGRAMS = "pg_trgm similarity (GIN) over the plain texts of as many open tickets"


def measure(server: Any, many: int, *, asked: int, operators: int, seconds: float) -> list[Figure]:
    """Lay so many tickets; then every figure."""
    from liuquan.kernel import moments

    offset = int((city.NOW - datetime.now(UTC)).total_seconds())
    os.environ[moments.OFFSET_VARIABLE] = str(offset)
    with psycopg.connect(server.dsn("liuquan"), autocommit=True) as owner:
        say(f"{many:,} tickets ...")
        tickets.lay(owner, many)
        postmaster = processor.parent(owner.info.backend_pid)
        found = [*typing(asked, many), same(owner, asked, many)]
        found += pages(many)
        found.append(rules(many))
        found += at_peak(postmaster, operators, seconds, many)
    return found


def typing(asked: int, many: int) -> list[Figure]:
    """The screen's own addresses, a text that grows: the classes, the body, the same ones; and the caller."""
    client, chance = _client(city.operator(0)), random.Random(5)  # noqa: S311 - not a secret
    say("typing ...")
    forms = [form for _ in range(asked // 3 + 1) for form in _growing(chance)]
    for form in forms[:20]:
        _post(client, "beside", form)
    ours, peers, callers = [], [], []
    for form in forms:
        ours.append(_seconds(lambda form=form: _post(client, "beside", form)))  # type: ignore[misc]
        peers.append(_seconds(lambda: _post(client, "beside", {})))
        whose = {"phone": tickets.mobile(chance.randrange(max(many // 4, 1)))}
        callers.append(_seconds(lambda whose=whose: _post(client, "caller", whose)))  # type: ignore[misc]
    return [
        _asked(f"suggested while typing, {many:,} tickets: class, body, the same ones", ours, peers, 100),
        _asked(f"the caller's earlier tickets, {many:,} tickets, the look-up entered", callers, peers, 100),
    ]


def _growing(chance: random.Random) -> list[dict[str, str]]:
    place, text = saying(chance)
    form = {"class_code": _class_code(), "division": tickets.PLACE, "place": place, "inlet": "phone"}
    return [{**form, "text": text[: len(text) * part // 3]} for part in (1, 2, 3)]


def same(owner: tickets.Connection, asked: int, many: int) -> Figure:
    """The open tickets of a month that say the same, by signatures and by trigrams."""
    from liuquan.hotline import queries

    say("the same ...")
    chance = random.Random(6)  # noqa: S311 - not a secret
    _lay_texts(owner, chance)
    ours, peers = [], []
    for _ in range(asked):
        text = "".join(saying(chance))
        ours.append(_seconds(lambda text=text: queries.alike(text, since=city.NOW - LOOKED_BACK, limit=5)))  # type: ignore[misc]
        peers.append(_seconds(lambda text=text: owner.execute(_SIMILAR, {"text": text}).fetchall()))  # type: ignore[misc]
    owner.execute("DROP TABLE bench_text")
    return _asked(f"open tickets that say the same, among {many:,}", ours, peers, 20, _TRIGRAMS)


_SIMILAR = "SELECT n FROM bench_text WHERE said %% %(text)s ORDER BY similarity(said, %(text)s) DESC LIMIT 5"


def _lay_texts(owner: tickets.Connection, chance: random.Random) -> None:
    row = owner.execute("SELECT count(*) FROM hotline_ticket WHERE is_open").fetchone()
    owner.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    owner.execute("CREATE TABLE bench_text (n bigint, said text)")
    with owner.cursor().copy("COPY bench_text FROM STDIN") as copy:
        for n in range(row[0] if row else 0):
            copy.write_row((n, "".join(saying(chance))))
    owner.execute("CREATE INDEX ON bench_text USING gin (said gin_trgm_ops)")
    owner.execute("VACUUM ANALYZE bench_text")


#: page → its address and who opens it
PAGES = {
    "the figures of a month by body, with six months": ("/board/hotline/", "lingxiaodao"),
    "heat, rises, dead on arrival": ("/board/hotline/signs/", "lingxiaodao"),
    "the tickets behind a figure": ("/board/hotline/figures/on_time/", "lingxiaodao"),
    "the wallboard": ("/desk/hotline/wall/", "lingxiaodao"),
    "what rings": ("/desk/hotline/calls/now/", "rexiaojie"),
    "the call-back sheet": ("/desk/hotline/callbacks/", "rexiaofang"),
    "a unit's work list": ("/desk/", "chengxiaore"),
    "the dispatcher's work list": ("/desk/", "rexiaopai"),
    "published figures": ("/hotline/figures/", ""),
}


def pages(many: int) -> list[Figure]:
    """Pages that look at all tickets, each asked a few times."""
    found = []
    for what, (address, login) in PAGES.items():
        say(f"{what} ...")
        client = _client(login)
        taken = [_seconds(lambda client=client, at=address: _get(client, at)) for _ in range(3)]  # type: ignore[misc]
        half = median(taken)
        words = f"{what}, {many:,} tickets: {half * 1e3:,.0f} ms"
        found.append(Figure(words, "pages/s", 1 / half, all_ours=[1 / one for one in taken]))
    return found


def rules(many: int) -> Figure:
    """Every supervision rule of the night over everything."""
    from liuquan.supervision import actions

    say("the rules of the night ...")
    seconds = _seconds(lambda: actions.run_all(now=city.NOW))
    return Figure(f"every rule of the night over {many:,} tickets: {seconds:.0f} s", "runs/s", 1 / seconds)


def at_peak(postmaster: int, operators: int, seconds: float, many: int) -> list[Figure]:
    """The peak through the web server as `serve` starts it."""
    say(f"the peak: {operators} operators for {seconds:.0f} s ...")
    port = _free_port()
    with _served(port):
        _wait_for(port)
        before = processor.spent(postmaster)
        taken = peak(port, operators=operators, seconds=seconds, class_code=_class_code())
        spent = processor.spent(postmaster) - before
    if taken.wrong:
        raise RuntimeError(
            f"{len(taken.wrong)} of {len(taken.every())} requests went wrong: {taken.wrong[:3]}"
        )
    every = taken.every()
    slow = {what: within(some, 0.99) for what, some in sorted(taken.seconds.items())}
    words = (
        f"peak: {operators} operators at the pace of 5,000 calls an hour by 50, {many:,} tickets,\n"
        f"  {taken.calls} calls, {len(every):,} requests: half in {within(every, 0.5):.0f} ms, p99 "
        f"{within(every, 0.99):.0f} ms; p99 by request: "
        + ", ".join(f"{what} {value:.0f}" for what, value in slow.items())
        + f"\n  {spent / max(taken.calls, 1):.2f} s of processor time a call: clients, web server, database"
    )
    return [Figure(words, "1/s at p99", 1e3 / within(every, 0.99), wish="p99 below 300 ms")]


def _served(port: int) -> subprocess.Popen[bytes]:
    from liuquan.site.commands.serve import HOST, web_process

    web = web_process(host=HOST, port=port, workers=2, threads=4)
    return _Ending(list(web.words), env={**os.environ, **web.environment})


class _Ending(subprocess.Popen[bytes]):
    """A process that ends with the block."""

    def __exit__(self, *trouble: Any) -> None:
        self.terminate()
        self.wait(timeout=30)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int) -> None:
    """Until it answers a page: it listens before the site is loaded."""
    for _ in range(600):
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
        try:
            line.request("GET", "/", headers={"Host": "localhost"})
            line.getresponse().read()
            return
        except OSError:
            time.sleep(0.1)
        finally:
            line.close()
    raise RuntimeError("the web server does not answer")


def _client(login: str) -> Any:
    from django.test import Client

    client = Client(headers={"host": "localhost"})
    if login:
        name, key = city.session(login)
        client.cookies[name] = key
    return client


def _post(client: Any, part: str, form: dict[str, str]) -> None:
    answer = client.post(f"/desk/hotline/new/{part}/", form)
    if answer.status_code != 200:
        raise RuntimeError(f"{part}: {answer.status_code}")


def _get(client: Any, address: str) -> None:
    answer = client.get(address)
    if answer.status_code != 200:
        raise RuntimeError(f"{address}: {answer.status_code} {answer.headers.get('Location', '')}")


def _class_code() -> str:
    from liuquan.hotline import queries

    on = city.NOW.date()
    return next(
        one.code
        for one in queries.classes(on=on)
        if not one.is_top and queries.suggestions(one.code, tickets.PLACE, on=on)
    )


def _asked(what: str, ours: list[float], peers: list[float], most: int, peer: str = _PEER) -> Figure:
    """How many are answered a second, half and p99 in the words."""
    words = (
        f"{what}: half in {within(ours, 0.5):.1f} ms, p99 {within(ours, 0.99):.1f} ms\n"
        f"  (peer: half in {within(peers, 0.5):.1f} ms, p99 {within(peers, 0.99):.1f} ms)"
    )
    return Figure(
        words,
        "answers/s",
        1 / median(ours),
        peer,
        1 / median(peers),
        wish=f"p99 at most {most} ms",
    )


def _seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def main() -> int:
    """Measure in a city of its own and say it."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--tickets", type=int, default=1_000_000)
    parser.add_argument(
        "--quick", action="store_true", help="few tickets, few operators, to see that it runs"
    )
    parser.add_argument("--json", action="store_true", help="the figures as JSON")
    asked = parser.parse_args()
    with city.opened() as server:
        if asked.quick:
            found = measure(server, 5_000, asked=30, operators=5, seconds=10)
        else:
            found = measure(server, asked.tickets, asked=1_000, operators=city.OPERATORS, seconds=120)
    if asked.json:
        sys.stdout.write(json.dumps([vars(figure) for figure in found], ensure_ascii=False) + "\n")
    else:
        sys.stdout.write("\n".join(map(str, found)) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
