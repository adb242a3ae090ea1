"""Who works on consultations: the demo's pack has nobody, so a test gives a post the mandate."""

from __future__ import annotations

from datetime import date, datetime

from liuquan.organisation import actions as organisation
from liuquan.organisation.types import SYSTEM, MandateData, OrganisationData


def mandate(post_code: str, *acts: str, body_code: str, now: datetime) -> None:
    """Give a post these acts, named with their kind, on every item of a body, as a pack would."""
    line = MandateData(
        posts=(post_code,),
        actions=acts,
        items=("*",),
        granted_by="试授〔2026〕1号",
        from_on=date(2026, 3, 2),
        body=body_code,
    )
    data = OrganisationData(source="consultation", mandates=(line,))
    organisation.load_organisation(data, by=SYSTEM, now=now, complete=False)
