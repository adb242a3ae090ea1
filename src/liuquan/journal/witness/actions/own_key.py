"""Changing this installation's key as a witness. Each change is an entry, committed before the register."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from liuquan.journal.log import keys
from liuquan.journal.log.actions.key_changes import log_entry, retire_secrets
from liuquan.journal.log.keys import Register, WitnessKey
from liuquan.journal.record.actions.entries import append_durably
from liuquan.journal.record.types import NewEntry
from liuquan.journal.witness.events import WITNESS_KEY_CHANGED
from liuquan.journal.witness.keys import new_witness_key, witness_signer
from liuquan.kernel import key_files
from liuquan.kernel.refusals import WrongState


def announce_witness_key(*, now: datetime) -> Register:
    """Make the next key as a witness. It signs only after `use_witness_key`, when the logs know it.

    Refuses (409) when one is announced already.
    """
    if not keys.register().witness:
        witness_signer()  # makes the first
    with key_files.exclusively():
        found = keys.register()
        if any(each.state == "announced" for each in found.witness):
            raise WrongState("已有一个新的见证公钥待启用：各日志登记后运行 `keys rotate witness --finish`。")
        made = new_witness_key("announced")
        changed = replace(found, witness=(*found.witness, made))
        append_durably(_key_entry(made, "公布", now))
        keys.write_register(changed)
    return changed


def use_witness_key(*, now: datetime) -> Register:
    """Sign as a witness with the announced key from now on; the old secret is taken out of use.

    Refuses (409) when none is announced.
    """
    states = {"announced": "in_use", "in_use": "ended", "ended": "ended"}
    with key_files.exclusively():
        found = keys.register()
        if not any(each.state == "announced" for each in found.witness):
            raise WrongState("没有待启用的见证公钥：请先运行 `keys rotate witness`。")
        changed = replace(
            found, witness=tuple(replace(each, state=states[each.state]) for each in found.witness)
        )
        append_durably(*(_key_entry(each, "启用", now) for each in changed.witness if each.state == "in_use"))
        keys.write_register(changed)
    retire_secrets(each for each in changed.witness if each.state == "ended")
    return changed


def _key_entry(key: WitnessKey, act: str, now: datetime) -> NewEntry:
    return log_entry(WITNESS_KEY_CHANGED, {"key": key.key.text, "act": act}, now)
