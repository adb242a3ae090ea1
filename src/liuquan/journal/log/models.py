"""Tables of the transparency log. Rows are inserted by the sealer only."""

from django.db import models
from django.db.models.functions import Now

from liuquan.journal.record.models import JournalEntry


class JournalLeaf(models.Model):
    """The place of an entry in the transparency log. Inserted by the sealer only, one after the other."""

    position = models.BigIntegerField("位置", primary_key=True, help_text="自 0 起，不间断")
    # No constraint in the database: entries are never deleted, and each check would cost time.
    entry = models.OneToOneField(
        JournalEntry, models.PROTECT, db_constraint=False, related_name="leaf", verbose_name="日志记录"
    )
    leaf_hash = models.BinaryField("叶杂凑值", max_length=32, help_text="RFC 9162")
    secret = models.PositiveSmallIntegerField("日志秘密代次", help_text="化名和公开承诺的盐由哪一代秘密得出")
    has_private = models.BooleanField("入册时有非公开内容")

    class Meta:
        verbose_name = "日志叶"
        verbose_name_plural = "日志叶"
        db_table = "journal_leaf"
        constraints = [
            models.CheckConstraint(condition=models.Q(position__gte=0), name="journal_leaf_position"),
        ]

    def __str__(self) -> str:
        return str(self.position)


class JournalCheckpoint(models.Model):
    """A signed head of the log, as it was published."""

    size = models.BigIntegerField("叶数", primary_key=True)
    root = models.BinaryField("根", max_length=32)
    note = models.TextField("检查点", help_text="C2SP signed note")
    signed_at = models.DateTimeField("签署时刻", help_text="平台时钟（UTC），不早于前一个")
    recorded_at = models.DateTimeField("入册时刻", db_default=Now(), help_text="数据库时钟（UTC）")
    watermark = models.BigIntegerField("事务水位", help_text="此前提交的记录都已入册")
    cluster = models.CharField(
        "数据库实例", max_length=24, blank=True, help_text="水位属于哪个实例；空为未知"
    )

    class Meta:
        verbose_name = "日志检查点"
        verbose_name_plural = "日志检查点"
        db_table = "journal_checkpoint"

    def __str__(self) -> str:
        return str(self.size)
