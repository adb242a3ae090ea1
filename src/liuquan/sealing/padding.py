"""Sizes made alike, so that an envelope's size does not tell what is inside: a price, one page, ten drawings.

The content gets its length in front and zeros behind, up to a size of the PADMÉ series (Nikitin and others,
2019): at most 12 % more, and of a size M only about log log M bits can still be told. Below `at_least` all
are alike; a tender may set it so high that all its bids are.
"""

from __future__ import annotations

from liuquan.sealing.refusals import SealingRefused

LENGTH_BYTES = 8
AT_LEAST = 4096
LARGEST_CONTENT = 256 * 1024 * 1024


def padded_size(size: int) -> int:
    """The smallest PADMÉ size that is not below `size`."""
    if size < 2:
        return size
    exponent = size.bit_length() - 1
    mask = (1 << (exponent - exponent.bit_length())) - 1
    return (size + mask) & ~mask


def pad(content: bytes, *, at_least: int = AT_LEAST) -> bytes:
    """Length, content, zeros. Refused: too large to be sealed in one piece."""
    if len(content) > LARGEST_CONTENT or at_least > LARGEST_CONTENT:
        limit = LARGEST_CONTENT // 1024 // 1024
        raise SealingRefused("size", f"要密封的文件超过 {limit} MB：请拆分或压缩后再提交。")
    framed = len(content).to_bytes(LENGTH_BYTES, "big") + content
    return framed.ljust(padded_size(max(len(framed), at_least)), b"\0")


def unpad(padded: bytes) -> bytes:
    """The content. Refused: a length that cannot be, anything but zeros behind the content."""
    length = int.from_bytes(padded[:LENGTH_BYTES], "big")
    content, rest = padded[LENGTH_BYTES : LENGTH_BYTES + length], padded[LENGTH_BYTES + length :]
    if len(padded) < LENGTH_BYTES or len(content) != length or rest.count(0) != len(rest):
        raise SealingRefused("padding", "密封件内部的填充不对，制作密封件的程序有误：请提交人重新密封。")
    return content
