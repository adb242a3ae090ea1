"""The journal events of a ticket: what is public of them names nobody and tells nothing of the request."""

from typing import Any

from liuquan.casework.events import OF_A_MOVE, OF_CHILDREN, OF_THE_ENGINE
from liuquan.journal.events import declare
from liuquan.journal.types import Event


def _event(
    name: str, label: str, sentence: str, public: set[str] | None = None, private: set[str] | None = None
) -> Event:
    return Event(
        f"ticket.{name}",
        label,
        sentence,
        public=frozenset((public or set()) | OF_THE_ENGINE),
        private=frozenset((private or set()) | {"staff"}),
    )


(
    REGISTERED,
    TRANSFERRED,
    ANSWERED_NOW,
    WAY_TOLD,
    DISPATCHED,
    SIGNED,
    RETURNED,
    UNIT_GONE,
    RETURN_REFUSED,
    DISPUTED,
    REDISPATCHED,
    REFILED,
    EXTENSION_ASKED,
    EXTENDED,
    ADDED,
    HELP_ASKED,
    REMINDED,
    SUPERVISED,
    ANSWERED,
    REDONE,
    UNREACHED,
    CALLED_BACK,
    CLOSED_UNREACHED,
    UNREASONABLE_PROPOSED,
    UNREASONABLE_CONFIRMED,
    ASKED_AGAIN,
    WITHDRAWN,
    MERGED,
    JOINED,
    TOLD_WITH,
    ENDED_WITH,
    MOVED_WITH,
    PUBLISHED,
    UNPUBLISHED,
    HANDED_DOWN,
) = declare(
    _event("registered", "登记", "登记诉求：{item}", {"item", "channel", "inlet", "request_kind"}),
    _event("transferred", "转接紧急电话", "即时转接{service_label}", {"service", "service_label"}, {"note"}),
    _event(
        "answered_now",
        "当场答复",
        "当场答复{quoted}",
        {"article", "article_version", "article_source", "quoted"},
        {"reply"},
    ),
    _event(
        "way_told",
        "告知法定途径",
        "告知应当通过{way_label}解决。{told}",
        {"way", "way_label", "told"},
        {"note"},
    ),
    _event(
        "dispatched",
        "派单",
        "派给{body_name}办理",
        {"body_name", "limit", "limit_label", "by_catalogue", "grass_roots", "basis"} | OF_A_MOVE,
        {"note"},
    ),
    _event("signed", "签收", "承办单位签收"),
    _event("returned", "退单", "承办单位认为不属于本单位职责，退回", {"ground", "ground_label"}, {"reason"}),
    _event("unit_gone", "承办单位已经撤销", "{body_name}已经撤销，退回热线中心改派", {"body_name"}),
    _event(
        "return_refused",
        "退单不成立",
        "热线中心认为属于承办单位职责，退单不成立{decided}",
        {"meeting", "decided"},
        {"reason"},
    ),
    _event("disputed", "提请协调", "职责有争议，提请协调", set(), {"reason"}),
    _event(
        "redispatched",
        "改派",
        "改派{body_name}办理{decided}",
        {"body_name", "limit", "limit_label", "by_catalogue", "grass_roots", "basis", "meeting", "decided"}
        | OF_A_MOVE,
        {"note"},
    ),
    _event(
        "refiled",
        "更正归类",
        "归类更正为“{class_name}”，按{kind_label}办理",
        {"class_code", "class_name", "request_kind", "kind_label"},
        {"reason"},
    ),
    _event("extension_asked", "申请延期", "承办单位申请延长{days}个工作日", {"days"}, {"reason"}),
    _event("extended", "延期", "热线中心同意延长{days}个工作日", {"days"}, {"reason"}),
    _event("added", "补充说明", "诉求人补充说明", {"files"}, {"more"}),
    _event("help_asked", "提请协办", "主办单位提请其他单位协办", {"bodies", "days"} | OF_CHILDREN, {"what"}),
    _event("reminded", "催办", "热线中心催办", set(), {"note"}),
    _event("supervised", "督办", "热线中心督办", {"level", "level_label"}, {"note"}),
    _event(
        "answered",
        "答复",
        "承办单位答复诉求人：{fixed_label}",
        {"fixed", "fixed_label", "contact", "contact_label", "files", "despite"},
        {"reply", "why", "why_despite"},
    ),
    _event("redone", "发回重办", "热线中心发回重办", {"limit", "limit_label"}, {"reason"}),
    _event("unreached", "回访未接通", "回访没有接通", {"tries"}, {"note"}),
    _event(
        "called_back",
        "回访",
        "回访诉求人：{satisfied_label}",
        {"satisfied", "satisfied_label", "confirmed", "confirmed_label"},
        {"note"},
    ),
    _event("closed_unreached", "回访未果办结", "多次回访没有接通，办结", {"tries"}, {"note"}),
    _event("unreasonable_proposed", "提请认定不合理诉求", "提请认定诉求不合理", set(), {"reason"}),
    _event(
        "unreasonable_confirmed", "认定不合理诉求", "经第二人认定诉求不合理，不计入满意度", set(), {"reason"}
    ),
    _event("asked_again", "再次反映", "诉求人认为没有解决，再次反映", {"files"}, {"more"}),
    _event("withdrawn", "撤回", "诉求人撤回诉求", set(), {"reason"}),
    _event("merged", "并单", "与工单{into}反映同一件事，并入办理", {"into"}, {"note"}),
    _event("joined", "一并办理", "诉求人选择与工单{into}一并办理", {"into"}),
    _event("told_with", "随主单告知", "随工单{into}告知办理结果", {"into", "served_by"}, {"reply"}),
    _event(
        "ended_with", "随主单了结", "工单{into}没有办理就了结，随它告知", {"into", "served_by"}, {"reply"}
    ),
    _event("moved_with", "随主单并入", "原来并入的工单并入了工单{into}，随它办理", {"into"}),
    _event(
        "published", "公开答复", "答复已经公开，隐去了姓名、电话和证件号码", set(), {"question", "answer"}
    ),
    _event("unpublished", "撤下公开的答复", "公开的答复已经撤下", set(), {"reason"}),
    _event(
        "handed_down",
        "交下级单位办理",
        "交{body_name}办理，办理时限不变",
        {"body_name"} | OF_A_MOVE,
        {"reason"},
    ),
)


