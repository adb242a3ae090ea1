"""Django application of the case engine."""

from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    """Cases of every kind."""

    name = "liuquan.casework"
    label = "casework"
    verbose_name = "事项办理"
    default_auto_field = "django.db.models.BigAutoField"
