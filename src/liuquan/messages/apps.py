"""Django application of the messages."""

from django.apps import AppConfig


class MessagesConfig(AppConfig):
    """SMS and e-mail by event."""

    name = "liuquan.messages"
    label = "liuquan_messages"  # Django's own `messages` has the plain word
    verbose_name = "消息通知"
    default_auto_field = "django.db.models.BigAutoField"
