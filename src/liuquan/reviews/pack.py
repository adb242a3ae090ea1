"""The file `reviews.toml` of a pack: how soon a bad review is verified and put right, by whose rule.

`[[limit]]` key (verify, rectify), amount, unit, place, from_on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from liuquan.clock import Unit
from liuquan.kinds.types import PackSection, PackWrong
from liuquan.organisation.types import OrganisationData
from liuquan.reviews import actions
from liuquan.reviews.terms import LABELS
from liuquan.reviews.types import LocalLimit

FILE: Final = "reviews.toml"
_KEYS: Final[Mapping[str, type]] = {"key": str, "amount": int, "unit": str, "place": str, "from_on": date}


def check(values: Mapping[str, Any], _beside: OrganisationData | None) -> Iterator[PackWrong]:
    """Everything wrong in the file."""
    for table in values:
        if table != "limit":
            yield PackWrong(f"不认识的表“{table}”，请核对拼写。", (table,))
    rows = values.get("limit")
    if not isinstance(rows, list) or not rows:
        yield PackWrong("没有写 [[limit]]。")
        return
    for at, row in enumerate(rows):
        yield from _of_row(at, row)
    if lacking := [label for key, label in LABELS.items() if key not in {row.get("key") for row in rows}]:
        yield PackWrong(f"没有写这些时限：{'、'.join(lacking)}。")


def _of_row(at: int, row: Mapping[str, Any]) -> Iterator[PackWrong]:
    for key in row:
        if key not in _KEYS:
            yield PackWrong(f"不认识的键“{key}”，请核对拼写。", ("limit", at, key))
    wrong = [key for key, kind in _KEYS.items() if type(row.get(key)) is not kind]
    for key in wrong:
        yield PackWrong(f"没有写 {key}，或者写法不对。", ("limit", at, key) if key in row else ("limit", at))
    if wrong:
        return
    if row["key"] not in LABELS:
        yield PackWrong(f"没有时限“{row['key']}”，可以写：{'、'.join(LABELS)}。", ("limit", at, "key"))
    if row["unit"] not in {unit.value for unit in Unit}:
        yield PackWrong(f"没有单位“{row['unit']}”，请核对拼写。", ("limit", at, "unit"))
    if row["amount"] < 1:
        yield PackWrong("数量至少是1。", ("limit", at, "amount"))
    if not row["place"].strip():
        yield PackWrong("整改的时限是地方规定，请在 place 写明出处。", ("limit", at, "place"))


def load(values: Mapping[str, Any], source: str) -> None:
    """Load the file, which was checked."""
    actions.load([LocalLimit(**row) for row in values["limit"]], source=source)


SECTION = PackSection(FILE, check, load)
