"""The forms of acts, made from the fields that the procedure's row names; and what was typed, kept.

The engine decides what is missing or wrong. Only what the engine cannot know is checked here: that the
question before a final act was answered, and that a text is not too long.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, Final

from django.http import HttpRequest

from liuquan.applications.queries import CLOCK_LABELS
from liuquan.applications.rules import CAUSE_LABELS, RESULT_LABELS, WAY_LABELS, missing_required
from liuquan.applications.types import CasePage, Material
from liuquan.casework import queries as casework
from liuquan.casework.types import Field, Offer, Snapshot
from liuquan.catalogue.types import Necessity
from liuquan.clock import shanghai_day

LONGEST_TEXT: Final = 2000  # characters
_LONG: Final = frozenset({"reason", "remarks", "corrections", "opinion", "request"})
#: acts that materials may come with
WITH_FILES: Final = frozenset({"accept", "accept_corrected", "receive_supplement"})

Pairs = list[tuple[str, str]]


@dataclass(frozen=True)
class Control:
    """One field as it is shown. `shape`: line, long, number, date, choice, select, checks."""

    name: str
    label: str
    shape: str
    value: Any
    hint: str = ""
    error: str = ""
    required: bool = False
    options: tuple[tuple[str, str], ...] = ()
    attrs: Mapping[str, Any] = field(default_factory=dict)  #: further attributes of the input


def values(fields: Iterable[Field], request: HttpRequest) -> dict[str, Any]:
    """What was typed, by field: lists for tick boxes, stripped text for the rest."""
    post = request.POST
    found: dict[str, Any] = {}
    for one in fields:
        if one.kind in ("materials", "uploads"):
            found[one.name] = post.getlist(one.name)
        else:
            found[one.name] = post.get(one.name, "").strip()
    if post.get("assignment"):
        found["assignment"] = post["assignment"]
    return found


def too_long(typed: Mapping[str, Any]) -> dict[str, str]:
    """Texts too long for a paper, by field."""
    return {
        name: f"最多写{LONGEST_TEXT}字，请精简后再提交，详细内容可以作为材料上传。"
        for name, value in typed.items()
        if isinstance(value, str) and len(value) > LONGEST_TEXT
    }


def controls(
    offer: Offer,
    page: CasePage,
    typed: Mapping[str, Any],
    errors: Mapping[str, str],
    *,
    bodies: Sequence[str],
    colleagues: Pairs,
    on: date,
) -> list[Control]:
    """The fields of an act, with their choices from the case; an empty form is filled with expected values.

    `colleagues`: numbers and names of those who may sign a step as second officer.
    """
    found: list[Control] = []
    for one in offer.fields:
        if _is_idle(one, offer, page.snapshot):
            continue
        control = _control(one, page, typed, errors.get(one.name, ""), bodies=bodies, on=on)
        if one.kind == "staff":
            control = _among_colleagues(control, colleagues)
        if not found:
            control = replace(control, attrs={**control.attrs, "autofocus": True})
        found.append(control)
    return found


def needs_second(offer: Offer, snapshot: Snapshot) -> bool:
    """Whether the step of this offer wants more than one officer."""
    mine = next((a for a in snapshot.open_assignments if a.id == offer.assignment), None)
    step = snapshot.step(mine.step) if mine else None
    return step is not None and step.officers > 1


def _among_colleagues(control: Control, colleagues: Pairs) -> Control:
    """A choice of the staff at work; if there are none, the number is typed and the engine checks it."""
    if not colleagues:
        return replace(control, required=True, hint="今天没有可选的在岗人员，请先安排人员")
    return replace(
        control,
        shape="select",
        options=tuple(colleagues),
        required=True,
        hint="本单位今天在岗的人员；决定岗位的人员不能参加核查",
    )


def _control(
    one: Field, page: CasePage, typed: Mapping[str, Any], error: str, *, bodies: Sequence[str], on: date
) -> Control:
    snapshot = page.snapshot
    value, shape, options = typed.get(one.name, ""), "line", list[tuple[str, str]]()
    attrs: dict[str, Any] = {}
    match one.kind:
        case "materials":
            return _checklist(one, page, typed, error)
        case "result" | "cause":
            labels = RESULT_LABELS if one.kind == "result" else CAUSE_LABELS
            shape, options = "choice", list(labels.items())
        case "way":
            shape, options = "choice", _ways(snapshot)
            value = value or (options[0][0] if options else "")
        case "ground" | "standing_ground" | "clock" | "body":
            shape, options = "select", _selectable(one.kind, snapshot, bodies)
            only = one.kind in ("standing_ground", "clock") and len(options) == 1
            value = value or (options[0][0] if only else "")
        case "past_date":
            shape, attrs = "date", {"max": on.isoformat()}
        case "standard":
            standards = list(snapshot.terms.extra.get("decision_standards") or ())
            shape, options = ("choice", [(s, s) for s in standards]) if standards else ("line", [])
            value = value or (standards[0] if len(standards) == 1 else "")
        case "date":
            shape, attrs = "date", {"min": (on + timedelta(days=1)).isoformat()}
        case "days":
            shape, attrs = "number", {"min": "1", "max": _most_days(snapshot), "inputmode": "numeric"}
        case "amount":
            attrs = {"inputmode": "decimal", "maxlength": "15"}
        case "text" | "long" if one.kind == "long" or one.name in _LONG:
            shape, attrs = "long", {"maxlength": str(LONGEST_TEXT)}
    return Control(one.name, one.label, shape, value, one.help, error, one.required, tuple(options), attrs)


def _selectable(kind: str, snapshot: Snapshot, bodies: Sequence[str]) -> Pairs:
    """Grounds not in use, grounds in use, clocks that may be corrected, or other bodies."""
    terms, standing = snapshot.terms, [s.ground for s in snapshot.open_suspensions]
    match kind:
        case "ground":
            return [(name, g.label) for name, g in terms.grounds.items() if name not in standing]
        case "standing_ground":
            return [(name, terms.ground_label(name)) for name in standing]
        case "clock":
            return correctable_clocks(snapshot)
    return [(name, name) for name in bodies if name != str(terms.extra.get("body_name", ""))]


def _checklist(one: Field, page: CasePage, typed: Mapping[str, Any], error: str) -> Control:
    """Tick boxes for the item's list. A notice starts with everything missing ticked, since it must name all
    at once; a receipt offers what is not on file yet, with the requested materials first."""
    if one.name == "items":
        offered = list(page.materials)
        received = [m.key for m in page.materials if m.received]
        begun = [m["key"] for m in missing_required(page.snapshot.terms, received)]
    else:
        asked = _asked(page)
        missing = [m for m in page.materials if not m.received or m.key in asked]
        offered, begun = sorted(missing, key=lambda m: m.key not in asked), []
    chosen = typed.get(one.name, begun)
    options = tuple((m.key, _described(m)) for m in offered)
    return Control(one.name, one.label, "checks", chosen, one.help, error, one.required, options)


def _described(material: Material) -> str:
    state = "，已收" if material.received else ""
    return f"{material.name}（{Necessity(material.necessity).label}{state}）"


def _asked(page: CasePage) -> set[str]:
    """The materials that the last one-time notice named."""
    notices = [e for e in page.timeline if e.event == "application.supplement_notified"]
    return set(notices[-1].public.get("items", ())) if notices else set()


def _ways(snapshot: Snapshot) -> Pairs:
    offered = snapshot.terms.extra.get("delivery_ways") or WAY_LABELS
    return [(way, label) for way, label in WAY_LABELS.items() if way in offered]


def correctable_clocks(snapshot: Snapshot) -> Pairs:
    """The clocks whose anchor may be corrected, with the day they now count from."""
    return [
        (view.key, f"{CLOCK_LABELS.get(view.key, view.key)}（现从{shanghai_day(view.anchor_at)}起算）")
        for view in casework.correctable(snapshot)
    ]


def _most_days(snapshot: Snapshot) -> str:
    limit = snapshot.terms.limits.get("statutory")
    return str(limit.extension.amount) if limit and limit.extension else ""


def _is_idle(one: Field, offer: Offer, snapshot: Snapshot) -> bool:
    """Whether this field need not be filled in on this case."""
    match one.kind:
        case "staff":
            return not needs_second(offer, snapshot)
        case "standing_ground":
            return len(snapshot.open_suspensions) < 2
        case "repeated":
            return not snapshot.suspensions
    return False
