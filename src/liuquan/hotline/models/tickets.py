"""What a ticket holds beside its case.

What may name a person or a dwelling (text, heading, place) is the matter of the case, which keeps it
encrypted."""

from django.db import models
from django.db.models import Q


class Ticket(models.Model):
    """What a ticket is filed under now, and what was counted on it."""

    case = models.OneToOneField("casework.Case", models.PROTECT, primary_key=True, verbose_name="案件")
    request_kind = models.CharField("诉求类型", max_length=12)
    class_code = models.CharField("分类代码", max_length=24)
    division = models.CharField("区划代码", max_length=12, help_text="事情发生的地方")
    inlet = models.CharField("渠道", max_length=12)
    identity = models.CharField("实名、保密或者匿名", max_length=12)
    is_urgent = models.BooleanField("紧急", default=False)
    about_body = models.CharField("被反映的单位", max_length=32, blank=True, help_text="举报谁就不派给谁")
    may_publish = models.BooleanField("同意公开答复", default=True)
    received_at = models.DateTimeField("登记时刻", help_text="UTC")
    #: keyed hashes of the bands of the text's signature: texts that say the same share some of them
    bands = models.JSONField("文本比对值", default=list)
    is_open = models.BooleanField("未办结", default=True, help_text="未办结的工单才按文本比对")
    into = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", verbose_name="并入")
    replied_at = models.DateTimeField("首次回复的时刻", null=True, help_text="UTC，热线中心第一次处理")
    told_at = models.DateTimeField("随主单告知的时刻", null=True, help_text="UTC")
    returns = models.PositiveSmallIntegerField("退单次数", default=0)
    redone = models.PositiveSmallIntegerField("重办次数", default=0)
    tries = models.PositiveSmallIntegerField("回访未接通次数", default=0)
    answered_by = models.BigIntegerField("答复人员编号", null=True)
    proposed_by = models.BigIntegerField("提请认定不合理的人员编号", null=True)
    unreasonable_at = models.DateTimeField("认定不合理的时刻", null=True)
    fixed = models.CharField("是否解决", max_length=12, blank=True)
    satisfied = models.CharField("满意程度", max_length=12, blank=True)
    confirmed = models.CharField("诉求人确认", max_length=4, blank=True)

    class Meta:
        verbose_name = "工单"
        verbose_name_plural = "工单"
        db_table = "hotline_ticket"
        indexes = [
            models.Index(fields=["class_code", "received_at"], name="hotline_ticket_class"),
            models.Index(fields=["received_at"], name="hotline_ticket_received"),
            models.Index(
                fields=["received_at"],
                condition=Q(replied_at__isnull=True),
                name="hotline_ticket_unreplied",
            ),
            models.Index(fields=["into"], condition=Q(into__isnull=False), name="hotline_ticket_into"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(identity__in=["open", "confidential", "anonymous"]),
                name="hotline_ticket_identity_known",
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)
