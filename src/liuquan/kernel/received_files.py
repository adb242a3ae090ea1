"""Files received from a form, checked one by one so that each complaint is shown beside its input."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest

from liuquan.kernel import uploads
from liuquan.kernel.refusals import Refusal
from liuquan.kernel.uploads import Upload

_PREFIX = "file_"
MOST_FILES = 10  #: for one material
MOST_BYTES = 60 * 1024 * 1024  #: per submission: all files are in memory while they are checked


@dataclass
class ReceivedFiles:
    """The received files: accepted files, complaints by material key, names of accepted ones by material
    key."""

    files: list[Upload] = field(default_factory=list)
    wrong: dict[str, str] = field(default_factory=dict)
    names: dict[str, list[str]] = field(default_factory=dict)


def input_name(material: str) -> str:
    """The name of the file input for a material."""
    return f"{_PREFIX}{material}"


def named(request: HttpRequest) -> list[str]:
    """The materials for which files came, whether or not the form still asks for them."""
    return [name.removeprefix(_PREFIX) for name in request.FILES if name.startswith(_PREFIX)]


def uploads_of(files: Mapping[str, Iterable[Any]]) -> list[Upload]:
    """The files of a request to the API; the name of each part is the key of the material it is for."""
    return [Upload(key, str(one.name or ""), one.read()) for key, group in files.items() for one in group]


def received_files(request: HttpRequest, materials: Iterable[str]) -> ReceivedFiles:
    """Read and check the files for these materials; nothing is stored here."""
    found = ReceivedFiles()
    left = MOST_BYTES
    for key in materials:
        given = request.FILES.getlist(input_name(key))
        if len(given) > MOST_FILES:
            found.wrong[key] = f"一项材料最多 {MOST_FILES} 个文件，请合并成一个 PDF 后再选。"
            continue
        for one in given:
            left -= one.size or 0
            sentence = _judge(one, left, found, key)
            if sentence:
                found.wrong[key] = sentence
    return found


def _judge(one: UploadedFile[bytes], left: int, found: ReceivedFiles, key: str) -> str:
    name = str(one.name or "")
    if left < 0:
        return f"这次选的文件合计超过 {MOST_BYTES // 1024 // 1024} MB，请压缩图片，或者留几份以后再交。"
    try:
        # One byte more than allowed is enough to know that it is too large.
        content = one.read(uploads.LIMIT_BYTES + 1)
        accepted = uploads.inspect(name, content)
    except Refusal as refusal:
        return refusal.sentence
    found.files.append(Upload(key, accepted.name, content))
    found.names.setdefault(key, []).append(accepted.name)
    return ""
