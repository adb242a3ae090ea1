"""The bytes of an envelope, and a strict reader that refuses anything unknown.

    body      "LQSEAL" version suite | tender lot purpose deposited_at | salt key_commitment
              | length ciphertext
    keyring   generation needed count | for each officer: label, key fingerprint, share commitment
              | for each officer: enclosed key, locked share
    mac       over all before, under a key known only to those who open the envelope

Numbers are big endian; texts and enclosed keys carry their length. The body never changes: its hash is
entered at deposit. The keyring may be made anew for other officers (`reseal`); its hash is entered each time.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property

from liuquan.sealing.padding import LARGEST_CONTENT, LENGTH_BYTES
from liuquan.sealing.refusals import SealingRefused
from liuquan.sealing.sharing import FEWEST_NEEDED, MOST_SHARES
from liuquan.sealing.suites import DIGEST_BYTES, SECRET_BYTES, SUITES, TAG_BYTES, Suite

MAGIC = b"LQSEAL"
VERSION = 1
LONGEST_TEXT = 200
LONGEST_ENCLOSED = 400
LOCKED_SHARE = SECRET_BYTES + TAG_BYTES
# Padding adds at most an eighth, and the sealed text a length and a tag.
LONGEST_SEALED = LARGEST_CONTENT * 9 // 8 + LENGTH_BYTES + TAG_BYTES
_START = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Binding:
    """What an envelope belongs to. It can be opened as this and as nothing else.

    `tender` and `lot` are public numbers, `purpose` a word ("bid", "reserve_price", "expert_list"),
    `deposited_at` the moment of deposit (aware; microseconds are kept).
    """

    tender: str
    lot: str
    purpose: str
    deposited_at: datetime


@dataclass(frozen=True)
class Slot:
    """One officer's place in the keyring; the officer's number is the place, from 1."""

    label: str
    fingerprint: bytes
    share_commitment: bytes
    enclosed: bytes = b""
    locked: bytes = b""


@dataclass(frozen=True)
class Body:
    """The part that never changes."""

    suite: Suite
    binding: Binding
    salt: bytes
    key_commitment: bytes
    ciphertext: bytes

    def header(self) -> bytes:
        """All but the ciphertext: what the ciphertext is about."""
        texts = b"".join(
            text_bytes(text) for text in (self.binding.tender, self.binding.lot, self.binding.purpose)
        )
        return b"".join(
            (
                MAGIC,
                bytes((VERSION, self.suite.code)),
                texts,
                struct.pack(">q", microseconds(self.binding.deposited_at)),
                self.salt,
                self.key_commitment,
            )
        )

    def to_bytes(self) -> bytes:
        """The body as it stands in the envelope."""
        return self.header() + struct.pack(">Q", len(self.ciphertext)) + self.ciphertext

    @cached_property
    def hash(self) -> bytes:
        """What is entered at deposit."""
        return self.suite.digest("body", self.to_bytes())


@dataclass(frozen=True)
class Keyring:
    """Who can open, and how many of them it takes. `generation` counts from 1."""

    generation: int
    needed: int
    slots: tuple[Slot, ...]

    def roster(self) -> bytes:
        """The public part: to this every locked share is bound."""
        head = struct.pack(">IBB", self.generation, self.needed, len(self.slots))
        return head + b"".join(
            text_bytes(slot.label) + slot.fingerprint + slot.share_commitment for slot in self.slots
        )

    def to_bytes(self) -> bytes:
        """The keyring as it stands in the envelope."""
        return self.roster() + b"".join(
            struct.pack(">H", len(slot.enclosed)) + slot.enclosed + slot.locked for slot in self.slots
        )


@dataclass(frozen=True)
class Envelope:
    """A sealed envelope, taken apart."""

    body: Body
    keyring: Keyring
    mac: bytes

    def to_bytes(self) -> bytes:
        """The envelope."""
        return self.body.to_bytes() + self.keyring.to_bytes() + self.mac


def text_bytes(text: str) -> bytes:
    """Length and UTF-8. Refused: nothing, too long, not text that can be written."""
    try:
        found = text.encode()
    except UnicodeEncodeError as error:
        raise SealingRefused("text", "项目编号或人员名称中有不完整的字符：请重新填写。") from error
    if not 0 < len(found) <= LONGEST_TEXT:
        raise SealingRefused(
            "text", f"项目编号、标段、用途和人员名称不能为空，也不能超过 {LONGEST_TEXT} 字节。"
        )
    return struct.pack(">H", len(found)) + found


def microseconds(moment: datetime) -> int:
    """Since 1970. Refused: a moment without zone."""
    if moment.tzinfo is None:
        raise SealingRefused("time", "递交时间须带时区：请由系统填写。")
    return (moment - _START) // timedelta(microseconds=1)


def read_envelope(data: bytes) -> Envelope:
    """Take an envelope apart. Refused: another format or version, cut short, anything behind it."""
    reader = _Reader(data)
    body = _body(reader)
    keyring = _keyring(reader)
    envelope = Envelope(body, keyring, reader.take(DIGEST_BYTES))
    if reader.left():
        raise SealingRefused("format", "密封件末尾有多余的内容，不是原样：请核对递交时的文件。")
    return envelope


def _body(reader: _Reader) -> Body:
    if reader.take(len(MAGIC)) != MAGIC:
        raise SealingRefused("format", "这不是密封件：请确认选对了文件。")
    if reader.number("B") != VERSION:
        raise SealingRefused("version", "密封件的格式版本本程序不认识：请换用新版本的程序。")
    suite = SUITES.get(reader.number("B"))
    if suite is None:
        raise SealingRefused("suite", "密封件所用的密码算法本程序不认识：请换用新版本的程序。")
    tender, lot, purpose, micro = reader.text(), reader.text(), reader.text(), reader.number("q")
    try:
        moment = _START + timedelta(microseconds=micro)
    except OverflowError as error:
        raise SealingRefused("format", "密封件的递交时间不对，文件已损坏：请核对递交时的文件。") from error
    salt, key_commitment, length = reader.take(DIGEST_BYTES), reader.take(DIGEST_BYTES), reader.number("Q")
    if not LENGTH_BYTES + TAG_BYTES <= length <= LONGEST_SEALED:
        raise SealingRefused("format", "密封件的长度不对，文件已损坏：请核对递交时的文件。")
    binding = Binding(tender, lot, purpose, moment)
    return Body(suite, binding, salt, key_commitment, reader.take(length))


def _keyring(reader: _Reader) -> Keyring:
    generation, needed, count = reader.number("I"), reader.number("B"), reader.number("B")
    if not FEWEST_NEEDED <= needed <= count <= MOST_SHARES or generation < 1:
        raise SealingRefused("format", "密封件的人员名册不对，文件已损坏：请核对递交时的文件。")
    named = [Slot(reader.text(), reader.take(DIGEST_BYTES), reader.take(DIGEST_BYTES)) for _ in range(count)]
    slots = []
    for slot in named:
        length = reader.number("H")
        if not 0 < length <= LONGEST_ENCLOSED:
            raise SealingRefused("format", "密封件的人员名册不对，文件已损坏：请核对递交时的文件。")
        enclosed = reader.take(length)
        slots.append(
            Slot(slot.label, slot.fingerprint, slot.share_commitment, enclosed, reader.take(LOCKED_SHARE))
        )
    if len({slot.label for slot in slots}) != count or len({slot.fingerprint for slot in slots}) != count:
        raise SealingRefused("format", "密封件的人员名册中有人重复：请核对递交时的文件。")
    return Keyring(generation, needed, tuple(slots))


class _Reader:
    """Bytes from front to back; whatever is missing is refused in one sentence."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    def take(self, length: int) -> bytes:
        found = self._data[self._at : self._at + length]
        if len(found) != length:
            raise SealingRefused("format", "密封件不完整，文件被截短：请核对递交时的文件。")
        self._at += length
        return found

    def number(self, code: str) -> int:
        found: int = struct.unpack(f">{code}", self.take(struct.calcsize(f">{code}")))[0]
        return found

    def text(self) -> str:
        length = self.number("H")
        if not 0 < length <= LONGEST_TEXT:
            raise SealingRefused("format", "密封件中的文字长度不对，文件已损坏：请核对递交时的文件。")
        try:
            return self.take(length).decode()
        except UnicodeDecodeError as error:
            raise SealingRefused("format", "密封件中的文字不对，文件已损坏：请核对递交时的文件。") from error

    def left(self) -> int:
        return len(self._data) - self._at
