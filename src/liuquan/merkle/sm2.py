"""Verifying SM2 signatures, in plain Python so that a verifier anywhere needs no further library.

Only public values are handled here, so that running time reveals nothing. Signing is left to a library or a
device that keeps the private key.

Standards: GB/T 32918.2 (signature), GB/T 32918.5 (curve), GM/T 0009 (the signer's identity)
"""

from __future__ import annotations

from typing import Final

from liuquan.merkle.hashing import SM3

PUBLIC_BYTES: Final = 64  #: x and y
SIGNATURE_BYTES: Final = 64  #: r and s
SIGNER_ID: Final = b"1234567812345678"  #: the default of GM/T 0009 where a system agrees on none

P: Final = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF
A: Final = P - 3
B: Final = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93
N: Final = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
G: Final = (
    0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7,
    0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0,
)
#: x, y, z: the point (x / z², y / z³); z = 0 is the point at infinity.
_Point = tuple[int, int, int]
_INFINITY: Final[_Point] = (1, 1, 0)


def is_public_key(public: bytes) -> bool:
    """Whether these 64 bytes are a point of the curve."""
    if len(public) != PUBLIC_BYTES:
        return False
    x, y = _numbers(public)
    return x < P and y < P and (y * y - (x * x * x + A * x + B)) % P == 0


def verify(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the signature (r and s, 32 bytes each) is this key's for the message."""
    if not is_public_key(public) or len(signature) != SIGNATURE_BYTES:
        return False
    r, s = _numbers(signature)
    t = (r + s) % N
    if not (0 < r < N and 0 < s < N) or t == 0:
        return False
    x, _, z = _sum_of_products(s, t, _numbers(public))
    if z == 0:
        return False
    return (digest_to_sign(public, message) + x * pow(z, -2, P) % P) % N == r


def digest_to_sign(public: bytes, message: bytes) -> int:
    """e: SM3 over the signer's identity and curve (Z) and the message."""
    curve = b"".join(value.to_bytes(32, "big") for value in (A, B, *G))
    z = SM3.digest((len(SIGNER_ID) * 8).to_bytes(2, "big") + SIGNER_ID + curve + public)
    return int.from_bytes(SM3.digest(z + message), "big")


def _numbers(pair: bytes) -> tuple[int, int]:
    return int.from_bytes(pair[:32], "big"), int.from_bytes(pair[32:], "big")


def _sum_of_products(s: int, t: int, public: tuple[int, int]) -> _Point:
    """s·G + t·public, both computed together from the highest bit."""
    base, other = (*G, 1), (*public, 1)
    table = {1: base, 2: other, 3: _add(base, other)}
    point = _INFINITY
    for place in reversed(range(max(s.bit_length(), t.bit_length()))):
        point = _double(point)
        digit = (s >> place & 1) | (t >> place & 1) << 1
        if digit:
            point = _add(point, table[digit])
    return point


def _double(point: _Point) -> _Point:
    x, y, z = point
    if z == 0 or y == 0:
        return _INFINITY
    yy = y * y % P
    s = 4 * x * yy % P
    zz = z * z % P
    m = 3 * (x - zz) * (x + zz) % P  # a = -3
    x3 = (m * m - 2 * s) % P
    return x3, (m * (s - x3) - 8 * yy * yy) % P, 2 * y * z % P


def _add(one: _Point, two: _Point) -> _Point:
    x1, y1, z1 = one
    x2, y2, z2 = two
    if z1 == 0:
        return two
    if z2 == 0:
        return one
    zz1, zz2 = z1 * z1 % P, z2 * z2 % P
    u1, u2 = x1 * zz2 % P, x2 * zz1 % P
    s1, s2 = y1 * zz2 * z2 % P, y2 * zz1 * z1 % P
    h, r = (u2 - u1) % P, (s2 - s1) % P
    if h == 0:
        return _double(one) if r == 0 else _INFINITY
    hh = h * h % P
    hhh, v = h * hh % P, u1 * hh % P
    x3 = (r * r - hhh - 2 * v) % P
    return x3, (r * (v - x3) - s1 * hhh) % P, z1 * z2 * h % P