def _of_the_base(
    name: str, label: str, sentence: str, public: set[str], private: set[str] | None = None
) -> Event:
    """An event that belongs to no ticket: its subject is an article, a change."""
    return Event(
        f"hotline.{name}",
        label,
        sentence,
        public=frozenset(public),
        private=frozenset((private or set()) | {"staff"}),
    )


_ARTICLE = {"version", "document", "owner"}
_CHANGE = {"kind", "kind_label", "what", "document", "starts_on"}

declare(
    _of_the_base("article_proposed", "提出知识条目", "提出第{version}版，来源：{document}", _ARTICLE),
    _of_the_base("article_published", "发布知识条目", "发布第{version}版，来源：{document}", _ARTICLE),
    _of_the_base("article_withdrawn", "撤下知识条目", "撤下第{version}版", _ARTICLE, {"reason"}),
    _of_the_base("article_dropped", "不采用知识条目", "不采用第{version}版", _ARTICLE, {"reason"}),
    _of_the_base("article_review_asked", "提醒复核", "第{version}版已过复核日期，提醒责任单位复核", _ARTICLE),
    _of_the_base(
        "consulted", "窗口咨询", "窗口引用第{version}版答复咨询", {"version", "class_code", "article_source"}
    ),
    _of_the_base("change_proposed", "提出改动", "提出{kind_label}：{what}，依据：{document}", _CHANGE),
    _of_the_base("change_approved", "同意改动", "同意{kind_label}：{what}，依据：{document}", _CHANGE),
    _of_the_base("change_refused", "不同意改动", "不同意{kind_label}：{what}", _CHANGE, {"reason"}),
)

