"""What can happen to the log: it is not signed, it is audited, its keys change (the public notice)."""

from typing import Final

from liuquan.journal.record.types import Event
from liuquan.journal.record.vocabulary import declare

LOG: Final = "log"  #: subject of entries about the log itself

SEALING_REFUSED, AUDITED, AUDIT_FAILED = declare(
    Event(
        "journal.sealing_refused", "日志拒绝签署", "{problem}", public=frozenset({"problem", "fault", "size"})
    ),
    Event(
        "journal.audited",
        "日志核查",
        "核查了全部{entries}条记录，均与已签署的日志相符",
        public=frozenset({"entries", "tree_size", "root", "unsealed", "checkpoints"}),
    ),
    Event(
        "journal.audit_failed",
        "日志核查不符",
        "{problem}",
        public=frozenset({"problem", "position", "entry", "entries", "tree_size"}),
    ),
)

LOG_KEY_ADDED, LOG_KEY_ENDED, FIELD_KEY_LOST = declare(
    Event(
        "journal.log_key_added",
        "启用日志公钥",
        "自第{size}个叶起启用日志公钥{key}（{reason}）",
        public=frozenset({"key", "size", "reason"}),
    ),
    Event(
        "journal.log_key_ended",
        "停用日志公钥",
        "日志公钥{key}只对第{size}个叶以内的检查点有效（{reason}）",
        public=frozenset({"key", "size", "reason"}),
    ),
    Event(
        "journal.field_key_lost",
        "个人信息密钥遗失",
        "密钥{key}遗失且无备份，{values}项内容不能再打开",
        public=frozenset({"key", "values"}),
    ),
)
