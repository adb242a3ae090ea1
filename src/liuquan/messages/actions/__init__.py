"""All that is written about messages."""

from liuquan.messages.actions.codes import ask_code, forget_codes, use_code
from liuquan.messages.actions.consent import agree_to_sms, ask_email, confirm_email, withdraw
from liuquan.messages.actions.preparing import answer_mail, prepare
from liuquan.messages.actions.sending import report, send, send_due

__all__ = [
    "agree_to_sms",
    "answer_mail",
    "ask_code",
    "ask_email",
    "confirm_email",
    "forget_codes",
    "prepare",
    "report",
    "send",
    "send_due",
    "use_code",
    "withdraw",
]
