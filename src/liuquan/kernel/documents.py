"""Official papers: typst templates filled with data, as PDF/A-2b, the same bytes for the same input.

A template is a ``.typ`` file of any module; it reads ``json(bytes(sys.inputs.data))`` and imports the look
from ``/kernel/templates/papers/official.typ`` (paths begin at the ``liuquan`` package). Data are values;
nothing evaluates them. Papers are rendered once, stored as issued and never rendered again, so a
template may change without changing what was signed.

The fonts show no sign of a missing character, they leave a gap: so each is looked up first.
"""

from __future__ import annotations

import functools
import io
import json
import threading
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final

import segno
import typst
from fontTools.ttLib import TTFont

from liuquan.kernel.refusals import BadInput

PACKAGE: Final = Path(__file__).resolve().parents[1]
NOTICE: Final = "kernel/templates/papers/notice.typ"
SLIP: Final = "kernel/templates/papers/slip.typ"
_STANDARD: Final = "a-2b"
_NAMED_AT_MOST: Final = 10
MARK: Final = "〓"
_own = threading.local()


def render(template: Path | str, data: Mapping[str, Any], *, qr: str | None, on: date) -> bytes:
    """One paper as PDF.

    ``template``: a path, or a name below the package such as :data:`NOTICE`. ``data``: plain JSON values.
    ``qr``: the text of the QR code, usually the verify address. ``on``: the date of the paper, printed where
    ``data`` gives none and stamped into the file. Refuses (422) characters that the fonts do not have.
    """
    text = json.dumps(data, ensure_ascii=False, sort_keys=True)
    refuse_unprintable(data)
    inputs = {"data": text, "on": on.isoformat(), "qr": qr_svg(qr) if qr else ""}
    made = _compiler().compile(
        input=_source(template), format="pdf", sys_inputs=inputs, pdf_standards=_STANDARD, pdf_tags=True
    )
    if not isinstance(made, bytes):
        raise TypeError("typst made no PDF")
    return made


def refuse_unprintable(data: Any) -> None:
    """Refuse (422) text with characters missing from the fonts, naming them; ``fields`` says where."""
    printable = _printable()
    missing: dict[str, str] = {}
    fields: dict[str, str] = {}
    for where, text in _texts(data, ""):
        absent = [character for character in text if ord(character) not in printable]
        if absent:
            missing.update(dict.fromkeys(absent, where))
            fields[where] = "字库中没有：" + "、".join(_named(one) for one in dict.fromkeys(absent))
    if missing:
        names = "、".join(_named(character) for character in list(missing)[:_NAMED_AT_MOST])
        raise BadInput(
            f"字库中没有 {names}，不能打印；请附上该字的图片，或改用证件登记机关登记的写法后重试。",
            fields=fields,
            code="missing_glyph",
        )


def marked(data: Any) -> tuple[Any, list[str]]:
    """The same data with 〓, the printers' mark for a character they do not have, in place of each missing
    one, and the names of those characters (as `U+323AF`). A paper that the law requires is issued
    despite a rare name; whoever issues it says in it what the mark stands for.
    """
    printable = _printable()
    missing: dict[str, None] = {}

    def mark(value: Any) -> Any:
        if isinstance(value, str):
            missing.update(dict.fromkeys(c for c in value if ord(c) not in printable))
            return "".join(c if ord(c) in printable else MARK for c in value)
        if isinstance(value, Mapping):
            return {key: mark(inner) for key, inner in value.items()}
        return [mark(inner) for inner in value] if isinstance(value, list | tuple) else value

    return mark(data), [f"U+{ord(c):04X}" for c in missing]


def qr_svg(text: str) -> str:
    """A QR code as SVG, one black path on white."""
    buffer = io.BytesIO()
    code = segno.make(text, error="m", micro=False)
    code.save(buffer, kind="svg", border=2, light="#fff", xmldecl=False, svgns=True, nl=False)
    return buffer.getvalue().decode()


def _compiler() -> typst.Compiler:
    """One compiler a thread: it is not shared, and a new one for each paper would double the time."""
    compiler: typst.Compiler | None = getattr(_own, "compiler", None)
    if compiler is None:
        compiler = typst.Compiler(
            root=str(PACKAGE), font_paths=[str(_font_folder())], ignore_system_fonts=True
        )
        _own.compiler = compiler
    return compiler


def _source(template: Path | str) -> bytes:
    path = Path(template)
    return (path if path.is_absolute() else PACKAGE / path).read_bytes()


def _font_folder() -> Path:
    import pylopdf_fonts_zh_cn

    return Path(pylopdf_fonts_zh_cn.__file__).parent


@functools.cache
def _printable() -> frozenset[int]:
    """Code points that every font of the papers has, and the line breaks."""
    maps = []
    for path in sorted(_font_folder().glob("*.otf")):
        with TTFont(path, lazy=True) as font:
            maps.append(set(font.getBestCmap()))
    return frozenset(set.intersection(*maps) | {ord("\n"), ord("\t")})


def _texts(value: Any, where: str) -> Iterable[tuple[str, str]]:
    """Every text in the data with its place, such as ``table.rows.2.0``."""
    if isinstance(value, str):
        yield where, value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _texts(inner, f"{where}.{key}" if where else str(key))
    elif isinstance(value, list | tuple):
        for position, inner in enumerate(value):
            yield from _texts(inner, f"{where}.{position}" if where else str(position))


def _named(character: str) -> str:
    shown = f"“{character}”" if character.isprintable() else ""
    return f"{shown}（U+{ord(character):04X}）"
