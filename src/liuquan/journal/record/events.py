"""What can happen to the entries themselves."""

from liuquan.journal.record.types import Event
from liuquan.journal.record.vocabulary import declare

(PRIVATE_ERASED,) = declare(
    Event(
        "journal.private_erased",
        "删除非公开内容",
        "删除了{count}条记录的非公开内容",
        public=frozenset({"count", "entries", "names"}),
        private=frozenset({"reason", "staff"}),
    ),
)
