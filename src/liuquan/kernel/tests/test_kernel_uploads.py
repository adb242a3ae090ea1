"""Uploads: each kind of bad file has its own sentence, and good files pass."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

import pytest
from PIL import Image

from liuquan.kernel.refusals import BadInput, Refusal, TooLarge
from liuquan.kernel.uploads import inspect

PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
DOCX_TYPES = (
    b'<?xml version="1.0"?><Types><Override ContentType="application/vnd.openxmlformats-officedocument.'
    b'wordprocessingml.document.main+xml"/></Types>'
)
XLSX_TYPES = DOCX_TYPES.replace(b"wordprocessingml.document", b"spreadsheetml.sheet")


def png(width: int = 2, height: int = 2) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = zlib.compress(b"\0\0\0\0\0\0\0" * 2)
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def picture(kind: str, mode: str = "RGB", **saved: object) -> bytes:
    """A picture of noise, as a camera's is: nothing of it packs away."""
    buffer = io.BytesIO()
    Image.effect_noise((80, 60), 90).convert(mode).save(buffer, kind, **saved)
    return buffer.getvalue()


def jpeg(tail: bytes = b"") -> bytes:
    return picture("JPEG") + tail


def animated() -> bytes:
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    buffer = io.BytesIO()
    frames[0].save(buffer, "PNG", save_all=True, append_images=frames[1:])
    return buffer.getvalue()


