"""The cosignatures that our witnesses give: storing and publishing them, and how asking for them went."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from liuquan.journal.log.events import LOG
from liuquan.journal.log.files import LogFiles
from liuquan.journal.witness import queries
from liuquan.journal.witness.actions.entries import enter
from liuquan.journal.witness.events import LOG_OBJECTED
from liuquan.journal.witness.models import Cosignature, Witness
from liuquan.journal.witness.types import WitnessView
from liuquan.kernel import sql
from liuquan.kernel.refusals import BadInput
from liuquan.merkle import Note, RecordError, parse_checkpoint, parse_note
from liuquan.organisation.types import SYSTEM

FIRST_PAUSE = timedelta(seconds=10)
LONGEST_PAUSE = timedelta(minutes=10)
#: how a witness may object to our own log
OBJECTIONS = {
    "behind": "它见过更多的叶，本机的日志被回退",
    "unproven": "它不认可一致性证明，本机的日志与它所见不同",
}


def store_cosignatures(note: Note, *, now: datetime) -> tuple[str, ...]:
    """Store the cosignatures of our witnesses under a checkpoint of ours; their names. Lines of others are
    ignored.

    Refuses (422) a text that is not, character for character, a checkpoint we published, and a forged line.
    """
    size = _size_of_ours(note)
    names = []
    with transaction.atomic(durable=True):
        for witness in queries.witnesses():
            try:
                signature = note.of([witness.key]).get(witness.key)
            except RecordError as error:
                raise BadInput(error.sentence) from error
            at = witness.key.signed_at(signature.value) if signature else None
            if signature is not None and at is not None:
                _store(witness, size, signature.line, at, now)
                names.append(witness.name)
    return tuple(names)


def publish_cosigned(files: LogFiles) -> bool:
    """Put the cosignatures gathered so far under the published checkpoint; whether anything changed.

    The checkpoint's text is never changed. While the sealer is at work nothing happens: the next push tries
    again.
    """
    if _merged(files) is None:  # nothing new: the sealer's lock is not taken
        return False
    with files.sole_sealer() as alone:
        merged = _merged(files) if alone else None
        if merged is None:
            return False
        files.publish(merged)
    return True


def record_push(
    witness: WitnessView,
    *,
    size: int,
    now: datetime,
    trouble: str = "",
    fault: str = "",
    witness_size: int = 0,
) -> None:
    """Record how handing a head to a witness went. `fault`: the witness objects to our log (`OBJECTIONS`);
    entered once, until it cosigns a larger head than ever before."""
    pause = min(FIRST_PAUSE * 2 ** min(witness.failures, 10), LONGEST_PAUSE)
    with transaction.atomic(durable=True):
        rows = Witness.objects.filter(name=witness.name, removed_at=None)
        rows.update(
            trouble=trouble,
            failures=witness.failures + 1 if trouble else 0,
            next_try_at=now + pause if trouble else None,
        )
        if fault and not rows.select_for_update().filter(objected_at__isnull=False).count():
            rows.update(objected_at=now)
            values = {
                "witness": witness.name,
                "fault": fault,
                "label": OBJECTIONS[fault],
                "size": size,
                "witness_size": witness_size,
            }
            enter(LOG_OBJECTED, LOG, SYSTEM, now, values)


def _merged(files: LogFiles) -> str | None:
    """The published checkpoint with all cosignatures of it; None when it has them or there is none."""
    published = files.checkpoint()
    if published is None:
        return None
    note = parse_note(published)
    own = queries.cosigned_note(parse_checkpoint(note.text).size)
    if own is None or own.text != note.text:
        return None
    merged = str(note.with_signatures(own.signatures))
    return None if merged == published else merged


def _store(witness: WitnessView, size: int, line: str, at: datetime, now: datetime) -> None:
    """Store one line. Only a head larger than any this office cosigned clears its trouble: anybody can hand
    in an old line again. The time it claims is shown as no later than the moment it was received."""
    row = Witness.objects.get(key=witness.key.text)
    _, made = Cosignature.objects.get_or_create(
        witness=row, size=size, defaults={"line": line, "signed_at": at, "received_at": now}
    )
    if not made and row.size is not None and row.size >= size:
        return
    sql.run(
        "UPDATE journal_witness SET failures = 0, trouble = '', next_try_at = NULL, objected_at = NULL "
        "WHERE name = %(name)s AND removed_at IS NULL AND NOT EXISTS (SELECT 1 FROM journal_witness o "
        "WHERE o.name = %(name)s AND o.removed_at IS NULL AND o.size >= %(size)s)",
        {"name": row.name, "size": size},
    )
    sql.run(
        "UPDATE journal_witness SET cosigned_at = %(at)s, size = %(size)s "
        "WHERE id = %(id)s AND (size IS NULL OR size < %(size)s)",
        {"id": row.pk, "size": size, "at": min(at, now)},
    )


def _size_of_ours(note: Note) -> int:
    sentence = "这不是本日志发布过的检查点，请由 /log/checkpoint 重新获取。"
    try:
        checkpoint = parse_checkpoint(note.text)
    except RecordError as error:
        raise BadInput(error.sentence) from error
    own = queries.cosigned_note(checkpoint.size)
    if own is None or own.text != note.text:
        raise BadInput(sentence)
    return checkpoint.size
