"""The scenes of the script: some applications each that go the same way."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from liuquan.kernel.refusals import BadInput
from liuquan.kinds.types import Section

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


def read_scenes(section: Section) -> tuple[Scene, ...]:
    """The scenes in their order. Refuses one that names what is not there, with its place."""
    return tuple(_scene(place, row, section) for place, row in enumerate(section.values.get("scene", ()), 1))


def _scene(place: int, row: dict[str, Any], section: Section) -> Scene:
    where = f"{section.file} 第{place}场"
    if stray := row.keys() - {field.name for field in fields(Scene)}:
        raise BadInput(f"{where}有不认识的键：{'、'.join(sorted(stray))}。")
    if row.get("item") not in section.items:
        raise BadInput(f"{where}的事项“{row.get('item', '')}”不在数据包里。")
    scene = Scene(**{**row, "item": section.items[row["item"]]})
    for name, known in CHOICES.items():
        if getattr(scene, name) not in known:
            raise BadInput(f"{where}的 {name} 只能是：{'、'.join(filter(None, known))}。")
    if not scene.lamp and (scene.from_on is None or scene.to_on is None):
        raise BadInput(f"{where}没有写 from_on 和 to_on。")
    return scene
