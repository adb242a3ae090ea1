"""Django's entry for the parties."""

from django.apps import AppConfig


class PartiesConfig(AppConfig):
    """Natural persons, organisations and their agents."""

    name = "liuquan.parties"
    label = "parties"
    verbose_name = "当事人"
    default_auto_field = "django.db.models.BigAutoField"
