"""The journal events of an application: their names, their sentences, and which parts are public."""

from liuquan.casework.events import OF_A_CORRECTION, OF_THE_ENGINE
from liuquan.journal.events import declare
from liuquan.journal.types import Event


def _event(
    name: str,
    label: str,
    sentence: str,
    public: set[str],
    private: set[str] | None = None,
    *,
    reads: bool = False,
    opened: str = "",
) -> Event:
    return Event(
        f"application.{name}",
        label,
        sentence,
        public=frozenset(public | OF_THE_ENGINE),
        private=frozenset((private or set()) | {"staff"}),
        reads=reads,
        opened=opened,
    )


(
    SUBMITTED,
    ACCEPTED,
    ACCEPTED_CORRECTED,
    DEEMED_ACCEPTED,
    SUPPLEMENT_NOTIFIED,
    SUPPLEMENT_RECEIVED,
    MATERIALS_ADDED,
    NOT_NEEDED,
    NOT_OURS,
    STEP_COMPLETED,
    SPECIAL_STARTED,
    SPECIAL_ENDED,
    EXTENDED,
    SENT_BACK,
    GRANTED,
    REFUSED,
    DELIVERED,
    PUBLICISED,
    WITHDRAWN,
    WITHDRAWN_AT_WINDOW,
    ANCHOR_CORRECTED,
    LATENESS_EXPLAINED,
    SERVICE_DEFAULT,
) = declare(
    _event("submitted", "收件", "收到“{item}”的申请材料", {"item", "channel", "materials"}),
    _event("accepted", "受理", "受理申请", {"missing_deferred", "materials"}),
    _event(
        "accepted_corrected",
        "当场更正后受理",
        "申请人当场更正后受理",
        {"missing_deferred", "materials"},
        {"corrections"},
    ),
    _event("deemed_accepted", "视为受理", "逾期未告知补正，自收到材料之日起视为受理", set()),
    _event(
        "supplement_notified",
        "一次性告知补正",
        "一次性告知需要补正的全部内容，共{count}项",
        {"count", "items", "again"},
        {"remarks", "requirements"},
    ),
    _event("supplement_received", "收到补正", "收到补正材料", {"items"}),
    _event("materials_added", "补交材料", "申请人补交提交时没有交的材料", {"items"}),
    _event("not_needed", "不需要行政许可", "告知申请事项依法不需要取得行政许可，不予受理", set(), {"reason"}),
    _event(
        "not_ours",
        "不属于本机关职权",
        "申请事项不属于本机关职权范围，不予受理，请向{refer_to}申请",
        {"refer_to"},
        {"reason", "refer_to"},
    ),
    _event(
        "step_completed",
        "完成环节",
        "完成“{step_name}”，意见：{result_label}",
        {"step", "step_name", "result", "result_label", "officers"},
        {"opinion", "proposed", "second_officer"},
    ),
    _event(
        "special_started",
        "特别程序开始",
        "因{ground_label}所需时间不计入办理期限，预计到{until}",
        {"ground", "ground_label", "until", "again"},
        {"document", "again"},
    ),
    _event(
        "special_ended", "特别程序结束", "{ground_label}结束，办理期限继续计算", {"ground", "ground_label"}
    ),
    _event("extended", "延长期限", "经本机关负责人批准，延长{days}个工作日", {"days"}, {"reason"}),
    _event("sent_back", "退回重新审查", "决定岗位退回重新审查", set(), {"reason"}),
    _event(
        "granted",
        "准予",
        "作出准予决定",
        {"standard", "amount_fen"},
        {"reason", "standard", "conditions", "why_without", "why_against"},
    ),
    _event(
        "refused",
        "不予",
        "作出不予决定",
        {"standard", "unmet"},
        {"reason", "standard", "found", "why_against"},
    ),
    _event(
        "delivered",
        "送达",
        "结果已送达（{way_label}）",
        {"way", "way_label"},
        {"received_by", "authority", "receiver", "credential_kind", "credential", "waybill", "sent_to"},
    ),
    _event("publicised", "公示", "办理结果已公示", set()),
    _event("withdrawn", "撤回申请", "申请人撤回申请", set(), {"reason"}),
    _event(
        "withdrawn_at_window",
        "窗口办理撤回",
        "窗口凭申请人签名的书面请求办理撤回",
        set(),
        {"reason", "request"},
    ),
    _event(
        "anchor_corrected",
        "更正起算日",
        "{clock_label}的起算日由{anchor_before}更正为{to}，期限重新计算",
        {"clock_label"} | OF_A_CORRECTION,
        {"reason", "evidence"},
    ),
    _event(
        "lateness_explained",
        "公开说明超期",
        "超过承诺时限，公开说明：{cause_label}",
        {"cause", "cause_label"},
        {"note"},
    ),
    _event(
        "service_default",
        "服务违诺",
        "没有做到关于{aspect_label}的服务承诺：{what_label}（{ground_label}）",
        {
            *("body", "aspect", "aspect_label", "what", "what_label"),
            *("promise", "ground", "ground_label", "happened_on"),
        },
        {"note"},
    ),
)

# Entered before the engine and the desk had events of their own for these; only read now.
declare(
    _event(
        "file_opened",
        "查阅案卷",
        "{post}查阅了案卷",
        {"post", "purpose"},
        reads=True,
        opened="案卷：姓名、证件号码、电话、申请内容",
    ),
    _event(
        "material_opened",
        "查看材料",
        "{post}查看了材料“{material}”",
        {"post", "purpose", "material"},
        reads=True,
        opened="材料“{material}”",
    ),
    _event("identity_verified", "核验身份", "窗口核对了{document}原件", {"document", "cases"}),
    _event(
        "identity_corrected",
        "更正身份信息",
        "窗口核对{document}原件，更正了{fields}",
        {"document", "cases", "fields"},
        {"reason", "name_before", "name_after", "phone_before", "phone_after"},
    ),
    _event("party_checked", "核对证件", "窗口核对了当事人的{document}原件，{what}", {"document", "what"}),
)
