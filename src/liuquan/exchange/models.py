"""Tables of the feeds."""

from django.db import models


class ApiKey(models.Model):
    """The key of an outside system; the key itself stands nowhere."""

    name = models.CharField("系统名称", max_length=80, unique=True)
    key_index = models.BinaryField(
        "密钥比对值", max_length=32, unique=True, help_text="HMAC-SHA-256，比对而不解密"
    )
    issued_at = models.DateTimeField("发放时刻", help_text="UTC")
    revoked_at = models.DateTimeField("收回时刻", null=True, help_text="UTC")

    class Meta:
        verbose_name = "接口密钥"
        verbose_name_plural = "接口密钥"
        db_table = "exchange_api_key"

    def __str__(self) -> str:
        return self.name
