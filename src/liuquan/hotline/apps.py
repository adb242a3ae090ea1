"""Django application of the hotline."""

from django.apps import AppConfig


class HotlineConfig(AppConfig):
    """The mayor's hotline."""

    name = "liuquan.hotline"
    label = "hotline"
    verbose_name = "市长热线"
    default_auto_field = "django.db.models.BigAutoField"
