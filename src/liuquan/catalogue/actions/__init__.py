"""The only code that writes the catalogue: drafts, publication, imports, packs, the comparison with law."""

from .drafting import Saved, adjust, save_draft
from .importing import import_item_list
from .law_check import check_against_law
from .loading import load_elsewhere, load_pack_items
from .publishing import cancel, publish

__all__ = [
    "Saved",
    "adjust",
    "cancel",
    "check_against_law",
    "import_item_list",
    "load_elsewhere",
    "load_pack_items",
    "publish",
    "save_draft",
]
