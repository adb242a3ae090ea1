"""Django application of papers."""

from django.apps import AppConfig


class PapersConfig(AppConfig):
    """Papers for cases of every kind."""

    name = "liuquan.papers"
    label = "papers"
    verbose_name = "文书"
    default_auto_field = "django.db.models.BigAutoField"
