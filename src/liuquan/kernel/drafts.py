"""What somebody has begun and not yet handed in: checked files and typed values, kept for seven days.

A draft is found by its code alone, which is stored as a keyed hash: the database tells no code. Values are
encrypted, files are `kernel.files`, each under its own key. `place` says where a draft belongs
("apply/<item>/"); a code from another place finds nothing. Adding a file never removes another one, so two
tabs on one draft lose nothing; what is handed in is every file that the draft holds then.

Erased when it is handed in and after seven days without a change: the keys of its files are destroyed. No
journal entry tells of a draft: nothing has been asked of any office yet, and an entry would outlive it.
Callers limit how often codes are tried.

Cites: 个人信息保护法 第十九条, 第四十七条
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction

from liuquan.identifiers import DRAFT_CODE_BYTES, draft_code_from, show_draft_code
from liuquan.kernel import files, models, secrecy
from liuquan.kernel.refusals import BadInput, NotVisible, TooLarge, Unavailable, WrongState
from liuquan.kernel.uploads import AcceptedUpload, Upload

KEPT_FOR: Final = timedelta(days=7)
MOST_FILES: Final = 10  #: for one material
MOST_BYTES: Final = 60 * 1024 * 1024  #: of one draft: all its files are in memory when it is handed in
_VALUES: Final = "draft.values"
_BATCH: Final = 200
_LONGEST_KEY: Final = 60
_GONE: Final = frozenset({"file_missing", "file_damaged", "erased"})
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class KeptFile:
    """A file that passed its check; ``size`` in bytes."""

    key: str
    material: str
    number: UUID
    name: str
    size: int


@dataclass(frozen=True)
class Draft:
    """A draft as its holder sees it."""

    code: str
    place: str
    values: Mapping[str, str]
    kept_until: datetime
    files: tuple[KeptFile, ...] = ()

    @property
    def grouped(self) -> str:
        """The code as it is read aloud."""
        return show_draft_code(self.code)


def begin(*, place: str, now: datetime, values: Mapping[str, str] | None = None) -> Draft:
    """A new draft with a code of its own."""
    code = draft_code_from(os.urandom(DRAFT_CODE_BYTES))
    row = models.Draft.objects.create(
        code_index=_index(code), place=place, sealed_values=_sealed(values or {}), kept_until=now + KEPT_FOR
    )
    return Draft(code, place, dict(values or {}), row.kept_until)


def find(code: str, *, place: str, now: datetime) -> Draft | None:
    """The draft of this code, if its place begins like this; nothing once it is over or handed in."""
    if not code:
        return None
    row = models.Draft.objects.filter(
        code_index=_index(code), place__startswith=place, kept_until__gt=now
    ).first()
    if row is None:
        return None
    lines = row.files.select_related("file").order_by("pk")
    kept = tuple(
        KeptFile(str(one.pk), one.material, one.file.number, files.name_of(one.file.number), one.file.size)
        for one in lines
        if one.file.erased_at is None
    )
    values = json.loads(secrecy.decrypt(row.sealed_values, purpose=_VALUES))
    return Draft(code, row.place, values, row.kept_until, kept)


def write(code: str, values: Mapping[str, str], *, now: datetime) -> None:
    """What was typed, in place of what was typed before; the files stay. The seven days begin anew."""
    models.Draft.objects.filter(code_index=_index(code)).update(
        sealed_values=_sealed(values), kept_until=now + KEPT_FOR
    )


def keep(code: str, upload: Upload, accepted: AcceptedUpload, *, now: datetime) -> None:
    """Add a file that passed its check; the same content twice for one material is one file.

    Refuses what is no key of a material (422), a draft that was handed in meanwhile (409), too many files
    for one material (422), more bytes than one draft may hold (413).
    """
    if not 0 < len(upload.material) <= _LONGEST_KEY:
        raise BadInput("没有这项材料，请刷新页面后再选文件。")
    with transaction.atomic():
        row = _locked(code)
        if row is None:
            raise WrongState("这份草稿已经交上或者过期，请重新打开页面再选文件。")
        there = list(row.files.select_related("file"))
        if sum(one.material == upload.material for one in there) >= MOST_FILES:
            raise BadInput(f"一项材料最多 {MOST_FILES} 个文件，请合并成一个 PDF 后再选。")
        if sum(one.file.size for one in there) + accepted.size > MOST_BYTES:
            most = MOST_BYTES // 1024 // 1024
            raise TooLarge(f"选的文件合计超过 {most} MB，请压缩图片，或者留几份以后再交。")
        stored = files.store(
            scope=f"draft/{row.pk}/{upload.material}",
            name=accepted.name,
            content=upload.content,
            media_type=accepted.media_type,
            now=now,
        )
        row.files.get_or_create(material=upload.material, file=stored)
        models.Draft.objects.filter(pk=row.pk).update(kept_until=now + KEPT_FOR)


def contents(kept: Iterable[KeptFile]) -> tuple[list[Upload], list[KeptFile]]:
    """The files as they were kept, and those that are lost or were changed in the store since."""
    whole, broken = [], []
    for one in kept:
        try:
            whole.append(Upload(one.material, one.name, files.open_file(one.number)))
        except (NotVisible, Unavailable) as refusal:
            if refusal.code not in _GONE:
                raise
            logger.warning("a kept file is unusable: %s %s", one.number, refusal.code)
            broken.append(one)
    return whole, broken


def drop(code: str, keys: Iterable[str], *, now: datetime) -> None:
    """Take files out of a draft and destroy them; keys of other drafts do nothing."""
    wanted = [int(key) for key in keys if key.isascii() and key.isdigit() and len(key) < 19]
    if not (code and wanted):
        return
    with transaction.atomic():
        row = _locked(code)
        for line in row.files.select_related("file").filter(pk__in=wanted) if row else ():
            line.delete()
            files.erase(line.file.number, now=now)


def erase(code: str, *, now: datetime) -> None:
    """Destroy a draft and its files: it was handed in. One that is not there changes nothing."""
    with transaction.atomic():
        row = _locked(code)
        if row is not None:
            _destroy(row, now)


def erase_expired(*, now: datetime) -> int:
    """Destroy the drafts that are over; how many. One that is locked comes with the next run."""
    count = 0
    while True:
        with transaction.atomic():
            over = models.Draft.objects.select_for_update(skip_locked=True).filter(kept_until__lte=now)
            rows = list(over.order_by("pk")[:_BATCH])
            for row in rows:
                _destroy(row, now)
        count += len(rows)
        if len(rows) < _BATCH:
            return count


def _destroy(row: models.Draft, now: datetime) -> None:
    numbers = list(row.files.values_list("file__number", flat=True))
    row.delete()
    for number in numbers:
        files.erase(number, now=now)


def _locked(code: str) -> models.Draft | None:
    return models.Draft.objects.select_for_update().filter(code_index=_index(code)).first()


def _index(code: str) -> bytes:
    return secrecy.blind_index(code, purpose="draft.code")


def _sealed(values: Mapping[str, str]) -> bytes:
    return secrecy.encrypt(json.dumps(dict(values), ensure_ascii=False), purpose=_VALUES)
