"""The limits and figures in force today, for everybody: by topic, found by words, law and place.

Cites: 行政许可法 第五条, 政府信息公开条例 第二十条
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from liuquan.clock import Limit, Verification
from liuquan.kernel import moments
from liuquan.kernel.pages import Paging, page
from liuquan.kernel.spelling import is_found
from liuquan.law import Figure, FigureEntry, LawError, LimitEntry, citation_in, is_named, load_law
from liuquan.organisation import queries as organisation
from liuquan.timekeeping.views.law import FIELDS, place_of, trail

_PAGE_SIZE = 40
_LONGEST = 60


@dataclass(frozen=True)
class Shown:
    """One limit or figure as the list shows it; `place` is empty for what binds everywhere."""

    field: str
    label: str
    text: str
    citations: str
    laws: tuple[str, ...]
    unread: bool
    place: str
    remark: str

    def answers(self, asked: dict[str, str]) -> bool:
        """Whether the words and the chosen topic, law and place all fit."""
        return (
            asked["field"] in ("", self.field)
            and (not asked["law"] or asked["law"] in self.laws)
            and asked["place"] in ("", self.place or NATIONAL)
            and is_found(
                asked["q"], self.label, self.citations, self.place, self.remark, FIELDS[self.field], self.text
            )
        )


NATIONAL = "全国"


@require_safe
def limits(request: HttpRequest) -> HttpResponse:
    """Every limit and figure in force today, by topic, those of this place first in each and those of others
    last, with what still has to be confirmed; narrowed by words, topic, law and place, all in the address.
    What names no place or law is left out and counted."""
    on = moments.today(moments.now())
    every, unnamed = _in_force_on(on)
    asked = {name: request.GET.get(name, "").strip()[:_LONGEST] for name in ("q", "field", "law", "place")}
    found = [one for one in every if one.answers(asked)]
    paging = Paging.asked(request, size=_PAGE_SIZE).of(len(found))
    shown = found[paging.offset : paging.offset + paging.limit]
    context = {
        "groups": [(FIELDS[field], list(rows)) for field, rows in groupby(shown, key=lambda one: one.field)],
        "on": on,
        "count": len(every),
        "unread": sum(one.unread for one in every),
        "unnamed": unnamed,
        "asked": asked,
        "narrowed": any(asked.values()),
        "unfolded": any(asked[name] for name in asked if name != "q"),
        "paging": paging,
        "first": paging.offset + 1,
        "last": paging.offset + len(shown),
        "fields": [(field, FIELDS[field]) for field in dict.fromkeys(one.field for one in every)],
        "laws": [(law, law) for law in sorted({law for one in every for law in one.laws})],
        "places": [
            (NATIONAL, NATIONAL),
            *((name, name) for name in sorted({one.place for one in every} - {""})),
        ],
        "trail": trail(""),
    }
    return page(request, "timekeeping/law_limits.html", context)


def _in_force_on(on: date) -> tuple[list[Shown], int]:
    """What is in force, in the order of topics, and how many of them name no place or law."""
    book = load_law()
    entries: list[LimitEntry | FigureEntry] = [*book.limits(), *book.figures()]
    terms = [(entry.id.partition(".")[0], one) for entry in entries if (one := _in_force(entry, on))]
    named = [_shown(field, one) for field, one in terms if is_named(one)]
    order = list(FIELDS)
    here = {one.name for one in organisation.divisions()}
    named.sort(key=lambda one: (order.index(one.field), one.place not in here, bool(one.place), one.place))
    return named, len(terms) - len(named)


def _in_force(entry: LimitEntry | FigureEntry, on: date) -> Limit | Figure | None:
    try:
        return entry.on(on)
    except LawError:
        return None


def _shown(field: str, terms: Limit | Figure) -> Shown:
    text = terms.text
    if isinstance(terms, Limit) and terms.amount:
        text = f"{'不少于' if terms.sense.is_shortest_time else ''}{terms.text}"
    profile = terms.profile or ""
    place = place_of(profile)
    cited = [parsed for one in terms.citations if (parsed := citation_in(one)) is not None]
    return Shown(
        field=field,
        label=terms.label,
        text=text,
        citations="；".join(terms.citations),
        laws=tuple(dict.fromkeys(one.instrument for one in cited)),
        unread=terms.verification is not Verification.TEXT,
        place=place,
        remark=profile[len(place) :].strip("（）") if place else profile,
    )
