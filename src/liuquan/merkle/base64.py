"""Base 64 in its one spelling: another spelling of the same bytes is refused, so that bytes stay countable.

Standards: RFC 4648 §4
"""

from __future__ import annotations

import base64
import binascii

from liuquan.merkle.errors import RecordError


def encode(content: bytes) -> str:
    """Standard base 64 with padding."""
    return base64.b64encode(content).decode()


def decode(text: str, what: str) -> bytes:
    """The bytes; refuses anything but the one right spelling, naming `what` it was."""
    try:
        content = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise RecordError("format", f"{what}中有不属于 Base64 的字符，请完整复制。") from error
    if encode(content) != text:
        raise RecordError("format", f"{what}的 Base64 写法不规范，请完整复制。")
    return content
