"""What the holder of a slip does on the case."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from liuquan.casework import actions as casework
from liuquan.casework import queries as cases
from liuquan.casework.types import Data, FieldKind, Outcome, Snapshot, Upload
from liuquan.kernel.refusals import BadInput
from liuquan.organisation.types import Actor


def act(
    snapshot: Snapshot, action: str, *, by: Actor, now: datetime, data: Data, files_given: Sequence[Upload]
) -> Outcome:
    """Take one act as the party of the case. Refuses (422) a material that is named but not uploaded: what
    came on paper is said at a window alone."""
    uploaded = {one.material for one in files_given}
    for one in cases.row_of(snapshot, action).fields:
        if one.kind is FieldKind.FILES and set(data.get(one.name) or ()) - uploaded:
            sentence = f"“{one.label}”请上传文件；纸质的请交到窗口。"
            raise BadInput(sentence, fields={one.name: sentence})
    return casework.perform(snapshot.number, action, by=by, now=now, data=data, files_given=files_given)
