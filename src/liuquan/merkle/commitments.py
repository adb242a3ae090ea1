"""Salted commitments: what the log holds instead of values, and how one is opened later.

The same bytes as `kernel.secrecy.commitment` makes: the verifier has to compute them without the platform.
Whoever has the salt and the values can show them to be those of the record; without the salt nothing can be
guessed from the commitment, and once salt and values are erased nobody can open it again.

Cites: 个人信息保护法 第四十七条, 第五十一条
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from liuquan.merkle.errors import RecordError

SALT_BYTES: Final = 32
_HEAD: Final = b"liuquan.commitment.v1\0"


@dataclass(frozen=True)
class Opening:
    """The salt and the values of a commitment."""

    salt: bytes
    values: Mapping[str, Any]

    def __post_init__(self) -> None:
        if len(self.salt) != SALT_BYTES:
            raise RecordError("format", f"承诺的盐应为 {SALT_BYTES} 字节，请完整复制。")

    def commitment(self) -> bytes:
        """The commitment that these open."""
        return hashlib.sha256(_HEAD + self.salt + canonical_json(self.values)).digest()


def canonical_json(values: Mapping[str, Any]) -> bytes:
    """UTF-8 JSON with sorted keys and no spaces: the same values give the same bytes in every program.

    Refuses what has more than one spelling: numbers with a fraction, keys that are not text.
    """
    _refuse_ambiguous(values)
    try:
        return json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    except (UnicodeEncodeError, RecursionError) as error:
        raise RecordError("format", "内容含有不能入册的字符或层次过深，请核对。") from error


def _refuse_ambiguous(value: object, depth: int = 0) -> None:
    if depth > 32:
        raise RecordError("format", "内容的层次过深，请核对。")
    if isinstance(value, Mapping):
        for key, inner in value.items():
            _refuse_ambiguous(inner, depth + 1)
            if not isinstance(key, str):
                raise RecordError("format", "内容的键应为文字，请核对。")
    elif isinstance(value, list | tuple):
        for inner in value:
            _refuse_ambiguous(inner, depth + 1)
    elif value is not None and not isinstance(value, str | int):
        raise RecordError("format", "内容只能是文字、整数、是否、空值及其列表和对象。")
