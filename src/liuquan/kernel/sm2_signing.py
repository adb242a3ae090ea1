"""Signing with SM2 by the `gmssl-pyx` package: raw r and s out of the package's DER.

Verifying is `merkle`'s and needs no package. A pair is kept as the private scalar alone; its public point is
written down where the key is registered.

Standards: GB/T 32918.2, GM/T 0009 (the signer's identity)
"""

from __future__ import annotations

from typing import Final

from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from liuquan.kernel import sm_crypto

SIGNER_ID: Final = b"1234567812345678"


def new_pair() -> tuple[bytes, bytes]:
    """A new private scalar (32 bytes) and its public point (x and y, 64 bytes)."""
    public, private = sm_crypto.library().sm2_key_generate()
    return bytes(private), bytes(public)


def sign(private: bytes, public: bytes, message: bytes) -> bytes:
    """r and s, 32 bytes each, over SM3 of Z (identity, curve, key) and the message."""
    der = bytes(sm_crypto.library().sm2_sign(private, public, message, SIGNER_ID))
    r, s = decode_dss_signature(der)
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")
