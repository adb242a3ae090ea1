"""Field encryption, blind index and commitments: how personal data rest in the database.

* ``encrypt`` / ``decrypt``: AES-256-GCM, or SM4-GCM in the 国密 profile. The value names its algorithm and
  key, so both can be changed while old values stay readable. ``purpose`` (for example ``"party.name"``) is
  bound in: a value copied into another column does not open there. ``decrypt`` is called from ``actions.py``
  files only, after a journal entry.
* ``blind_index``: HMAC-SHA-256, to find an equal value without opening any. Its key never changes: a new
  one would mean computing every index again.
* ``commitment``: SHA-256 over a salt and canonical JSON; what the public journal holds instead of the values.
* ``keyed`` / ``keyed_with``: HMAC-SHA-256 under the log secret: pseudonyms and salts of the public log.

Keys are files of mode 0600 under the home's ``keys`` folder (`key_files`), made on first use, never in the
database. Losing that folder loses the data: it is backed up apart from the database.

Cites: 个人信息保护法 第五十一条
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Callable, Mapping
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.hashes import SHA256, SM3
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from liuquan.kernel import key_files, sm_crypto
from liuquan.kernel.ciphers import AES_KEY_BYTES, NONCE_BYTES, SM4_KEY_BYTES, TAG_BYTES, Locked, cipher
from liuquan.kernel.home import VARIABLE
from liuquan.kernel.refusals import Unavailable

SALT_BYTES: Final = 32
_AES: Final = 1
_SM4: Final = 2
_HEAD: Final = 3  # algorithm (1) + key id (2)
_FIELD: Final = "field"
_INDEX: Final = "index"
_PSEUDONYM: Final = "log-secret"

_PLAIN: Final = frozenset({str, int, bool, type(None)})  #: written the same everywhere

_CIPHERS: dict[tuple[str, str, bytes], Locked] = {}


def encrypt(text: str, *, purpose: str) -> bytes:
    """Encrypt one field value; the result holds version, key id, nonce, ciphertext and tag."""
    return encrypt_bytes(text.encode(), purpose=purpose)


def decrypt(value: bytes | memoryview, *, purpose: str) -> str:
    """Open one field value. Refuses (503) when its key is not there or the value was changed."""
    return decrypt_bytes(value, purpose=purpose).decode()


def encrypt_bytes(plain: bytes, *, purpose: str) -> bytes:
    """Encrypt bytes under the newest field key (file keys are wrapped with this)."""
    head = current_head()
    nonce = os.urandom(NONCE_BYTES)
    return head + nonce + _cipher(head, purpose, make=True).encrypt(nonce, plain, head + purpose.encode())


def decrypt_bytes(value: bytes | memoryview, *, purpose: str) -> bytes:
    """Open bytes made by :func:`encrypt_bytes` for the same purpose."""
    value = bytes(value)  # the database driver may return a memoryview
    if len(value) < _HEAD + NONCE_BYTES + TAG_BYTES or value[0] not in (_AES, _SM4):
        raise Unavailable("这项内容的密文已损坏，请联系系统管理员从备份恢复。", code="ciphertext_damaged")
    head, nonce, sealed = value[:_HEAD], value[_HEAD : _HEAD + NONCE_BYTES], value[_HEAD + NONCE_BYTES :]
    try:
        return _cipher(head, purpose, make=False).decrypt(nonce, sealed, head + purpose.encode())
    except InvalidTag as error:
        raise Unavailable(
            "这项内容无法用现有密钥打开，请联系系统管理员核对密钥与备份。", code="ciphertext_damaged"
        ) from error


def current_head() -> bytes:
    """The first bytes of every value encrypted from now on: algorithm and key id. A value with others is
    due for re-encryption."""
    return bytes([_SM4 if sm_crypto.in_use() else _AES]) + key_files.newest(_FIELD).to_bytes(2, "big")


def forget() -> None:
    """Forget every key that was read: the next use reads its file again."""
    _CIPHERS.clear()
    key_files.forget()


def resealed(value: bytes | memoryview, *, purpose: str, new_purpose: str) -> bytes:
    """The same value under another purpose, for a column that moves. Nobody reads it on the way."""
    return encrypt_bytes(decrypt_bytes(value, purpose=purpose), purpose=new_purpose)


def blind_index(text: str, *, purpose: str) -> bytes:
    """32 bytes that are equal exactly when ``text`` and ``purpose`` are; callers normalise first."""
    return _hmac(key_files.read(_INDEX, 1, make=True), text, purpose)


def keyed(text: str, *, purpose: str) -> tuple[int, bytes]:
    """The newest log secret's number and the 32 bytes it makes of a text: see :func:`keyed_with`."""
    key_id = newest_log_secret()
    return key_id, keyed_with(key_id, text, purpose=purpose)


