"""Sealing: envelopes that open only when enough officers agree (密封投标, 标底, 专家名单).

A content is padded, encrypted under a fresh key, and the key is split so that any k of n officers together
can open it and fewer learn nothing; each share is enclosed to its officer's public key. The hash of the
ciphertext is entered at deposit. Pure Python: no Django, no database, never reads the time.
`docs/draw-and-sealing.md` shows the ceremony.

Law: 招标投标法 第二十二条 (a reserve price is secret), 第三十六条, 第三十七条; 招标投标法实施条例 第三十六条.
Verbs: `new_keys`, `seal`, `inspect`, `take_share`, `open_envelope`, `reseal`.
"""

from liuquan.sealing.envelopes import Deposit, Officer, inspect, open_envelope, reseal, seal
from liuquan.sealing.layout import Binding
from liuquan.sealing.refusals import SealingRefused
from liuquan.sealing.shares import Share, share_from, take_share
from liuquan.sealing.suites import SM2, X25519, KeyPair, Suite, new_keys

__all__ = [
    "SM2",
    "X25519",
    "Binding",
    "Deposit",
    "KeyPair",
    "Officer",
    "SealingRefused",
    "Share",
    "Suite",
    "inspect",
    "new_keys",
    "open_envelope",
    "reseal",
    "seal",
    "share_from",
    "take_share",
]
