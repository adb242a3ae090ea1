"""Django application of the journal."""

from django.apps import AppConfig


class JournalConfig(AppConfig):
    """The append-only record."""

    name = "liuquan.journal"
    label = "journal"
    verbose_name = "权力运行日志"
    default_auto_field = "django.db.models.BigAutoField"
