"""Files received from a form, checked one by one so that each complaint is shown beside its input."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest

from liuquan.applications.types import Upload
from liuquan.kernel import uploads
from liuquan.kernel.refusals import Refusal

MOST_FILES = 10  #: for one material
MOST_BYTES = 60 * 1024 * 1024  #: per submission: all files are in memory while they are checked


@dataclass
class Received:
    """The received files: accepted files, complaints by material key, names of accepted ones by material
    key."""

    files: list[Upload] = field(default_factory=list)
    wrong: dict[str, str] = field(default_factory=dict)
    names: dict[str, list[str]] = field(default_factory=dict)


def input_name(material: str) -> str:
    """The name of the file input for a material."""
    return f"file_{material}"


def received_files(request: HttpRequest, materials: Iterable[str]) -> Received:
    """Read and check the files for these materials; nothing is stored here."""
    found = Received()
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


def _judge(one: UploadedFile[bytes], left: int, found: Received, key: str) -> str:
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
