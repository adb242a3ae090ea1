"""A version before it is published, as a pack, an import or the editor brings it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from .codes import CaseType, DeliveryWay, ExerciseLevel, HandlingForm, ItemType, PowerSource, ServiceObject
from .terms import AlsoTerm, BasisTerm, FeeTerm, MaterialTerm, QuestionTerm, StepTerm


@dataclass(frozen=True)
class ItemDraft:
    """One item with one version of it, before any check.

    Each limit has its own unit here, so that a difference can be reported; a version stores one unit.
    `None` and empty mean: not given. Nothing is filled in on the body's behalf.
    """

    item_code: str
    name: str
    body_code: str
    division_code: str
    item_type: ItemType
    source: str
    basic_code: str = ""
    local_code: str = ""
    source_body_code: str = ""
    source_url: str = ""
    main_item: str = ""
    exercise_level: ExerciseLevel | None = None
    power_source: PowerSource | None = None
    entrusting_body: str = ""
    cooperating_bodies: tuple[str, ...] = ()
    service_objects: tuple[ServiceObject, ...] = ()
    case_type: CaseType | None = None
    touches_public_safety: bool = False
    acceptance_conditions: tuple[str, ...] = ()
    procedure_text: str = ""
    decision_standards: tuple[str, ...] = ()
    forms: tuple[HandlingForm, ...] = ()
    address: str = ""
    hours: str = ""
    phone: str = ""
    supervise_phone: str = ""
    online_url: str = ""
    limit_scene_num: int | None = None
    limit_scene_explain: str = ""
    handling_area: str = ""
    intermediary_service: str = ""
    takes_appointments: bool = False
    commitment_quality: str = ""
    statutory_amount: int | None = None
    statutory_unit: str = ""
    statutory_law_id: str = ""
    statutory_citation: str = ""
    promised_amount: int | None = None
    promised_unit: str = ""
    fee_charged: bool | None = None
    quantity_limit: str = ""
    result_name: str = ""
    result_type: str = ""
    result_sample_url: str = ""
    delivery_ways: tuple[DeliveryWay, ...] = ()
    deciding_post_code: str = ""
    extra: dict[str, Any] = field(default_factory=dict)
    bases: tuple[BasisTerm, ...] = ()
    materials: tuple[MaterialTerm, ...] = ()
    fees: tuple[FeeTerm, ...] = ()
    questions: tuple[QuestionTerm, ...] = ()
    steps: tuple[StepTerm, ...] = ()
    aliases: tuple[str, ...] = ()

    @property
    def amount_label(self) -> str:
        """The name of the amount that a decision fixes, such as 奖励金额; empty if it fixes none."""
        return str(self.extra.get("amount_label", ""))

    @property
    def also(self) -> tuple[AlsoTerm, ...]:
        """What people usually need beside this item."""
        return also_in(self.extra)


def also_in(extra: Mapping[str, Any]) -> tuple[AlsoTerm, ...]:
    """What people usually need beside an item, from its elements that the national standard does not name."""
    return tuple(AlsoTerm(**one) for one in extra.get("also", ()))


@dataclass(frozen=True)
class PackElsewhere:
    """A matter of a pack that this centre does not do; any of `words` in a question means it."""

    words: tuple[str, ...]
    matter: str
    body: str
    reach: str


@dataclass(frozen=True)
class PackItem:
    """An item of a pack, and the day from which its words are in force; no day leaves it a draft."""

    draft: ItemDraft
    publish_on: date | None = None
