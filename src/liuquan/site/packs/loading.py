"""Loads a pack: the organisation first, then its items. Idempotent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from liuquan.catalogue import actions as catalogue
from liuquan.catalogue.types import LoadReport
from liuquan.kernel.refusals import BadInput
from liuquan.kinds import queries as kinds
from liuquan.organisation import actions as organisation
from liuquan.organisation.types import Actor
from liuquan.organisation.types import LoadReport as OrganisationReport

from .checking import complaints_of
from .reading import pack_of, read_folder
from .values import Pack


@dataclass(frozen=True)
class PackLoad:
    """A loaded pack and what loading it did."""

    pack: Pack
    organisation: OrganisationReport
    items: LoadReport


def load_pack(folder: Path, *, by: Actor, now: datetime) -> PackLoad:
    """Bring a pack in; loading it again changes nothing.

    Refuses a pack with anything wrong in it before anything is written; the sentence names the first place,
    `details` all. Warnings do not stop it.
    """
    reading = read_folder(folder)
    wrong = [complaint for complaint in complaints_of(reading) if complaint.refuses]
    if wrong or reading.settings is None or reading.organisation is None:
        raise BadInput(
            f"数据包有{len(wrong)}处错误，没有装载；第一处：{wrong[0]}",
            code="pack_refused",
            details={"complaints": [str(complaint) for complaint in wrong]},
        )
    pack = pack_of(reading, reading.settings, reading.organisation)
    placed = organisation.load_organisation(pack.organisation, by=by, now=now)
    catalogue.load_elsewhere(pack.elsewhere, source=pack.source)
    for kind in kinds.kinds():
        if kind.pack_section is not None and (values := pack.sections.get(kind.pack_section.file)):
            kind.pack_section.load(values, pack.source)
    items = catalogue.load_pack_items(pack.items, pack=pack.settings.name, by=by, now=now)
    return PackLoad(pack, placed, items)
