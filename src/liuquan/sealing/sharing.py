"""Shamir's secret sharing over GF(256): any `needed` of `count` values give the secret, fewer give nothing.

Each byte of the secret is the value at 0 of a polynomial of degree `needed - 1` whose other coefficients are
random; share number x is its value at x. For fewer than `needed` shares every secret is equally possible.
The field is that of AES (0x11B), so values agree with HashiCorp Vault's and other implementations of it.

Written here because the maintained libraries take no number for a share (theirs is random and hidden in the
value) and combine what does not fit without a word. Tables are looked up by secret bytes: who can watch the
processor's cache while shares are combined could learn of them; combine on a machine of your own.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping

FEWEST_NEEDED = 2
MOST_SHARES = 32


def _tables() -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Powers of the generator 3, twice over so that sums of logarithms need no remainder; and logarithms."""
    powers, logarithms, value = [0] * 510, [0] * 256, 1
    for exponent in range(255):
        powers[exponent] = powers[exponent + 255] = value
        logarithms[value] = exponent
        value ^= (value << 1) ^ (0x11B if value & 0x80 else 0)
    return tuple(powers), tuple(logarithms)


_POWERS, _LOGARITHMS = _tables()


def times(left: int, right: int) -> int:
    """Product in GF(256)."""
    if left == 0 or right == 0:
        return 0
    return _POWERS[_LOGARITHMS[left] + _LOGARITHMS[right]]


def over(left: int, right: int) -> int:
    """Quotient in GF(256); the divisor is not 0."""
    if right == 0:
        raise ZeroDivisionError
    return 0 if left == 0 else _POWERS[_LOGARITHMS[left] + 255 - _LOGARITHMS[right]]


def split(
    secret: bytes, *, needed: int, count: int, random: Callable[[int], bytes] = secrets.token_bytes
) -> dict[int, bytes]:
    """Shares by number 1..count. `random` gives the coefficients, those of the secret's first byte first."""
    if not FEWEST_NEEDED <= needed <= count <= MOST_SHARES:
        raise ValueError(f"needed and count lie between {FEWEST_NEEDED} and {MOST_SHARES}, needed <= count")
    chosen = random((needed - 1) * len(secret))
    polynomials = [
        (byte, *chosen[place * (needed - 1) : (place + 1) * (needed - 1)])
        for place, byte in enumerate(secret)
    ]
    return {
        number: bytes(_value(polynomial, number) for polynomial in polynomials)
        for number in range(1, count + 1)
    }


def value_at(shares: Mapping[int, bytes], number: int) -> bytes:
    """The shares' polynomials at `number`: the secret at 0, another share at its number.

    All given shares are used, so give exactly as many as are needed; nothing here can tell whether they fit.
    """
    weights = {own: _weight(own, shares, number) for own in shares}
    length = {len(value) for value in shares.values()}
    if len(length) != 1 or not all(0 < own <= 255 for own in shares):
        raise ValueError("shares have one length and numbers from 1 to 255")
    found = bytearray(length.pop())
    for own, value in shares.items():
        for place, byte in enumerate(value):
            found[place] ^= times(weights[own], byte)
    return bytes(found)


def _value(polynomial: tuple[int, ...], number: int) -> int:
    total = 0
    for coefficient in reversed(polynomial):
        total = times(total, number) ^ coefficient
    return total


def _weight(own: int, shares: Mapping[int, bytes], number: int) -> int:
    """Lagrange's factor of one share."""
    weight = 1
    for other in shares:
        if other != own:
            weight = times(weight, over(number ^ other, own ^ other))
    return weight
