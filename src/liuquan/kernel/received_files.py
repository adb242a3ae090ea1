"""Files received from a form, checked one by one so that each complaint is shown beside its input.

What passes its check is kept at once in a draft, whose code the form carries from then on (`CODE`): whatever
else is wrong, nobody has to choose a good file again. `DROP` names kept files that are not wanted any more.
The page lists what is kept (`kernel/_kept.html`); when the form is done, `ReceivedFiles.done`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest

from liuquan.kernel import drafts, uploads
from liuquan.kernel.drafts import KeptFile
from liuquan.kernel.refusals import Refusal
from liuquan.kernel.uploads import Upload

CODE: Final = "draft"
DROP: Final = "drop"
_PREFIX: Final = "file_"


@dataclass
class ReceivedFiles:
    """The files of a form: those to hand in, complaints by material key, what is kept by material key, the
    code of the draft that keeps it (empty: nothing is kept)."""

    files: list[Upload] = field(default_factory=list)
    wrong: dict[str, str] = field(default_factory=dict)
    kept: dict[str, list[KeptFile]] = field(default_factory=dict)
    code: str = ""

    def forget_others(self, asked: Collection[str], now: datetime) -> None:
        """Destroy what is kept for materials that the form no longer asks for: it lists them nowhere. Called
        when the form is shown again, after the act has said so."""
        strange = [one.key for key, kept in self.kept.items() if key not in asked for one in kept]
        drafts.drop(self.code, strange, now=now)

    def done(self, now: datetime) -> None:
        """What the form asked for has happened: the draft and its files are destroyed."""
        if self.code:
            drafts.erase(self.code, now=now)


def input_name(material: str) -> str:
    """The name of the file input for a material."""
    return f"{_PREFIX}{material}"


def uploads_of(files: Mapping[str, Iterable[Any]]) -> list[Upload]:
    """The files of a request to the API; the name of each part is the key of the material it is for."""
    return [Upload(key, str(one.name or ""), one.read()) for key, group in files.items() for one in group]


def kept_files(
    request: HttpRequest, *, place: str, now: datetime, code: str = ""
) -> dict[str, list[KeptFile]]:
    """What the draft of this form keeps, by material key. `code`: as for `received_files`."""
    draft = _draft(request, place, now, code)
    return _by_material(draft.files if draft else ())


def received_files(
    request: HttpRequest,
    materials: Iterable[str] | None,
    *,
    place: str,
    now: datetime,
    code: str = "",
) -> ReceivedFiles:
    """Check the files for these materials (none named: for all that came) and keep them with those of earlier
    tries. `place`: whose form it is; a draft of another one is not used. `code`: of a draft that the caller
    has found already; otherwise the form says it, and the first good file begins one."""
    draft = _draft(request, place, now, code)
    found = ReceivedFiles(code=draft.code if draft else "")
    drafts.drop(found.code, request.POST.getlist(DROP), now=now)
    came = [name.removeprefix(_PREFIX) for name in request.FILES if name.startswith(_PREFIX)]
    wanted = None if materials is None else list(materials)
    for key in came if wanted is None else wanted:
        for one in request.FILES.getlist(input_name(key)):
            if sentence := _keep(one, key, found, place, now):
                found.wrong[key] = sentence
    _read(found, wanted, place, now)
    return found


def _keep(one: UploadedFile[bytes], key: str, found: ReceivedFiles, place: str, now: datetime) -> str:
    """Check and keep one file; what is wrong with it, if anything."""
    try:
        # One byte more than allowed is enough to know that it is too large.
        content = one.read(uploads.LIMIT_BYTES + 1)
        accepted = uploads.inspect(str(one.name or ""), content)
        found.code = found.code or drafts.begin(place=place, now=now).code
        drafts.keep(found.code, Upload(key, accepted.name, content), accepted, now=now)
    except Refusal as refusal:
        return refusal.sentence
    return ""


def _read(found: ReceivedFiles, wanted: list[str] | None, place: str, now: datetime) -> None:
    """The files as the draft keeps them. One that was damaged is destroyed and asked for again."""
    draft = drafts.find(found.code, place=place, now=now) if found.code else None
    kept = draft.files if draft else ()
    found.files, broken = drafts.contents(one for one in kept if wanted is None or one.material in wanted)
    drafts.drop(found.code, [one.key for one in broken], now=now)
    for one in broken:
        found.wrong[one.material] = f"存好的文件“{one.name}”已经损坏，请重新选一次。"
    found.kept = _by_material(one for one in kept if one not in broken)


def _draft(request: HttpRequest, place: str, now: datetime, code: str) -> drafts.Draft | None:
    return drafts.find(code or request.POST.get(CODE, ""), place=place, now=now)


def _by_material(kept: Iterable[KeptFile]) -> dict[str, list[KeptFile]]:
    found: dict[str, list[KeptFile]] = {}
    for one in kept:
        found.setdefault(one.material, []).append(one)
    return found
