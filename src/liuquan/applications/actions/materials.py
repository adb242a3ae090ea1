"""Materials handed in with an act: checked, stored, written with it; destroyed if the act fails."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from liuquan.applications.types import Upload
from liuquan.kernel import files, uploads
from liuquan.kernel.sql import Statement

Row = dict[str, Any]  #: key, way, file, at
Inspected = tuple[Upload, uploads.AcceptedUpload]


def inspected(files_given: Iterable[Upload]) -> list[Inspected]:
    """The files with their detected types. Refuses files whose content does not match their name."""
    return [(given, uploads.inspect(given.name, given.content)) for given in files_given]


@contextmanager
def stored(
    number: str, ticked: Iterable[str], accepted: Iterable[Inspected], at: datetime
) -> Iterator[list[Row]]:
    """The materials of an act as rows, its files stored; the files are destroyed if the act fails."""
    rows = [_row(key, "window", None, at) for key in ticked]
    scope = own_scope(number)
    try:
        for given, checked in accepted:
            kept = files.store(
                scope=scope, name=checked.name, content=given.content, media_type=checked.media_type, now=at
            )
            rows.append(_row(given.material, "upload", str(kept.number), at))
        yield rows
    except BaseException:
        forget(rows, at)
        raise


def statement_of(rows: list[Row]) -> Statement:
    """The statement parts that write the rows with the act."""
    return Statement(
        """
        INSERT INTO applications_material (case_id, key, way, file, received_at)
        SELECT moved.id, g.key, g.way, g.file, g.at
        FROM moved, jsonb_to_recordset(%(materials)s::jsonb)
            AS g(key text, way text, file uuid, at timestamptz)
        """,
        {"materials": json.dumps(rows)},
    )


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
    return {"key": key, "way": way, "file": file, "at": at.isoformat()}
