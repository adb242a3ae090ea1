"""Reads a pack's `rehearsal.toml`: which applications come when, and how each one goes."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from liuquan.kernel.refusals import BadInput
from liuquan.site.packs import Pack

FILE = "rehearsal.toml"
CHOICES = {
    "opening": ("accept", "corrected", "supplement", "second_notice", "silent", "silent_supplement"),
    "middle": ("plain", "extended", "sent_back"),
    "ending": ("granted", "refused", "withdrawn", "not_needed", "not_ours"),
    "stops": ("", "received", "supplementing", "examining", "special", "deciding", "granted"),
    "lamp": ("", "green", "yellow", "red", "statutory"),
}


@dataclass(frozen=True)
class Scene:
    """Some applications for one item that go the same way.

    They come evenly between `from_on` and `to_on`. `stops` says where they are left for the visitor of the
    demo; `lamp` then places them so that the promised clock (`statutory`: the law's) shows it on the demo's
    day. `pace` is the share of each step's limit that is used.
    """

    item: str
    count: int = 1
    from_on: date | None = None
    to_on: date | None = None
    opening: str = "accept"
    middle: str = "plain"
    ending: str = "granted"
    stops: str = ""
    lamp: str = ""
    pace: float = 0.7
    online: bool = False
    refer_to: str = ""


@dataclass(frozen=True)
class Script:
    """The rehearsal of a pack. `words` are the sentences people write, `matters` what is applied for."""

    begins_on: date
    seed: int
    password: str
    scenes: tuple[Scene, ...]
    words: Mapping[str, list[str]]
    matters: Mapping[str, str]


def read_script(pack: Pack) -> Script:
    """The pack's script. Refuses a file that is missing or that names what is not there, with its place."""
    path = pack.folder / FILE
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BadInput(f"“{pack.folder}”里没有 {FILE}，不能演示这个数据包。", code="no_rehearsal") from None
    except tomllib.TOMLDecodeError as error:
        raise BadInput(f"{FILE} 读不了：{error}。", code="rehearsal_unreadable") from None
    items = {item.draft.name: item.draft.item_code for item in pack.items}
    scenes = tuple(_scene(place, row, items) for place, row in enumerate(values.get("scene", ()), 1))
    return Script(
        begins_on=values["begins_on"],
        seed=values["seed"],
        password=values["password"],
        scenes=scenes,
        words=values["words"],
        matters=values.get("matters", {}),
    )


def _scene(place: int, row: dict[str, Any], items: Mapping[str, str]) -> Scene:
    if stray := row.keys() - {field.name for field in fields(Scene)}:
        raise BadInput(f"{FILE} 第{place}场有不认识的键：{'、'.join(sorted(stray))}。")
    if row.get("item") not in items:
        raise BadInput(f"{FILE} 第{place}场的事项“{row.get('item', '')}”不在数据包里。")
    scene = Scene(**{**row, "item": items[row["item"]]})
    for name, known in CHOICES.items():
        if getattr(scene, name) not in known:
            raise BadInput(f"{FILE} 第{place}场的 {name} 只能是：{'、'.join(filter(None, known))}。")
    if not scene.lamp and (scene.from_on is None or scene.to_on is None):
        raise BadInput(f"{FILE} 第{place}场没有写 from_on 和 to_on。")
    return scene
