"""Reads a pack's `rehearsal.toml`: when the demo begins, and what each kind of case plays."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from liuquan.kernel.refusals import BadInput
from liuquan.kinds import queries as kinds
from liuquan.kinds.types import Part, Section
from liuquan.site.packs import Pack

FILE = "rehearsal.toml"
OWN = frozenset({"begins_on", "seed", "password", "words"})  #: what is no section of a kind


@dataclass(frozen=True)
class Script:
    """The rehearsal of a pack. `words` are the sentences people write at the supervision; `parts`: what is
    played, by kind."""

    begins_on: date
    seed: int
    password: str
    words: Mapping[str, list[str]]
    parts: Mapping[str, Part]


def read_script(pack: Pack) -> Script:
    """The pack's script. Refuses a file that is missing or that names what is not there, with its place."""
    values = _values(pack)
    items = {item.draft.name: item.draft.item_code for item in pack.items}
    players = {kind.key: kind.player for kind in kinds.kinds() if kind.player}
    if stray := values.keys() - OWN - players.keys():
        raise BadInput(f"{FILE} 有不认识的键：{'、'.join(sorted(stray))}。")
    parts = {
        key: player.read(Section(FILE, values[key], items))
        for key, player in players.items()
        if key in values
    }
    return Script(
        begins_on=values["begins_on"],
        seed=values["seed"],
        password=values["password"],
        words=values["words"],
        parts=parts,
    )


def _values(pack: Pack) -> dict[str, Any]:
    path = pack.folder / FILE
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BadInput(f"“{pack.folder}”里没有 {FILE}，不能演示这个数据包。", code="no_rehearsal") from None
    except tomllib.TOMLDecodeError as error:
        raise BadInput(f"{FILE} 读不了：{error}。", code="rehearsal_unreadable") from None
