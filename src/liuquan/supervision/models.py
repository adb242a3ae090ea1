"""Tables of supervision. Only a run of the rules inserts findings: for each, the database requires a journal
entry in the same transaction, and the application may neither delete one nor change its content."""

from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import F, Q

from liuquan.kernel.fields import LtreeField
from liuquan.supervision.types import FindingState, Ruling, Severity


class Finding(models.Model):
    """What a rule found in a case: one row per rule, case and clock or event of the case."""

    number = models.CharField("编号", max_length=40, unique=True, help_text="公开编号")
    rule = models.CharField("规则", max_length=40)
    rule_version = models.PositiveSmallIntegerField("规则版本")
    case_number = models.CharField("案件编号", max_length=64)
    key = models.CharField("期限或者事件", max_length=120, help_text="案件中的哪一个期限或者哪一条记录")
    severity = models.CharField("牌别", max_length=8)
    body_code = models.CharField("责任机关代码", max_length=32)
    division_path = LtreeField("区划路径")
    item_code = models.CharField("事项编码", max_length=64)
    item_name = models.TextField("事项名称")
    since_at = models.DateTimeField("成立时刻", help_text="规则的条件何时成立(UTC)")
    found_at = models.DateTimeField("发现时刻", help_text="UTC")
    evidence = models.JSONField("证据", default=dict, help_text="规则选出的其他列")
    state = models.CharField("状态", max_length=12, default="open")
    settled_at = models.DateTimeField("了结时刻", null=True, help_text="认定或者解除(UTC)")

    class Meta:
        verbose_name = "监察发现"
        verbose_name_plural = "监察发现"
        db_table = "supervision_finding"
        constraints = [
            models.UniqueConstraint(fields=["rule", "case_number", "key"], name="supervision_finding_once"),
            models.CheckConstraint(
                condition=Q(severity__in=[s.value for s in Severity]), name="supervision_finding_severity"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in FindingState]), name="supervision_finding_state"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["closed", "lifted"], settled_at__isnull=False)
                | Q(state__in=["open", "asked", "explained"], settled_at__isnull=True),
                name="supervision_finding_settled",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "severity"], name="supervision_finding_pending"),
            models.Index(fields=["body_code", "state"], name="supervision_finding_body"),
            models.Index(fields=["case_number"], name="supervision_finding_case"),
            models.Index(fields=["found_at"], name="supervision_finding_found"),
            GistIndex(fields=["division_path"], name="supervision_finding_path"),
        ]

    def __str__(self) -> str:
        return self.number


class Explanation(models.Model):
    """What the responsible unit was asked to explain, by which day, and its answer."""

    finding = models.ForeignKey(Finding, models.PROTECT, related_name="explanations", verbose_name="监察发现")
    asked_at = models.DateTimeField("要求时刻")
    asked_by = models.CharField("要求的岗位", max_length=40, help_text="岗位代码")
    points = models.JSONField("要求说明的内容", default=list)
    answer_due_on = models.DateField("答复期限", help_text="最后一日，按工作日计算")
    text = models.BinaryField("说明", null=True, help_text="加密")
    answered_at = models.DateTimeField("答复时刻", null=True)
    answered_by = models.CharField("答复的岗位", max_length=40, blank=True, help_text="岗位代码")

    class Meta:
        verbose_name = "情况说明"
        verbose_name_plural = "情况说明"
        db_table = "supervision_explanation"
        constraints = [
            models.UniqueConstraint(
                fields=["finding"],
                condition=Q(answered_at__isnull=True),
                name="supervision_one_open_question",
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, text__isnull=True, answered_by="")
                | Q(answered_at__gte=F("asked_at"), text__isnull=False),
                name="supervision_answer_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.finding_id} {self.answer_due_on}"


class Verdict(models.Model):
    """How a supervising post closed a finding."""

    finding = models.OneToOneField(Finding, models.PROTECT, primary_key=True, verbose_name="监察发现")
    ruling = models.CharField("认定", max_length=12)
    ground = models.CharField("免责事由", max_length=24, blank=True)
    note = models.BinaryField("理由", help_text="加密")
    closed_at = models.DateTimeField("认定时刻")
    closed_by = models.CharField("认定的岗位", max_length=40, help_text="岗位代码")

    class Meta:
        verbose_name = "处置认定"
        verbose_name_plural = "处置认定"
        db_table = "supervision_verdict"
        constraints = [
            models.CheckConstraint(
                condition=Q(ruling__in=[r.value for r in Ruling]), name="supervision_verdict_ruling"
            ),
            models.CheckConstraint(
                condition=(Q(ruling="excused") & ~Q(ground="")) | (~Q(ruling="excused") & Q(ground="")),
                name="supervision_verdict_ground",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.finding_id} {self.ruling}"


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
