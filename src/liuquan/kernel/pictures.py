"""What a camera wrote into a photo is taken out: where and when it was taken, by which phone, its thumbnail.

The picture itself is not touched: segments and chunks are left out, nothing is compressed again. How it has
to be turned stays, or it would be shown lying. What stands behind the end of the picture goes too: phones put
a second photo there, with all that the first had.

Cites: 个人信息保护法 第六条
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Final

from PIL import Image

from liuquan.kernel.refusals import BadInput

_ORIENTATION: Final = 0x0112
_LONE: Final = frozenset({0x01, *range(0xD0, 0xD8)})  #: markers of a JPEG without a length
_EOI, _SOS, _APP1, _APP2 = 0xD9, 0xDA, 0xE1, 0xE2
#: of the segments that are no part of the picture: JFIF, colour profile, Adobe's colour transform
_KEPT_APPS: Final = {0xE0: b"", _APP2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}
_COMMENT: Final = 0xFE
_PNG_HEAD: Final = b"\x89PNG\r\n\x1a\n"
#: of the chunks of a PNG that may be missing, those that change what is seen
_KEPT_CHUNKS: Final = frozenset(
    {b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"bKGD", b"pHYs", b"acTL", b"fcTL", b"fdAT"}
)


def without_camera_data(name: str, content: bytes, media_type: str) -> bytes:
    """The same picture without what a camera wrote into it; every other kind of file as it is.

    `content` has passed `uploads.inspect`. Refuses (422) a picture whose parts cannot be told apart.
    """
    try:
        if media_type == "image/jpeg":
            return b"".join(_jpeg(content))
        if media_type == "image/png":
            return b"".join(_png(content))
    except (IndexError, ValueError):
        raise BadInput(f"“{name}”不是完整的图片，请重新拍照后上传。", code="damaged") from None
    return content


def _jpeg(content: bytes) -> Iterator[bytes]:
    yield b"\xff\xd8"
    yield _turned(content)
    at = 2
    while True:
        if content[at] != 0xFF:
            raise ValueError("no marker")
        marker = content[at + 1]
        if marker == 0xFF:  # a filling byte
            at += 1
        elif marker == _EOI:
            yield b"\xff\xd9"
            return
        elif marker in _LONE:
            yield content[at : at + 2]
            at += 2
        else:
            end = at + 2 + int.from_bytes(content[at + 2 : at + 4], "big")
            if end < at + 4 or end > len(content):
                raise ValueError("no length")
            if _is_kept(marker, content[at + 4 : at + 20]):
                yield content[at:end]
            at = end
            if marker == _SOS:
                at = _end_of_scan(content, end)
                yield content[end:at]


def _end_of_scan(content: bytes, at: int) -> int:
    """Where the next marker stands behind the data of a scan."""
    while True:
        at = content.index(b"\xff", at)
        following = content[at + 1]
        if following != 0 and not 0xD0 <= following <= 0xD7:
            return at
        at += 2


def _is_kept(marker: int, start: bytes) -> bool:
    if marker == _COMMENT:
        return False
    if 0xE0 <= marker <= 0xEF:
        return marker in _KEPT_APPS and start.startswith(_KEPT_APPS[marker])
    return True


def _turned(content: bytes) -> bytes:
    """A segment that says how to turn the picture, and nothing else; empty where it lies right."""
    with Image.open(io.BytesIO(content), formats=["JPEG"]) as picture:
        said = picture.getexif().get(_ORIENTATION)
    if said not in range(2, 9):
        return b""
    exif = Image.Exif()
    exif[_ORIENTATION] = said
    written = exif.tobytes()
    return b"\xff\xe1" + (len(written) + 2).to_bytes(2, "big") + written


def _png(content: bytes) -> Iterator[bytes]:
    yield _PNG_HEAD
    at = len(_PNG_HEAD)
    while True:
        end = at + 12 + int.from_bytes(content[at : at + 4], "big")
        kind = content[at + 4 : at + 8]
        if len(kind) < 4 or end > len(content):
            raise ValueError("no chunk")
        if kind[:1].isupper() or kind in _KEPT_CHUNKS:
            yield content[at:end]
        if kind == b"IEND":
            return
        at = end
