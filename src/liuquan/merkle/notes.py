"""Signed notes: a text, an empty line, and one line for each signature.

Standards: https://c2sp.org/signed-note
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from liuquan.merkle.base64 import decode, encode
from liuquan.merkle.errors import RecordError
from liuquan.merkle.keys import Signer, VerifierKey, refuse_bad_name

MAX_NOTE_BYTES: Final = 1_000_000
MAX_SIGNATURES: Final = 100
_MARK: Final = "— "
_KEY_ID_BYTES: Final = 4


@dataclass(frozen=True)
class Signature:
    """One signature line: whose key it says it is, and the signature without the key id."""

    name: str
    key_id: bytes
    value: bytes

    @property
    def line(self) -> str:
        return f"{_MARK}{self.name} {encode(self.key_id + self.value)}\n"


@dataclass(frozen=True)
class Note:
    """A text that ends in a newline, and its signatures in the order they were added."""

    text: str
    signatures: tuple[Signature, ...] = ()

    def __str__(self) -> str:
        return f"{self.text}\n{''.join(signature.line for signature in self.signatures)}"

    def signed(self, signer: Signer, *, at: datetime | None = None) -> Note:
        """The note with one more signature. The same key's earlier one is replaced."""
        value = signer.sign(self.text, at=at)
        return self.with_signatures([Signature(signer.key.name, signer.key.key_id, value)])

    def with_signatures(self, more: Iterable[Signature]) -> Note:
        """The note with signatures received from elsewhere; of each key the last stays."""
        kept = {(signature.name, signature.key_id): signature for signature in (*self.signatures, *more)}
        return Note(self.text, tuple(kept.values()))

    def of(self, keys: Iterable[VerifierKey]) -> dict[VerifierKey, Signature]:
        """The keys among these that signed, with their signatures; other lines are ignored.

        Refuses the whole note when a signature in the name of one of these keys is not its own, or is
        there twice: checking one takes time, and nobody signs a head twice.
        """
        known = {(key.name, key.key_id): key for key in keys}
        found: dict[VerifierKey, Signature] = {}
        for signature in self.signatures:
            key = known.get((signature.name, signature.key_id))
            if key is None:
                continue
            if key in found:
                raise RecordError("signature", f"检查点有两行“{key.name}”的签名，请重新获取。")
            if not key.verifies(self.text, signature.value):
                raise RecordError(
                    "signature", f"以“{key.name}”名义的签名不是它的密钥所签，内容已被改动或系伪造。"
                )
            found[key] = signature
        return found


def parse_note(text: str | bytes) -> Note:
    """Read a signed note. Refuses one that is not exactly as the standard writes it."""
    if isinstance(text, bytes):
        try:
            text = text.decode()
        except UnicodeDecodeError as error:
            raise RecordError("format", "检查点不是 UTF-8 文本，请重新获取。") from error
    if len(text) > MAX_NOTE_BYTES or any("\ud800" <= c <= "\udfff" for c in text):
        raise RecordError("format", "检查点过长或含有非法字符，请重新获取。")
    if any(c < " " and c != "\n" for c in text):
        raise RecordError("format", "检查点含有控制字符，请重新获取。")
    body, separator, lines = text.rpartition("\n\n")
    if not separator or not body or not lines.endswith("\n"):
        raise RecordError("format", "检查点没有签名部分，请完整复制或重新获取。")
    return Note(body + "\n", parse_signatures(lines))


def parse_signatures(lines: str) -> tuple[Signature, ...]:
    """Read signature lines alone, as a witness returns them. Each ends in a newline."""
    found = lines.removesuffix("\n").split("\n")
    if len(found) > MAX_SIGNATURES:
        raise RecordError("format", f"一份检查点最多接受 {MAX_SIGNATURES} 个签名，请重新获取。")
    return tuple(_parse_line(line) for line in found)


def _parse_line(line: str) -> Signature:
    name, space, content = line.removeprefix(_MARK).partition(" ")
    if not line.startswith(_MARK) or not space:
        raise RecordError("format", "检查点的签名行写法不对，请重新获取。")
    refuse_bad_name(name)
    raw = decode(content, "签名")
    if len(raw) <= _KEY_ID_BYTES:
        raise RecordError("format", "检查点的签名过短，请重新获取。")
    return Signature(name, raw[:_KEY_ID_BYTES], raw[_KEY_ID_BYTES:])
