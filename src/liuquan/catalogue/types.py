"""The catalogue's values: code lists of the national standard and the terms an item is handled under.

Frozen and free of Django: the vertical keeps `ItemTerms` on the case, the portal renders `ItemView`.
All amounts of time are whole numbers in `unit`; money is in fen.

Cites: GB/T 39046—2020 附录A
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from liuquan.clock import Limit, Unit


class Coded(StrEnum):
    """A code list: the value is what is stored, `label` is what people read."""

    label: str

    def __new__(cls, value: str, label: str) -> Coded:
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

    @property
    def is_power(self) -> bool:
        """Whether it is an administrative power, which must have a legal basis of its own."""
        return self is not ItemType.PUBLIC_SERVICE


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
    DEFERRABLE = "deferrable", "容缺后补"


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


@dataclass(frozen=True)
class LimitTerm:
    """A limit as it binds one case: `amount` whole `unit`s, 0 = on the spot; `limit` has all it takes to count."""

    amount: int
    unit: Unit
    citation: str
    label: str

    @property
    def text(self) -> str:
        """In words: 20个工作日, 当场办结."""
        return f"{self.amount}{self.unit.label}" if self.amount else "当场办结"


@dataclass(frozen=True)
class BasisTerm:
    """One article that gives the power; `text` are the article's words where they are kept."""

    instrument: str
    article: str
    level: BasisLevel
    text: str = ""
    key: str = ""

    @property
    def citation(self) -> str:
        """食品安全法 第三十五条."""
        return f"{self.instrument} {self.article}".strip()


@dataclass(frozen=True)
class MaterialTerm:
    """One material of the list the applicant is held to; nothing outside the list may be asked for.

    Cites: 行政许可法 第三十一条
    """

    key: str
    name: str
    necessity: Necessity = Necessity.REQUIRED
    kind: MaterialKind = MaterialKind.OTHER
    form: MaterialForm = MaterialForm.BOTH
    originals: int = 1
    copies: int = 0
    accept_standard: str = ""
    fill_notes: str = ""
    source: str = ""
    basis: str = ""
    sample_url: str = ""
    blank_url: str = ""
    example: str = ""


@dataclass(frozen=True)
class FeeTerm:
    """One charge. `amount_fen` is the amount of one charge where it is fixed, `None` where it is computed."""

    key: str
    name: str
    standard_text: str
    basis: str
    amount_fen: int | None = None
    waiver: str = ""


@dataclass(frozen=True)
class QuestionTerm:
    """A question people ask and its answer."""

    question: str
    answer: str


@dataclass(frozen=True)
class StepTerm:
    """One step of the route. `limit_days` are working days (0 = the same day); `after` names steps by key.

    A step without `after` begins with acceptance; steps that share their `after` run in parallel; a step with
    several `after` waits for all of them. `officers` is how many must take part together.
    """

    key: str
    name: str
    kind: StepKind
    task: str
    standard: str
    post_code: str
    limit_days: int
    condition: str = ""
    officers: int = 1
    after: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    post_name: str = ""


@dataclass(frozen=True)
class ItemTerms:
    """What binds one application: the version's words and the limits that govern on the asked day.

    `statutory` is the smaller of the stored limit and the law in force that day; `statutory_was_shortened` says
    that the law has become stricter than the published version. `statutory_law_id` is the id in the law book,
    empty where another statute sets the limit. `promised` never exceeds `statutory`.
    """

    item_code: str
    version_id: int
    version_no: int
    item_name: str
    item_type: ItemType
    case_type: CaseType
    body_code: str
    body_name: str
    division_code: str
    promised: LimitTerm
    statutory: LimitTerm | None
    statutory_law_id: str
    statutory_was_shortened: bool
    deciding_post_code: str
    result_name: str
    steps: tuple[StepTerm, ...] = ()
    materials: tuple[MaterialTerm, ...] = ()
    fees: tuple[FeeTerm, ...] = ()
    bases: tuple[BasisTerm, ...] = ()
    delivery_ways: tuple[DeliveryWay, ...] = ()
    acceptance_conditions: tuple[str, ...] = ()
    decision_standards: tuple[str, ...] = ()
    service_objects: tuple[ServiceObject, ...] = ()
    forms: tuple[HandlingForm, ...] = ()
    touches_public_safety: bool = False
    law_limit: Limit | None = None

    @property
    def decides_on_the_spot(self) -> bool:
        """Whether the window decides at once, without a route. Cites: 行政许可法 第三十四条"""
        return self.case_type is CaseType.INSTANT

    @property
    def fee_text(self) -> str:
        """不收费, or the charges in words."""
        return "；".join(f"{fee.name}：{fee.standard_text}" for fee in self.fees) or "不收费"


