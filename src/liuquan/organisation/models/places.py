"""Divisions in five levels, bodies and their units."""

from __future__ import annotations

from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import Q

from liuquan.kernel.fields import LtreeField
from liuquan.organisation.models.ranges import Dated, in_order, no_overlap


class Division(models.Model):
    """An administrative division: province, city, county, town or village (CASE-22)."""

    class Level(models.IntegerChoices):
        PROVINCE = 1, "省（自治区、直辖市）"
        CITY = 2, "市（地区、自治州、盟）"
        COUNTY = 3, "县（区、旗）"
        TOWN = 4, "乡镇（街道、苏木）"
        VILLAGE = 5, "村（社区、嘎查）"

    code = models.CharField("行政区划代码", max_length=12, unique=True, help_text="12位数字")
    name = models.CharField("名称", max_length=80)
    level = models.PositiveSmallIntegerField("层级", choices=Level, help_text="1省 2市 3县 4乡镇 5村")
    path = LtreeField("路径", unique=True, help_text="自省级起的代码，每级一段")
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", verbose_name="上级")
    source = models.CharField("来源", max_length=60, help_text="数据包或者导入的名称")
    reconsidered_by = models.CharField(
        "行政复议机关", max_length=80, blank=True, default="", help_text="空：同上一级"
    )
    court = models.CharField("一审管辖法院", max_length=80, blank=True, default="", help_text="空：同上一级")

    class Meta:
        verbose_name = "行政区划"
        verbose_name_plural = "行政区划"
        db_table = "division"
        indexes = [GistIndex(fields=["path"], name="division_path_tree")]
        constraints = [
            models.CheckConstraint(condition=Q(code__regex=r"^\d{12}$"), name="division_code_is_12_digits"),
            models.CheckConstraint(condition=Q(level__range=(1, 5)), name="division_level_is_1_to_5"),
        ]

    def __str__(self) -> str:
        return self.name


class Body(models.Model):
    """The permanent row of a public body: its unified social credit code. Its attributes are in
    `BodyRecord`."""

    code = models.CharField("统一社会信用代码", max_length=18, unique=True)
    key = models.CharField("简码", max_length=16, unique=True, help_text="大写字母和数字，用于岗位编码和编号")

    class Meta:
        verbose_name = "机构"
        verbose_name_plural = "机构"
        db_table = "body"

    def __str__(self) -> str:
        return self.code


class BodyRecord(Dated):
    """What a body is called and where it is, from a day on."""

    body = models.ForeignKey(Body, models.PROTECT, related_name="records", verbose_name="机构")
    name = models.CharField("名称", max_length=120)
    short_name = models.CharField("简称", max_length=40)
    nature = models.CharField("性质", max_length=40, help_text="行政机关、事业单位、法律法规授权的组织等")
    division = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name="行政区划")
    phone = models.CharField("电话", max_length=40, blank=True)
    address = models.CharField("地址", max_length=200, blank=True)
    hours = models.CharField("办公时间", max_length=120, blank=True)

    class Meta:
        verbose_name = "机构登记"
        verbose_name_plural = "机构登记"
        db_table = "body_record"
        constraints = [
            no_overlap("body_record_one_at_a_time", "body"),
            in_order("body_record_dates_in_order"),
        ]

    def __str__(self) -> str:
        return self.name


class Unit(models.Model):
    """The permanent row of a unit inside a body: its code."""

    code = models.CharField("内设机构编码", max_length=40, unique=True)
    body = models.ForeignKey(Body, models.PROTECT, related_name="units", verbose_name="机构")

    class Meta:
        verbose_name = "内设机构"
        verbose_name_plural = "内设机构"
        db_table = "unit"

    def __str__(self) -> str:
        return self.code


class UnitRecord(Dated):
    """What a unit is called and where it sits, from a day on."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="records", verbose_name="内设机构")
    name = models.CharField("名称", max_length=80)
    division = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name="所在区划")

    class Meta:
        verbose_name = "内设机构登记"
        verbose_name_plural = "内设机构登记"
        db_table = "unit_record"
        constraints = [
            no_overlap("unit_record_one_at_a_time", "unit"),
            in_order("unit_record_dates_in_order"),
        ]

    def __str__(self) -> str:
        return self.name
