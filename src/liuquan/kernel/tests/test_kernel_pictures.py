"""Photos lose what the camera wrote into them, and nothing of the picture."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from liuquan.kernel.pictures import without_camera_data
from liuquan.kernel.refusals import BadInput
from liuquan.kernel.uploads import inspect

GPS, ORIENTATION, MAKER = 0x8825, 0x0112, 0x010F


def photo(*, orientation: int = 6, progressive: bool = False) -> bytes:
    """A photo with a place, a phone, a time and a comment in it, and a second photo behind its end."""
    exif = Image.Exif()
    exif[ORIENTATION], exif[MAKER], exif[0x0132] = orientation, "SECRETPHONE", "2026:03:02 08:00:00"
    exif.get_ifd(GPS).update({1: "N", 2: (36.0, 5.0, 12.5), 3: "E", 4: (111.0, 31.0, 7.0)})
    buffer = io.BytesIO()
    picture = Image.effect_noise((64, 48), 90).convert("RGB")
    picture.save(buffer, "JPEG", exif=exif, comment=b"SECRETCOMMENT", progressive=progressive, quality=80)
    return buffer.getvalue() + buffer.getvalue()


@pytest.mark.parametrize("progressive", [False, True])
def test_a_photo_says_no_more_where_and_with_what_it_was_taken(progressive: bool) -> None:
    before = photo(progressive=progressive)
    after = without_camera_data("现场.jpg", before, "image/jpeg")
    assert before.count(b"SECRETPHONE") == 2
    assert not [word for word in (b"SECRETPHONE", b"SECRETCOMMENT", b"2026:03:02") if word in after]
    was, now = Image.open(io.BytesIO(before)), Image.open(io.BytesIO(after))
    assert dict(now.getexif()) == {ORIENTATION: 6}
    assert not now.getexif().get_ifd(GPS)
    assert was.tobytes() == now.tobytes()
    assert inspect("现场.jpg", after).media_type == "image/jpeg"


def test_a_photo_that_lies_right_keeps_no_segment_of_the_camera_at_all() -> None:
    after = without_camera_data("现场.jpg", photo(orientation=1), "image/jpeg")
    assert b"Exif" not in after
    assert after.endswith(b"\xff\xd9")


def test_a_png_loses_its_texts_and_keeps_its_picture() -> None:
    buffer, said = io.BytesIO(), PngInfo()
    said.add_text("Location", "SECRETPLACE")
    said.add_itxt("XML:com.adobe.xmp", "SECRETXMP")
    Image.effect_noise((64, 48), 90).convert("RGBA").save(buffer, "PNG", pnginfo=said)
    before = buffer.getvalue() + b"SECRETTAIL"
    after = without_camera_data("现场.png", before, "image/png")
    assert before.count(b"SECRET") == 3
    assert b"SECRET" not in after
    assert Image.open(io.BytesIO(before)).tobytes() == Image.open(io.BytesIO(after)).tobytes()


def test_what_is_no_picture_stays_as_it_is() -> None:
    assert without_camera_data("说明.pdf", b"%PDF-1.7 Exif", "application/pdf") == b"%PDF-1.7 Exif"


def test_a_picture_that_breaks_off_between_its_parts_is_refused() -> None:
    head = struct.pack(">IIBBBBB", 2, 2, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", 13) + b"IHDR" + head + struct.pack(">I", zlib.crc32(b"IHDR" + head))
    with pytest.raises(BadInput, match="不是完整的图片，请重新拍照"):
        without_camera_data("现场.png", b"\x89PNG\r\n\x1a\n" + chunk, "image/png")
