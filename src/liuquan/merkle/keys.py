"""Keys that sign checkpoints: ed25519 as C2SP says, timestamped cosignatures, and SM2 as our own profile.

A key is written `name+id+base64`, as other transparency tools write it, and is named in a signature by its
name and four bytes of a hash over name, algorithm and key. SM2 has no byte in that standard: our two kinds
use its escape byte 0xFF with a longer name, so that no other program can take them for something else.

Standards: https://c2sp.org/signed-note, https://c2sp.org/tlog-cosignature, GB/T 32918.2
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from liuquan.merkle import sm2
from liuquan.merkle.base64 import decode, encode
from liuquan.merkle.errors import RecordError

_SEED_BYTES: Final = 32
_TIME_BYTES: Final = 8
_LAST_SECOND: Final = 253402300799  # 9999-12-31: the last that a date can say


class Algorithm(Enum):
    """The bytes that name an algorithm in a key."""

    ED25519 = b"\x01"
    COSIGNATURE = b"\x04"
    SM2 = b"\xffliuquan/sm2-sm3/v1\n"
    SM2_COSIGNATURE = b"\xffliuquan/cosignature-sm2-sm3/v1\n"

    @property
    def timestamped(self) -> bool:
        """Whether it is a witness's: the signature says when."""
        return self in (Algorithm.COSIGNATURE, Algorithm.SM2_COSIGNATURE)

    @property
    def national(self) -> bool:
        return self in (Algorithm.SM2, Algorithm.SM2_COSIGNATURE)


@dataclass(frozen=True)
class VerifierKey:
    """A public key with its owner's name."""

    name: str
    algorithm: Algorithm
    public: bytes

    def __post_init__(self) -> None:
        refuse_bad_name(self.name)
        fits = sm2.is_public_key(self.public) if self.algorithm.national else len(self.public) == 32
        if not fits:
            raise RecordError("format", "公钥的内容与算法不符，请向签发机关重新取得公钥。")

    @property
    def key_id(self) -> bytes:
        """Four bytes that, with the name, say which key signed."""
        return key_id(self.name, self.algorithm.value + self.public)

    @property
    def text(self) -> str:
        """The key as text, as it is published."""
        return f"{self.name}+{self.key_id.hex()}+{encode(self.algorithm.value + self.public)}"

    def verifies(self, text: str, signature: bytes) -> bool:
        """Whether the signature (without the key id) is this key's for the note's text."""
        message = text.encode()
        if self.algorithm.timestamped:
            if self.signed_at(signature) is None:
                return False
            message = cosigned_message(text, int.from_bytes(signature[:_TIME_BYTES], "big"))
            signature = signature[_TIME_BYTES:]
        if self.algorithm.national:
            return sm2.verify(self.public, message, signature)
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except InvalidSignature:
            return False
        return True

    def signed_at(self, signature: bytes) -> datetime | None:
        """The moment a timestamped signature claims (UTC); None when it claims none."""
        if not self.algorithm.timestamped or len(signature) <= _TIME_BYTES:
            return None
        seconds = int.from_bytes(signature[:_TIME_BYTES], "big")
        return datetime.fromtimestamp(seconds, UTC) if seconds <= _LAST_SECOND else None


def parse_key(text: str) -> VerifierKey:
    """Read `name+id+base64`. Refuses a wrong id: the line was mistyped, or somebody changed it."""
    parts = text.strip().split("+", 2)
    if len(parts) != 3:
        raise RecordError("format", "公钥应写作“名称+编号+内容”三段，请完整复制。")
    name, shown_id, content = parts
    raw = decode(content, "公钥")
    for algorithm in Algorithm:
        if raw.startswith(algorithm.value):
            key = VerifierKey(name, algorithm, raw[len(algorithm.value) :])
            break
    else:
        raise RecordError("format", "公钥使用了本程序不认识的签名算法，请使用新版核验程序。")
    if key.key_id.hex() != shown_id:
        raise RecordError("format", "公钥的编号与内容不符，可能抄写有误，请重新取得公钥。")
    return key


@dataclass(frozen=True)
class Signer:
    """A key with the means to sign: `raw` signs bytes, in this process, a library or a device.

    For SM2 `raw` returns r and s, 32 bytes each, over `sm2.digest_to_sign`'s construction.
    """

    key: VerifierKey
    raw: Callable[[bytes], bytes]

    def sign(self, text: str, *, at: datetime | None = None) -> bytes:
        """The signature of a note's text. A witness's needs the moment; a log's takes none."""
        if not self.key.algorithm.timestamped:
            if at is not None:
                raise ValueError("a log's signature carries no moment")
            return self.raw(text.encode())
        if at is None or at.tzinfo is None:
            raise ValueError("a cosignature carries an aware moment")
        seconds = int(at.timestamp())
        return seconds.to_bytes(_TIME_BYTES, "big") + self.raw(cosigned_message(text, seconds))


def ed25519_signer(name: str, seed: bytes, *, witness: bool = False) -> Signer:
    """A signer from a 32-byte secret. A log and a witness must not share a secret."""
    if len(seed) != _SEED_BYTES:
        raise RecordError("format", "签名私钥应为 32 字节，请由密钥备份恢复。")
    private = Ed25519PrivateKey.from_private_bytes(seed)
    algorithm = Algorithm.COSIGNATURE if witness else Algorithm.ED25519
    return Signer(VerifierKey(name, algorithm, private.public_key().public_bytes_raw()), private.sign)


def cosigned_message(text: str, seconds: int) -> bytes:
    """What a witness signs: a fixed head, the moment, and the whole text of the checkpoint."""
    return f"cosignature/v1\ntime {seconds}\n{text}".encode()


def key_id(name: str, key: bytes) -> bytes:
    """SHA-256 over name, newline and key with its algorithm, cut to four bytes; for SM2 too."""
    return hashlib.sha256(name.encode() + b"\n" + key).digest()[:4]


def refuse_bad_name(name: str) -> None:
    """A key's name is not empty and has no space, control character or plus."""
    if not name or "+" in name or any(c.isspace() or c < " " or "\ud800" <= c <= "\udfff" for c in name):
        raise RecordError("format", "密钥名称不能为空，也不能含空格或加号，请核对。")
