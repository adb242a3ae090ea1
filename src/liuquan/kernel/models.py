"""The kernel's tables: files, encrypted outside the database, each under its own key; and drafts."""

from typing import ClassVar

from django.db import models
from django.db.models import Func, Q


class UuidV7(Func):
    """PostgreSQL's own ``uuidv7()``: unguessable, yet ordered by time of making."""

    function = "uuidv7"
    template = "%(function)s()"
    output_field = models.UUIDField()


class StoredFile(models.Model):
    """One file kept for one scope. Erased means: its key is destroyed, its address and name are gone.

    Written by ``kernel.files`` only. The content is stored under the home's ``files`` folder.
    """

    id = models.BigAutoField(primary_key=True)
    number = models.UUIDField("文件编号", unique=True, editable=False, db_default=UuidV7())
    scope = models.CharField("所属范围", max_length=100, help_text="例如案件编号；同一范围内相同内容只存一份")
    address = models.BinaryField(
        "内容地址", null=True, max_length=32, help_text="内容在本范围内的带密钥摘要，32 字节；删除后为空"
    )
    location = models.CharField(
        "存放位置", max_length=120, blank=True, help_text="文件目录内的相对路径；删除后为空"
    )
    wrapped_key = models.BinaryField("加密的文件密钥", null=True, help_text="销毁此密钥即删除内容")
    sealed_name = models.BinaryField("加密的文件名", null=True)
    media_type = models.CharField("内容类型", max_length=100)
    size = models.PositiveIntegerField("大小", help_text="字节")
    stored_at = models.DateTimeField("存入时刻")
    erased_at = models.DateTimeField("删除时刻", null=True)

    class Meta:
        verbose_name = "存储文件"
        verbose_name_plural = "存储文件"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["scope", "address"], name="stored_file_once_in_scope"),
            models.CheckConstraint(condition=Q(size__gt=0), name="stored_file_not_empty"),
            models.CheckConstraint(
                condition=Q(
                    erased_at__isnull=True,
                    address__isnull=False,
                    wrapped_key__isnull=False,
                    sealed_name__isnull=False,
                )
                & ~Q(location="")
                | Q(
                    erased_at__isnull=False,
                    address__isnull=True,
                    wrapped_key__isnull=True,
                    sealed_name__isnull=True,
                    location="",
                ),
                name="stored_file_whole_or_erased",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}"


class Draft(models.Model):
    """What somebody has begun and not yet handed in, found by its code. Written by `kernel.drafts` only."""

    code_index = models.BinaryField("草稿码索引", unique=True, max_length=32, help_text="草稿码的带密钥摘要")
    place = models.CharField("所属页面", max_length=200, help_text="例如 apply/事项编码/；别处拿来的码打不开")
    sealed_values = models.BinaryField("加密的填写内容")
    kept_until = models.DateTimeField("保存到", db_index=True)

    class Meta:
        verbose_name = "草稿"
        verbose_name_plural = "草稿"

    def __str__(self) -> str:
        return str(self.pk)


class DraftFile(models.Model):
    """One file of a draft, for one material."""

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="files", verbose_name="草稿")
    material = models.CharField("材料", max_length=60)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name="文件")

    class Meta:
        verbose_name = "草稿文件"
        verbose_name_plural = "草稿文件"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["draft", "material", "file"], name="draft_file_once"),
        ]

    def __str__(self) -> str:
        return str(self.pk)
