"""Detects the encoding of a text file, and reports what was assumed. Pure.

UTF-8 with or without byte order mark, UTF-16 with it, and GB18030 (which includes GBK and GB 2312). A UTF-8
file with a few broken lines stays UTF-8: only those lines are marked with U+FFFD, so that they can be named.
"""

from __future__ import annotations

import codecs

from liuquan.kernel.refusals import BadInput

_SIGNS = (
    (b"PK\x03\x04", "这是 Excel 工作簿（.xlsx）或者压缩包，请在表格软件里另存为 CSV 再导入。"),
    (b"\xd0\xcf\x11\xe0", "这是旧版 Excel 或者 Word 文件（.xls、.doc），请在表格软件里另存为 CSV 再导入。"),
    (b"%PDF", "这是 PDF 文件，不能当作表格导入，请提供 CSV 文件。"),
    (b"\x89PNG", "这是图片，不能当作表格导入，请提供 CSV 文件。"),
    (b"\xff\xd8\xff", "这是图片，不能当作表格导入，请提供 CSV 文件。"),
)


def decode(content: bytes) -> tuple[str, list[str]]:
    """The text, and sentences about what was assumed. Refuses an empty file and one that is not text."""
    if not content.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n\x00"):
        raise BadInput("文件是空的，没有可以导入的内容，请核对是否选错了文件。", code="empty_file")
    for sign, sentence in _SIGNS:
        if content.startswith(sign):
            raise BadInput(sentence, code="not_text")
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", errors="replace"), ["文件按 UTF-16 读取。"]
    try:
        return content.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        return _not_clean_utf8(content)


def _not_clean_utf8(content: bytes) -> tuple[str, list[str]]:
    lines = [line for line in content.split(b"\n") if not line.isascii()]
    clean_utf8 = sum(_decodes(line, "utf-8") for line in lines)
    clean_gb = sum(_decodes(line, "gb18030") for line in lines)
    # Nearly any bytes pass as GB18030, while GB text hardly ever passes as UTF-8.
    if clean_utf8 * 2 >= len(lines):
        broken = len(lines) - clean_utf8
        note = f"文件按 UTF-8 读取，其中{broken}行含有无法识别的字节，这些行没有读入。"
        return content.decode("utf-8-sig", errors="replace"), [note]
    if clean_gb * 2 >= len(lines):
        note = "文件不是 UTF-8，已按 GB18030（GBK）读取；如果文字显示不对，请另存为 UTF-8 再导入。"
        return content.decode("gb18030", errors="replace"), [note]
    raise BadInput(
        "文件既不是 UTF-8 也不是 GBK 文字，请用表格软件另存为 CSV（UTF-8）再导入。", code="not_text"
    )


def _decodes(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def lines_of(text: str) -> list[str]:
    """The lines with their ends, split only where a spreadsheet splits them (never at U+2028)."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return [line + "\n" for line in text.split("\n")]
