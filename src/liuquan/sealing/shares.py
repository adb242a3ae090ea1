"""One officer's share of an envelope's key: taken out with the officer's private key, carried, handed in."""

from __future__ import annotations

from dataclasses import dataclass, field

from liuquan.sealing.layout import Body, Envelope, Keyring, Slot, read_envelope
from liuquan.sealing.refusals import SealingRefused
from liuquan.sealing.suites import DIGEST_BYTES, SECRET_BYTES, SUITES, KeyPair, Suite

MAGIC = b"LQSHARE"
VERSION = 1
CHECK_BYTES = 4
SHARE_BYTES = len(MAGIC) + 3 + DIGEST_BYTES + SECRET_BYTES + CHECK_BYTES


@dataclass(frozen=True)
class Share:
    """A share of one keyring of one envelope. Hand it in and keep no copy: enough of them open it."""

    suite: Suite
    number: int
    ring: bytes
    value: bytes = field(repr=False)

    def to_bytes(self) -> bytes:
        """The share to be handed in, with a check against slips of the hand."""
        plain = MAGIC + bytes((VERSION, self.suite.code, self.number)) + self.ring + self.value
        return plain + self.suite.digest("check", plain)[:CHECK_BYTES]


def share_from(data: bytes) -> Share:
    """The share that was handed in. Refused: no share, another version, damaged."""
    if len(data) != SHARE_BYTES or not data.startswith(MAGIC):
        raise SealingRefused("share", "这不是份额文件，或者不完整：请该人员重新提交。")
    version, code, number = data[len(MAGIC) : len(MAGIC) + 3]
    suite = SUITES.get(code)
    if version != VERSION or suite is None:
        raise SealingRefused("share", "份额文件的版本本程序不认识：请换用新版本的程序。")
    plain = data[:-CHECK_BYTES]
    if suite.digest("check", plain)[:CHECK_BYTES] != data[-CHECK_BYTES:]:
        raise SealingRefused("share", "份额文件已损坏：请该人员重新提交。")
    return Share(suite, number, plain[-SECRET_BYTES - DIGEST_BYTES : -SECRET_BYTES], plain[-SECRET_BYTES:])


def take_share(data: bytes, keys: KeyPair) -> Share:
    """Extract an officer's share, on the officer's own machine; at deposit this shows that the share is good.

    Refused: keys of nobody in the keyring, keys of another suite, a share that is damaged or never fitted.
    """
    envelope = read_envelope(data)
    body, keyring = envelope.body, envelope.keyring
    if keys.suite != body.suite.name:
        raise SealingRefused("key", f"密封件用的是 {body.suite.name} 算法，这把钥匙不是：请换用相应的钥匙。")
    number = _number_of(keyring, fingerprint(body.suite, keys.public))
    slot = keyring.slots[number - 1]
    value = _unlocked(body, keyring, number, keys)
    if value is None or share_commitment(body, keyring.generation, number, value) != slot.share_commitment:
        raise SealingRefused("share", f"“{slot.label}”的份额取不出来：钥匙不对，或者密封件被改动、制作有误。")
    return Share(body.suite, number, ring_hash(envelope), value)


def fingerprint(suite: Suite, public: bytes) -> bytes:
    """The hash by which a keyring names an officer's key."""
    return suite.digest("key", public)


def ring_hash(envelope: Envelope) -> bytes:
    """The hash of a keyring with its body: says which envelope and which generation a share belongs to."""
    return envelope.body.suite.digest("keyring", envelope.body.hash, envelope.keyring.to_bytes())


def share_commitment(body: Body, generation: int, number: int, value: bytes) -> bytes:
    """Binds the maker to each share; tells nothing, since a share is 32 random bytes."""
    return body.suite.digest("share", body.hash, generation.to_bytes(4, "big"), bytes((number,)), value)


def locked_share(body: Body, roster: Keyring, number: int, public: bytes, value: bytes) -> Slot:
    """The slot with the share enclosed to its officer. Refused: a public key that is none."""
    slot = roster.slots[number - 1]
    try:
        if len(public) != body.suite.enclosing.public_bytes:
            raise ValueError("the length of a public key")
        secret, enclosed = body.suite.enclosing.enclose(public)
    except SealingRefused:
        raise
    except Exception as error:  # each library has its own; the key is wrong in any case
        raise SealingRefused("key", f"“{slot.label}”的公钥不对：请其重新登记公钥。") from error
    key = _share_key(body, secret, public, enclosed)
    locked = body.suite.lock(key, value, _about(body, roster, number))
    return Slot(slot.label, slot.fingerprint, slot.share_commitment, enclosed, locked)


def _unlocked(body: Body, keyring: Keyring, number: int, keys: KeyPair) -> bytes | None:
    slot = keyring.slots[number - 1]
    try:
        secret = body.suite.enclosing.disclose(keys.public, keys.private, slot.enclosed)
    except ValueError:
        return None
    key = _share_key(body, secret, keys.public, slot.enclosed)
    return body.suite.unlock(key, slot.locked, _about(body, keyring, number))


def _share_key(body: Body, secret: bytes, public: bytes, enclosed: bytes) -> bytes:
    return body.suite.derive(
        secret, "wrap", salt=body.salt, length=body.suite.lock_bytes, about=public + enclosed
    )


def _about(body: Body, keyring: Keyring, number: int) -> bytes:
    return body.hash + bytes((number,)) + keyring.roster()


def _number_of(keyring: Keyring, wanted: bytes) -> int:
    for number, slot in enumerate(keyring.slots, 1):
        if slot.fingerprint == wanted:
            return number
    raise SealingRefused("key", "这把钥匙不在密封件的人员名册中：请由名册中的人员办理。")
