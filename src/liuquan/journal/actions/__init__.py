"""Writing the journal: entries, their sealing, the erasure of private parts, the audit."""

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

__all__ = [
    "ENTRY_CTES",
    "PRIVATE_PURPOSE",
    "Sealer",
    "SealingRefused",
    "append",
    "append_durably",
    "entries_ctes",
    "entry_ctes",
    "entry_params",
    "erase_private",
    "open_private_of",
    "seal",
]
