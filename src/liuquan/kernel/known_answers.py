"""Known answers of every algorithm in use, from the standards that define them: does this machine compute
them right? Run after an installation, an upgrade of a library, a move to another machine.

Vectors: GB/T 32905 A.1 (SM3), GB/T 32907 A.1 (SM4), RFC 8998 A.1 (SM4-GCM), GB/T 32918.5 A.2 and A.3 (SM2),
McGrew and Viega's GCM test case 16 (AES-256-GCM), RFC 8032 §7.1 test 2 (ed25519), RFC 7748 §5.2 (X25519), RFC
4231 test 2 (HMAC-SHA-256), RFC 5869 test 1 (HKDF), FIPS 180-4 (SHA-256).
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from liuquan.kernel import ciphers, sm2_signing, sm_crypto
from liuquan.merkle import SM3, Algorithm, VerifierKey

_ABC: Final = b"abc"
_SM2_PUBLIC: Final = bytes.fromhex(
    "09f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
    "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13"
)
_SM2_PRIVATE: Final = bytes.fromhex("3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8")
_SM2_MESSAGE: Final = "message digest"
_SM2_SIGNATURE: Final = bytes.fromhex(
    "f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3"
    "b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa"
)
_SM2_CIPHERTEXT: Final = bytes.fromhex(  # ASN.1 of C1 (x, y), C3, C2
    "307c022004ebfc718e8d1798620432268e77feb6415e2ede0e073c0f4f640ecd2e149a73"
    "022100e858f9d81e5430a57b36daab8f950a3c64e6ee6a63094d99283aff767e124df0"
    "042059983c18f809e262923c53aec295d30383b54e39d609d160afcb1908d0bd8766"
    "041321886ca989ca9c7d58087307ca93092d651efa"
)
_GCM_ABOUT: Final = bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
_AES: Final = (
    "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308",
    "cafebabefacedbaddecaf888",
    "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
    "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
    "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
    "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
    "76fc6ece0f4e1768cddf8853bb2d551b",
)
_SM4_GCM: Final = (
    "0123456789abcdeffedcba9876543210",
    "00001234567800000000abcd",
    "a" * 16 + "b" * 16 + "c" * 16 + "d" * 16 + "e" * 16 + "f" * 16 + "e" * 16 + "a" * 16,
    "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
    "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d"
    "83de3541e4c2b58177e065a9bf7b62ec",
)


@dataclass(frozen=True)
class Outcome:
    """One algorithm: right, wrong, or (optional and not installed) not tried."""

    algorithm: str
    use: str
    right: bool | None
    source: str


def check_algorithms() -> list[Outcome]:
    """Compute every known answer. What raises is as wrong as what differs."""
    return [_outcome(*each) for each in _CHECKS]


def _outcome(
    algorithm: str, use: str, source: str, check: Callable[[], bool], national_only: bool
) -> Outcome:
    if national_only and not sm_crypto.installed():
        return Outcome(algorithm, use, False if sm_crypto.in_use() else None, source)
    try:
        right = check()
    except Exception:  # whatever a broken library does, the answer is "wrong"
        right = False
    return Outcome(algorithm, use, right, source)


def _gcm(vector: tuple[str, str, str, str]) -> bool:
    key, nonce, plain, sealed = (bytes.fromhex(part) for part in vector)
    cipher = ciphers.cipher(key)
    if cipher.encrypt(nonce, plain, _GCM_ABOUT) != sealed:
        return False
    changed = sealed[:-1] + bytes([sealed[-1] ^ 1])
    try:
        cipher.decrypt(nonce, changed, _GCM_ABOUT)
    except InvalidTag:
        return cipher.decrypt(nonce, sealed, _GCM_ABOUT) == plain
    return False


def _sha256() -> bool:
    return hashlib.sha256(_ABC).hexdigest() == (
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    )


def _hmac() -> bool:
    made = hmac.digest(b"Jefe", b"what do ya want for nothing?", "sha256")
    return made.hex() == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"


def _hkdf() -> bool:
    info = bytes.fromhex("f0f1f2f3f4f5f6f7f8f9")
    made = HKDF(SHA256(), 42, bytes(range(13)), info).derive(b"\x0b" * 22)
    return made.hex() == (
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"
    )


def _ed25519() -> bool:
    seed = bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
    expected = bytes.fromhex(
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
    )
    private = Ed25519PrivateKey.from_private_bytes(seed)
    if private.sign(b"\x72") != expected:
        return False
    public = Ed25519PublicKey.from_public_bytes(private.public_key().public_bytes_raw())
    public.verify(expected, b"\x72")
    try:
        public.verify(expected, b"\x73")
    except InvalidSignature:
        return True
    return False


def _x25519() -> bool:
    private = X25519PrivateKey.from_private_bytes(
        bytes.fromhex("a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4")
    )
    public = X25519PublicKey.from_public_bytes(
        bytes.fromhex("e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c")
    )
    return private.exchange(public).hex() == (
        "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552"
    )


def _sm3() -> bool:
    return SM3.digest(_ABC).hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


def _sm4() -> bool:
    block = bytes.fromhex("0123456789abcdeffedcba9876543210")
    state = Cipher(SM4(block), CBC(bytes(16))).encryptor()
    return state.update(block).hex() == "681edf34d206965e86b3e94f536e4246"


def _sm2_verify() -> bool:
    key = VerifierKey("self-check", Algorithm.SM2, _SM2_PUBLIC)
    changed = _SM2_SIGNATURE[:-1] + bytes([_SM2_SIGNATURE[-1] ^ 1])
    return key.verifies(_SM2_MESSAGE, _SM2_SIGNATURE) and not key.verifies(_SM2_MESSAGE, changed)


def _sm2_sign() -> bool:
    # A signature has a random part: ours is verified by the other implementation, not compared.
    key = VerifierKey("self-check", Algorithm.SM2, _SM2_PUBLIC)
    return key.verifies(_SM2_MESSAGE, sm2_signing.sign(_SM2_PRIVATE, _SM2_PUBLIC, _SM2_MESSAGE.encode()))


def _sm2_decrypt() -> bool:
    found = bytes(sm_crypto.library().sm2_decrypt(_SM2_PRIVATE, _SM2_CIPHERTEXT))
    return found == b"encryption standard"


# algorithm, use, source, check, whether it needs the 国密 package
_CHECKS: Final[tuple[tuple[str, str, str, Callable[[], bool], bool], ...]] = (
    ("SHA-256", "日志、承诺值、文件核验", "FIPS 180-4", _sha256, False),
    ("HMAC-SHA-256", "检索值、日志化名", "RFC 4231", _hmac, False),
    ("HKDF-SHA-256", "各列密钥", "RFC 5869", _hkdf, False),
    ("AES-256-GCM", "个人信息、文件", "GCM 16", partial(_gcm, _AES), False),
    ("ed25519", "日志签名、见证", "RFC 8032", _ed25519, False),
    ("X25519", "密封件", "RFC 7748", _x25519, False),
    ("SM3", "日志（国密）", "GB/T 32905", _sm3, False),
    ("SM4", "个人信息、文件（国密）", "GB/T 32907", _sm4, False),
    ("SM4-GCM", "个人信息、文件（国密）", "RFC 8998", partial(_gcm, _SM4_GCM), False),
    ("SM2 验签", "日志签名（国密）", "GB/T 32918.5", _sm2_verify, False),
    ("SM2 签名", "日志签名（国密）", "GB/T 32918.5", _sm2_sign, True),
    ("SM2 解密", "密封件（国密）", "GB/T 32918.5", _sm2_decrypt, True),
)
