"""Journal events of the journal itself."""

from liuquan.journal.types import Event
from liuquan.journal.vocabulary import declare

IDENTITY_OPENED, PRIVATE_OPENED, PRIVATE_ERASED = declare(
    Event(
        "journal.identity_opened",
        "查看身份信息",
        "{post}查看了当事人的身份信息",
        public=frozenset({"post"}),
        private=frozenset({"staff", "reason"}),
    ),
    Event(
        "journal.private_opened",
        "查看非公开内容",
        "{post}查看了一条记录的非公开内容",
        public=frozenset({"post", "entry"}),
        private=frozenset({"staff", "reason"}),
    ),
    Event(
        "journal.private_erased",
        "删除非公开内容",
        "依法删除了一条记录的非公开内容",
        public=frozenset({"entry"}),
        private=frozenset({"staff", "reason"}),
    ),
)
