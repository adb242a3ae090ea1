"""Django application of the kinds of case."""

from django.apps import AppConfig


class KindsConfig(AppConfig):
    """The register of kinds."""

    name = "liuquan.kinds"
    label = "kinds"
    verbose_name = "案件种类"
    default_auto_field = "django.db.models.BigAutoField"
