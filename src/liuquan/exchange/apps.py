"""Django application of the feeds."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """Feeds in and out."""

    name = "liuquan.exchange"
    label = "exchange"
    verbose_name = "数据交换"
    default_auto_field = "django.db.models.BigAutoField"