#: of the hotline and no ticket: what rises before everybody complains of it, once a day
(FORESEEN,) = declare(
    Event(
        "hotline.foreseen",
        "未诉先办",
        "未诉先办：{count}处诉求明显增多",
        public=frozenset({"count", "signs"}),
        private=frozenset(),
    )
)

#: the subject of a look-up of a caller: it is about nobody until somebody is found
CALLERS = "hotline.callers"


def _of_calls(
    name: str, label: str, sentence: str, public: set[str], private: set[str], **more: Any
) -> Event:
    return Event(
        f"hotline.{name}", label, sentence, frozenset(public), frozenset(private | {"staff"}), **more
    )


CALL_SETTLED, CALL_TRANSFERRED, CALL_TRIED, CALL_JOINED, HANDED_OVER, TAKEN_OVER = declare(
    _of_calls(
        "call_settled",
        "来电去向",
        "来电去向：{outcome_label}",
        {"outcome", "outcome_label", "ticket"},
        {"note"},
    ),
    _of_calls(
        "call_transferred",
        "转接紧急电话",
        "即时转接{service_label}",
        {"service", "service_label", "by_hand"},
        set(),
    ),
    _of_calls("call_tried", "回拨没有接通", "回拨没有接通，第{tries}次", {"tries"}, set()),
    _of_calls("call_joined", "三方通话", "三方通话", set(), {"to"}),
    _of_calls("handed_over", "交班", "热线交班", {"to_call_back", "without_outcome"}, set()),
    _of_calls("handover_opened", "接班", "热线接班", set(), set(), reads=True, opened="接班看交代的事"),
)

CALLERS_OPENED, TICKET_FOUND, CALL_OPENED, RECORDING_HEARD = declare(
    _of_calls(
        "callers_opened",
        "查来电人",
        "{post}按来电号码查工单，看到{cases}件",
        {"post", "purpose", "cases"},
        set(),
        reads=True,
        opened="按来电号码查工单，看到{cases}件",
    ),
    _of_calls(
        "ticket_opened",
        "按来电号码找到本件",
        "{post}按来电号码找到本件",
        {"post", "purpose"},
        set(),
        reads=True,
        opened="按来电号码找到：归类和案件状态",
    ),
    _of_calls(
        "call_opened",
        "看来电号码",
        "{post}看来电号码",
        {"post", "purpose"},
        set(),
        reads=True,
        opened="看来电号码",
    ),
    _of_calls(
        "recording_opened",
        "听录音",
        "{post}听通话录音",
        {"post", "purpose"},
        set(),
        reads=True,
        opened="听通话录音",
    ),
)

#: on a ticket, before its answer: the reply seemed to miss what was asked
(REPLY_QUESTIONED,) = declare(
    Event(
        "hotline.reply_questioned",
        "答复发出前的提示",
        "答复发出以前，系统提示没有答到诉求或者没有说明理由",
        public=frozenset({"complete", "explains", "on_time"}),
        private=frozenset({"staff"}),
    )
)

#: of the models that suggest classes: which one is used from now on, and what it was made from
(MODEL_USED,) = declare(
    Event(
        "hotline.model_used",
        "启用归类模型",
        "启用归类模型，来自{source_label}，{rows}条、{labels}类",
        public=frozenset({"source_label", "data_sha256", "rows", "labels", "macro_f1"}),
    )
)

MAIL_OPENED, MAIL_SETTLED = declare(
    _of_calls(
        "mail_opened",
        "看来信",
        "{post}看来信",
        {"post", "purpose"},
        set(),
        reads=True,
        opened="看来信",
    ),
    _of_calls("mail_settled", "来信已处理", "来信已处理", {"reason", "ticket"}, set()),
)

(PROGRAMME_PLANNED,) = declare(
    _of_calls("programme_planned", "登记节目", "登记{kind_label}", {"kind_label", "body"}, set())
)
