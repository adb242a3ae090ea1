"""The peak of a hotline: fifty operators, five thousand calls an hour, over the real web server on loopback.

Each operator talks one call after the other. In each call the phone system tells of the ring, the answer,
the end and the recording; the screen is opened, the caller looked up, what is typed is kept each second and,
at each pause, asked about; what rings is asked every three seconds; then the request is registered and every
second one dispatched. A slow answer delays its own operator only.
"""

from __future__ import annotations

import http.client
import json
import random
import re
import secrets
import time
import uuid
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import city
from sayings import saying
from tickets import PLACE, mobile

CALLS_AN_HOUR = 5_000
TYPED_SECONDS = 20  #: of a call, in which something is typed each second
_TOKEN = "b" * 32
_FORM = "application/x-www-form-urlencoded"
_NUMBER = re.compile(r"call=([0-9a-f-]{36})")


@dataclass
class Taken:
    """How long each request took, in seconds, by what it was for; and what went wrong."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    wrong: list[str] = field(default_factory=list)
    calls: int = 0

    def every(self) -> list[float]:
        """All requests together."""
        return [one for some in self.seconds.values() for one in some]


class Operator:
    """One operator at a seat, with a session and a connection of their own."""

    def __init__(self, serial: int, port: int, taken: Taken, now: Callable[[], Any], class_code: str) -> None:
        name, key = city.session(city.operator(serial))
        self.cookie = f"{name}={key}; csrftoken={_TOKEN}"
        self.chance = random.Random(serial)  # noqa: S311 - not a secret
        self.seat, self.taken, self.now, self.class_code = f"9{serial:02}", taken, now, class_code
        self.line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def work(self, until: float, each: float) -> None:
        """Calls, one after the other, each at most so many seconds long, until the time is over."""
        self._post("seat", "/desk/hotline/calls/seat/", {"seat": self.seat, "state": "ready"})
        time.sleep(self.chance.random() * each)
        while (begun := time.monotonic()) + each <= until:
            self._call()
            self.taken.calls += 1
            time.sleep(max(0.0, begun + each - time.monotonic()))

    def _call(self) -> None:
        line, phone = secrets.token_hex(8), mobile(self.chance.randrange(1_000))
        self._tell("arrived", line, phone=phone)
        time.sleep(1)
        self._tell("answered", line, seat=self.seat)
        rings = self._get("ringing", "/desk/hotline/calls/now/")
        found = _NUMBER.search(rings)
        number = found[1] if found else ""
        self._get("screen", f"/desk/hotline/new/?call={number}")
        self._post("caller", "/desk/hotline/new/caller/", {"phone": phone})
        form = self._typed(number, phone)
        decision = "dispatch" if self.chance.random() < 0.5 else "register"
        self._post(f"{decision}ed", "/desk/hotline/new/", {**form, "decide": decision})
        self._tell("ended", line)
        self._tell("recorded", line, sha256="0" * 64)

    def _typed(self, number: str, phone: str) -> dict[str, str]:
        """Type for a while, kept each second and asked about at the pauses; the form in the end."""
        place, text = saying(self.chance)
        form = {
            **{"submission_key": str(uuid.uuid4()), "call": number, "phone": phone, "name": "李云溪"},
            **{"identity": "open", "request_kind": "complaint", "class_code": self.class_code},
            **{"division": PLACE, "place": place, "title": "", "inlet": "phone", "may_publish": "yes"},
            **{"draft": "", "confirmed": "dispatch"},
        }
        for second in range(1, TYPED_SECONDS + 1):
            begun = time.monotonic()
            form["text"] = text[: max(len(text) * second // TYPED_SECONDS, 1)]
            form["draft"] = self._post("draft", "/desk/hotline/new/draft/", form)
            if second % 2 == 0:
                self._post("beside", "/desk/hotline/new/beside/", form)
            if second % 3 == 0:
                self._get("ringing", "/desk/hotline/calls/now/")
            time.sleep(max(0.0, begun + 1 - time.monotonic()))
        return form

    def _get(self, what: str, address: str) -> str:
        return self._ask(what, "GET", address, "", {"Cookie": self.cookie})

    def _post(self, what: str, address: str, form: dict[str, str]) -> str:
        head = {"Cookie": self.cookie, "X-CSRFToken": _TOKEN, "Content-Type": _FORM}
        return self._ask(what, "POST", address, urlencode(form), head)

    def _tell(self, kind: str, line: str, **more: str) -> None:
        from liuquan.hotline.views.phone_events import signature

        at = self.now()
        event = {"id": secrets.token_hex(8), "kind": kind, "line": line, "at": at.isoformat(), **more}
        body, stamp = json.dumps(event), str(int(at.timestamp()))
        head = {
            "Liuquan-Timestamp": stamp,
            "Liuquan-Signature": signature(city.SECRET, stamp, body.encode()),
            "Content-Type": "application/json",
        }
        self._ask("event", "POST", "/hotline/phone/events/", body, head)

    def _ask(self, what: str, method: str, address: str, body: str, head: dict[str, str]) -> str:
        begun = time.perf_counter()
        try:
            self.line.request(method, address, body.encode(), head)
            answer = self.line.getresponse()
            text = answer.read().decode()
        except (OSError, http.client.HTTPException) as trouble:
            self.line.close()
            self.taken.wrong.append(f"{what}: {trouble!r}")
            return ""
        self.taken.seconds[what].append(time.perf_counter() - begun)
        allowed = (302,) if what in ("registered", "dispatched", "seat") else (200, 201)
        if answer.status not in allowed:
            self.taken.wrong.append(f"{what}: {answer.status} {' '.join(text.split())[:200]}")
        return text


def peak(port: int, *, operators: int, seconds: float, class_code: str) -> Taken:
    """So many operators at the pace of the peak for so long."""
    from liuquan.kernel import moments

    taken = Taken()
    each = city.OPERATORS * 3600 / CALLS_AN_HOUR  # fewer operators at the same pace are fewer calls
    people = [Operator(at, port, taken, moments.now, class_code) for at in range(operators)]
    until = time.monotonic() + seconds + each
    with ThreadPoolExecutor(operators) as hall:
        for one in [hall.submit(person.work, until, each) for person in people]:
            one.result()
    return taken


def within(seconds: list[float], share: float) -> float:
    """Within how many milliseconds this share of requests was answered."""
    return sorted(seconds)[min(int(len(seconds) * share), len(seconds) - 1)] * 1e3
