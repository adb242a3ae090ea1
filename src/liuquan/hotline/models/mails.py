"""Mails to the hotline as they came, and how far its mailbox has been read.

Sender and subject are encrypted; the mail itself is a file of its own, under a key of its own."""

import uuid

from django.db import models
from django.db.models import Q


class Mail(models.Model):
    """A mail and what became of it: a ticket, or a reason why it is none."""

    number = models.UUIDField("来信编号", unique=True, default=uuid.uuid4, editable=False)
    key = models.CharField("邮件比对值", max_length=64, unique=True, help_text="邮件编号和内容的 SHA-256")
    digest = models.BinaryField("内容比对值", help_text="HMAC-SHA-256，同一内容再来时认出")
    arrived_at = models.DateTimeField("到达邮箱的时刻", help_text="UTC")
    taken_at = models.DateTimeField("收取时刻", help_text="UTC")
    sender_enc = models.BinaryField("发件地址（加密）")
    sender_index = models.BinaryField("发件地址检索值")
    sender_masked = models.CharField("发件地址（脱敏）", max_length=80)
    subject_enc = models.BinaryField("标题（加密）")
    standing = models.CharField("发件域名核对", max_length=8)
    size = models.PositiveBigIntegerField("大小", help_text="字节")
    files = models.PositiveSmallIntegerField("附件", default=0, help_text="个")
    left_out = models.PositiveSmallIntegerField("没有收下的附件", default=0, help_text="个")
    file = models.UUIDField("原信文件编号", null=True)
    reason = models.CharField("没有立为工单的原因", max_length=12, blank=True)
    party = models.UUIDField("来信人编号", null=True)
    ticket = models.CharField("工单编号", max_length=64, blank=True)
    acknowledged_at = models.DateTimeField("告知已登记的时刻", null=True, help_text="UTC，空为没有告知")
    settled_by = models.BigIntegerField("处理人员编号", null=True)
    settled_at = models.DateTimeField("处理时刻", null=True, help_text="UTC")

    class Meta:
        verbose_name = "来信"
        verbose_name_plural = "来信"
        db_table = "hotline_mail"
        indexes = [
            models.Index(
                fields=["arrived_at"],
                condition=Q(ticket="", settled_at__isnull=True),
                name="hotline_mail_open",
            ),
            models.Index(fields=["sender_index", "taken_at"], name="hotline_mail_sender"),
            models.Index(fields=["ticket"], condition=~Q(ticket=""), name="hotline_mail_ticket"),
        ]

    def __str__(self) -> str:
        return str(self.number)


class Mailbox(models.Model):
    """How far a mailbox has been read. Its server counts its mails up; a new generation begins anew."""

    name = models.CharField("邮箱", max_length=200, unique=True)
    generation = models.BigIntegerField("邮箱代次", help_text="UIDVALIDITY")
    last_uid = models.BigIntegerField("已收取到", default=0, help_text="UID")
    read_at = models.DateTimeField("最近一次收取", help_text="UTC")

    class Meta:
        verbose_name = "信箱"
        verbose_name_plural = "信箱"
        db_table = "hotline_mailbox"

    def __str__(self) -> str:
        return self.name
