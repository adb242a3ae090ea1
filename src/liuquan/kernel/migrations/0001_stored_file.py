from django.db import migrations, models

import liuquan.kernel.models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="StoredFile",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "number",
                    models.UUIDField(
                        db_default=liuquan.kernel.models.UuidV7(),
                        editable=False,
                        unique=True,
                        verbose_name="文件编号",
                    ),
                ),
                (
                    "scope",
                    models.CharField(
                        help_text="例如案件编号；同一范围内相同内容只存一份",
                        max_length=100,
                        verbose_name="所属范围",
                    ),
                ),
                (
                    "address",
                    models.BinaryField(
                        help_text="内容在本范围内的带密钥摘要，32 字节；删除后为空",
                        max_length=32,
                        null=True,
                        verbose_name="内容地址",
                    ),
                ),
                (
                    "location",
                    models.CharField(
                        blank=True,
                        help_text="文件目录内的相对路径；删除后为空",
                        max_length=120,
                        verbose_name="存放位置",
                    ),
                ),
                (
                    "wrapped_key",
                    models.BinaryField(
                        help_text="销毁此密钥即删除内容", null=True, verbose_name="加密的文件密钥"
                    ),
                ),
                ("sealed_name", models.BinaryField(null=True, verbose_name="加密的文件名")),
                ("media_type", models.CharField(max_length=100, verbose_name="内容类型")),
                ("size", models.PositiveIntegerField(help_text="字节", verbose_name="大小")),
                ("stored_at", models.DateTimeField(verbose_name="存入时刻")),
                ("erased_at", models.DateTimeField(null=True, verbose_name="删除时刻")),
            ],
            options={
                "verbose_name": "存储文件",
                "verbose_name_plural": "存储文件",
                "constraints": [
                    models.UniqueConstraint(fields=("scope", "address"), name="stored_file_once_in_scope"),
                    models.CheckConstraint(condition=models.Q(("size__gt", 0)), name="stored_file_not_empty"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("address__isnull", False),
                                ("erased_at__isnull", True),
                                ("sealed_name__isnull", False),
                                ("wrapped_key__isnull", False),
                                models.Q(("location", ""), _negated=True),
                            ),
                            models.Q(
                                ("address__isnull", True),
                                ("erased_at__isnull", False),
                                ("location", ""),
                                ("sealed_name__isnull", True),
                                ("wrapped_key__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="stored_file_whole_or_erased",
                    ),
                ],
            },
        ),
    ]
