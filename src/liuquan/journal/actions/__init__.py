"""Writing the journal: entries, their sealing, the erasure of private parts, the audit."""

from liuquan.journal.actions.auditing import audit
from liuquan.journal.actions.cosignatures import add_witness, keep_cosignatures, remove_witness
from liuquan.journal.actions.entries import (
    ENTRY_CTES,
    PRIVATE_PURPOSE,
    append,
    append_durably,
    entries_ctes,
    entry_ctes,
    entry_params,
    open_private_of,
)
from liuquan.journal.actions.erasing import erase_private
from liuquan.journal.actions.sealing import Sealer, SealingRefused, seal
from liuquan.journal.actions.witnessing import cosign, drop_log, know_log, retire_log_key
from liuquan.journal.witnessing import WitnessRefusal

__all__ = [
    "ENTRY_CTES",
    "PRIVATE_PURPOSE",
    "Sealer",
    "SealingRefused",
    "WitnessRefusal",
    "add_witness",
    "append",
    "append_durably",
    "audit",
    "cosign",
    "drop_log",
    "entries_ctes",
    "entry_ctes",
    "entry_params",
    "erase_private",
    "keep_cosignatures",
    "know_log",
    "open_private_of",
    "remove_witness",
    "retire_log_key",
    "seal",
]
