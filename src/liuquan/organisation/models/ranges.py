"""What every dated row has: a half-open range of days, its source, no overlap within a key."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Now


class DateRange(Func):
    """`daterange(from, to)`, half-open; an empty one (corrected on its first day) overlaps nothing."""

    function = "daterange"
    output_field = DateRangeField()


class Dated(models.Model):
    """A row that is valid from its first day up to, not including, `to_on`."""

    from_on = models.DateField("起始日", help_text="上海日期，当日起有效")
    to_on = models.DateField(
        "终止日", null=True, help_text="上海日期，当日起不再有效；空为长期；等于起始日为从未生效"
    )
    source = models.CharField("来源", max_length=60, help_text="数据包或者导入的名称")
    recorded_at = models.DateTimeField(
        "入库时刻", db_default=Now(), editable=False, help_text="UTC，数据库写入"
    )

    class Meta:
        abstract = True


def no_overlap(name: str, *columns: str, condition: Q | None = None) -> ExclusionConstraint:
    """Rows that agree in these columns do not overlap in time."""
    same = [(F(column), RangeOperators.EQUAL) for column in columns]
    days = DateRange(F("from_on"), F("to_on"), Value("[)"))
    return ExclusionConstraint(
        name=name, expressions=[*same, (days, RangeOperators.OVERLAPS)], condition=condition
    )


def in_order(name: str) -> models.CheckConstraint:
    """A range does not end before it begins."""
    return models.CheckConstraint(condition=Q(to_on__isnull=True) | Q(to_on__gte=F("from_on")), name=name)
