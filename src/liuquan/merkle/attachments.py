"""A receipt carried inside its PDF, behind the bytes that were hashed.

What is added is a comment and a repeated end of file: no reader shows it, and no object can be added or
changed by it. Whoever checks takes it off again only when it is exactly what would be added; anything else
behind the document counts as part of the document, and its hash is then another.

Standards: ISO 32000-1 §7.2.3 (comments), §7.5.5 (end of file)
"""

from __future__ import annotations

import base64
import binascii
import re
from typing import Final

from liuquan.merkle.errors import RecordError

_HEAD: Final = b"\n%LiuquanReceipt-1\n"
_LINE: Final = 76
_START: Final = re.compile(rb"startxref\s+([0-9]{1,12})\s+%%EOF\s*\Z")


def attach_receipt(pdf: bytes, receipt: str) -> bytes:
    """The PDF with the receipt behind it; an earlier one is replaced. Refuses what is not a whole PDF."""
    document, _ = detach_receipt(pdf)
    start = _START.search(document[-1100:])
    if not document.startswith(b"%PDF-") or start is None:
        raise RecordError("format", "这个文件不是完整的 PDF，不能附加凭证。")
    text = base64.b64encode(receipt.encode())
    lines = b"".join(b"%" + text[at : at + _LINE] + b"\n" for at in range(0, len(text), _LINE))
    return document + _HEAD + lines + b"startxref\n" + start[1] + b"\n%%EOF\n"


def detach_receipt(pdf: bytes) -> tuple[bytes, str | None]:
    """The document as it was issued, and the receipt behind it, if there is one."""
    document, head, tail = pdf.rpartition(_HEAD)
    if not head:
        return pdf, None
    lines = tail.split(b"startxref\n", 1)[0].split(b"\n")
    try:
        receipt = base64.b64decode(
            b"".join(line.removeprefix(b"%") for line in lines), validate=True
        ).decode()
    except (binascii.Error, ValueError):
        return pdf, None
    if _HEAD in document or not document.startswith(b"%PDF-"):
        return pdf, None
    whole = _START.search(document[-1100:]) is not None and attach_receipt(document, receipt) == pdf
    return (document, receipt) if whole else (pdf, None)
