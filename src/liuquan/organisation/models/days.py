"""The working days: notices, the days they name, and the table of ordinals that SQL counts with.

`region` is empty for the whole country, else a division code, or "B" and a body's organisation code: that
place's or body's own closures and holidays, on top of the national days. Every change raises the one row of
`CalendarVersion`.
"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

REGION_HELP = "空为全国；12位为行政区划代码，仅该地；B加9位为机关的组织机构代码，仅该机关"


class HolidayNotice(models.Model):
    """A notice that announces which days are off or worked, or an order about a place's own days."""

    number = models.CharField("文号", max_length=60, blank=True)
    title = models.CharField("标题", max_length=200)
    issued_on = models.DateField("发布日", null=True, help_text="上海日期")
    region = models.CharField("地区", max_length=12, blank=True, help_text=REGION_HELP)
    announced_from = models.DateField("公布范围首日", null=True, help_text="上海日期，含当日；空为不公布整段")
    announced_to = models.DateField("公布范围末日", null=True, help_text="上海日期，含当日")
    recorded_at = models.DateTimeField(
        "入库时刻", db_default=Now(), editable=False, help_text="UTC，数据库写入"
    )

    class Meta:
        verbose_name = "放假通知"
        verbose_name_plural = "放假通知"
        db_table = "holiday_notice"
        constraints = [
            models.CheckConstraint(
                condition=Q(announced_from__isnull=True, announced_to__isnull=True)
                | Q(announced_to__gte=F("announced_from")),
                name="holiday_notice_range_in_order",
            ),
            models.UniqueConstraint(fields=["region", "title", "number"], name="holiday_notice_once"),
        ]

    def __str__(self) -> str:
        return self.title


class CalendarDay(models.Model):
    """A day that differs from the weekend rule."""

    class Kind(models.TextChoices):
        WORKING = "working", "上班"
        OFF = "off", "放假"

    on = models.DateField("日期", help_text="上海日期")
    region = models.CharField("地区", max_length=12, blank=True, help_text=REGION_HELP)
    kind = models.CharField("类别", max_length=8, choices=Kind)
    name = models.CharField("名称", max_length=60, help_text="节日或者停止办公的事由")
    notice = models.ForeignKey(HolidayNotice, models.PROTECT, related_name="days", verbose_name="依据")

    class Meta:
        verbose_name = "日历日"
        verbose_name_plural = "日历日"
        db_table = "calendar_day"
        constraints = [
            models.UniqueConstraint(fields=["region", "on"], name="calendar_day_once_a_region"),
            models.CheckConstraint(condition=Q(kind__in=["working", "off"]), name="calendar_day_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.name}"


class Workday(models.Model):
    """One row a day and region: its kind and its ordinal; counting working days is subtracting ordinals."""

    region = models.CharField("地区", max_length=12, blank=True, help_text=REGION_HELP)
    on = models.DateField("日期", help_text="上海日期")
    kind = models.CharField("类别", max_length=16, help_text="working、off 或者 not_announced")
    ordinal = models.IntegerField("工作日序数", help_text="截至当日（含）的工作日数，只有差值有意义")

    class Meta:
        verbose_name = "工作日序数"
        verbose_name_plural = "工作日序数"
        db_table = "workday"
        constraints = [
            models.UniqueConstraint(fields=["region", "on"], name="workday_once_a_region"),
            models.CheckConstraint(
                condition=Q(kind__in=["working", "off", "not_announced"]), name="workday_kind_known"
            ),
        ]
        indexes = [models.Index(fields=["region", "ordinal", "on"], name="workday_by_ordinal")]

    def __str__(self) -> str:
        return f"{self.region} {self.on}"


class CalendarVersion(models.Model):
    """The version that changes whenever any calendar day changes; one row."""

    id = models.PositiveSmallIntegerField("编号", primary_key=True, default=1)
    version = models.UUIDField("版本", default=uuid.uuid4, help_text="每次变动都换新")
    serial = models.PositiveIntegerField("变动次数", default=0)
    changed_at = models.DateTimeField("变动时刻", help_text="UTC")

    class Meta:
        verbose_name = "日历版本"
        verbose_name_plural = "日历版本"
        db_table = "calendar_version"
        constraints = [models.CheckConstraint(condition=Q(id=1), name="calendar_version_one_row")]

    def __str__(self) -> str:
        return str(self.version)

    @staticmethod
    def new_version() -> uuid.UUID:
        """A globally unique version: copies of the database and rolled-back changes never share one."""
        return uuid.uuid4()
