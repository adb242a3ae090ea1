"""The classes, the dispatch catalogue and the local limits in force on a day."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from datetime import date

from django.db.models import Q

from liuquan.hotline import models
from liuquan.hotline.types import UNFILED, CatalogueLine, LocalLimit, RequestClass, Suggestion
from liuquan.kernel.refusals import NotVisible
from liuquan.organisation import queries as organisation


def centre() -> str:
    """The code of the body that answers the hotline. Refuses (404) where no pack sets one."""
    row = models.Centre.objects.first()
    if row is None:
        raise NotVisible("本系统没有设置市长热线，请先装载热线的数据。")
    return row.body_code


def classes(*, on: date | None = None) -> tuple[RequestClass, ...]:
    """Every class, the classes above first; with a day those that are in force on it."""
    rows = models.RequestClass.objects.order_by("parent", "code")
    found = (_class(row) for row in rows)
    return tuple(one for one in found if on is None or _holds(one, on))


def class_of(code: str, *, on: date | None = None) -> RequestClass | None:
    """The class with this code, with a day if it is in force on it; one for what nobody has filed yet."""
    if code == UNFILED:
        return RequestClass(UNFILED, "未归类", "-")
    row = models.RequestClass.objects.filter(code=code).first()
    found = _class(row) if row else None
    return found if found is None or on is None or _holds(found, on) else None


def _class(row: models.RequestClass) -> RequestClass:
    return RequestClass(row.code, row.name, row.parent, tuple(row.words), row.from_on, row.to_on)


def _holds(one: RequestClass, on: date) -> bool:
    return (one.from_on is None or one.from_on <= on) and (one.to_on is None or one.to_on > on)


def suggested(text: str, *, most: int = 3) -> tuple[RequestClass, ...]:
    """The classes whose usual words stand in a text, those with most of them first."""
    plain = unicodedata.normalize("NFKC", text)
    found = [(sum(word in plain for word in one.words), one) for one in classes() if not one.is_top]
    hits = sorted((one for one in found if one[0]), key=lambda one: -one[0])
    return tuple(one for _, one in hits[:most])


def limits(*, on: date) -> tuple[LocalLimit, ...]:
    """The local limits in force on this day."""
    rows = models.LocalLimit.objects.filter(_in_force(on)).order_by("key", "-from_on")
    found = {
        row.key: LocalLimit(row.key, row.amount, row.unit, row.place, row.from_on, row.to_on, row.extension)
        for row in reversed(rows)
    }
    return tuple(found[key] for key in sorted(found))


def lines(class_code: str, division: str, *, on: date) -> tuple[CatalogueLine, ...]:
    """The lines of the catalogue for this class in this division, the nearest division first; where the class
    has none, those of the class above it."""
    above = models.RequestClass.objects.filter(code=class_code).values_list("parent", flat=True).first()
    asked = models.CatalogueLine.objects.filter(_in_force(on), class_code__in=(class_code, above))
    listed = [
        CatalogueLine(row.class_code, row.body_code, row.basis, row.from_on, row.to_on, row.division)
        for row in asked.order_by("id")
    ]
    return tuple(nearest(listed, class_code, division))


def nearest(listed: Iterable[CatalogueLine], class_code: str, division: str) -> list[CatalogueLine]:
    """Of lines of a class and of the class above it those that hold in this division, the nearest division
    first: the class's own where it has any, else those of the class above."""
    here = [one for one in listed if not one.division or _is_within(division, one.division)]
    own = [one for one in here if one.class_code == class_code] or here
    return sorted(own, key=lambda one: -len(one.division.rstrip("0")))


def suggestions(class_code: str, division: str, *, on: date) -> tuple[Suggestion, ...]:
    """Whom to dispatch to, with the reason that the catalogue gives. A body that exists no more on this day
    is left out."""
    names = {body.code: body.name for body in organisation.bodies(on=on)}
    return tuple(
        Suggestion(line.body_code, names[line.body_code], line.basis)
        for line in lines(class_code, division, on=on)
        if line.body_code in names
    )


def _in_force(on: date) -> Q:
    return Q(from_on__lte=on) & (Q(to_on__isnull=True) | Q(to_on__gt=on))


def prefix_of(division: str) -> str:
    """The digits with which the codes of a division and of those below it begin: two for a province, then a
    city and a county, three for a town and a village. A zero may be one of them: 990120 is not 99012."""
    return next((division[:end] for end in (2, 4, 6, 9) if not division[end:].strip("0")), division)


def _is_within(division: str, outer: str) -> bool:
    """Whether a division code lies within another."""
    return division.startswith(prefix_of(outer)) if outer else True
