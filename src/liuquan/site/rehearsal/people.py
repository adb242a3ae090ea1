"""Fictional applicants: their numbers carry region 99, which no province has, and right check digits."""

from __future__ import annotations

from dataclasses import dataclass

from liuquan.identifiers import resident_check, uscc_check

_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许"
_NUMBERS = "一二三四五六七八九十"
_PLACES = ("990102", "990103", "990121")
_TRADES = (
    "餐饮店",
    "燃气有限公司",
    "建筑有限公司",
    "诊所",
    "人力资源有限公司",
    "广告有限公司",
    "置业有限公司",
)


@dataclass(frozen=True)
class Person:
    """Somebody who does not exist, as written on a form."""

    name: str
    id_number: str
    phone: str


@dataclass(frozen=True)
class Firm:
    """An organisation that does not exist."""

    name: str
    uscc: str
    phone: str


def person(serial: int) -> Person:
    """The person of this serial number, 赵演一 and so on: always the same one."""
    family, given = divmod(serial, len(_NUMBERS))
    name = f"{_SURNAMES[family % len(_SURNAMES)]}演{_NUMBERS[given]}"
    born = f"{1955 + serial * 7 % 50}{1 + serial % 12:02d}{1 + serial * 5 % 28:02d}"
    first = f"{_PLACES[serial % len(_PLACES)]}{born}{serial % 1000:03d}"
    return Person(name, first + resident_check(first), f"1990000{serial:04d}")


def firm(serial: int) -> Firm:
    """The organisation of this serial number, 云溪演示一号餐饮店 and so on."""
    trade = _TRADES[serial % len(_TRADES)]
    first = f"92{_PLACES[serial % len(_PLACES)]}MA9{serial:06d}"
    return Firm(f"云溪演示{serial + 1}号{trade}", first + uscc_check(first), f"1990001{serial:04d}")
