"""The log's own keys, those in use and those replaced, and the register of all signing keys.

Secrets are files of the kernel's `key_files`, one a generation. What is public about them (the key, the sizes
of tree it signs for, the tree's hash) is in `log-keys.json` in the home, which is backed up with the data. A
rotation has an overlap: both keys sign until it is finished; then the old one counts for no checkpoint larger
than the last it signed. A new witness key is announced first, so that logs can enter it before it signs.

Keys are changed by `actions.key_changes` and `witness.actions.own_key`, which enter it in the record.

Standards: https://c2sp.org/signed-note, https://c2sp.org/tlog-cosignature
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from liuquan.kernel import key_files, sm2_signing, sm_crypto
from liuquan.kernel.refusals import Unavailable
from liuquan.merkle import (
    MAX_SIZE,
    SHA256,
    SM3,
    Algorithm,
    RecordError,
    Signer,
    TreeHash,
    TrustedKey,
    VerifierKey,
    ed25519_signer,
    parse_key,
)
from liuquan.merkle import tree_hash as hash_named

DEFAULT_ORIGIN: Final = "localhost/log"
REGISTER: Final = "log-keys.json"
_KINDS: Final = {Algorithm.ED25519: "log", Algorithm.SM2: "log-sm2"}
WITNESS_KIND: Final = "witness"  #: of its file of a secret
_CACHE: dict[str, tuple[tuple[int, ...], Register]] = {}


@dataclass(frozen=True)
class LogKey:
    """One generation of one algorithm; `until_size` None while it signs."""

    generation: int
    key: VerifierKey
    from_size: int = 0
    until_size: int | None = None

    @property
    def trusted(self) -> TrustedKey:
        """The key as a trust file has it."""
        return TrustedKey(self.key, self.from_size, MAX_SIZE if self.until_size is None else self.until_size)


@dataclass(frozen=True)
class WitnessKey:
    """One generation of this installation's key as a witness: announced, in_use or ended."""

    generation: int
    key: VerifierKey
    state: str


@dataclass(frozen=True)
class Register:
    """What is public of the log's keys. The origin and the tree's hash never change."""

    origin: str
    hash: str
    keys: tuple[LogKey, ...]
    witness: tuple[WitnessKey, ...] = ()

    def signing(self) -> tuple[LogKey, ...]:
        return tuple(each for each in self.keys if each.until_size is None)


def origin() -> str:
    """The log's name (setting `LIUQUAN_LOG_ORIGIN`), part of its identity and never changed."""
    return str(getattr(settings, "LIUQUAN_LOG_ORIGIN", DEFAULT_ORIGIN))


def log_signers() -> tuple[Signer, ...]:
    """The keys that sign the next checkpoint: one, or old and new while a rotation is not finished."""
    return tuple(signer_of(each) for each in register().signing())


def log_keys() -> tuple[TrustedKey, ...]:
    """The public keys of all generations with the sizes of tree they count for."""
    return tuple(each.trusted for each in register().keys)


def tree_hash() -> TreeHash:
    """The hash of the log's tree, fixed when its keys were made."""
    return hash_named(register().hash)


def signer_of(key: LogKey) -> Signer:
    """The means to sign with one generation. Refuses (503) when the secret is missing or is another's."""
    secret = key_files.read(*place_of(key))
    if key.key.algorithm is Algorithm.SM2:
        return Signer(key.key, _sm2(secret, key.key.public))
    return checked_signer(ed25519_signer(key.key.name, secret), key.key)


def place_of(key: LogKey | WitnessKey) -> tuple[str, int]:
    """The kind and generation of the file with its secret."""
    return (WITNESS_KIND if isinstance(key, WitnessKey) else _KINDS[key.key.algorithm]), key.generation


def register() -> Register:
    """The register of the log's keys, made with the first keys on first use.

    A running process sees a change at its next use. Refuses (503): a register that is damaged or of another
    log's name.
    """
    path = register_path()
    if not path.exists():
        _make_first_keys()
    state = path.stat()
    stamp = (state.st_ino, state.st_mtime_ns, state.st_size)
    cached_stamp, found = _CACHE.get(str(path), ((), Register("", "", ())))
    if cached_stamp != stamp:
        found = _parse(path.read_text(encoding="utf-8"))
        _CACHE[str(path)] = (stamp, found)
    if found.origin != origin():
        raise Unavailable(
            f"日志名称已定为“{found.origin}”，不能改为“{origin()}”：请改回 LIUQUAN_LOG_ORIGIN。",
            code="other_origin",
        )
    return found


