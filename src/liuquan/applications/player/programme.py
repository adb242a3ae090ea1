"""The programme of the demo's applications: the scenes, and what people write in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from liuquan.applications.player.placing import begins_on
from liuquan.applications.player.playback import Case, play_application
from liuquan.applications.player.scenes import Scene, read_scenes
from liuquan.catalogue import queries as catalogue
from liuquan.kinds.types import Course, DemoStage, Section


@dataclass(frozen=True)
class Programme:
    """All scenes. `words` are the sentences people write, `matters` what is applied for, by item name."""

    scenes: tuple[Scene, ...] = ()
    words: Mapping[str, Sequence[str]] = field(default_factory=lambda: MappingProxyType({}))
    matters: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def courses(self, stage: DemoStage) -> list[Course]:
        """Every application of the scenes, under what binds its item as the rehearsal begins."""
        codes = {scene.item for scene in self.scenes}
        items = {code: catalogue.terms(code, on=stage.begins_on) for code in codes}
        numbered = [
            (place, scene, number) for place, scene in enumerate(self.scenes) for number in range(scene.count)
        ]
        return [
            play_application(
                Case(
                    stage=stage,
                    scene=scene,
                    item=(item := items[scene.item]),
                    serial=serial,
                    choices=stage.choices(place, number),
                    begins_on=begins_on(stage, scene, item, number),
                    sentences=self.words,
                    matter=self.matters.get(item.item_name, ""),
                )
            )
            for serial, (place, scene, number) in enumerate(numbered)
        ]


def read(section: Section) -> Programme:
    """The programme that the script's section gives. Refuses a scene that names what is not there."""
    return Programme(
        scenes=read_scenes(section),
        words=section.values.get("words", {}),
        matters=section.values.get("matters", {}),
    )
