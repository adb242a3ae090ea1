"""This installation's key as a witness of other logs, and the trust file for those who check our log."""

from __future__ import annotations

import secrets
from dataclasses import replace

from liuquan.journal.log.keys import (
    WITNESS_KIND,
    WitnessKey,
    checked_signer,
    log_keys,
    origin,
    place_of,
    register,
    write_register,
)
from liuquan.journal.witness import queries
from liuquan.kernel import key_files
from liuquan.kernel.refusals import Unavailable
from liuquan.merkle import Signer, Trust, ed25519_signer


def trust() -> Trust:
    """What a person who checks our log trusts: its keys, our witnesses, and how many must have cosigned.

    Refuses (503) a quorum larger than the number of known witnesses: no head could ever reach it.
    """
    witnesses = tuple(each.key for each in queries.witnesses())
    if trouble := queries.quorum_trouble():
        raise Unavailable(trouble, code="quorum_too_high")
    return Trust(log_keys(), witnesses, queries.quorum())


def witness_signer() -> Signer:
    """This installation's key in use as a witness of other logs; the first is made on first use."""
    if not register().witness:
        with key_files.exclusively():
            found = register()
            if not found.witness:
                write_register(replace(found, witness=(new_witness_key("in_use"),)))
    (own,) = (each for each in register().witness if each.state == "in_use")
    return checked_signer(ed25519_signer(own.key.name, key_files.read(*place_of(own)), witness=True), own.key)


def new_witness_key(state: str) -> WitnessKey:
    """Make the next secret of the witness. Its name is the log's with `/witness`.

    Callers hold `key_files.exclusively` and write the register afterwards.
    """
    secret = secrets.token_bytes(key_files.KEY_BYTES)
    key = ed25519_signer(f"{origin()}/witness", secret, witness=True).key
    return WitnessKey(key_files.add_locked(WITNESS_KIND, secret), key, state)
