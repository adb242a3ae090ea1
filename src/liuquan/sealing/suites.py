"""Which algorithms seal: X25519 with AES-256-GCM and SHA-256, or SM2 with SM4-GCM and SM3 (国密).

A suite encloses a fresh key to an officer's public key, derives keys, encrypts with authentication, hashes.
SM2 comes from the optional package `gmssl-pyx`; everything else from `cryptography`. The key of a cipher is
used once, so its nonce is derived with it.
"""

from __future__ import annotations

import importlib
import secrets
from dataclasses import dataclass, field
from types import ModuleType
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers import Cipher, CipherAlgorithm
from cryptography.hazmat.primitives.ciphers.algorithms import AES, SM4
from cryptography.hazmat.primitives.ciphers.modes import GCM
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from liuquan.sealing.refusals import SealingRefused

SECRET_BYTES = 32
NONCE_BYTES = 12
TAG_BYTES = 16
DIGEST_BYTES = 32


@dataclass(frozen=True)
class KeyPair:
    """An officer's keys in one suite, as raw bytes. The private one stays with the officer."""

    suite: str
    public: bytes
    private: bytes = field(repr=False)


class Enclosing(Protocol):
    """How a suite brings a fresh secret to the holder of a public key."""

    public_bytes: int

    def generate(self) -> tuple[bytes, bytes]: ...

    def enclose(self, public: bytes) -> tuple[bytes, bytes]: ...

    def disclose(self, public: bytes, private: bytes, enclosed: bytes) -> bytes: ...


@dataclass(frozen=True)
class Suite:
    """One set of algorithms. `code` stands in the envelope."""

    name: str
    code: int
    key_bytes: int
    hash: hashes.HashAlgorithm = field(repr=False, compare=False)
    cipher: type[CipherAlgorithm] = field(repr=False, compare=False)
    enclosing: Enclosing = field(repr=False, compare=False)

    def digest(self, what: str, *parts: bytes) -> bytes:
        """Hash under a word that says of what; parts have fixed lengths or only the last has not."""
        state = hashes.Hash(self.hash)
        for part in (f"liuquan.sealing.{what}.v1\0".encode(), *parts):
            state.update(part)
        return state.finalize()

    def derive(self, secret: bytes, what: str, *, salt: bytes, length: int, about: bytes = b"") -> bytes:
        """HKDF with the suite's hash."""
        info = f"liuquan.sealing.{what}.v1\0".encode() + about
        return HKDF(self.hash, length, salt, info).derive(secret)

    def mac(self, key: bytes, data: bytes) -> bytes:
        """HMAC with the suite's hash."""
        state = HMAC(key, self.hash)
        state.update(data)
        return state.finalize()

    def lock(self, key: bytes, content: bytes, about: bytes) -> bytes:
        """Encrypt under a key used once (cipher key and nonce in one); the tag stands last."""
        state = self._gcm(key, None).encryptor()
        state.authenticate_additional_data(about)
        return state.update(content) + state.finalize() + state.tag

    def unlock(self, key: bytes, locked: bytes, about: bytes) -> bytes | None:
        """The content, or None if a bit of it, of the key or of what it is about is another."""
        if len(locked) < TAG_BYTES:
            return None
        state = self._gcm(key, locked[-TAG_BYTES:]).decryptor()
        state.authenticate_additional_data(about)
        try:
            return state.update(locked[:-TAG_BYTES]) + state.finalize()
        except InvalidTag:
            return None

    @property
    def lock_bytes(self) -> int:
        """Length of a key for `lock`: cipher key and nonce."""
        return self.key_bytes + NONCE_BYTES

    def _gcm(self, key: bytes, tag: bytes | None) -> Cipher[GCM]:
        return Cipher(self.cipher(key[: self.key_bytes]), GCM(key[self.key_bytes :], tag))  # type: ignore[call-arg]


class _X25519:
    public_bytes = 32

    def generate(self) -> tuple[bytes, bytes]:
        private = X25519PrivateKey.generate()
        return private.public_key().public_bytes_raw(), private.private_bytes_raw()

    def enclose(self, public: bytes) -> tuple[bytes, bytes]:
        private = X25519PrivateKey.generate()
        secret = private.exchange(X25519PublicKey.from_public_bytes(public))  # refuses keys of small order
        return secret, private.public_key().public_bytes_raw()

    def disclose(self, public: bytes, private: bytes, enclosed: bytes) -> bytes:
        return X25519PrivateKey.from_private_bytes(private).exchange(
            X25519PublicKey.from_public_bytes(enclosed)
        )


class _Sm2:
    public_bytes = 64

    def generate(self) -> tuple[bytes, bytes]:
        public, private = _gmssl().sm2_key_generate()
        return bytes(public), bytes(private)

    def enclose(self, public: bytes) -> tuple[bytes, bytes]:
        secret = secrets.token_bytes(SECRET_BYTES)
        return secret, bytes(_gmssl().sm2_encrypt(public, secret))

    def disclose(self, public: bytes, private: bytes, enclosed: bytes) -> bytes:
        gmssl = _gmssl()
        try:
            found = bytes(gmssl.sm2_decrypt(private, enclosed))
        except gmssl.GmsslInnerError as error:
            raise ValueError("no SM2 ciphertext for this key") from error
        if len(found) != SECRET_BYTES:
            raise ValueError("an enclosed secret has 32 bytes")
        return found


X25519 = Suite("x25519", 1, 32, hashes.SHA256(), AES, _X25519())
SM2 = Suite("sm2", 2, 16, hashes.SM3(), SM4, _Sm2())
SUITES = {suite.code: suite for suite in (X25519, SM2)}


def new_keys(suite: Suite) -> KeyPair:
    """A new pair of keys for an officer. Refused: SM2 without its package."""
    public, private = suite.enclosing.generate()
    return KeyPair(suite.name, public, private)


def _gmssl() -> ModuleType:
    try:
        return importlib.import_module("gmssl_pyx")
    except ImportError as error:
        raise SealingRefused(
            "suite", "本机没有安装国密组件（gmssl-pyx），不能使用 SM2：请安装后再试。"
        ) from error