def register_path() -> Path:
    """The path of the register: in the home, with the data; nothing in it is secret."""
    return key_files.list_path().with_name(REGISTER)


def write_register(found: Register) -> None:
    """Put a changed register in place; callers hold `key_files.exclusively`."""
    text = json.dumps(
        {
            "kind": "liuquan.log-keys",
            "origin": found.origin,
            "hash": found.hash,
            "keys": [
                {
                    "generation": each.generation,
                    "key": each.key.text,
                    "from_size": each.from_size,
                    "until_size": each.until_size,
                }
                for each in found.keys
            ],
            "witness": [
                {"generation": each.generation, "key": each.key.text, "state": each.state}
                for each in found.witness
            ],
        },
        ensure_ascii=False,
        indent=1,
    )
    key_files.write_whole(register_path(), text + "\n")


def begin_again() -> None:
    """Let the newest keys sign an empty log from its first leaf; only for a demo that starts over.

    After rotations they would count only from the sizes of the log that was thrown away.
    """
    if not register_path().exists():
        return
    found = register()
    newest = {each.key.algorithm: replace(each, from_size=0) for each in found.signing()}
    with key_files.exclusively():
        write_register(replace(found, keys=tuple(newest.values())))


def new_key(algorithm: Algorithm, name: str, *, from_size: int) -> LogKey:
    """Make the next secret of an algorithm; a number whose making was interrupted is skipped.

    Callers hold `key_files.exclusively` and write the register afterwards.
    """
    kind = _KINDS[algorithm]
    if algorithm is Algorithm.SM2:
        private, public = sm2_signing.new_pair()
        return LogKey(key_files.add_locked(kind, private), VerifierKey(name, algorithm, public), from_size)
    secret = secrets.token_bytes(key_files.KEY_BYTES)
    return LogKey(key_files.add_locked(kind, secret), ed25519_signer(name, secret).key, from_size)


def algorithms() -> tuple[Algorithm, ...]:
    """The algorithms that new log keys are made for."""
    return (Algorithm.ED25519, *([Algorithm.SM2] if sm_crypto.in_use() else []))


def _make_first_keys() -> None:
    with key_files.exclusively():
        if register_path().exists():
            return
        kind = _KINDS[Algorithm.ED25519]
        if key_files.next_of(kind) > 2:
            raise Unavailable(
                f"缺少日志公钥登记 {REGISTER}，请系统管理员从数据备份恢复后重试。", code="key_missing"
            )
        if key_files.path_of(kind, 1).exists():  # the first making was interrupted: that key is the first
            secret = key_files.read_file(key_files.path_of(kind, 1))
            first = LogKey(1, ed25519_signer(origin(), secret).key)
        else:
            first = new_key(Algorithm.ED25519, origin(), from_size=0)
        others = (each for each in algorithms() if each is not Algorithm.ED25519)
        keys = (first, *(new_key(each, origin(), from_size=0) for each in others))
        write_register(Register(origin(), (SM3 if sm_crypto.in_use() else SHA256).name, keys))


def _parse(text: str) -> Register:
    try:
        values = json.loads(text)
        return Register(
            str(values["origin"]),
            str(values["hash"]),
            tuple(_parse_key(each) for each in values["keys"]),
            tuple(
                WitnessKey(int(each["generation"]), parse_key(each["key"]), str(each["state"]))
                for each in values.get("witness", ())
            ),
        )
    except (ValueError, KeyError, TypeError, RecordError) as error:
        raise Unavailable(
            f"日志公钥登记 {REGISTER} 已损坏，请系统管理员从数据备份恢复。", code="key_damaged"
        ) from error


def _parse_key(values: Mapping[str, Any]) -> LogKey:
    until = values["until_size"]
    return LogKey(
        int(values["generation"]),
        parse_key(values["key"]),
        int(values["from_size"]),
        None if until is None else int(until),
    )


def checked_signer(signer: Signer, registered: VerifierKey) -> Signer:
    """The signer. Refuses (503) one of another key than the registered."""
    if signer.key != registered:
        raise Unavailable("签名密钥与登记的公钥不符，请从密钥备份恢复后重试。", code="key_damaged")
    return signer


def _sm2(private: bytes, public: bytes) -> Callable[[bytes], bytes]:
    return lambda message: sm2_signing.sign(private, public, message)
