"""Materials that come with an act: checked, stored, written with it; destroyed if the act fails."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from liuquan.casework.types import Data, Transition, Upload
from liuquan.kernel import files, uploads
from liuquan.kernel.refusals import BadInput

Row = dict[str, Any]  #: key, way, file, received_at


@dataclass(frozen=True)
class Handed:
    """What was handed in with an act: its data with every material named, and the checked files."""

    data: Data
    ticked: tuple[str, ...] = ()
    accepted: tuple[tuple[Upload, uploads.AcceptedUpload], ...] = ()


def handed_in(row: Transition, data: Data, files_given: Iterable[Upload]) -> Handed:
    """The data of an act with its materials: those ticked at the window and those uploaded.

    Refuses (422) files where the act takes none, and files whose content does not match their name.
    """
    given = tuple(files_given)
    name = next((one.name for one in row.fields if one.kind == "files"), "")
    if not name:
        if given:
            raise BadInput(f"“{row.label}”不收文件，请去掉文件再提交，或者改办收材料的事项。")
        return Handed(data)
    accepted = tuple((one, uploads.inspect(one.name, one.content)) for one in given)
    uploaded = {one.material for one in given}
    named = sorted({*(data.get(name) or ()), *uploaded})
    ticked = tuple(key for key in named if key not in uploaded)
    return Handed({**data, name: named}, ticked, accepted)


@contextmanager
def stored(number: str, handed: Handed, at: datetime) -> Iterator[list[Row]]:
    """The materials as rows, their files stored; the files are destroyed if the act fails."""
    rows = [_row(key, "window", None, at) for key in handed.ticked]
    scope = own_scope(number)
    try:
        for given, checked in handed.accepted:
            kept = files.store(
                scope=scope, name=checked.name, content=given.content, media_type=checked.media_type, now=at
            )
            rows.append(_row(given.material, "upload", str(kept.number), at))
        yield rows
    except BaseException:
        forget(rows, at)
        raise


def own_scope(number: str) -> str:
    """The scope of one act's files: the same content in another act is stored as another file, so removing
    the files of a refused act never destroys those of another act."""
    return f"{number}/{uuid.uuid4().hex}"


def forget(rows: Iterable[Mapping[str, Any]], now: datetime) -> None:
    """Destroy files stored for an act that failed."""
    for row in rows:
        if row["file"]:
            files.erase(uuid.UUID(row["file"]), now=now)


def _row(key: str, way: str, file: str | None, at: datetime) -> Row:
    return {"key": key, "way": way, "file": file, "received_at": at}
