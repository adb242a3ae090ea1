"""Django application of the reviews."""

from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    """Reviews of services."""

    name = "liuquan.reviews"
    label = "reviews"
    verbose_name = "好差评"
    default_auto_field = "django.db.models.BigAutoField"
