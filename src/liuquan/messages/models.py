"""Tables of the messages. No address is kept here: a message names the party, whose address is encrypted
with it."""

import uuid

from django.db import models
from django.db.models import Q

_CHANNELS = [("sms", "短信"), ("email", "电子邮件")]
_STATES = [
    ("waiting", "等待发出"),
    ("sending", "正在发出"),
    ("sent", "已发出"),
    ("delivered", "已送到"),
    ("failed", "没有送到"),
    ("dropped", "没有发出"),
]


class Consent(models.Model):
    """A party agreed to be told by this way, until it withdrew that."""

    party_number = models.UUIDField("当事人编号")
    channel = models.CharField("方式", max_length=8, choices=_CHANNELS)
    given_at = models.DateTimeField("同意时刻", help_text="UTC")
    withdrawn_at = models.DateTimeField("撤回时刻", null=True, help_text="UTC，空为仍然同意")

    class Meta:
        verbose_name = "接收通知的同意"
        verbose_name_plural = "接收通知的同意"
        db_table = "message_consent"
        constraints = [
            models.UniqueConstraint(
                fields=["party_number", "channel"],
                condition=Q(withdrawn_at__isnull=True),
                name="message_consent_one_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.party_number} {self.channel}"


class Message(models.Model):
    """One message to one party by one way about one cause: an entry of the journal, or a one-time code."""

    number = models.UUIDField("消息编号", unique=True, default=uuid.uuid4, editable=False)
    party_number = models.UUIDField("当事人编号")
    channel = models.CharField("方式", max_length=8, choices=_CHANNELS)
    cause = models.UUIDField("起因", help_text="日志条目或者验证码的编号")
    is_code = models.BooleanField("是验证码", default=False, help_text="验证码不写入本表，夜间也发")
    subject = models.CharField("案件编号", max_length=64, blank=True)
    text = models.CharField("内容", max_length=500, blank=True)
    state = models.CharField("状态", max_length=10, choices=_STATES, default="waiting")
    made_at = models.DateTimeField("生成时刻", help_text="UTC")
    next_at = models.DateTimeField("下一次发送时刻", help_text="UTC，不早于此刻")
    attempts = models.PositiveSmallIntegerField("已发送次数", default=0, help_text="次")
    resends = models.PositiveSmallIntegerField("送达失败后重发", default=0, help_text="次")
    claimed_at = models.DateTimeField("取走时刻", null=True, help_text="UTC，正在发出的消息")
    sent_at = models.DateTimeField("发出时刻", null=True, help_text="UTC，网关收下的时刻")
    settled_at = models.DateTimeField("了结时刻", null=True, help_text="UTC")
    receipt = models.UUIDField("打开联系方式的日志条目", null=True)
    trouble = models.CharField("没有发出的原因", max_length=200, blank=True)

    class Meta:
        verbose_name = "消息"
        verbose_name_plural = "消息"
        db_table = "message"
        constraints = [
            models.UniqueConstraint(fields=["cause", "party_number", "channel"], name="message_once"),
        ]
        indexes = [
            models.Index(
                fields=["next_at"], condition=Q(state__in=["waiting", "sending"]), name="message_to_send"
            ),
            models.Index(fields=["subject"], name="message_subject"),
        ]

    def __str__(self) -> str:
        return str(self.number)


class OneTimeCode(models.Model):
    """A code that was asked for. Its digits follow from the number and the index key, and are kept nowhere;
    a row without a party is what somebody unknown gets, so that both are answered alike."""

    number = models.UUIDField("编号", unique=True, default=uuid.uuid4, editable=False)
    party_number = models.UUIDField("当事人编号", null=True)
    made_at = models.DateTimeField("生成时刻", help_text="UTC")
    expires_at = models.DateTimeField("失效时刻", help_text="UTC")
    tries = models.PositiveSmallIntegerField("已试次数", default=0, help_text="次")
    used_at = models.DateTimeField("使用时刻", null=True, help_text="UTC")

    class Meta:
        verbose_name = "一次性验证码"
        verbose_name_plural = "一次性验证码"
        db_table = "message_code"

    def __str__(self) -> str:
        return str(self.number)


class OutboxLetter(models.Model):
    """A letter that the demo keeps in place of sending it."""

    key = models.CharField("键", max_length=60, unique=True)
    channel = models.CharField("方式", max_length=8, choices=_CHANNELS)
    address_masked = models.CharField("收件方（脱敏）", max_length=80)
    text = models.CharField("内容", max_length=500)
    written_at = models.DateTimeField("写入时刻", help_text="UTC")

    class Meta:
        verbose_name = "演示发件箱"
        verbose_name_plural = "演示发件箱"
        db_table = "message_outbox"

    def __str__(self) -> str:
        return self.key
