"""Writing the journal: entries, the erasure of private parts, sealing, the audit, witnesses and cosigning."""

from liuquan.journal.actions.whole_audit import audit
from liuquan.journal.log.actions.sealing import Sealer, SealingRefused, seal
from liuquan.journal.record.actions.entries import (
    ENTRY_CTES,
    PRIVATE_PURPOSE,
    append,
    append_durably,
    entries_ctes,
    entry_ctes,
    entry_params,
    open_private_of,
)
from liuquan.journal.record.actions.erasure import erase_private
from liuquan.journal.record.reactions import react
from liuquan.journal.witness.actions.cosign import cosign
from liuquan.journal.witness.actions.cosignatures import store_cosignatures
from liuquan.journal.witness.actions.known_logs import drop_log, know_log, retire_log_key
from liuquan.journal.witness.actions.our_witnesses import add_witness, remove_witness
from liuquan.journal.witness.rules import WitnessRefusal

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
    "know_log",
    "open_private_of",
    "react",
    "remove_witness",
    "retire_log_key",
    "seal",
    "store_cosignatures",
]
