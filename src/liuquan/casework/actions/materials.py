"""Materials that come with an act: checked, stored, written with it; destroyed if the act fails."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from liuquan.casework import field_values
from liuquan.casework.types import Data, Transition, Upload
from liuquan.kernel import files, pictures, uploads
from liuquan.kernel.refusals import BadInput

Row = dict[str, Any]  #: key, way, file, received_at


@dataclass(frozen=True)
class Handed:
    """What was handed in with an act: its data with every material named, and the checked files."""

    data: Data
    ticked: tuple[str, ...] = ()
    accepted: tuple[tuple[Upload, uploads.AcceptedUpload], ...] = ()


def handed_in(
    row: Transition, data: Data, files_given: Iterable[Upload], *, strips_photos: bool = False
) -> Handed:
    """The data of an act, typed (`field_values.typed`), with its materials: those ticked at the window and
    those uploaded. Every file of every case comes by here, so this is where photos are cleaned:
    `strips_photos` leaves the picture as it is, without what its camera wrote. The original is not kept;
    cleaning it again gives the same bytes, so whoever has it can still show that it is the same picture.

    Refuses (422) files where the act takes none, files whose content does not match their name, and a file
    that is named but did not come where nothing comes on paper.
    """
    given, data = tuple(files_given), field_values.typed(row, data)
    field = next((one for one in row.fields if one.kind == "files"), None)
    if field is None:
        if given:
            raise BadInput(f"“{row.label}”不收文件，请去掉文件再提交，或者改办收材料的事项。")
        return Handed(data)
    checked = ((one, uploads.inspect(one.name, one.content)) for one in given)
    accepted = tuple(_cleaned(*one) if strips_photos else one for one in checked)
    uploaded = {one.material for one in given}
    named = sorted({*(data.get(field.name) or ()), *uploaded})
    ticked = tuple(key for key in named if key not in uploaded)
    if ticked and field.only_uploads:
        sentence = f"“{field.label}”请附上文件；没有文件的不用勾选。"
        raise BadInput(sentence, fields={field.name: sentence})
    return Handed({**data, field.name: named}, ticked, accepted)


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


def _cleaned(given: Upload, found: uploads.AcceptedUpload) -> tuple[Upload, uploads.AcceptedUpload]:
    content = pictures.without_camera_data(found.name, given.content, found.media_type)
    return replace(given, content=content), replace(found, size=len(content))


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
