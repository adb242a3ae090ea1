"""A sheet of boxes and arrows as SVG text: measured, wrapped, escaped. Pure.

Widths are user units; a sheet is 360 wide, so that at 360 pixels one unit is one pixel. Only presentation
attributes are used: no style element, no script, nothing a strict content security policy would refuse.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from html import escape

WIDTH = 360
MARGIN = 12
PADDING = 12
GAP = 30
INK, QUIET, LINE, ACCENT, WASH, PAPER = "#1a1a1a", "#4a5560", "#52606d", "#0f4c8a", "#eaf2fb", "#ffffff"

_NEVER_FIRST = frozenset("，。；：、）》”！？…,.;:)!?%")
_NEVER_LAST = frozenset("（《“(")


@dataclass(frozen=True)
class Words:
    """A run of text in a box: its size in units, its weight and colour."""

    text: str
    size: float = 15
    bold: bool = False
    colour: str = INK


@dataclass(frozen=True)
class Box:
    """A laid-out box: its position and its lines."""

    x: float
    y: float
    width: float
    height: float
    lines: tuple[Words, ...]
    shape: str = "step"

    @property
    def middle(self) -> float:
        return self.x + self.width / 2

    @property
    def bottom(self) -> float:
        return self.y + self.height


def text_width(text: str, size: float) -> float:
    """The width of a run: Han and full-width signs take one em, others a little more than half."""
    return sum(1.0 if unicodedata.east_asian_width(sign) in "WF" else 0.58 for sign in text) * size


def wrap(text: str, width: float, size: float) -> list[str]:
    """Lines no wider than `width`; no line begins with closing punctuation or ends with opening
    punctuation."""
    lines: list[str] = []
    line = ""
    for sign in text:
        if line and text_width(line + sign, size) > width and sign not in _NEVER_FIRST:
            keep = line[-1] if line[-1] in _NEVER_LAST and len(line) > 1 else ""
            lines.append(line[: len(line) - len(keep)].rstrip())
            line = (keep + sign).lstrip()
        else:
            line += sign
    return [*lines, line] if line else lines


def lay(runs: list[Words], x: float, y: float, width: float, shape: str = "step") -> Box:
    """A box of this width with the runs wrapped into it, as high as they need."""
    inner = width - 2 * PADDING * (0.6 if width < 170 else 1)
    lines = tuple(
        Words(line, run.size, run.bold, run.colour)
        for run in runs
        for line in wrap(run.text, inner, run.size)
    )
    height = 2 * PADDING + sum(line.size * 1.45 for line in lines) - 4
    return Box(x, y, width, height, lines, shape)


@dataclass
class Sheet:
    """Collects shapes from top to bottom and gives the finished SVG."""

    key: str
    title: str
    description: str
    parts: list[str] = field(default_factory=list)
    bottom: float = MARGIN

    def box(self, box: Box) -> None:
        """Draw a box with its text, centred."""
        self.parts.append(_SHAPES[box.shape](box))
        y = box.y + PADDING - 2
        for line in box.lines:
            y += line.size * 1.45
            weight = ' font-weight="700"' if line.bold else ""
            self.parts.append(
                f'<text x="{box.middle:.1f}" y="{y - line.size * 0.36:.1f}" '
                f'font-size="{line.size:g}"{weight} '
                f'fill="{line.colour}" text-anchor="middle">{escape(line.text)}</text>'
            )
        self.bottom = max(self.bottom, box.bottom)

    def label(self, text: str, x: float, y: float, size: float = 13, anchor: str = "middle") -> None:
        """A line of quiet text between the boxes, kept clear of the arrows below it."""
        self.parts.append(
            f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size:g}" fill="{QUIET}" '
            f'text-anchor="{anchor}" stroke="{PAPER}" stroke-width="6" paint-order="stroke">'
            f"{escape(text)}</text>"
        )

    def arrow(self, upper: Box, lower: Box) -> None:
        """From the foot of one box to the head of another, by way of the middle of the gap."""
        bend = lower.y - GAP / 2
        x, to = upper.middle, lower.middle
        way = f"M{x:.1f} {upper.bottom:.1f}V{bend:.1f}H{to:.1f}V{lower.y - 5:.1f}"
        self.parts.append(f'<path d="{way}" fill="none" stroke="{LINE}" stroke-width="1.6"/>')
        head = f"M{to - 5:.1f} {lower.y - 7:.1f}h10l-5 7z"
        self.parts.append(f'<path d="{head}" fill="{LINE}"/>')

    def svg(self) -> str:
        """The finished picture with its name and its description for those who do not see it."""
        height = self.bottom + MARGIN
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}" width="100%" '
            f'style="max-width:32rem;height:auto" role="img" '
            f'aria-labelledby="{self.key}-title {self.key}-desc" class="flow-chart">'
            f'<title id="{self.key}-title">{escape(self.title)}</title>'
            f'<desc id="{self.key}-desc">{escape(self.description)}</desc>' + "".join(self.parts) + "</svg>"
        )


def _rectangle(box: Box, *, fill: str, stroke: str, radius: float, thick: float = 1.4, dash: str = "") -> str:
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<rect x="{box.x:.1f}" y="{box.y:.1f}" width="{box.width:.1f}" height="{box.height:.1f}" '
        f'rx="{radius:g}" fill="{fill}" stroke="{stroke}" stroke-width="{thick:g}"{dashed}/>'
    )


def _end(box: Box) -> str:
    return _rectangle(box, fill=WASH, stroke=ACCENT, radius=min(box.height / 2, 22))


def _step(box: Box) -> str:
    return _rectangle(box, fill=PAPER, stroke=LINE, radius=6)


def _decision(box: Box) -> str:
    return _rectangle(box, fill=WASH, stroke=ACCENT, radius=6, thick=2.6)


def _aside(box: Box) -> str:
    return _rectangle(box, fill=PAPER, stroke=LINE, radius=6, dash="5 4")


_SHAPES = {"end": _end, "step": _step, "decision": _decision, "aside": _aside}