def cut(content: bytes) -> bytes:
    """The same without the middle, but with its end."""
    return content[: len(content) // 2] + content[-12:]


def package(parts: dict[str, bytes], *, comment: bytes = b"", prefix: bytes = b"") -> bytes:
    buffer = io.BytesIO()
    buffer.write(prefix)
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
        archive.comment = comment
    return buffer.getvalue()


def docx(extra: dict[str, bytes] | None = None) -> bytes:
    return package({"[Content_Types].xml": DOCX_TYPES, "word/document.xml": b"<w/>", **(extra or {})})


def xlsx(extra: dict[str, bytes] | None = None) -> bytes:
    return package({"[Content_Types].xml": XLSX_TYPES, "xl/workbook.xml": b"<w/>", **(extra or {})})


def lying_docx() -> bytes:
    """The table says 10 bytes, the member unpacks to 30 MB."""
    data = bytearray(docx({"word/media/a.bin": b"\0" * (30 * 1024 * 1024)}))
    real = struct.pack("<I", 30 * 1024 * 1024)
    for at in (data.find(real), data.rfind(real)):
        data[at : at + 4] = struct.pack("<I", 10)
    return bytes(data)


def overlapping_docx() -> bytes:
    """Two table rows point at the same packed bytes (how the densest bombs are made)."""
    data = bytearray(docx({"word/a.bin": b"\0" * 9000, "word/b.bin": b"\0" * 9000}))
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as archive:
        first, second = archive.getinfo("word/a.bin"), archive.getinfo("word/b.bin")
    row = data.rfind(b"word/b.bin") - 46
    assert struct.unpack("<I", data[row + 42 : row + 46])[0] == second.header_offset
    data[row + 42 : row + 46] = struct.pack("<I", first.header_offset)
    return bytes(data)


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("身份证 正面.pdf", PDF, "application/pdf"),
        ("照片.JPG", jpeg(), "image/jpeg"),
        ("照片.jpeg", jpeg(b"\0\0\0\x18ftypmp42" + b"\0" * 40), "image/jpeg"),
        ("印刷.jpg", picture("JPEG", "CMYK"), "image/jpeg"),
        ("网上.jpg", picture("JPEG", progressive=True), "image/jpeg"),
        ("章程.png", png(), "image/png"),
        ("透明.png", picture("PNG", "RGBA"), "image/png"),
        ("动图.png", animated(), "image/png"),
        ("申请书.docx", docx(), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (
            "平面图.docx",
            docx({"word/embeddings/s.xlsx": xlsx()}),
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        ("名单.xlsx", xlsx(), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("批复.ofd", package({"OFD.xml": b"<ofd/>", "Doc_0/Document.xml": b"<d/>"}), "application/ofd"),
    ],
)
def test_a_sound_file_is_accepted_with_the_type_of_its_content(
    name: str, content: bytes, media_type: str
) -> None:
    upload = inspect(name, content)
    assert (upload.name, upload.media_type, upload.size) == (name, media_type, len(content))


BAD_CONTENT = [
    ("空.pdf", b"", "empty_file", "是空的"),
    ("程序.exe", b"MZ\x90\x00" + b"\0" * 99, "wrong_type", "不能上传“程序.exe”这类文件"),
    ("材料.zip", package({"a.txt": b"a"}), "wrong_type", "压缩包请先解压"),
    ("没有后缀", PDF, "wrong_type", "可上传 PDF"),
    ("发票.pdf", b"MZ\x90\x00" + b"\0" * 99, "executable", "内容是程序"),
    ("脚本.pdf", b"#!/bin/sh\necho", "executable", "内容是程序"),
    ("网页.pdf", b"\xef\xbb\xbf <!DOCTYPE html><html></html>", "web_page", "内容是网页"),
    ("网页.jpg", b"<svg onload=alert(1)>", "web_page", "内容是网页"),
    ("夹带.pdf", b"%PDF-1.4\n%<script>alert(1)</script>\n%%EOF", "polyglot", "夹带了另一种文件"),
    ("夹带2.pdf", PDF + package({"a.html": b"x"}), "polyglot", "夹带了另一种文件"),
    ("夹带3.pdf", PDF + b"<html><script>1</script>", "polyglot", "夹带了另一种文件"),
    ("夹带.png", png() + b"<script>alert(1)</script>", "polyglot", "夹带了另一种文件"),
    ("夹带.jpg", jpeg(package({"a.exe": b"MZ"})), "polyglot", "夹带了另一种文件"),
    ("没传完.pdf", b"%PDF-1.7\n1 0 obj", "damaged", "不完整"),
    ("其实是图.pdf", png(), "wrong_type", "看起来是 PNG"),
    ("其实是文.png", PDF, "wrong_type", "看起来是 PDF"),
    ("巨图.png", png(60000, 60000), "bomb", "尺寸过大"),
    ("大图.png", png(50_000, 50_000), "bomb", "尺寸过大"),
    ("过大.png", png(12_000, 10_001), "bomb", "缩小到 120 百万像素以内"),
    ("多遍.jpg", jpeg(b"\xff\xda" * 501), "bomb", "尺寸过大"),
    ("半张.jpg", jpeg()[:-900], "damaged", "不完整（可能没有传完）"),
    ("半张.png", picture("PNG")[:-900], "damaged", "不完整（可能没有传完）"),
    ("缺中间.png", cut(picture("PNG")), "damaged", "不完整（可能没有传完）"),
    ("只有头.png", b"\x89PNG\r\n\x1a\nIEND\xaeB`\x82", "damaged", "不是完整的图片"),
    ("坏图.jpg", b"\xff\xd8\xff" + b"\0" * 50, "damaged", "不是完整的图片"),
    ("炸弹.docx", docx({"word/media/a.bin": b"\0" * (30 * 1024 * 1024)}), "bomb", "大得不正常"),
    ("谎报.docx", lying_docx(), "damaged", "已损坏"),
    ("重叠.docx", overlapping_docx(), "bomb", "大得不正常"),
    ("很多.docx", docx({f"word/{n}": b"" for n in range(3100)}), "bomb", "大得不正常"),
    ("套娃.docx", docx({"word/a.zip": package({"b.zip": package({"c": b"c"})})}), "bomb", "层层套着"),
    ("程序.docx", docx({"word/embeddings/a.bin": b"MZ\x90" + b"\0" * 9}), "executable", "夹带了程序"),
    ("宏.docx", docx({"word/vbaProject.bin": b"x"}), "macro", "带有宏程序"),
    ("穿越.docx", docx({"../../etc/passwd": b"x"}), "hostile_name", "路径不正常"),
    ("不是.docx", xlsx(), "wrong_type", "内容不是 DOCX"),
    ("不是.ofd", docx(), "wrong_type", "内容不是 OFD"),
    ("前缀.docx", b"PK\x03\x04garbage<html>" + docx(), "polyglot", "夹带了另一种文件"),
    (
        "尾注.docx",
        package({"[Content_Types].xml": DOCX_TYPES, "word/d": b""}, comment=b"<html>"),
        "polyglot",
        "夹带",
    ),
    ("断了.docx", docx()[:-40], "damaged", "已损坏"),
    ("旧版.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 99, "protected", "旧版格式"),
]


@pytest.mark.parametrize(
    ("name", "content", "code", "sentence"), BAD_CONTENT, ids=[row[0] for row in BAD_CONTENT]
)
def test_a_bad_file_is_refused_with_its_own_sentence(
    name: str, content: bytes, code: str, sentence: str
) -> None:
    with pytest.raises(BadInput) as refusal:
        inspect(name, content)
    assert refusal.value.code == code
    assert sentence in refusal.value.sentence
    assert refusal.value.sentence.endswith("。")


def test_a_file_above_the_limit_is_refused_as_too_large_and_told_the_limit() -> None:
    with pytest.raises(TooLarge) as refusal:
        inspect("大.pdf", PDF + b" " * 2048, limit=2048)
    assert refusal.value.status == 413
    assert refusal.value.details["limit"] == 2048
    with pytest.raises(TooLarge, match="超过 20 MB"):
        inspect("大.pdf", PDF + b" " * (20 * 1024 * 1024))


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("../../etc/passwd.pdf", "路径符号"),
        ("..\\..\\a.pdf", "路径符号"),
        ("/etc/a.pdf", "路径符号"),
        (".pdf", "以点号开头"),
        ("a\0.pdf", "看不见的控制字符"),
        ("发票\u202efdp.exe", "看不见的控制字符"),
        ("a\u200b.pdf", "看不见的控制字符"),
        ("a\nb.pdf", "看不见的控制字符"),
        ("a\ud800.pdf", "看不见的控制字符"),
        ("  ", "没有名字"),
        ("长" * 200 + ".pdf", "请改短"),
    ],
)
def test_a_hostile_file_name_is_refused_and_not_repeated(name: str, sentence: str) -> None:
    with pytest.raises(Refusal) as refusal:
        inspect(name, PDF)
    assert sentence in refusal.value.sentence
    assert name not in refusal.value.sentence or not name.strip()


def test_a_protected_package_is_refused() -> None:
    data = bytearray(docx())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(mark)
        data[at + offset] |= 1
    with pytest.raises(BadInput, match="打开密码"):
        inspect("密码.docx", bytes(data))
