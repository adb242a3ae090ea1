"""What the demo plays of applications: its scenes, and the day on which each application comes."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import date

import pytest

from liuquan.applications.player.placing import begins_on
from liuquan.applications.player.programme import Programme, read
from liuquan.applications.player.scenes import Scene
from liuquan.applications.procedure import KIND
from liuquan.catalogue import queries as catalogue
from liuquan.kernel.home import CHECKOUT
from liuquan.kernel.refusals import BadInput
from liuquan.kinds.types import Section
from liuquan.site.packs import Pack, read_pack
from liuquan.site.rehearsal import read_script
from liuquan.site.rehearsal.demo_city import DemoCity
from liuquan.testing.cast import ITEMS


@pytest.fixture(scope="module")
def pack() -> Pack:
    return read_pack(CHECKOUT / "packs" / "demo")


def test_every_item_of_the_city_is_on_the_programme(pack: Pack) -> None:
    programme = read_script(pack).parts[KIND]
    assert isinstance(programme, Programme)
    assert {scene.item for scene in programme.scenes} == {one.draft.item_code for one in pack.items}
    assert {one.draft.name for one in pack.items} == programme.matters.keys()
    assert sum(scene.count for scene in programme.scenes) >= 150


def test_a_script_without_a_word_of_applications_plays_none() -> None:
    assert read(Section("rehearsal.toml", {}, {})) == Programme()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('item = "没有的事项"', "事项“没有的事项”不在数据包里"),
        ('item = "就业登记"\nstop = "received"', "不认识的键：stop"),
        ('item = "就业登记"\nending = "lost"', "ending 只能是"),
        ('item = "就业登记"', "没有写 from_on"),
    ],
)
def test_a_wrong_scene_is_refused_with_its_place(text: str, sentence: str) -> None:
    good = '[[scene]]\nitem = "就业登记"\nlamp = "green"\n'
    section = Section("rehearsal.toml", tomllib.loads(f"{good}[[scene]]\n{text}"), {"就业登记": "X-1"})
    with pytest.raises(BadInput, match=f"^rehearsal.toml 第2场.*{sentence}"):
        read(section)


def test_scenes_with_a_lamp_begin_on_the_day_that_lights_it(city_db: str, pack: Pack) -> None:
    city = DemoCity(pack, read_script(pack), pack.settings.demo_day)
    item = catalogue.terms(ITEMS["food"], on=city.begins_on)
    food = Scene(item.item_code, stops="examining")
    days = {lamp: begins_on(city, replace(food, lamp=lamp), item, 0) for lamp in ("green", "yellow", "red")}
    # eight working days promised: the last of them is Friday the 20th for what was accepted on the 10th
    assert days == {"green": date(2026, 3, 19), "yellow": date(2026, 3, 10), "red": date(2026, 3, 9)}
