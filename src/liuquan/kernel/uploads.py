"""What may be uploaded: decided from the bytes, never from what the sender says about them.

``inspect`` is pure. It accepts PDF, JPEG, PNG, DOCX, XLSX and OFD, each recognised by its own structure, and
refuses with one sentence: a name that hides something, an empty or too large file, another type, a program
or a web page under a harmless name, a file that is two types at once (polyglot), archives that unpack
without end, pictures that cannot be shown, macros, and protected files nobody could read. It changes no byte:
a material is evidence, with all that a camera wrote into it, unless its kind of case says otherwise.

Sizes are bytes.
"""

from __future__ import annotations

import io
import struct
import threading
import unicodedata
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import filetype
from PIL import Image

from liuquan.kernel.archives import ArchiveTrouble, check_archive, is_archive
from liuquan.kernel.refusals import BadInput, TooLarge

LIMIT_BYTES: Final = 20 * 1024 * 1024
NAME_LIMIT: Final = 100  # characters; with three bytes each still below every file system's 255
PIXEL_LIMIT: Final = 120_000_000
SCAN_LIMIT: Final = 500  # passes over a JPEG: ten are usual, thousands keep a processor busy
MEDIA_TYPES: Final = {
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ofd": "application/ofd",
}
ACCEPTED_SENTENCE: Final = "可上传 PDF、JPG、PNG、DOCX、XLSX、OFD 文件"

_PROGRAM_HEADS: Final = (
    b"MZ",
    b"\x7fELF",
    b"#!",
    b"\xca\xfe\xba\xbe",
    b"\xfe\xed\xfa\xce",
    b"\xfe\xed\xfa\xcf",
    b"\xce\xfa\xed\xfe",
    b"\xcf\xfa\xed\xfe",
    b"L\x00\x00\x00\x01\x14\x02\x00",  # Windows shortcut
)
_MARKUP: Final = (b"<html", b"<script", b"<!doctype", b"<svg", b"<iframe", b"<?php", b"<?xml")
_OLE_HEAD: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PDF_END: Final = b"%%EOF"
#: what Pillow raises on bytes that are no picture
_UNREADABLE: Final = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    LookupError,
    TypeError,
    struct.error,
    zlib.error,
)
#: A picture at the limit takes half a gigabyte while it is decoded.
_ONE_AT_A_TIME: Final = threading.Lock()
Image.MAX_IMAGE_PIXELS = PIXEL_LIMIT


@dataclass(frozen=True)
class Upload:
    """A file as it came from a form: for which material, under which name, and its bytes."""

    material: str
    name: str
    content: bytes


@dataclass(frozen=True)
class AcceptedUpload:
    """A file that may be stored: cleaned name, media type found by content, size in bytes."""

    name: str
    media_type: str
    size: int


def inspect(name: str, content: bytes, *, limit: int = LIMIT_BYTES) -> AcceptedUpload:
    """Accept the file or refuse it (422; 413 when larger than ``limit``)."""
    clean = _clean_name(name)
    if not content:
        raise _no(f"文件“{clean}”是空的，请核对后重新选择文件上传。", "empty_file")
    if len(content) > limit:
        raise TooLarge(
            f"文件“{clean}”超过 {_megabytes(limit)} MB，请压缩图片或分成几份后再上传。",
            details={"limit": limit, "size": len(content)},
        )
    extension = clean.rpartition(".")[2].lower()
    if extension not in MEDIA_TYPES:
        hint = "压缩包请先解压，再逐个上传；" if extension in {"zip", "rar", "7z", "gz", "tar"} else ""
        raise _no(f"不能上传“{clean}”这类文件，{hint}{ACCEPTED_SENTENCE}。", "wrong_type")
    _refuse_disguise(clean, content)
    _CHECKS[extension](clean, content)
    return AcceptedUpload(clean, MEDIA_TYPES[extension], len(content))


def _clean_name(name: str) -> str:
    """The name in normal form; a name that could lead elsewhere or look like another is refused."""
    clean = unicodedata.normalize("NFC", name).strip()
    if not clean:
        raise _no("文件没有名字，请改名后再上传。", "hostile_name")
    if any(unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for character in clean):
        raise _no("文件名中有看不见的控制字符，请改名（只用文字、数字和短横线）后再上传。", "hostile_name")
    if "/" in clean or "\\" in clean or clean.startswith("."):
        raise _no("文件名中不能有路径符号，也不能以点号开头，请改名后再上传。", "hostile_name")
    if len(clean) > NAME_LIMIT:
        raise _no(f"文件名超过 {NAME_LIMIT} 个字，请改短后再上传。", "hostile_name")
    return clean


