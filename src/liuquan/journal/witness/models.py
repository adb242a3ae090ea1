"""Tables of witnesses: who cosigns our log, whose logs we cosign, and what we refused to cosign.

The database itself lets the state of a known log only grow, so that no mistake here can roll it back.
"""

from django.db import models
from django.db.models import Q

from liuquan.journal.witness.rules import MAX_ORIGIN


class Witness(models.Model):
    """A key of an office that cosigns our log; `removed_at` ends it, the cosignatures it gave stay.

    An office that changes its key has two rows of one name for a while; it counts once.
    """

    name = models.CharField("名称", max_length=200, db_index=True, help_text="见证公钥中的名称")
    key = models.TextField("公钥", unique=True, help_text="名称+编号+内容")
    label = models.CharField("单位", max_length=80, blank=True)
    url = models.CharField("提交地址", max_length=500, blank=True, help_text="空：由对方来取")
    added_at = models.DateTimeField("登记时刻", help_text="UTC")
    removed_at = models.DateTimeField("停用时刻", null=True, help_text="UTC")
    size = models.BigIntegerField("见证到", null=True, help_text="叶数")
    cosigned_at = models.DateTimeField("最近见证", null=True, help_text="UTC")
    next_try_at = models.DateTimeField("下次提交", null=True, help_text="UTC；空：随时")
    failures = models.PositiveIntegerField("连续失败", default=0, help_text="次")
    trouble = models.TextField("最近的问题", blank=True)
    objected_at = models.DateTimeField(
        "不认可时刻", null=True, help_text="UTC；它见证更大的检查点之前不再重复入册"
    )

    class Meta:
        verbose_name = "见证方"
        verbose_name_plural = "见证方"
        db_table = "journal_witness"

    def __str__(self) -> str:
        return self.name


class Cosignature(models.Model):
    """A witness's signature line under one of our checkpoints."""

    witness = models.ForeignKey(Witness, models.PROTECT, related_name="+", verbose_name="见证方")
    size = models.BigIntegerField("叶数", help_text="检查点的叶数")
    line = models.TextField("签名行")
    signed_at = models.DateTimeField("见证时刻", help_text="见证方所称（UTC）")
    received_at = models.DateTimeField("收到时刻", help_text="UTC")

    class Meta:
        verbose_name = "见证签名"
        verbose_name_plural = "见证签名"
        db_table = "journal_cosignature"
        constraints = [
            models.UniqueConstraint(fields=["size", "witness"], name="journal_cosignature_once"),
            models.CheckConstraint(condition=Q(size__gte=0), name="journal_cosignature_size"),
        ]

    def __str__(self) -> str:
        return f"{self.witness_id} {self.size}"


class KnownLog(models.Model):
    """A log that we cosign as a witness: its keys, and the last head we cosigned."""

    origin = models.CharField("日志名称", max_length=MAX_ORIGIN, unique=True)
    label = models.CharField("单位", max_length=80, blank=True)
    keys = models.JSONField("公钥", help_text="公钥及其使用期（叶数）")
    url = models.CharField("公开地址", max_length=500, blank=True, help_text="空：由对方来提交")
    body_code = models.CharField("机关代码", max_length=32, blank=True, help_text="空：由本中心跟进")
    known_at = models.DateTimeField("登记时刻", help_text="UTC")
    dropped_at = models.DateTimeField("停止见证", null=True, help_text="UTC")
    size = models.BigIntegerField("见证到", null=True, help_text="叶数；空：还没有见证过")
    root = models.BinaryField("根", max_length=32, null=True)
    note = models.TextField("检查点", blank=True, help_text="日志签名的原文和我们的见证签名")
    cosigned_at = models.DateTimeField("最近见证", null=True, help_text="UTC")
    next_try_at = models.DateTimeField("下次去取", null=True, help_text="UTC；空：随时")
    failures = models.PositiveIntegerField("连续失败", default=0, help_text="次")
    trouble = models.TextField("最近的问题", blank=True)

    class Meta:
        verbose_name = "所见证的日志"
        verbose_name_plural = "所见证的日志"
        db_table = "journal_known_log"
        constraints = [
            models.CheckConstraint(
                condition=Q(size__isnull=True, root__isnull=True, note="")
                | (Q(size__gte=0, root__isnull=False) & ~Q(note="")),
                name="journal_known_log_head_is_whole",
            )
        ]

    def __str__(self) -> str:
        return self.origin


class SeenHead(models.Model):
    """A head of a known log that we cosigned: an older one offered again is no evidence, another root is."""

    log = models.ForeignKey(KnownLog, models.PROTECT, related_name="+", verbose_name="日志")
    size = models.BigIntegerField("叶数")
    root = models.BinaryField("根", max_length=32)
    cosigned_at = models.DateTimeField("见证时刻", help_text="UTC")

    class Meta:
        verbose_name = "见证过的检查点"
        verbose_name_plural = "见证过的检查点"
        db_table = "journal_seen_head"
        constraints = [models.UniqueConstraint(fields=["log", "size"], name="journal_seen_head_once")]

    def __str__(self) -> str:
        return f"{self.log_id} {self.size}"


class RefusedHead(models.Model):
    """A head that its log signed and that does not fit what it showed before: the evidence, both notes."""

    log = models.ForeignKey(KnownLog, models.PROTECT, related_name="+", verbose_name="日志")
    misdeed = models.CharField("情形", max_length=8, help_text="fork 分叉、rewind 回退、proof 不连续")
    known_size = models.BigIntegerField("已见证的叶数")
    known_note = models.TextField("已见证的检查点")
    offered_size = models.BigIntegerField("所提交的叶数")
    offered_root = models.BinaryField("所提交的根", max_length=32)
    offered_note = models.TextField("所提交的检查点")
    path = models.JSONField("所提交的一致性证明", default=list, help_text="十六进制")
    entry = models.UUIDField("日志记录编号", unique=True)
    refused_at = models.DateTimeField("拒绝时刻", help_text="UTC")
    settled_at = models.DateTimeField(
        "消除时刻", null=True, help_text="UTC；日志此后由已见证的检查点延续；分叉永不消除"
    )

    class Meta:
        verbose_name = "拒绝见证的检查点"
        verbose_name_plural = "拒绝见证的检查点"
        db_table = "journal_refused_head"
        constraints = [
            models.UniqueConstraint(
                fields=["log", "misdeed", "offered_size", "offered_root"], name="journal_refused_head_once"
            ),
            models.CheckConstraint(
                condition=Q(misdeed__in=["fork", "rewind", "proof"]), name="journal_refused_head_misdeed"
            ),
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True) | ~Q(misdeed="fork"),
                name="journal_fork_is_never_settled",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.log_id} {self.misdeed} {self.offered_size}"
