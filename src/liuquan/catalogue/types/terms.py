"""The terms an application is handled under, and what a guide shows. Frozen; kept on the case as values.

All amounts of time are whole numbers in `unit`; money is in fen.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from liuquan.clock import Limit, Unit
from liuquan.organisation.types import ServicePromiseView, yuan

from .codes import (
    BasisLevel,
    CaseType,
    DeliveryWay,
    HandlingForm,
    ItemType,
    MaterialForm,
    MaterialKind,
    Necessity,
    ServiceObject,
    StepKind,
)


@dataclass(frozen=True)
class LimitTerm:
    """A limit as it binds one case: `amount` whole `unit`s, 0 = on the spot."""

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

    @property
    def amount_text(self) -> str:
        """A fixed amount in words: 10.00元; empty where it is computed by the standard."""
        return yuan(self.amount_fen) if self.amount_fen is not None else ""


@dataclass(frozen=True)
class QuestionTerm:
    """A question people ask and its answer."""

    question: str
    answer: str


@dataclass(frozen=True)
class AlsoTerm:
    """What people usually need beside an item: its name, for whom, the item here that gives it."""

    name: str
    when: str
    item_code: str = ""


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

    `statutory` is the smaller of the stored limit and the law in force; `statutory_was_shortened` says
    that the law has become stricter than the published version. `statutory_law_id` is the id in the law book,
    empty where another statute sets the limit; `law_limit` is the whole limit to count with, if there is one.
    `promised` never exceeds `statutory`. `amount_label`: the sum of money that the decision fixes, by its
    name, as 奖励金额; empty where it fixes none.
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
    amount_label: str = ""

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
    also: tuple[AlsoTerm, ...] = ()
    aliases: tuple[str, ...] = ()
    step_count: int = 0
    material_count: int = 0
    previous: VersionFigures | None = None
    service_promise: ServicePromiseView | None = None
    cooperating_bodies: tuple[str, ...] = ()
    entrusting_body: str = ""
    handling_area: str = ""
    intermediary_service: str = ""
    takes_appointments: bool = False
    result_sample_url: str = ""


@dataclass(frozen=True)
class VersionFigures:
    """Steps, materials, promised limit: the figures by which a version is shorter than the one before."""

    version_no: int
    steps: int
    materials: int
    promised_amount: int
    unit: Unit
