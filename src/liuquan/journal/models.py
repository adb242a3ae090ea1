"""Tables of the journal. Rows are inserted by `actions` only; the application role can do nothing else."""

from django.db import models
from django.db.models import Func
from django.db.models.functions import Now

from liuquan.journal.witness_models import Cosignature as Cosignature
from liuquan.journal.witness_models import KnownLog as KnownLog
from liuquan.journal.witness_models import RefusedHead as RefusedHead
from liuquan.journal.witness_models import SeenHead as SeenHead
from liuquan.journal.witness_models import Witness as Witness


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
    subject = models.CharField("对象编号", max_length=64, help_text="办件编号等公开编号")
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
        indexes = [models.Index(fields=["subject", "id"], name="journal_subject")]

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
