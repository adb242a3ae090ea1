"""Field encryption, blind index and commitments: how personal data rest in the database.

* ``encrypt`` / ``decrypt``: AES-256-GCM. The value names its key, so keys can be changed while old values
  stay readable. ``purpose`` (for example ``"party.name"``) is bound in: a value copied into another column
  does not open there. ``decrypt`` is called from ``actions.py`` files only, after a journal entry.
* ``blind_index``: HMAC-SHA-256, to find an equal value without opening any. It has one key for ever: a new
  one would mean computing every index again.
* ``commitment``: SHA-256 over a salt and canonical JSON; what the public journal holds instead of the values.

Keys are files of mode 0600 under the home's ``keys`` folder, made on first use, never in the database.
Losing that folder loses the data: it is backed up apart from the database.

Cites: 个人信息保护法 第五十一条
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import secrets
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from liuquan.kernel.home import VARIABLE, current_home
from liuquan.kernel.refusals import Unavailable

SALT_BYTES: Final = 32
_VERSION: Final = 1
_HEAD: Final = 3  # version (1) + key id (2)
_NONCE: Final = 12
_KEY_BYTES: Final = 32
_INDEX_KEY: Final = "index-00001"

_LOCK = threading.Lock()
_CACHE: dict[Path, bytes] = {}
_CIPHERS: dict[tuple[Path, str], AESGCM] = {}
_FOLDERS: dict[str, Path] = {}
_NEWEST: dict[Path, int] = {}


def encrypt(text: str, *, purpose: str) -> bytes:
    """Encrypt one field value; the result holds version, key id, nonce, ciphertext and tag."""
    return encrypt_bytes(text.encode(), purpose=purpose)


def decrypt(value: bytes | memoryview, *, purpose: str) -> str:
    """Open one field value. Refuses (503) when its key is not there or the value was changed."""
    return decrypt_bytes(value, purpose=purpose).decode()


def encrypt_bytes(plain: bytes, *, purpose: str) -> bytes:
    """Encrypt bytes under the newest field key (file keys are wrapped with this)."""
    key_id = _newest_key_id()
    head = bytes([_VERSION]) + key_id.to_bytes(2, "big")
    nonce = os.urandom(_NONCE)
    cipher = _cipher(key_id, purpose, make=key_id == 1)
    return head + nonce + cipher.encrypt(nonce, plain, head + purpose.encode())


def decrypt_bytes(value: bytes | memoryview, *, purpose: str) -> bytes:
    """Open bytes made by :func:`encrypt_bytes` for the same purpose."""
    value = bytes(value)  # the database driver may hand over a memoryview
    if len(value) < _HEAD + _NONCE + 16 or value[0] != _VERSION:
        raise Unavailable("这项内容的密文已损坏，请联系系统管理员从备份恢复。", code="ciphertext_damaged")
    head, nonce, sealed = value[:_HEAD], value[_HEAD : _HEAD + _NONCE], value[_HEAD + _NONCE :]
    cipher = _cipher(int.from_bytes(head[1:], "big"), purpose, make=False)
    try:
        return cipher.decrypt(nonce, sealed, head + purpose.encode())
    except InvalidTag as error:
        raise Unavailable(
            "这项内容无法用现有密钥打开，请联系系统管理员核对密钥与备份。", code="ciphertext_damaged"
        ) from error


def key_id_of(value: bytes | memoryview) -> int:
    """The id of the key a value was encrypted with, so that old values can be found and renewed."""
    return int.from_bytes(bytes(value)[1:_HEAD], "big")


def blind_index(text: str, *, purpose: str) -> bytes:
    """32 bytes that are equal exactly when ``text`` and ``purpose`` are; callers normalise first."""
    key = _read_key(_keys() / f"{_INDEX_KEY}.key", make=True)
    return hmac.digest(
        key, len(purpose).to_bytes(2, "big") + purpose.encode() + b"\0" + text.encode(), "sha256"
    )


def new_salt() -> bytes:
    """A fresh random salt for :func:`commitment`."""
    return secrets.token_bytes(SALT_BYTES)


def commitment(values: Mapping[str, object], salt: bytes) -> bytes:
    """SHA-256 that binds to ``values`` and, with its secret 32-byte salt, tells nothing about them.

    Values are text, whole numbers, booleans, null, lists and objects of these; anything else is a mistake
    of the programmer (``TypeError``), since another program could not compute the same bytes.
    """
    if len(salt) != SALT_BYTES:
        raise ValueError(f"the salt of a commitment has {SALT_BYTES} bytes")
    return hashlib.sha256(b"liuquan.commitment.v1\0" + salt + canonical_json(values)).digest()


def canonical_json(values: Mapping[str, object]) -> bytes:
    """UTF-8 JSON with sorted keys and no spaces: the same values give the same bytes everywhere."""
    _refuse_ambiguous(values)
    return json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def rotate_field_key() -> int:
    """Make a new field key and encrypt with it from now on; older keys stay for reading. Returns its id.

    Other running processes go on with the key they know until they are restarted; they read both.
    """
    folder = _keys()
    with _LOCK:
        newest = max(_field_key_ids(folder), default=0) + 1
        _make_key(_field_key_path(folder, newest))
        _NEWEST[folder] = newest
    return newest


def _refuse_ambiguous(value: object) -> None:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if not isinstance(key, str):
                raise TypeError(f"a committed key must be text, not {type(key).__name__}")
            _refuse_ambiguous(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            _refuse_ambiguous(inner)
    elif value is not None and not isinstance(value, str | int):
        raise TypeError(f"a committed value cannot be {type(value).__name__}")


def _keys() -> Path:
    named = os.environ.get(VARIABLE, "")
    folder = _FOLDERS.get(named)
    if folder is None:
        folder = _FOLDERS[named] = current_home().keys
    return folder


def _field_key_path(folder: Path, key_id: int) -> Path:
    return folder / f"field-{key_id:05d}.key"


def _field_key_ids(folder: Path) -> list[int]:
    return [int(path.stem.removeprefix("field-")) for path in folder.glob("field-?????.key")]


def _newest_key_id() -> int:
    folder = _keys()
    known = _NEWEST.get(folder)
    if known is not None:
        return known
    with _LOCK:
        newest = max(_field_key_ids(folder), default=0) or 1
        _NEWEST[folder] = newest
    return newest


def _cipher(key_id: int, purpose: str, *, make: bool) -> AESGCM:
    """The cipher of one purpose. Its key is derived from the field key, so that one column's use never wears
    out another's; deriving it anew for each value would cost more than encrypting."""
    path = _field_key_path(_keys(), key_id)
    known = _CIPHERS.get((path, purpose))
    if known is None:
        master = _read_key(path, make=make)
        key = HKDF(SHA256(), _KEY_BYTES, salt=None, info=b"liuquan.field\0" + purpose.encode()).derive(master)
        known = _CIPHERS[path, purpose] = AESGCM(key)
    return known


