"""Django application of electronic supervision."""

from django.apps import AppConfig


class SupervisionConfig(AppConfig):
    """Rules, findings and the board."""

    name = "liuquan.supervision"
    label = "supervision"
    verbose_name = "电子监察"
    default_auto_field = "django.db.models.BigAutoField"
