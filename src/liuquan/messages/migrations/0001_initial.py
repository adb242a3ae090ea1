"""The tables of the messages."""

import uuid

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="OneTimeCode",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "number",
                    models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="编号"),
                ),
                ("party_number", models.UUIDField(null=True, verbose_name="当事人编号")),
                ("made_at", models.DateTimeField(help_text="UTC", verbose_name="生成时刻")),
                ("expires_at", models.DateTimeField(help_text="UTC", verbose_name="失效时刻")),
                (
                    "tries",
                    models.PositiveSmallIntegerField(default=0, help_text="次", verbose_name="已试次数"),
                ),
                ("used_at", models.DateTimeField(help_text="UTC", null=True, verbose_name="使用时刻")),
            ],
            options={
                "verbose_name": "一次性验证码",
                "verbose_name_plural": "一次性验证码",
                "db_table": "message_code",
            },
        ),
        migrations.CreateModel(
            name="OutboxLetter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=60, unique=True, verbose_name="键")),
                (
                    "channel",
                    models.CharField(
                        choices=[("sms", "短信"), ("email", "电子邮件")], max_length=8, verbose_name="方式"
                    ),
                ),
                ("address_masked", models.CharField(max_length=80, verbose_name="收件方（脱敏）")),
                ("text", models.CharField(max_length=500, verbose_name="内容")),
                ("written_at", models.DateTimeField(help_text="UTC", verbose_name="写入时刻")),
            ],
            options={
                "verbose_name": "演示发件箱",
                "verbose_name_plural": "演示发件箱",
                "db_table": "message_outbox",
            },
        ),
        migrations.CreateModel(
            name="Consent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("party_number", models.UUIDField(verbose_name="当事人编号")),
                (
                    "channel",
                    models.CharField(
                        choices=[("sms", "短信"), ("email", "电子邮件")], max_length=8, verbose_name="方式"
                    ),
                ),
                ("given_at", models.DateTimeField(help_text="UTC", verbose_name="同意时刻")),
                (
                    "withdrawn_at",
                    models.DateTimeField(help_text="UTC，空为仍然同意", null=True, verbose_name="撤回时刻"),
                ),
            ],
            options={
                "verbose_name": "接收通知的同意",
                "verbose_name_plural": "接收通知的同意",
                "db_table": "message_consent",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_at__isnull", True)),
                        fields=("party_number", "channel"),
                        name="message_consent_one_open",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "number",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, unique=True, verbose_name="消息编号"
                    ),
                ),
                ("party_number", models.UUIDField(verbose_name="当事人编号")),
                (
                    "channel",
                    models.CharField(
                        choices=[("sms", "短信"), ("email", "电子邮件")], max_length=8, verbose_name="方式"
                    ),
                ),
                ("cause", models.UUIDField(help_text="日志条目或者验证码的编号", verbose_name="起因")),
                (
                    "is_code",
                    models.BooleanField(
                        default=False, help_text="验证码不写入本表，夜间也发", verbose_name="是验证码"
                    ),
                ),
                ("subject", models.CharField(blank=True, max_length=64, verbose_name="案件编号")),
                ("text", models.CharField(blank=True, max_length=500, verbose_name="内容")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "等待发出"),
                            ("sending", "正在发出"),
                            ("sent", "已发出"),
                            ("delivered", "已送到"),
                            ("failed", "没有送到"),
                            ("dropped", "没有发出"),
                        ],
                        default="waiting",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("made_at", models.DateTimeField(help_text="UTC", verbose_name="生成时刻")),
                ("next_at", models.DateTimeField(help_text="UTC，不早于此刻", verbose_name="下一次发送时刻")),
                (
                    "attempts",
                    models.PositiveSmallIntegerField(default=0, help_text="次", verbose_name="已发送次数"),
                ),
                (
                    "resends",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="次", verbose_name="送达失败后重发"
                    ),
                ),
                (
                    "claimed_at",
                    models.DateTimeField(help_text="UTC，正在发出的消息", null=True, verbose_name="取走时刻"),
                ),
                (
                    "sent_at",
                    models.DateTimeField(help_text="UTC，网关收下的时刻", null=True, verbose_name="发出时刻"),
                ),
                ("settled_at", models.DateTimeField(help_text="UTC", null=True, verbose_name="了结时刻")),
                ("receipt", models.UUIDField(null=True, verbose_name="打开联系方式的日志条目")),
                ("trouble", models.CharField(blank=True, max_length=200, verbose_name="没有发出的原因")),
            ],
            options={
                "verbose_name": "消息",
                "verbose_name_plural": "消息",
                "db_table": "message",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["waiting", "sending"])),
                        fields=["next_at"],
                        name="message_to_send",
                    ),
                    models.Index(fields=["subject"], name="message_subject"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("cause", "party_number", "channel"), name="message_once")
                ],
            },
        ),
    ]