def _read_key(path: Path, *, make: bool) -> bytes:
    known = _CACHE.get(path)
    if known is not None:
        return known
    if make and not path.exists():
        _make_key(path)
    try:
        if path.stat().st_mode & 0o077:
            raise Unavailable(
                f"密钥文件 {path.name} 的权限过宽，请系统管理员改为仅服务账户可读（0600）后重试。",
                code="key_readable_by_others",
            )
        key = base64.b16decode(path.read_text(encoding="ascii").strip(), casefold=True)
    except FileNotFoundError as error:
        raise Unavailable(
            f"缺少密钥文件 {path.name}，请系统管理员从密钥备份恢复后重试。", code="key_missing"
        ) from error
    except (ValueError, UnicodeDecodeError) as error:
        raise Unavailable(
            f"密钥文件 {path.name} 已损坏，请系统管理员从密钥备份恢复。", code="key_damaged"
        ) from error
    if len(key) != _KEY_BYTES:
        raise Unavailable(f"密钥文件 {path.name} 已损坏，请系统管理员从密钥备份恢复。", code="key_damaged")
    _CACHE[path] = key
    return key


def _make_key(path: Path) -> None:
    """Write a new key so that of several racing processes one wins and all read the same whole file."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, draft = tempfile.mkstemp(prefix=".new-", dir=path.parent)  # mkstemp makes it 0600
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(_KEY_BYTES) + "\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)  # fails when another process was first: then its key is the key
        except FileExistsError:
            return
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    finally:
        os.unlink(draft)
