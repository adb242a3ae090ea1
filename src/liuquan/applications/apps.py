"""Django application of the applications."""

from django.apps import AppConfig


class ApplicationsConfig(AppConfig):
    """Applications for service items."""

    name = "liuquan.applications"
    label = "applications"
    verbose_name = "办件"
    default_auto_field = "django.db.models.BigAutoField"
