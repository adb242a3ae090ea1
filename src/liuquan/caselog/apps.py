"""Django application of the case log."""

from django.apps import AppConfig


class CaselogConfig(AppConfig):
    """The contract's views."""

    name = "liuquan.caselog"
    label = "caselog"
    verbose_name = "案件日志"
    default_auto_field = "django.db.models.BigAutoField"
