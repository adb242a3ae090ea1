"""Which hash a draw uses. The profile stands in the announcement, so it is fixed before the seed exists.

`SHA256` and `SM3` are for real draws. `MD5` is RFC 3797 as printed: it reproduces the numbers of the RFC and
of the drawings of the IETF, and no record may name it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from cryptography.hazmat.primitives import hashes

from liuquan.draw.refusals import DrawRefused


@dataclass(frozen=True)
class Profile:
    """A hash and the width of the counter put before and behind the key (RFC 3797 §4: two bytes)."""

    name: str
    counter_bytes: int
    for_reference: bool = False

    def digest(self, data: bytes) -> bytes:
        """The hash of the bytes."""
        if self.name == "md5":
            return hashlib.md5(data, usedforsecurity=False).digest()
        if self.name == "sha256":
            return hashlib.sha256(data).digest()
        state = hashes.Hash(hashes.SM3())
        state.update(data)
        return state.finalize()

    @property
    def largest_pool(self) -> int:
        """How many positions the counter can tell apart."""
        return 1 << (8 * self.counter_bytes)


MD5 = Profile("md5", counter_bytes=2, for_reference=True)
# Four bytes: an inspection draws from all firms of a city, which are more than two bytes can count.
SHA256 = Profile("sha256", counter_bytes=4)
SM3 = Profile("sm3", counter_bytes=4)

PROFILES = {profile.name: profile for profile in (SHA256, SM3)}


def profile_named(name: str) -> Profile:
    """The profile of a record. Refused: one unknown here, and MD5, which is for reference."""
    if name == MD5.name:
        raise DrawRefused("profile", "MD5 只用于核对 RFC 3797 的示例，不得用于抽取：请改用 sha256 或 sm3。")
    if name not in PROFILES:
        raise DrawRefused("profile", "抽取记录所用的杂凑算法本程序不认识：请换用新版本的验证程序。")
    return PROFILES[name]
