"""The keys of outside systems."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="ApiKey",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80, unique=True, verbose_name="系统名称")),
                (
                    "key_index",
                    models.BinaryField(
                        help_text="HMAC-SHA-256，比对而不解密",
                        max_length=32,
                        unique=True,
                        verbose_name="密钥比对值",
                    ),
                ),
                ("issued_at", models.DateTimeField(help_text="UTC", verbose_name="发放时刻")),
                ("revoked_at", models.DateTimeField(help_text="UTC", null=True, verbose_name="收回时刻")),
            ],
            options={
                "verbose_name": "接口密钥",
                "verbose_name_plural": "接口密钥",
                "db_table": "exchange_api_key",
            },
        ),
    ]