def keyed_with(key_id: int, text: str, *, purpose: str) -> bytes:
    """HMAC-SHA-256 of a text under one generation of the log secret, 32 bytes.

    Pseudonyms and salts of the public log are made with it. An old generation is never deleted, since every
    leaf names the one it was made with. Refuses (503) when that key is not there.
    """
    return _hmac(key_files.read(_PSEUDONYM, key_id, make=key_id == 1), text, purpose)


def keyed_by(key_id: int, *, purpose: str) -> Callable[[str], bytes]:
    """:func:`keyed_with` for many texts: the key's part of the work is done once."""
    block = key_files.read(_PSEUDONYM, key_id, make=key_id == 1).ljust(64, b"\0")
    inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in block) + _purpose_head(purpose)).copy
    outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in block)).copy

    def made(text: str) -> bytes:
        first, second = inner(), outer()
        first.update(text.encode())
        second.update(first.digest())
        return second.digest()

    return made


def newest_log_secret() -> int:
    """The number of the log secret in use; ask once for a batch, then use :func:`keyed_with`."""
    return key_files.newest(_PSEUDONYM)


def new_salt() -> bytes:
    """A fresh random salt for :func:`commitment`."""
    return secrets.token_bytes(SALT_BYTES)


def commitment(values: Mapping[str, object], salt: bytes) -> bytes:
    """SHA-256 that binds to ``values`` and, with its secret 32-byte salt, reveals nothing about them.

    Values are text, whole numbers, booleans, null, lists and objects of these; anything else is a mistake
    of the programmer (``TypeError``), since another program could not compute the same bytes.
    """
    if len(salt) != SALT_BYTES:
        raise ValueError(f"the salt of a commitment has {SALT_BYTES} bytes")
    return hashlib.sha256(b"liuquan.commitment.v1\0" + salt + canonical_json(values)).digest()


def canonical_json(values: Mapping[str, object]) -> bytes:
    """UTF-8 JSON with sorted keys and no spaces: the same values give the same bytes everywhere."""
    refuse_ambiguous(values)
    return json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def refuse_ambiguous(value: object) -> None:
    """Refuse (``TypeError``) a value for which another program could not compute the same bytes: anything but
    text, whole numbers, booleans, null, lists and objects of these."""
    if type(value) in _PLAIN:
        return
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if not isinstance(key, str):
                raise TypeError(f"a committed key must be text, not {type(key).__name__}")
            refuse_ambiguous(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            refuse_ambiguous(inner)
    elif not isinstance(value, str | int):
        raise TypeError(f"a committed value cannot be {type(value).__name__}")


def rotate_field_key() -> int:
    """Make a new field key and return its number; older keys stay for reading.

    Every running process encrypts with the new key from its next value on.
    """
    if key_files.next_of(_FIELD) == 1:
        key_files.read(_FIELD, 1, make=True)
    return key_files.add(_FIELD)


def rotate_log_secret() -> int:
    """Make a new log secret and return its number. Pseudonyms in later leaves differ."""
    if key_files.next_of(_PSEUDONYM) == 1:
        key_files.read(_PSEUDONYM, 1, make=True)
    return key_files.add(_PSEUDONYM)


def _hmac(key: bytes, text: str, purpose: str) -> bytes:
    return hmac.digest(key, _purpose_head(purpose) + text.encode(), "sha256")


def _purpose_head(purpose: str) -> bytes:
    return len(purpose).to_bytes(2, "big") + purpose.encode() + b"\0"


def _cipher(head: bytes, purpose: str, *, make: bool) -> Locked:
    """The cipher of one purpose. Its key is derived from the field key, so that one column's use never wears
    out another's; deriving it again for each value would cost more than encrypting."""
    place = (os.environ.get(VARIABLE, ""), purpose, head)
    known = _CIPHERS.get(place)
    if known is None:
        key_id = int.from_bytes(head[1:], "big")
        master = key_files.read(_FIELD, key_id, make=make and key_id == 1)
        hash, length = (SM3(), SM4_KEY_BYTES) if head[0] == _SM4 else (SHA256(), AES_KEY_BYTES)
        key = HKDF(hash, length, salt=None, info=b"liuquan.field\0" + purpose.encode()).derive(master)
        known = _CIPHERS[place] = cipher(key)
    return known
