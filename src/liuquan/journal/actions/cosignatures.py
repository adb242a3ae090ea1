"""What we write of our own log's witnesses: who they are, and the cosignatures they give."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from liuquan.journal import keys as own_keys
from liuquan.journal import witness_queries as queries
from liuquan.journal.actions.witnessing import _enter, _label
from liuquan.journal.events import LOG
from liuquan.journal.fetching import refuse_bad_address
from liuquan.journal.log_files import LogFiles
from liuquan.journal.models import Cosignature, Witness
from liuquan.journal.witness_events import LOG_OBJECTED, WITNESS_ADDED, WITNESS_REMOVED
from liuquan.journal.witness_types import WitnessView
from liuquan.kernel import sql
from liuquan.kernel.refusals import BadInput, NotVisible
from liuquan.merkle import Note, RecordError, Trust, VerifierKey, parse_checkpoint, parse_key, parse_note
from liuquan.organisation.types import SYSTEM, Actor

FIRST_PAUSE = timedelta(seconds=10)
LONGEST_PAUSE = timedelta(minutes=10)
#: what a witness may say against our own log
OBJECTIONS = {
    "behind": "它见过更多的叶，本机的日志被回退",
    "unproven": "它不认可一致性证明，本机的日志与它所见不同",
}


def add_witness(key: str, *, by: Actor, now: datetime, url: str = "", label: str = "") -> WitnessView:
    """Take an office as witness of our log; again, to change its address or label.

    A further key under a name that is known is the same office changing its key: both are taken, they count
    as one, and the address and label pass over. Refuses (422): what is no witness's key, our own key, one key
    under two names, a bad address.
    """
    found, url, label = _witness_key(key), (refuse_bad_address(url) if url else ""), _label(label)
    with transaction.atomic(durable=True):
        row = Witness.objects.select_for_update().filter(key=found.text).first()
        row = row or Witness(name=found.name, key=found.text, added_at=now)
        older = Witness.objects.filter(name=found.name, removed_at=None).order_by("id").last()
        known = row if row.pk or older is None else older
        row.url, row.label, row.removed_at, row.next_try_at = (
            url or known.url,
            label or known.label,
            None,
            None,
        )
        row.objected_at = known.objected_at
        row.save()
        values = {"witness": found.name, "key": found.text, "url": row.url}
        _enter(WITNESS_ADDED, LOG, by, now, values)
    return next(each for each in queries.witnesses() if each.key == found)


def remove_witness(which: str, *, by: Actor, now: datetime) -> None:
    """No longer ask this witness, nor count it: all keys of a name, or the one key that is given whole.
    Refuses (404) an unknown one."""
    with transaction.atomic(durable=True):
        rows = Witness.objects.select_for_update().filter(removed_at=None)
        found = list(rows.filter(name=which).order_by("id")) or list(rows.filter(key=which))
        if not found:
            raise NotVisible(f"没有名为“{which}”的见证方，请用 log witness status 核对。")
        for row in found:
            row.removed_at = now
            row.save(update_fields=["removed_at"])
            _enter(WITNESS_REMOVED, LOG, by, now, {"witness": row.name, "key": row.key})


def keep_cosignatures(note: Note, *, now: datetime) -> tuple[str, ...]:
    """Store the cosignatures of our witnesses under a checkpoint of ours; their names. Lines of others are
    ignored.

    Refuses (422) a text that is not, character for character, a checkpoint we published, and a forged line.
    """
    size = _own_size(note)
    kept = []
    with transaction.atomic(durable=True):
        for witness in queries.witnesses():
            try:
                signature = note.of([witness.key]).get(witness.key)
            except RecordError as error:
                raise BadInput(error.sentence) from error
            at = witness.key.signed_at(signature.value) if signature else None
            if signature is not None and at is not None:
                _keep(witness, size, signature.line, at, now)
                kept.append(witness.name)
    return tuple(kept)


def publish_cosigned(files: LogFiles) -> bool:
    """Put the cosignatures gathered so far under the published checkpoint; whether anything changed.

    Its text is never touched; where the sealer is at work, nothing happens: the next round comes.
    """
    if _merged(files) is None:  # nothing new: the sealer is not disturbed
        return False
    with files.sole_sealer() as mine:
        merged = _merged(files) if mine else None
        if merged is None:
            return False
        files.publish(merged)
    return True


def note_push(
    witness: WitnessView,
    *,
    size: int,
    now: datetime,
    trouble: str = "",
    fault: str = "",
    witness_size: int = 0,
) -> None:
    """How handing a head to a witness went. `fault`: the witness says that our own log is not what it was
    (`OBJECTIONS`), entered once until it cosigns a larger head than it ever did."""
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
            _enter(LOG_OBJECTED, LOG, SYSTEM, now, values)


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


def _keep(witness: WitnessView, size: int, line: str, at: datetime, now: datetime) -> None:
    """Store one line. Only a head larger than any this office cosigned lifts its troubles: anybody can hand
    in an old line again. The time it claims is shown as no later than when it came."""
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


def _own_size(note: Note) -> int:
    sentence = "这不是本日志发布过的检查点，请由 /log/checkpoint 重新获取。"
    try:
        checkpoint = parse_checkpoint(note.text)
    except RecordError as error:
        raise BadInput(error.sentence) from error
    own = queries.cosigned_note(checkpoint.size)
    if own is None or own.text != note.text:
        raise BadInput(sentence)
    return checkpoint.size


def _witness_key(text: str) -> VerifierKey:
    try:
        key = parse_key(text)
        others = tuple(each.key for each in queries.witnesses() if each.key != key)
        Trust(own_keys.log_keys(), (*others, key))
    except RecordError as error:
        raise BadInput(error.sentence, fields={"key": error.sentence}) from error
    if key.public == own_keys.witness_signer().key.public:
        raise BadInput("这是本机自己的见证公钥：自己不能见证自己的日志，请登记别的单位的公钥。")
    return key
