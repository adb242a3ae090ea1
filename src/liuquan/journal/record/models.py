"""Tables of the record. Rows are inserted by `actions` only; the application role can do nothing else."""

from django.db import models
from django.db.models import Func
from django.db.models.functions import Now


class UuidV7(Func):
    """PostgreSQL's time-ordered uuid."""

    function = "uuidv7"
    template = "%(function)s()"
    output_field = models.UUIDField()


class JournalEntry(models.Model):
    """One recorded act. Holds no personal datum; `commitment` binds it to its private part.

    `recorded_at` and `xid` are set by the database. Readers never follow ids, which commit out of order:
    they follow `xid < pg_snapshot_xmin(pg_current_snapshot())`.
    """

    number = models.UUIDField("记录编号", unique=True, db_default=UuidV7(), editable=False)
    event = models.CharField("事件", max_length=80)
    vocabulary_version = models.PositiveSmallIntegerField("词汇版本", default=1)
    subject = models.CharField("对象编号", max_length=64, help_text="案件编号等公开编号")
    body_code = models.CharField("机关代码", max_length=32, blank=True)
    post_code = models.CharField("岗位代码", max_length=40, blank=True)
    actor_kind = models.CharField("行为人类别", max_length=12)
    from_state = models.CharField("原状态", max_length=40, null=True)
    to_state = models.CharField("新状态", max_length=40, null=True)
    effective_at = models.DateTimeField("生效时刻", help_text="法律上生效的时刻（UTC）")
    recorded_at = models.DateTimeField("入册时刻", db_default=Now(), help_text="数据库写入的时刻（UTC）")
    public = models.JSONField("公开内容", default=dict)
    commitment = models.BinaryField("承诺值", max_length=32, help_text="SHA-256,加盐")

    class Meta:
        verbose_name = "日志记录"
        verbose_name_plural = "日志记录"
        db_table = "journal_entry"
        indexes = [
            models.Index(fields=["subject", "id"], name="journal_subject"),
            models.Index(fields=["event", "effective_at"], name="journal_entry_event"),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.subject}"


class JournalPrivate(models.Model):
    """The private part of an entry, encrypted. It may only be deleted whole, and that is an entry."""

    entry = models.OneToOneField(JournalEntry, models.PROTECT, primary_key=True, verbose_name="日志记录")
    salt = models.BinaryField("盐", max_length=32)
    values = models.BinaryField("加密内容")

    class Meta:
        verbose_name = "日志非公开内容"
        verbose_name_plural = "日志非公开内容"
        db_table = "journal_private"

    def __str__(self) -> str:
        return str(self.pk)
