"""Which items may be applied for online, and by whom."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from liuquan.catalogue import queries as catalogue
from liuquan.catalogue.types import HandlingForm, ItemView, ServiceObject
from liuquan.kernel import moments
from liuquan.kernel.refusals import WrongState

_ONLINE: Final = {HandlingForm.COMPUTER, HandlingForm.MOBILE}


def online_item(item_code: str, now: datetime) -> ItemView:
    """The item, if it may be applied for here today. Refuses (409) one that is handled at the window only."""
    on = moments.today(now)
    item = catalogue.guide(item_code, on=on)
    catalogue.terms(item_code, on=on)  # what submitting would refuse is refused before anything is typed
    if item.terms.forms and _ONLINE.isdisjoint(item.terms.forms):
        where = item.address or item.body_address or "政务服务大厅"
        raise WrongState(f"“{item.terms.item_name}”不在网上受理，请带齐材料到{where}办理。")
    return item


def applicant_kinds(item: ItemView) -> list[str]:
    """Who may apply for the item: a person, an organisation, or both."""
    objects = set(item.terms.service_objects)
    if not objects:
        return ["person", "organisation"]
    person = ["person"] if ServiceObject.PERSON in objects else []
    return person + (["organisation"] if objects - {ServiceObject.PERSON} else [])
