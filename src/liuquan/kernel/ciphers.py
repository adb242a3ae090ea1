"""Encryption with authentication, under AES-256 or, in the 国密 profile, SM4: both in GCM, one face.

The length of a key says which: 32 bytes are AES-256, 16 are SM4. AES-128 is never used.

Standards: NIST SP 800-38D (GCM), GB/T 32907 (SM4), RFC 8998 (SM4-GCM)
"""

from __future__ import annotations

from typing import Final, Protocol

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from cryptography.hazmat.primitives.ciphers.modes import GCM

NONCE_BYTES: Final = 12
TAG_BYTES: Final = 16
AES_KEY_BYTES: Final = 32
SM4_KEY_BYTES: Final = 16


class Locked(Protocol):
    """A cipher with its key. `decrypt` raises `InvalidTag` for what was changed or is another's."""

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes, /) -> bytes: ...
    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes, /) -> bytes: ...


class Sm4Gcm:
    """SM4-GCM with the interface of the library's `AESGCM`: the tag comes last."""

    def __init__(self, key: bytes) -> None:
        if len(key) != SM4_KEY_BYTES:
            raise ValueError(f"a key of SM4 has {SM4_KEY_BYTES} bytes")
        self._algorithm = SM4(key)

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes, /) -> bytes:
        state = Cipher(self._algorithm, GCM(nonce)).encryptor()
        state.authenticate_additional_data(associated_data)
        return state.update(data) + state.finalize() + state.tag

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes, /) -> bytes:
        state = Cipher(self._algorithm, GCM(nonce, data[-TAG_BYTES:])).decryptor()
        state.authenticate_additional_data(associated_data)
        return state.update(data[:-TAG_BYTES]) + state.finalize()


def cipher(key: bytes) -> Locked:
    """The cipher that a key of this length is for."""
    return Sm4Gcm(key) if len(key) == SM4_KEY_BYTES else AESGCM(key)
