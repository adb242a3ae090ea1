"""What can happen between logs and witnesses. The subject of each entry is the name of the log concerned."""

from liuquan.journal.record.types import Event
from liuquan.journal.record.vocabulary import declare

(WITNESS_ADDED, WITNESS_REMOVED, LOG_KNOWN, LOG_DROPPED, WITNESS_REFUSED, WITNESS_RESUMED, LOG_OBJECTED) = (
    declare(
        Event(
            "journal.witness_added",
            "登记见证方",
            "登记{witness}为本日志的见证方",
            public=frozenset({"witness", "key", "url"}),
        ),
        Event(
            "journal.witness_removed",
            "停用见证方",
            "停用见证方{witness}",
            public=frozenset({"witness", "key"}),
        ),
        Event(
            "journal.log_known",
            "登记所见证的日志",
            "为日志{log}作见证，公钥{key}",
            public=frozenset({"log", "key", "url", "from_size"}),
        ),
        Event("journal.log_dropped", "停止见证", "不再为日志{log}作见证", public=frozenset({"log"})),
        Event(
            "journal.witness_refused",
            "拒绝见证",
            "日志{log}签名的检查点（{offered_size}个叶）与已见证的记录（{known_size}个叶）不符：{label}",
            public=frozenset(
                {"log", "fault", "label", "known_size", "known_root", "offered_size", "offered_root"}
            ),
        ),
        Event(
            "journal.witness_resumed",
            "疑点消除",
            "日志{log}的检查点（{offered_size}个叶）经核对属于同一记录",
            public=frozenset({"log", "offered_size", "offered_root"}),
        ),
        Event(
            "journal.log_objected",
            "见证方不认可",
            "见证方{witness}不认可本日志的检查点（{size}个叶）：{label}",
            public=frozenset({"witness", "fault", "label", "size", "witness_size"}),
        ),
    )
)

(WITNESS_KEY_CHANGED,) = declare(
    Event(
        "journal.witness_key_changed",
        "本机见证公钥",
        "{act}本机的见证公钥{key}",
        public=frozenset({"key", "act"}),
    ),
)
