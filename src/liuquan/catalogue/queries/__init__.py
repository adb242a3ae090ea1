"""The catalogue's only way to be read: search, guides, terms, lists, what drafts lack, charts."""

from .charts import flow_chart_svg
from .guides import guide, terms
from .history import ItemThen, item_then
from .law_changes import law_changes
from .lists import lacks, published_items
from .previews import due_preview
from .search import search

__all__ = [
    "ItemThen",
    "due_preview",
    "flow_chart_svg",
    "guide",
    "item_then",
    "law_changes",
    "lacks",
    "published_items",
    "search",
    "terms",
]
