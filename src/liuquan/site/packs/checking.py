"""Checks a pack as a whole, without a database: organisation, items against posts, bodies and the law."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from liuquan.catalogue import rules
from liuquan.catalogue.types import ItemDraft, Lack, Severity
from liuquan.clock import Limit
from liuquan.identifiers import IdentifierError, parse_item_code
from liuquan.kinds import queries as kinds
from liuquan.law import LawError, load_law
from liuquan.organisation.rules import check_organisation
from liuquan.organisation.types import OrganisationData

from .item_tables import KEY_OF_FIELD
from .organisation_tables import file_of
from .reading import Reading, read_folder
from .toml_text import TomlText
from .values import Complaint, Place


def check_pack(folder: Path) -> list[Complaint]:
    """Everything wrong in the pack, by file and line; empty when it may be loaded. Warnings come too.

    Refuses a folder that is no pack.
    """
    return complaints_of(read_folder(folder))


def complaints_of(reading: Reading) -> list[Complaint]:
    """The complaints of a pack that has been read, as far as it could be."""
    found = list(reading.complaints)
    if reading.organisation is not None:
        # Rows left out for faulty form would cause a second complaint at each reference to them.
        if not found:
            found += _organisation_complaints(reading, reading.organisation)
        found += _section_complaints(reading, None if found else reading.organisation)
        found += _item_complaints(reading, reading.organisation)
    return sorted(set(found), key=lambda one: (one.file, one.line, one.sentence))


def _organisation_complaints(reading: Reading, data: OrganisationData) -> Iterator[Complaint]:
    for wrong in check_organisation(data):
        text = file_of(wrong.table, reading.organisation_texts)
        if text is not None:
            yield text.complaint(wrong.sentence, wrong.table, wrong.index, wrong.field)
    settings = reading.settings
    if settings and settings.division not in {division.code for division in data.divisions}:
        yield Complaint("pack.toml", 1, f"区划“{settings.division}”不在 divisions.toml 里，请核对。")


def _section_complaints(reading: Reading, beside: OrganisationData | None) -> Iterator[Complaint]:
    """What is wrong in the files of kinds of case; what they refer to only where that is right."""
    for kind in kinds.kinds():
        text = reading.sections.get(kind.pack_section.file) if kind.pack_section else None
        if kind.pack_section is not None and text is not None:
            for one in kind.pack_section.check(text.values, beside):
                yield text.complaint(one.sentence, *one.where)


def _item_complaints(reading: Reading, data: OrganisationData) -> Iterator[Complaint]:
    seen: dict[str, Place] = {}
    profile = reading.settings.item_code_profile if reading.settings else "any"
    for place, item in reading.items:
        text = reading.item_texts[place.file]
        here = ("item", place.index)
        draft = item.draft
        try:
            parse_item_code(draft.item_code, profile=profile)
        except IdentifierError as error:
            yield text.complaint(error.sentence, *here, "basic_code")
        first = seen.setdefault(draft.item_code, place)
        if first != place:
            other = reading.item_texts[first.file].line("item", first.index)
            sentence = (
                f"事项编码“{draft.item_code}”与 {first.file}:{other} 的事项重复，请改用不同的基本编码。"
            )
            yield text.complaint(sentence, *here, "basic_code")
        day = item.publish_on or (reading.settings.demo_day if reading.settings else None)
        for lack in rules.publication_lacks(draft, _context(draft, data, day)):
            yield _at(text, place, lack)


def _context(draft: ItemDraft, data: OrganisationData, day: date | None) -> rules.PublicationContext:
    law, known = _law(draft.statutory_law_id, day)
    return rules.PublicationContext(
        law_limit=law,
        law_known=known,
        bodies=frozenset(body.code for body in data.bodies),
        posts={post.code: post.body for post in data.posts},
    )


def _law(law_id: str, day: date | None) -> tuple[Limit | None, bool]:
    if not law_id or day is None:
        return None, True
    try:
        return load_law().limit(law_id, on=day), True
    except LawError:
        return None, False


def _at(text: TomlText, place: Place, lack: Lack) -> Complaint:
    """The complaint at the row and column the lack is about."""
    path: list[str | int] = ["item", place.index, KEY_OF_FIELD.get(lack.field, lack.field)]
    if lack.key:
        rows: list[dict[str, Any]] = text.values["item"][place.index].get(lack.field, [])
        name = "instrument" if lack.field == "basis" else "key"
        at = [index for index, row in enumerate(rows) if isinstance(row, dict) and row.get(name) == lack.key]
        # If several rows have the same key, the complaint points at the last one.
        path += [at[-1], lack.part] if at else []
    cited = f"（{lack.citation}）" if lack.citation else ""
    draft = text.values["item"][place.index].get("name", "")
    sentence = f"“{draft}”：{lack.sentence}{cited}"
    if path[2] not in text.values["item"][place.index] and path[2] in text.values.get("common", {}):
        return text.complaint(sentence, "common", path[2], refuses=lack.severity is Severity.REFUSES)
    return text.complaint(sentence, *path, refuses=lack.severity is Severity.REFUSES)
