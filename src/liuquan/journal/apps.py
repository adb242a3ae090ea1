"""Django application of the journal."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class JournalConfig(AppConfig):
    """The append-only record."""

    name = "liuquan.journal"
    label = "journal"
    verbose_name = "权力运行日志"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Every module's words are known to every process: also to one that only reads entries."""
        autodiscover_modules("events")
