"""Files that must stay secret and can be erased for good.

Each file has its own key (AES-256, or SM4 in the 国密 profile), which is in the database, wrapped by a field
key; the content is stored encrypted under the home's ``files`` folder. Its address is an HMAC of the content
within its scope (a case), so equal papers of two people cannot be matched. Erasing destroys the key: what is
left anywhere, old database pages included, is unreadable once those pages are vacuumed and old backups have
run out.

Who may open what is decided by the caller, who enters the opening in the journal first.

Cites: 个人信息保护法 第四十七条
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from django.db import IntegrityError, transaction

from liuquan.kernel import secrecy, sm_crypto
from liuquan.kernel.ciphers import AES_KEY_BYTES, NONCE_BYTES, SM4_KEY_BYTES, TAG_BYTES, cipher
from liuquan.kernel.home import current_home
from liuquan.kernel.models import StoredFile
from liuquan.kernel.refusals import BadInput, NotVisible, Unavailable

_KEY: Final = "stored_file.key"
_NAME: Final = "stored_file.name"


@dataclass(frozen=True)
class FileFacts:
    """What may be shown of a file without opening it; ``size`` in bytes."""

    number: UUID
    scope: str
    media_type: str
    size: int
    stored_at: datetime
    erased_at: datetime | None


def store(*, scope: str, name: str, content: bytes, media_type: str, now: datetime) -> StoredFile:
    """Keep a file for a scope; the same content stored twice in one scope is one file under its first name.

    Callers pass what ``uploads.inspect`` accepted, or a paper they rendered. Refuses (422) an empty file.
    The bytes are on disk before the row is: a crash between leaves bytes without a key, which are nothing.
    """
    if not content:
        raise BadInput("文件是空的，请重新选择文件。", code="empty_file")
    address = _address(scope, content)
    known = StoredFile.objects.filter(scope=scope, address=address).first()
    if known is not None:
        return known
    key = secrets.token_bytes(SM4_KEY_BYTES if sm_crypto.in_use() else AES_KEY_BYTES)
    location = f"{address.hex()[:2]}/{address.hex()}.{secrets.token_hex(4)}"
    _write(current_home().files / location, _seal(key, content, scope=scope, address=address))
    try:
        with transaction.atomic():
            return StoredFile.objects.create(
                scope=scope,
                address=address,
                location=location,
                wrapped_key=secrecy.encrypt_bytes(key, purpose=_KEY),
                sealed_name=secrecy.encrypt(name, purpose=_NAME),
                media_type=media_type,
                size=len(content),
                stored_at=now,
            )
    except IntegrityError:
        _remove(current_home().files / location)
        winner = StoredFile.objects.filter(scope=scope, address=address).first()
        if winner is None:
            raise
        return winner


def open_file(number: UUID) -> bytes:
    """The content. Callers have entered the opening in the journal before.

    Refuses: unknown or erased (404), bytes missing or changed (503).
    """
    file = _row(number)
    location, wrapped, address = file.location, file.wrapped_key, file.address
    if file.erased_at is not None or wrapped is None or address is None:
        raise NotVisible("这份文件已经依法清除，不能再打开；需要时请向当事人重新取得。", code="erased")
    key = secrecy.decrypt_bytes(wrapped, purpose=_KEY)
    try:
        sealed = (current_home().files / location).read_bytes()
        return _unseal(key, sealed, scope=file.scope, address=bytes(address))
    except FileNotFoundError as error:
        raise Unavailable("文件的存储内容缺失，请联系系统管理员从备份恢复。", code="file_missing") from error
    except InvalidTag as error:
        raise Unavailable(
            "文件的存储内容被改动过，请联系系统管理员从备份恢复。", code="file_damaged"
        ) from error


def name_of(number: UUID) -> str:
    """The name the sender gave the file: it may hold personal data, so it is opened like the content."""
    file = _row(number)
    if file.sealed_name is None:
        raise NotVisible("这份文件已经依法清除，不能再打开；需要时请向当事人重新取得。", code="erased")
    return secrecy.decrypt(file.sealed_name, purpose=_NAME)


def facts_of(number: UUID) -> FileFacts:
    """Size, type and moments of a file, erased or not. Refuses an unknown number (404)."""
    file = _row(number)
    return FileFacts(file.number, file.scope, file.media_type, file.size, file.stored_at, file.erased_at)


def erased(numbers: Iterable[str]) -> frozenset[str]:
    """Which of these files were erased; asks nothing of no files."""
    wanted = list(numbers)
    if not wanted:
        return frozenset()
    gone = StoredFile.objects.filter(number__in=wanted, erased_at__isnull=False)
    return frozenset(str(number) for number in gone.values_list("number", flat=True))


def erase(number: UUID, *, now: datetime) -> StoredFile:
    """Destroy the file's key, address and name; the encrypted bytes go once the transaction is committed.

    Erasing what is erased changes nothing. Refuses an unknown number (404).
    """
    with transaction.atomic():
        file = StoredFile.objects.select_for_update().filter(number=number).first()
        if file is None:
            raise _unknown()
        if file.erased_at is not None:
            return file
        path = current_home().files / file.location
        file.address = file.wrapped_key = file.sealed_name = None
        file.location = ""
        file.erased_at = now
        file.save(update_fields=["address", "wrapped_key", "sealed_name", "location", "erased_at"])
        transaction.on_commit(lambda: _remove(path))
    return file


def _row(number: UUID) -> StoredFile:
    file = StoredFile.objects.filter(number=number).first()
    if file is None:
        raise _unknown()
    return file


def _unknown() -> NotVisible:
    return NotVisible("没有找到这份文件，请核对链接，或者从原来的页面重新打开。")


def _address(scope: str, content: bytes) -> bytes:
    return secrecy.blind_index(hashlib.sha256(content).hexdigest(), purpose=f"stored_file.address:{scope}")


def _seal(key: bytes, content: bytes, *, scope: str, address: bytes) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return nonce + cipher(key).encrypt(nonce, content, scope.encode() + address)


def _unseal(key: bytes, sealed: bytes, *, scope: str, address: bytes) -> bytes:
    if len(sealed) < NONCE_BYTES + TAG_BYTES:
        raise InvalidTag
    return cipher(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], scope.encode() + address)


def _write(path: Path, sealed: bytes) -> None:
    path.parent.mkdir(mode=0o700, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(sealed)
        file.flush()
        os.fsync(file.fileno())
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _remove(path: Path) -> None:
    path.unlink(missing_ok=True)
