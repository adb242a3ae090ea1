"""What an outside system sent, read into a request to the hotline and into what it looks for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from django.http import QueryDict

from liuquan.exchange.open311.documents import DIVISION, KIND
from liuquan.exchange.source import Identity, Inlet, NewTicket, RequestKind
from liuquan.kernel.refusals import BadInput

SPAN: Final = timedelta(days=90)  #: that is looked through where nothing is said
MOST: Final = 1000  #: requests of one answer
LONGEST: Final = 4000  #: characters of a description
STATUSES: Final = frozenset({"open", "closed"})


@dataclass(frozen=True)
class Asked:
    """What is looked for; no number, code or state: all."""

    from_at: datetime
    to_at: datetime
    numbers: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    statuses: frozenset[str] = STATUSES


def asked(given: QueryDict, *, now: datetime) -> Asked:
    """What a list of requests is narrowed to. Refuses (400) a moment or a state that is none."""
    numbers, codes = _listed(given, "service_request_id"), _listed(given, "service_code")
    statuses = frozenset(_listed(given, "status")) or STATUSES
    if statuses - STATUSES:
        raise BadInput("status 只能是 open 或者 closed，用逗号分开。")
    to_at = _moment(given, "end_date") or now
    from_at = _moment(given, "start_date") or to_at - SPAN
    if numbers:  # what is asked for by its number is told however old it is
        from_at, to_at = datetime.min.replace(tzinfo=UTC), now
    elif not timedelta(0) <= to_at - from_at <= SPAN:
        raise BadInput("start_date 和 end_date 之间不能超过90天，也不能颠倒，请分几次读取。")
    return Asked(from_at, to_at, numbers[:MOST], codes, statuses)


@dataclass(frozen=True)
class Sent:
    """A request as an outside system sent it, and who it names."""

    ticket: NewTicket
    name: str
    phone: str


def sent(given: QueryDict, *, city: str) -> Sent:
    """The request; whoever names a person with a telephone has it registered by name, else nobody is known.
    `city`: the division where none is said. Refuses (400) a missing class, a place said in no way, and a
    description that is missing or too long; it names every wrong parameter at once."""
    wrong: list[str] = []
    said = {name: given.get(name, "").replace("\x00", "").strip() for name in given}
    if not said.get("service_code"):
        wrong.append("没有写 service_code。")
    if not said.get("description"):
        wrong.append("没有写 description。")
    elif len(said["description"]) > LONGEST:
        wrong.append(f"description 最多{LONGEST}个字，现在是{len(said['description'])}个字。")
    place = _place(said, wrong)
    kind = said.get(f"attribute[{KIND}]", "") or RequestKind.HELP.value
    if kind not in set(RequestKind):
        wrong.append(f"attribute[{KIND}] 不是可选的诉求类型。")
    if wrong:
        raise BadInput(" ".join(wrong))
    name = f"{said.get('last_name', '')}{said.get('first_name', '')}"
    phone = said.get("phone", "")
    is_known = bool(name and phone)
    media = f"\n照片地址：{said['media_url'][:300]}" if said.get("media_url") else ""
    ticket = NewTicket(
        request_kind=RequestKind(kind),
        class_code=said["service_code"][:24],
        text=said["description"] + media,
        inlet=Inlet.APP,
        division=said.get(f"attribute[{DIVISION}]", "")[:12] or city,
        place=place,
        identity=Identity.OPEN if is_known else Identity.ANONYMOUS,
        may_publish=False,
    )
    return Sent(ticket, name if is_known else "", phone if is_known else "")


def _place(said: dict[str, str], wrong: list[str]) -> str:
    """The place in words: the address, else the point."""
    lat, long = said.get("lat", ""), said.get("long", "")
    point = ""
    if lat or long:
        try:
            at = float(lat), float(long)
        except ValueError:
            at = 91.0, 181.0
        if not (-90 <= at[0] <= 90 and -180 <= at[1] <= 180):
            wrong.append("lat 和 long 要一起写，用 WGS84 的度数，例如 lat=36.08&long=111.51。")
        point = f"（{lat[:20]}, {long[:20]}）"
    words = (said.get("address_string") or said.get("address_id") or "")[:150]
    if not words and not point:
        wrong.append("请写 lat 和 long，或者 address_string，或者 address_id。")
    return f"{words}{point}"


def _listed(given: QueryDict, name: str) -> tuple[str, ...]:
    return tuple(one.strip()[:40] for one in given.get(name, "").split(",") if one.strip())


def _moment(given: QueryDict, name: str) -> datetime | None:
    said = given.get(name, "").strip().replace(" ", "+")  # a plus sign that was not escaped
    if not said:
        return None
    try:
        found = datetime.fromisoformat(said)
    except ValueError:
        raise BadInput(f"{name} 请写成 2026-03-20T08:00:00Z 的样子。") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
