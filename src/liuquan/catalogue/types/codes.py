"""Code lists of the national standard and of the catalogue itself.

Cites: GB/T 39046—2020 附录A
"""

from __future__ import annotations

from enum import StrEnum
from typing import Self

from liuquan.organisation.types import declare_acts, declare_roles


class Coded(StrEnum):
    """A code list: the value is what is stored, `label` is what people read."""

    label: str

    def __new__(cls, value: str, label: str = "") -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        """Value and label pairs, in the order of the standard."""
        return [(member.value, member.label) for member in cls]


class ItemType(Coded):
    """事项类型. Cites: GB/T 39046—2020 A.1"""

    LICENCE = "01", "行政许可"
    PENALTY = "02", "行政处罚"
    COMPULSION = "03", "行政强制"
    LEVY = "04", "行政征收"
    BENEFIT = "05", "行政给付"
    INSPECTION = "06", "行政检查"
    CONFIRMATION = "07", "行政确认"
    REWARD = "08", "行政奖励"
    ADJUDICATION = "09", "行政裁决"
    OTHER_POWER = "10", "其他行政权力"
    PUBLIC_SERVICE = "20", "公共服务"


class ExerciseLevel(Coded):
    """行使层级. Cites: GB/T 39046—2020 A.2"""

    NATION = "1", "国家级"
    PROVINCE = "2", "省级"
    CITY = "3", "市级"
    COUNTY = "4", "县级"
    TOWN = "5", "镇（乡、街道）级"
    VILLAGE = "6", "村（社区）级"
    SHARED = "7", "分级管理"


class PowerSource(Coded):
    """权力来源: the six sources used by the national platform."""

    OWN = "1", "法定本级行使"
    DELEGATED_DOWN = "2", "上级下放"
    AUTHORISED_BY_SUPERIOR = "3", "上级授权"
    AUTHORISED_BY_PEER = "4", "同级授权"
    ENTRUSTED_BY_SUPERIOR = "5", "上级委托"
    ENTRUSTED_BY_PEER = "6", "同级委托"


class ServiceObject(Coded):
    """服务对象. Cites: GB/T 39046—2020 A.4"""

    PERSON = "1", "自然人"
    ENTERPRISE = "2", "企业法人"
    INSTITUTION = "3", "事业法人"
    SOCIAL_ORGANISATION = "4", "社会组织法人"
    AUTHORITY = "5", "行政机关"
    OTHER = "6", "其他组织"


class HandlingForm(Coded):
    """办理形式: how an application can be handed in. Cites: GB/T 39046—2020 A.5"""

    WINDOW = "1", "窗口办理"
    COMPUTER = "2", "网上办理（电脑端）"
    MOBILE = "3", "网上办理（移动端）"
    POST = "4", "快递申请"
    OTHER = "9", "其他"


class CaseType(Coded):
    """办件类型: decided on the spot, or within the promised limit. Cites: GB/T 39046—2020 A.6"""

    INSTANT = "instant", "即办件"
    PROMISED = "promised", "承诺件"


class Necessity(Coded):
    """材料必要性: must be there at acceptance, may be left out, or may follow after acceptance."""

    REQUIRED = "required", "必要"
    OPTIONAL = "optional", "非必要"
    DEFERRABLE = "deferrable", "可以后补"


class MaterialKind(Coded):
    """材料类型."""

    CERTIFICATE = "certificate", "证件证书证明"
    FORM = "form", "申请表格文书"
    OTHER = "other", "其他"


class MaterialForm(Coded):
    """材料形式."""

    PAPER = "paper", "纸质"
    ELECTRONIC = "electronic", "电子化"
    BOTH = "both", "纸质或电子化"


class DeliveryWay(Coded):
    """送达方式: how the result reaches the applicant."""

    PICK_UP = "pick_up", "窗口领取"
    POST = "post", "邮寄送达"
    ELECTRONIC = "electronic", "电子证照或网上下载"


class StepKind(Coded):
    """What is done in a step of a route. The decision itself is not a step: it follows the route."""

    REVIEW = "review", "审查"
    OPINION = "opinion", "出具意见"
    SITE_CHECK = "site_check", "现场核查"
    EXPERT_REVIEW = "expert_review", "专家评审"


class BasisLevel(Coded):
    """设定依据的层级. Only the first five may set a licence. Cites: 行政许可法 第十四条至第十七条"""

    LAW = "law", "法律"
    REGULATION = "regulation", "行政法规"
    COUNCIL_DECISION = "council_decision", "国务院决定"
    LOCAL_REGULATION = "local_regulation", "地方性法规"
    PROVINCIAL_RULE = "provincial_rule", "省级政府规章"
    DEPARTMENT_RULE = "department_rule", "部门规章"
    RULE_DOCUMENT = "rule_document", "规范性文件"

    @property
    def may_set_licence(self) -> bool:
        """Whether an instrument of this level may create a licence at all."""
        return self not in (BasisLevel.DEPARTMENT_RULE, BasisLevel.RULE_DOCUMENT)


class VersionState(Coded):
    """事项版本状态."""

    DRAFT = "draft", "草稿"
    PUBLISHED = "published", "已发布"
    SUPERSEDED = "superseded", "已被新版本取代"
    CANCELLED = "cancelled", "已取消"


class Severity(StrEnum):
    """Whether a complaint stops publication or only asks to be read."""

    REFUSES = "refuses"
    WARNS = "warns"


declare_acts(
    {
        "catalogue.draft_item": "起草事项",
        "catalogue.publish_item": "发布事项",
        "catalogue.adjust_item": "调整事项",
        "catalogue.cancel_item": "取消事项",
    }
)
declare_roles({"item_editor": "事项编辑人员", "legal_reviewer": "法制审核人员"})
