"""Programmes on air and interviews online, and the tickets that come from them."""

import uuid

from django.db import models

_KINDS = [("broadcast", "行风热线节目"), ("interview", "在线访谈")]


class Programme(models.Model):
    """A body answers the public on a day: on air, or online."""

    number = models.UUIDField("节目编号", unique=True, default=uuid.uuid4, editable=False)
    kind = models.CharField("形式", max_length=12, choices=_KINDS)
    title = models.CharField("名称", max_length=60)
    airs_on = models.DateField("日期", help_text="Asia/Shanghai")
    body_code = models.CharField("上线单位代码", max_length=32)
    guest = models.CharField("上线负责人", max_length=60, help_text="姓名和职务，公开")
    presenter = models.CharField("主持人", max_length=60, blank=True)
    made_by = models.BigIntegerField("登记人员编号", null=True)
    made_at = models.DateTimeField("登记时刻", help_text="UTC")

    class Meta:
        verbose_name = "节目"
        verbose_name_plural = "节目"
        db_table = "hotline_programme"
        indexes = [models.Index(fields=["airs_on"], name="hotline_programme_day")]
        constraints = [
            models.UniqueConstraint(fields=["kind", "title", "airs_on"], name="hotline_programme_once"),
        ]

    def __str__(self) -> str:
        return self.title


class ProgrammeQuestion(models.Model):
    """The ticket of a question to a programme."""

    case = models.OneToOneField("casework.Case", models.PROTECT, primary_key=True, verbose_name="案件")
    programme = models.ForeignKey(Programme, models.PROTECT, verbose_name="节目")
    on_air = models.BooleanField("当场答复", default=False)

    class Meta:
        verbose_name = "节目的问题"
        verbose_name_plural = "节目的问题"
        db_table = "hotline_programme_question"

    def __str__(self) -> str:
        return str(self.pk)