@dataclass(frozen=True)
class ItemView:
    """Everything a guide shows: the terms and what only a reader needs.

    Cites: 行政许可法 第三十条
    """

    terms: ItemTerms
    item_type_label: str
    case_type_label: str
    power_source_label: str
    exercise_level_label: str
    basic_code: str
    version_label: str
    in_force_from: date
    in_force_until: date | None
    procedure_text: str
    address: str
    hours: str
    phone: str
    supervise_phone: str
    online_url: str
    visits: int
    visit_reason: str
    quantity_limit: str
    commitment_quality: str
    result_type: str
    deciding_post_name: str
    body_phone: str = ""
    body_address: str = ""
    questions: tuple[QuestionTerm, ...] = ()
    aliases: tuple[str, ...] = ()
    step_count: int = 0
    material_count: int = 0
    previous: VersionFigures | None = None


@dataclass(frozen=True)
class VersionFigures:
    """The three figures by which a version is shorter than the one before: steps, materials, promised limit."""

    version_no: int
    steps: int
    materials: int
    promised_amount: int
    unit: Unit


@dataclass(frozen=True)
class ItemHit:
    """One line of a search result."""

    item_code: str
    name: str
    body_code: str
    body_name: str
    item_type: ItemType
    item_type_label: str
    case_type: CaseType
    state: VersionState
    promised_text: str
    score: float
    matched: str = ""


@dataclass(frozen=True)
class SearchResult:
    """Hits, best first; `words` is what was understood; `suggestions` help where nothing was found."""

    hits: tuple[ItemHit, ...]
    words: tuple[str, ...]
    suggestions: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.hits)


@dataclass(frozen=True)
class Lack:
    """One thing a version lacks or has wrong; `field` is the pack key it is about, `step` the key inside it."""

    field: str
    sentence: str
    severity: Severity = Severity.REFUSES
    key: str = ""
    citation: str = ""


@dataclass(frozen=True)
class ItemLacks:
    """One item and what it still lacks before it may be published."""

    item_code: str
    name: str
    body_code: str
    body_name: str
    version_no: int
    lacks: tuple[Lack, ...]

    @property
    def publishable(self) -> bool:
        """Whether nothing refuses its publication."""
        return not any(lack.severity is Severity.REFUSES for lack in self.lacks)


@dataclass(frozen=True)
class RejectedRow:
    """A row that was not taken in: its number as a spreadsheet shows it (the header is row 1), and why."""

    row: int
    reason: str


@dataclass(frozen=True)
class ImportReport:
    """What an import did. `created + updated + unchanged + len(rejected)` is always `rows`."""

    rows: int
    created: int
    updated: int
    unchanged: int
    rejected: tuple[RejectedRow, ...] = ()
    notes: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()


@dataclass(frozen=True)
class LoadReport:
    """What loading a pack's items did."""

    created: int
    updated: int
    unchanged: int
    published: int


@dataclass(frozen=True)
class LawChange:
    """A published version whose statutory limit has become longer than the law in force allows."""

    item_code: str
    item_name: str
    body_code: str
    version_no: int
    stored: LimitTerm
    law: LimitTerm
    sentence: str


@dataclass(frozen=True)
class ItemSummary:
    """One published item, for lists."""

    item_code: str
    name: str
    body_code: str
    body_name: str
    item_type: ItemType
    item_type_label: str
    case_type: CaseType
    promised_text: str
    statutory_text: str
    fee: bool
    version_no: int
