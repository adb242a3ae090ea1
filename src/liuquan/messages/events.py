"""Journal events of the messages. An address stands in none of them."""

from liuquan.journal.events import declare
from liuquan.journal.types import Event

CONSENT_GIVEN, CONSENT_WITHDRAWN, ADDRESS_USED = declare(
    Event(
        "messages.consent_given",
        "同意接收通知",
        "当事人同意用{channel_label}接收办理通知",
        public=frozenset({"channel", "channel_label"}),
    ),
    Event(
        "messages.consent_withdrawn",
        "不再接收通知",
        "当事人不再用{channel_label}接收办理通知",
        public=frozenset({"channel", "channel_label"}),
    ),
    # The system opens the address to hand the message over; no person reads it.
    Event(
        "messages.address_used",
        "发送通知",
        "系统按登记的联系方式发出{channel_label}",
        public=frozenset({"channel", "channel_label", "cause"}),
    ),
)
