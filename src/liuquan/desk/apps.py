"""Django application of desk."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """Desk for cases of every kind."""

    name = "liuquan.desk"
    label = "desk"
    verbose_name = "工作台"
    default_auto_field = "django.db.models.BigAutoField"
