"""Reads a pack folder; everything that cannot be read is a complaint with file and line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

from liuquan.catalogue.types import PackElsewhere
from liuquan.clock import AfterHours, DayEnd
from liuquan.identifiers import ITEM_CODE_PROFILES, IdentifierError, NumberPattern
from liuquan.kernel.refusals import BadInput
from liuquan.kinds import queries as kinds
from liuquan.organisation.types import OrganisationData

from .elsewhere_table import FILE as ELSEWHERE
from .elsewhere_table import read_elsewhere
from .item_tables import ItemReader
from .organisation_tables import FILES, read_organisation
from .toml_text import TomlText, read_toml
from .values import Complaint, Pack, PackSettings, Place


@dataclass
class Reading:
    """A pack being read: its files, their values, and the complaints."""

    folder: Path
    settings: PackSettings | None = None
    organisation: OrganisationData | None = None
    organisation_texts: list[TomlText] = field(default_factory=list)
    item_texts: dict[str, TomlText] = field(default_factory=dict)
    items: list[tuple[Place, Any]] = field(default_factory=list)
    elsewhere: tuple[PackElsewhere, ...] = ()
    sections: dict[str, TomlText] = field(default_factory=dict)
    complaints: list[Complaint] = field(default_factory=list)


def read_pack(folder: Path) -> Pack:
    """The pack. Refuses one with anything unreadable in it; `check_pack` names all that is wrong."""
    reading = read_folder(folder)
    if reading.complaints or reading.settings is None or reading.organisation is None:
        first = reading.complaints[0]
        raise BadInput(
            f"数据包有{len(reading.complaints)}处读不了，请先改正：{first}",
            code="pack_unreadable",
            details={"complaints": [str(complaint) for complaint in reading.complaints]},
        )
    return pack_of(reading, reading.settings, reading.organisation)


def pack_of(reading: Reading, settings: PackSettings, organisation: OrganisationData) -> Pack:
    """The pack of a finished reading."""
    return Pack(
        folder=reading.folder,
        settings=settings,
        organisation=organisation,
        items=tuple(item for _, item in reading.items),
        places=tuple(place for place, _ in reading.items),
        elsewhere=reading.elsewhere,
        sections={file: text.values for file, text in reading.sections.items()},
    )


def read_folder(folder: Path) -> Reading:
    """Read every file of the folder, as far as each can be read. Refuses a path that is no pack at all."""
    if not (folder / "pack.toml").is_file():
        raise BadInput(f"“{folder}”不是数据包：里面没有 pack.toml，请核对路径。", code="no_pack")
    reading = Reading(folder)
    main = _open(reading, "pack.toml")
    if main is not None:
        reading.settings = _settings(main, reading.complaints)
    name = reading.settings.name if reading.settings else folder.name
    for file in FILES:
        text = _open(reading, file)
        if text is not None:
            reading.organisation_texts.append(text)
    reading.organisation, wrong = read_organisation(reading.organisation_texts, f"pack:{name}")
    reading.complaints += wrong
    for path in sorted((folder / "items").glob("*.toml")):
        _read_items(reading, f"items/{path.name}", f"pack:{name}")
    if (folder / ELSEWHERE).exists() and (text := _open(reading, ELSEWHERE)) is not None:
        reading.elsewhere, wrong = read_elsewhere(text)
        reading.complaints += wrong
    for kind in kinds.kinds():
        file = kind.pack_section.file if kind.pack_section else ""
        if file and (folder / file).exists() and (text := _open(reading, file)) is not None:
            reading.sections[file] = text
    return reading


def _open(reading: Reading, file: str) -> TomlText | None:
    text = read_toml(reading.folder / file, name=file)
    if isinstance(text, Complaint):
        reading.complaints.append(text)
        return None
    return text


def _read_items(reading: Reading, file: str, source: str) -> None:
    text = _open(reading, file)
    if text is None:
        return
    reading.item_texts[file] = text
    reader = ItemReader(text, source)
    reading.items += [(Place(file, index), item) for index, item in reader.items()]
    reading.complaints += reader.complaints


_NEEDED: dict[str, type] = {"name": str, "label": str, "site_name": str, "division": str, "demo_day": date}
_KNOWN = {*_NEEDED, "item_code_profile", "warning", "numbers", "counting"}


def _settings(text: TomlText, complaints: list[Complaint]) -> PackSettings | None:
    """The settings, or None with the complaints that say why not."""
    values = text.values
    wrong = [text.complaint(f"不认识的键“{key}”，请核对拼写。", key) for key in values if key not in _KNOWN]
    for key, kind in _NEEDED.items():
        if not isinstance(values.get(key), kind):
            wrong.append(text.complaint(f"没有写 {key}，或者写法不对。", key))
    warning = values.get("warning", {})
    share = str(warning.get("yellow_share", "0.9"))
    if not _is_share(share):
        wrong.append(
            text.complaint(f"yellow_share“{share}”应当是 0 与 1 之间的小数。", "warning", "yellow_share")
        )
    if not warning.get("place"):
        wrong.append(text.complaint("yellow_share 没有国家规定，请在 place 写明取值的出处。", "warning"))
    profile = values.get("item_code_profile", "any")
    if profile not in ITEM_CODE_PROFILES:
        names = "、".join(ITEM_CODE_PROFILES)
        wrong.append(text.complaint(f"没有编码规则“{profile}”，可以写：{names}。", "item_code_profile"))
    wrong += _pattern_complaints(text, values.get("numbers", {}))
    counting = values.get("counting", {})
    wrong += _counting_complaints(text, counting)
    complaints += wrong
    if wrong:
        return None
    return PackSettings(
        name=values["name"],
        label=values["label"],
        site_name=values["site_name"],
        division=values["division"],
        demo_day=values["demo_day"],
        yellow_share=share,
        yellow_place=warning["place"],
        number_patterns=dict(values.get("numbers", {})),
        item_code_profile=profile,
        day_ends=counting.get("ends", "midnight"),
        after_hours=counting.get("after_hours", "at_once"),
        counting_place=counting.get("place", ""),
    )


_CHOICES: dict[str, type[StrEnum]] = {"ends": DayEnd, "after_hours": AfterHours}


def _counting_complaints(text: TomlText, counting: Mapping[str, Any]) -> list[Complaint]:
    """What is wrong with the choices that the law leaves to a place."""
    wrong = [
        text.complaint(f"不认识的键“{key}”，请核对拼写。", "counting", key)
        for key in counting
        if key not in (*_CHOICES, "place")
    ]
    for key, kind in _CHOICES.items():
        if counting.get(key, next(iter(kind)).value) not in set(kind):
            names = "、".join(kind)
            wrong.append(text.complaint(f"{key} 可以写：{names}。", "counting", key))
    if counting and not counting.get("place"):
        wrong.append(text.complaint("期限如何计算由本地设定的，请在 place 写明出处。", "counting"))
    return wrong


def _is_share(text: str) -> bool:
    try:
        return 0 < float(text) < 1
    except ValueError:
        return False


def _pattern_complaints(text: TomlText, patterns: Mapping[str, Any]) -> list[Complaint]:
    found = []
    for name, pattern in patterns.items():
        try:
            NumberPattern(str(pattern))
        except IdentifierError as error:
            found.append(text.complaint(error.sentence, "numbers", name))
    return found
