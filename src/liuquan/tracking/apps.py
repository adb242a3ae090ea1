"""Django application of tracking."""

from django.apps import AppConfig


class TrackingConfig(AppConfig):
    """Tracking for cases of every kind."""

    name = "liuquan.tracking"
    label = "tracking"
    verbose_name = "查进度"
    default_auto_field = "django.db.models.BigAutoField"
