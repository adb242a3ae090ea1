"""The journal events of feeds."""

from liuquan.journal.events import declare
from liuquan.journal.types import Event

KEY_ISSUED, KEY_REVOKED = declare(
    Event("exchange.key_issued", "发放接口密钥", "向“{name}”发放接口密钥", frozenset({"name"})),
    Event("exchange.key_revoked", "收回接口密钥", "收回“{name}”的接口密钥", frozenset({"name"})),
)
