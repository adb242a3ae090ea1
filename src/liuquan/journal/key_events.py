"""What can happen to the keys of the log; the entries are the public notice of a change."""

from liuquan.journal.events import declare
from liuquan.journal.types import Event

LOG_KEY_ADDED, LOG_KEY_ENDED, WITNESS_KEY_CHANGED, FIELD_KEY_LOST = declare(
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
        "journal.witness_key_changed",
        "本机见证公钥",
        "{act}本机的见证公钥{key}",
        public=frozenset({"key", "act"}),
    ),
    Event(
        "journal.field_key_lost",
        "个人信息密钥遗失",
        "密钥{key}遗失且无备份，{values}项内容不能再打开",
        public=frozenset({"key", "values"}),
    ),
)
