"""Django's entry for the site."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """The site as a Django application: portal, board, packs and commands."""

    name = "liuquan.site"
    label = "site"
    verbose_name = "站点"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the case kinds and what follows from which event."""
        from liuquan.site import wiring

        wiring.wire()
