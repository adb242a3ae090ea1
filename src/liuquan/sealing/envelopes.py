"""The verbs: seal, inspect, open, reseal. Opening returns nothing before every check holds."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace

from liuquan.sealing.layout import Binding, Body, Envelope, Keyring, Slot, read_envelope
from liuquan.sealing.padding import AT_LEAST, pad, unpad
from liuquan.sealing.refusals import SealingRefused
from liuquan.sealing.shares import Share, fingerprint, locked_share, ring_hash, share_commitment
from liuquan.sealing.sharing import FEWEST_NEEDED, MOST_SHARES, split, value_at
from liuquan.sealing.suites import DIGEST_BYTES, SECRET_BYTES, X25519, Suite


@dataclass(frozen=True)
class Officer:
    """Who holds a share: a label that is published (post or number) and the public key on file."""

    label: str
    public: bytes


@dataclass(frozen=True)
class Deposit:
    """What anybody sees of an envelope. Enter both hashes at deposit, `keyring_hash` at each resealing."""

    suite: str
    binding: Binding
    needed: int
    officers: tuple[str, ...]
    generation: int
    size: int
    body_hash: str
    keyring_hash: str


def seal(
    content: bytes,
    *,
    officers: Sequence[Officer],
    needed: int,
    binding: Binding,
    suite: Suite = X25519,
    at_least: int = AT_LEAST,
) -> bytes:
    """Seal so that any `needed` of the officers together can open, and nobody else.

    `at_least` (bytes): smaller contents are made this large. Refused: fewer than two needed, more needed than
    there are, an officer or a key twice, a key that is none, a content too large.
    """
    check_officers(officers, needed)
    secret, salt = secrets.token_bytes(SECRET_BYTES), secrets.token_bytes(DIGEST_BYTES)
    empty = Body(suite, binding, salt, _key_commitment(suite, secret, salt), b"")
    locked = suite.lock(_content_key(empty, secret), pad(content, at_least=at_least), empty.header())
    return _with_keyring(replace(empty, ciphertext=locked), secret, officers, needed, generation=1)


def check_officers(officers: Sequence[Officer], needed: int) -> None:
    """Refused: a single officer who could open alone, more needed than there are, an officer twice."""
    if needed < FEWEST_NEEDED:
        raise SealingRefused("officers", "至少要两人同时到场才能开启：请把所需人数改为二人以上。")
    if needed > len(officers) or len(officers) > MOST_SHARES:
        raise SealingRefused(
            "officers", f"所需人数不能多于持钥人员，持钥人员不能多于 {MOST_SHARES} 人：请调整名册。"
        )
    if len({one.label for one in officers}) != len(officers) or len({one.public for one in officers}) != len(
        officers
    ):
        raise SealingRefused("officers", "持钥人员名册中有人或公钥重复：每人只能持一份。")


def inspect(data: bytes) -> Deposit:
    """What the envelope shows to everybody. Refused: no envelope. Says nothing on whether it will open."""
    envelope = read_envelope(data)
    return Deposit(
        suite=envelope.body.suite.name,
        binding=envelope.body.binding,
        needed=envelope.keyring.needed,
        officers=tuple(slot.label for slot in envelope.keyring.slots),
        generation=envelope.keyring.generation,
        size=len(data),
        body_hash=envelope.body.hash.hex(),
        keyring_hash=ring_hash(envelope).hex(),
    )


def open_envelope(data: bytes, shares: Sequence[Share], *, binding: Binding) -> bytes:
    """The content, once enough officers have handed in their shares and everything fits.

    Refused, each with its own message: an envelope of another tender or time; a share that is repeated,
    altered or of another envelope; too few shares; any altered byte; an envelope whose maker gave shares that
    do not fit together. The last is refused whichever officers open it, so that nobody can choose the content
    by choosing the officers.
    """
    envelope = read_envelope(data)
    secret = _recovered(envelope, shares, binding)
    padded = envelope.body.suite.unlock(
        _content_key(envelope.body, secret), envelope.body.ciphertext, envelope.body.header()
    )
    if padded is None:
        raise SealingRefused("altered", "密封件的内容被改动过，不能开启：请与递交时登记的杂凑值核对。")
    return unpad(padded)


def reseal(
    data: bytes, shares: Sequence[Share], *, binding: Binding, officers: Sequence[Officer], needed: int
) -> bytes:
    """The same body with a new keyring, for other officers or new keys, without reading the content.

    Takes as many shares as opening does. Shares of the old keyring do not serve the new one; who still has an
    old copy of the envelope and enough old shares can open that copy: destroy both.
    """
    envelope = read_envelope(data)
    check_officers(officers, needed)
    secret = _recovered(envelope, shares, binding)
    return _with_keyring(envelope.body, secret, officers, needed, generation=envelope.keyring.generation + 1)


def _recovered(envelope: Envelope, shares: Sequence[Share], binding: Binding) -> bytes:
    """The secret, after every check that can be made without the content."""
    body, keyring = envelope.body, envelope.keyring
    if body.binding != binding:
        raise SealingRefused("binding", "密封件不属于这个项目、标段或递交时间：请核对所开启的项目。")
    given = _fitting(envelope, shares)
    if len(given) < keyring.needed:
        lacking = keyring.needed - len(given)
        raise SealingRefused(
            "missing",
            f"开启需要 {keyring.needed} 人的份额，现有 {len(given)} 人，还差 {lacking} 人：请其到场提交。",
        )
    used = dict(sorted(given.items())[: keyring.needed])
    for number, slot in enumerate(keyring.slots, 1):
        value = value_at(used, number)
        if share_commitment(body, keyring.generation, number, value) != slot.share_commitment:
            raise SealingRefused(
                "inconsistent", "密封件制作时各份额就互不一致，不能开启：请按递交无效处理并记录。"
            )
    secret = value_at(used, 0)
    if not hmac.compare_digest(_key_commitment(body.suite, secret, body.salt), body.key_commitment):
        raise SealingRefused(
            "inconsistent", "密封件的钥匙与递交时的承诺不一致，不能开启：请按递交无效处理并记录。"
        )
    if not hmac.compare_digest(_mac(body, keyring, secret), envelope.mac):
        raise SealingRefused("altered", "密封件被改动过，不能开启：请与递交时登记的杂凑值核对。")
    return secret


def _fitting(envelope: Envelope, shares: Sequence[Share]) -> dict[int, bytes]:
    """Shares by number. Refused: twice, of another envelope or keyring, altered."""
    body, keyring, ring = envelope.body, envelope.keyring, ring_hash(envelope)
    given: dict[int, bytes] = {}
    for place, share in enumerate(shares, 1):
        if share.ring != ring or share.suite != body.suite or not 0 < share.number <= len(keyring.slots):
            raise SealingRefused(
                "foreign", f"提交的第 {place} 份份额属于另一份密封件或换钥以前的版本：请其取出本件的份额。"
            )
        slot = keyring.slots[share.number - 1]
        if share.number in given:
            raise SealingRefused("duplicate", f"“{slot.label}”的份额提交了两次：请换另一名人员提交。")
        if share_commitment(body, keyring.generation, share.number, share.value) != slot.share_commitment:
            raise SealingRefused("wrong", f"“{slot.label}”的份额与密封时的不一致：请其重新取出后提交。")
        given[share.number] = share.value
    return given


def _with_keyring(
    body: Body, secret: bytes, officers: Sequence[Officer], needed: int, *, generation: int
) -> bytes:
    values = split(secret, needed=needed, count=len(officers))
    roster = Keyring(
        generation,
        needed,
        tuple(
            Slot(
                one.label,
                fingerprint(body.suite, one.public),
                share_commitment(body, generation, number, values[number]),
            )
            for number, one in enumerate(officers, 1)
        ),
    )
    slots = tuple(
        locked_share(body, roster, number, one.public, values[number])
        for number, one in enumerate(officers, 1)
    )
    keyring = replace(roster, slots=slots)
    return Envelope(body, keyring, _mac(body, keyring, secret)).to_bytes()


def _key_commitment(suite: Suite, secret: bytes, salt: bytes) -> bytes:
    """Ties the ciphertext to one key: GCM alone would let its maker prepare two."""
    return suite.derive(secret, "commit", salt=salt, length=DIGEST_BYTES)


def _content_key(body: Body, secret: bytes) -> bytes:
    return body.suite.derive(secret, "content", salt=body.salt, length=body.suite.lock_bytes)


def _mac(body: Body, keyring: Keyring, secret: bytes) -> bytes:
    key = body.suite.derive(secret, "mac", salt=body.salt, length=DIGEST_BYTES)
    return body.suite.mac(key, body.to_bytes() + keyring.to_bytes())
