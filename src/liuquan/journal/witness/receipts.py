"""Receipts: the proof that an entry is in the log, under the first head that enough witnesses cosigned."""

from __future__ import annotations

import uuid
from typing import Final

from liuquan.journal.log.files import log_files
from liuquan.journal.log.leaves import content_of, opening_of
from liuquan.journal.log.queries import sealed_entry
from liuquan.journal.log.stored_leaves import pseudonyms_and_salts
from liuquan.journal.witness.queries import best_note
from liuquan.kernel.refusals import Unavailable
from liuquan.merkle import (
    Opening,
    Receipt,
    RecordError,
    TiledTree,
    check_inclusion,
    inclusion_path,
    parse_checkpoint,
    parse_leaf,
)

_UNREADABLE: Final = (
    "核验凭证暂时给不出来：日志的文件缺失或者损坏。请过些时候再试；一直这样的，请向签发机关核实。"
)

_UNPROVEN: Final = "核验凭证给不出来：这条记录与已签署的日志不符。请向签发机关核实。"


def receipt_of(entry: uuid.UUID, *, private: Opening | None = None) -> Receipt | None:
    """The receipt of an entry, its open values opened, under the first head that enough witnesses cosigned
    (or the newest signed one), with the cosignatures gathered so far. None until it is sealed.

    Refuses (503) to hand out what proves nothing: files of the log are lost or damaged, or the entry has
    changed since it was sealed. `private` is the opening of its private part, from a caller that was
    allowed to open it. The caller decides who may have the receipt: it names the subject's number.
    """
    try:
        return _receipt(entry, private)
    except RecordError as fault:
        sentence = _UNREADABLE if fault.fault == "tile" else _UNPROVEN
        raise Unavailable(sentence, code=f"receipt_{fault.fault}") from fault


def _receipt(entry: uuid.UUID, private: Opening | None) -> Receipt | None:
    found = sealed_entry(entry)
    note = best_note(over=found[0]) if found else None
    if found is None or note is None:
        return None
    position, secret, row = found
    subject, salt = pseudonyms_and_salts(secret)
    head = parse_checkpoint(note.text)
    tree = TiledTree(head.hash, head.size, log_files().fetch)
    openings = {"public": opening_of(row, salt)} | ({"private": private} if private else {})
    path = inclusion_path(tree, position, head.size)
    leaf = parse_leaf(content_of(row, subject(row.subject).hex(), salt))
    check_inclusion(
        head.hash,
        leaf_hash=head.hash.leaf(leaf.content()),
        index=position,
        size=head.size,
        path=path,
        root=head.root,
    )
    return Receipt(position, leaf, path, note, openings)
