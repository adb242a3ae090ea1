"""Tables of the catalogue: an item, its versions, and what one version contains."""

from .contents import Fee, LegalBasis, Question, RequiredMaterial, RouteStep
from .items import Alias, HandledElsewhere, SearchEntry, ServiceItem, SourceBody
from .versions import ItemVersion

__all__ = [
    "Alias",
    "Fee",
    "HandledElsewhere",
    "ItemVersion",
    "LegalBasis",
    "Question",
    "RequiredMaterial",
    "RouteStep",
    "SearchEntry",
    "ServiceItem",
    "SourceBody",
]