def _refuse_disguise(name: str, content: bytes) -> None:
    """Programs and web pages are refused under any name."""
    if content.startswith(_PROGRAM_HEADS):
        raise _no(f"“{name}”的内容是程序，不是文档，不能上传；请上传原件的扫描件或照片。", "executable")
    start = content[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(_MARKUP):
        raise _no(f"“{name}”的内容是网页，不是文档；请用“另存为 PDF”得到的文件上传。", "web_page")


def _check_pdf(name: str, content: bytes) -> None:
    if not content.startswith(b"%PDF-"):
        raise _mismatch(name, "PDF", content)
    end = content.rfind(_PDF_END)
    if end < 0:
        raise _no(f"“{name}”不完整（可能没有传完），请重新导出 PDF 后上传。", "damaged")
    edges = content[:1024].lower() + content[end:].lower()
    if any(mark in edges for mark in _MARKUP[:-1]) or _carries_archive(content):
        raise _polyglot(name)


def _check_jpeg(name: str, content: bytes) -> None:
    if not content.startswith(b"\xff\xd8\xff"):
        raise _mismatch(name, "JPG 图片", content)
    if content.count(b"\xff\xda") > SCAN_LIMIT:
        raise _too_many_pixels(name)
    _check_picture(name, content, "JPEG")


def _check_png(name: str, content: bytes) -> None:
    if not content.startswith(b"\x89PNG\r\n\x1a\n"):
        raise _mismatch(name, "PNG 图片", content)
    if b"IEND\xaeB`\x82" not in content:
        raise _cut_off(name)
    _check_picture(name, content, "PNG")


def _check_picture(name: str, content: bytes, kind: str) -> None:
    """Phones append their own data behind a photo, so only a second *readable* type is refused."""
    _decode(name, content, kind)
    low = content.lower()
    if any(mark in low for mark in (b"<html", b"<script", b"<iframe", b"<?php")) or _carries_archive(content):
        raise _polyglot(name)


def _decode(name: str, content: bytes, kind: str) -> None:
    """Refuse a picture that no viewer could show: unreadable, cut off, or too many pixels. Of an animation
    the first picture counts."""
    try:
        picture = Image.open(io.BytesIO(content), formats=[kind])
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_many_pixels(name) from None
    except _UNREADABLE:
        raise _no(f"“{name}”不是完整的图片，请重新拍照或扫描后上传。", "damaged") from None
    if picture.width * picture.height > PIXEL_LIMIT:
        raise _too_many_pixels(name)
    picture.draft(None, (1, 1))  # a JPEG is read to its end all the same, in a 64th of the memory
    try:
        with _ONE_AT_A_TIME:
            picture.load()
    except _UNREADABLE:
        raise _cut_off(name) from None


def _check_package(kind: str) -> Callable[[str, bytes], None]:
    def check(name: str, content: bytes) -> None:
        if content.startswith(_OLE_HEAD):
            raise _no(f"“{name}”是旧版格式或设有打开密码，请去掉密码并另存为 .{kind} 后上传。", "protected")
        if not content.startswith(b"PK\x03\x04"):
            raise _mismatch(name, kind.upper(), content)
        try:
            check_archive(content, kind=kind)
        except ArchiveTrouble as trouble:
            raise _no(f"“{name}”{trouble.sentence}", trouble.code) from trouble

    return check


_CHECKS: Final[dict[str, Callable[[str, bytes], None]]] = {
    "pdf": _check_pdf,
    "jpg": _check_jpeg,
    "jpeg": _check_jpeg,
    "png": _check_png,
    "docx": _check_package("docx"),
    "xlsx": _check_package("xlsx"),
    "ofd": _check_package("ofd"),
}


def _carries_archive(content: bytes) -> bool:
    return b"PK\x05\x06" in content[-66_000:] and is_archive(content)


def _mismatch(name: str, expected: str, content: bytes) -> BadInput:
    found = filetype.guess_extension(content)
    said = f"（看起来是 {found.upper()}）" if found else ""
    return _no(f"“{name}”的内容不是 {expected}{said}，请用正确的格式另存后上传。", "wrong_type")


def _cut_off(name: str) -> BadInput:
    return _no(f"“{name}”不完整（可能没有传完），请重新拍照或扫描后上传。", "damaged")


def _too_many_pixels(name: str) -> BadInput:
    return _no(f"图片“{name}”的尺寸过大，请缩小到 {PIXEL_LIMIT // 1_000_000} 百万像素以内再上传。", "bomb")


def _polyglot(name: str) -> BadInput:
    return _no(f"“{name}”里夹带了另一种文件，不能上传；请重新导出或拍照后上传。", "polyglot")


def _megabytes(size: int) -> str:
    return f"{size / 1024 / 1024:g}"


def _no(sentence: str, code: str) -> BadInput:
    return BadInput(sentence, code=code)
