"""Django's entry for the kernel."""

from django.apps import AppConfig


class KernelConfig(AppConfig):
    """The kernel as a Django application: stored files and base templates."""

    name = "liuquan.kernel"
    label = "kernel"
    verbose_name = "基础"
    default_auto_field = "django.db.models.BigAutoField"
