"""Tables of supervision. Only a run of the rules inserts findings: for each, the database requires a journal
entry in the same transaction, and the application may neither delete one nor change its content."""

from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import Q

from liuquan.kernel.fields import LtreeField
from liuquan.supervision.types import PENDING, FindingState, Ruling, Severity


class Finding(models.Model):
    """What a rule found out: one row per rule, subject and clock or event of the subject. Subjects are cases,
    logs, and whatever else `caselog.subjects` names."""

    number = models.CharField("编号", max_length=40, unique=True, help_text="公开编号")
    rule = models.CharField("规则", max_length=40)
    rule_version = models.PositiveSmallIntegerField("规则版本")
    subject_kind = models.CharField("对象类别", max_length=40, help_text="案件的种类，或者log等")
    subject_number = models.CharField("对象编号", max_length=64)
    subject_name = models.TextField("对象名称", help_text="案件为其事项的名称")
    key = models.CharField("期限或者事件", max_length=120, help_text="对象的哪一个期限或者哪一条记录")
    severity = models.CharField("牌别", max_length=8)
    body_code = models.CharField("责任机关代码", max_length=32)
    division_path = LtreeField("区划路径")
    item_code = models.CharField("事项编码", max_length=64, blank=True, help_text="不是案件的为空")
    since_at = models.DateTimeField("成立时刻", help_text="规则的条件何时成立(UTC)")
    found_at = models.DateTimeField("发现时刻", help_text="UTC")
    evidence = models.JSONField("证据", default=dict, help_text="规则选出的其他列")
    state = models.CharField("状态", max_length=12, default="open")
    settled_at = models.DateTimeField("了结时刻", null=True, help_text="认定、改正或者解除(UTC)")
    disposal = models.CharField(
        "处置编号", max_length=64, blank=True, default="", help_text="要求说明以后的监察处置案件"
    )
    ruling = models.CharField("认定", max_length=12, blank=True, default="")
    ground = models.CharField("免责事由", max_length=24, blank=True, default="")

    class Meta:
        verbose_name = "监察发现"
        verbose_name_plural = "监察发现"
        db_table = "supervision_finding"
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "subject_kind", "subject_number", "key"], name="supervision_finding_once"
            ),
            models.CheckConstraint(
                condition=Q(severity__in=[s.value for s in Severity]), name="supervision_finding_severity"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in FindingState]), name="supervision_finding_state"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["closed", "lifted"], settled_at__isnull=False)
                | Q(state__in=[s.value for s in PENDING], settled_at__isnull=True),
                name="supervision_finding_settled",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "asked", "explained", "lifted"], ruling="")
                | Q(state__in=["correcting", "closed"], ruling__in=[r.value for r in Ruling]),
                name="supervision_finding_ruling",
            ),
            models.CheckConstraint(
                condition=(Q(ruling="excused") & ~Q(ground="")) | (~Q(ruling="excused") & Q(ground="")),
                name="supervision_finding_ground",
            ),
            models.UniqueConstraint(
                fields=["disposal"], condition=~Q(disposal=""), name="supervision_finding_disposal_once"
            ),
        ]
        indexes = [
            models.Index(fields=["state", "severity"], name="supervision_finding_pending"),
            models.Index(fields=["body_code", "state"], name="supervision_finding_body"),
            models.Index(fields=["subject_number"], name="supervision_finding_subject"),
            models.Index(fields=["found_at"], name="supervision_finding_found"),
            GistIndex(fields=["division_path"], name="supervision_finding_path"),
        ]

    def __str__(self) -> str:
        return self.number


class WatchMark(models.Model):
    """How far the live run has come: every transaction below this one, and every moment up to this one."""

    id = models.PositiveSmallIntegerField("编号", primary_key=True, default=1)
    xid = models.BigIntegerField("事务号", help_text="此前提交的记录都已看过")
    looked_at = models.DateTimeField("看到的时刻")

    class Meta:
        verbose_name = "监察水位"
        verbose_name_plural = "监察水位"
        db_table = "supervision_watch_mark"
        constraints = [models.CheckConstraint(condition=Q(id=1), name="supervision_watch_mark_one_row")]

    def __str__(self) -> str:
        return str(self.xid)
