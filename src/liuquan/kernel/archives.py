"""Looks inside DOCX, XLSX and OFD packages (all are zip archives) without trusting their tables.

Every member is really unpacked, counted and thrown away, within one budget shared with archives inside the
archive, so a table that lies about sizes gains nothing. Sizes are bytes.
"""

from __future__ import annotations

import zipfile
import zlib
from dataclasses import dataclass
from io import BytesIO
from typing import Final

UNPACKED_LIMIT: Final = 120 * 1024 * 1024
MEMBER_LIMIT: Final = 3000
RATIO_LIMIT: Final = 150  # real sheets reach about 30
RATIO_FROM: Final = 4 * 1024 * 1024  # below this a high ratio does no harm
DEPTH_LIMIT: Final = 1  # a letter may hold a sheet; the sheet holds no further archive
_CHUNK: Final = 256 * 1024
_MAIN_PART: Final = {"docx": "word/", "xlsx": "xl/", "ofd": "OFD.xml"}
_MAIN_TYPE: Final = {"docx": b"wordprocessingml.document.main+xml", "xlsx": b"spreadsheetml.sheet.main+xml"}


class ArchiveTrouble(Exception):
    """Why a package is refused: the rest of a sentence that begins with its name, and a code."""

    def __init__(self, sentence: str, code: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.code = code


@dataclass
class _Budget:
    """What may still be unpacked, in bytes and members, counted over all depths."""

    size: int = UNPACKED_LIMIT
    members: int = MEMBER_LIMIT

    def spend(self, size: int) -> None:
        self.size -= size
        if self.size < 0:
            raise _bomb()


def is_archive(content: bytes) -> bool:
    """Whether a zip reader would find members in these bytes."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return bool(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return False


def check_archive(content: bytes, *, kind: str) -> None:
    """Refuse (``ArchiveTrouble``) a package that is not a sound ``kind``: docx, xlsx or ofd."""
    _check(content, kind=kind, budget=_Budget(), depth=0)


def _check(content: bytes, *, kind: str, budget: _Budget, depth: int) -> None:
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            members = archive.infolist()
            budget.members -= len(members)
            if budget.members < 0:
                raise _bomb()
            _check_table(archive, members)
            for member in members:
                _check_member(archive, member, budget=budget, depth=depth)
            if kind:
                _check_kind(archive, kind)
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, OSError) as error:
        raise ArchiveTrouble("已损坏或不完整，请重新导出后上传。", "damaged") from error


def _check_table(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> None:
    """Members follow one another from the first byte; nothing before, between or after is shared."""
    spans = sorted((m.header_offset, m.header_offset + 30 + m.compress_size) for m in members)
    if not spans:
        raise ArchiveTrouble("是空的，请重新导出后上传。", "damaged")
    if spans[0][0] != 0 or archive.comment:
        raise ArchiveTrouble("里夹带了另一种文件，不能上传；请重新导出后上传。", "polyglot")
    if any(end > start for (_, end), (start, _) in zip(spans, spans[1:], strict=False)):
        raise _bomb()
    if len({member.filename for member in members}) != len(members):
        raise ArchiveTrouble("内部有重名部分，可能被改动过；请重新导出后上传。", "damaged")
    for member in members:
        if member.flag_bits & 0x1:
            raise ArchiveTrouble("设有打开密码，请去掉密码后上传。", "protected")
        path = member.filename
        if path.startswith("/") or "\\" in path or "\0" in path or ".." in path.split("/"):
            raise ArchiveTrouble("内部的路径不正常，不能上传；请重新导出后上传。", "hostile_name")
        if path.lower().endswith("vbaproject.bin"):
            raise ArchiveTrouble("带有宏程序，请另存为不带宏的文件后上传。", "macro")


def _check_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, *, budget: _Budget, depth: int) -> None:
    if member.is_dir():
        return
    size = 0
    parts: list[bytes] = []
    with archive.open(member) as stream:
        while chunk := stream.read(_CHUNK):
            size += len(chunk)
            budget.spend(len(chunk))
            if size > RATIO_FROM and size > RATIO_LIMIT * max(member.compress_size, 1):
                raise _bomb()
            if not parts or parts[0].startswith(b"PK\x03\x04"):
                parts.append(chunk)  # only kept while it may be an archive inside the archive
    head = parts[0][:8] if parts else b""
    if head.startswith((b"MZ", b"\x7fELF")):
        raise ArchiveTrouble("里夹带了程序，不能上传；请删去后重新导出。", "executable")
    if head.startswith(b"PK\x03\x04"):
        if depth >= DEPTH_LIMIT:
            raise ArchiveTrouble("里层层套着压缩包，不能上传；请把其中的文件取出来逐个上传。", "bomb")
        _check(b"".join(parts), kind="", budget=budget, depth=depth + 1)


def _check_kind(archive: zipfile.ZipFile, kind: str) -> None:
    names = archive.namelist()
    wanted = _MAIN_PART[kind]
    sound = any(name == wanted or (wanted.endswith("/") and name.startswith(wanted)) for name in names)
    if sound and kind in _MAIN_TYPE:
        sound = "[Content_Types].xml" in names and _MAIN_TYPE[kind] in archive.read("[Content_Types].xml")
    if not sound:
        raise ArchiveTrouble(f"的内容不是 {kind.upper()}，请用正确的格式另存后上传。", "wrong_type")


def _bomb() -> ArchiveTrouble:
    return ArchiveTrouble("解开后大得不正常，不能上传；请把内容分成几份，或另存为 PDF 后上传。", "bomb")
