"""Django application of the working calendar and the law's pages."""

from django.apps import AppConfig


class TimekeepingConfig(AppConfig):
    """Questions to the clock, changes of the calendar; no tables of its own."""

    name = "liuquan.timekeeping"
    label = "timekeeping"
    verbose_name = "期限和日历"
