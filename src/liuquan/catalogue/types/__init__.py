"""The catalogue's values: code lists, the terms of an item, drafts, and what its verbs answer. No Django.

Cites: GB/T 39046—2020 附录A
"""

from .codes import (
    BasisLevel,
    CaseType,
    Coded,
    DeliveryWay,
    ExerciseLevel,
    HandlingForm,
    ItemType,
    MaterialForm,
    MaterialKind,
    Necessity,
    PowerSource,
    ServiceObject,
    Severity,
    StepKind,
    VersionState,
)
from .drafts import (
    ItemDraft,
)
from .reports import (
    ImportReport,
    ItemHit,
    ItemLacks,
    ItemSummary,
    Lack,
    LawChange,
    LoadReport,
    RejectedRow,
    SearchResult,
)
from .terms import (
    BasisTerm,
    FeeTerm,
    ItemTerms,
    ItemView,
    LimitTerm,
    MaterialTerm,
    QuestionTerm,
    StepTerm,
    VersionFigures,
)

__all__ = [
    "BasisLevel",
    "BasisTerm",
    "CaseType",
    "Coded",
    "DeliveryWay",
    "ExerciseLevel",
    "FeeTerm",
    "HandlingForm",
    "ImportReport",
    "ItemDraft",
    "ItemHit",
    "ItemLacks",
    "ItemSummary",
    "ItemTerms",
    "ItemType",
    "ItemView",
    "Lack",
    "LawChange",
    "LimitTerm",
    "LoadReport",
    "MaterialForm",
    "MaterialKind",
    "MaterialTerm",
    "Necessity",
    "PowerSource",
    "QuestionTerm",
    "RejectedRow",
    "SearchResult",
    "ServiceObject",
    "Severity",
    "StepKind",
    "StepTerm",
    "VersionFigures",
    "VersionState",
]
