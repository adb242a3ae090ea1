"""Taking an errand in, as the intake of a vertical does; and who works on it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from liuquan.casework import actions as casework
from liuquan.casework.types import NewCase
from liuquan.kernel import moments
from liuquan.organisation import actions as loading
from liuquan.organisation import queries as organisation
from liuquan.organisation.types import SYSTEM, Actor, MandateData, MandateTerm, OrganisationData
from liuquan.testing.errand.procedure import ACTS
from liuquan.testing.errand.terms import terms


def taken_in(
    parties: Mapping[str, str],
    *,
    body_code: str,
    by: Actor,
    now: datetime,
    days: int = 60,
    matter: str = "请协调解决",
) -> str:
    """An errand of these parties for this body, taken in now; its number."""
    body = organisation.body(body_code, on=moments.today(now))
    new = NewCase(
        kind="errand",
        number=casework.next_number(kind="errand", now=now),
        terms=terms(body.code, days=days, body_name=body.name, urgency="urgent"),
        subject_version="1",
        division_path=organisation.division_path(body.division_code),
        parties=dict(parties),
        bodies={body.code: "lead"},
        matter=matter,
    )
    return casework.create(new, by=by, now=now).number


def worker(body_code: str, post_code: str, staff_id: int) -> Actor:
    """A post of this body, mandated for everything that a post may do with errands."""
    return Actor(
        kind="staff",
        staff_id=staff_id,
        post_code=post_code,
        post_name="承办岗",
        body_code=body_code,
        mandates=(MandateTerm(ACTS, ("*",), body_code),),
    )


def mandate(post_code: str, body_code: str, *, acts: frozenset[str] = ACTS, now: datetime) -> None:
    """Give a post these acts on every errand of a body, as a pack would."""
    line = MandateData(
        posts=(post_code,),
        actions=tuple(sorted(acts)),
        items=("*",),
        granted_by="试授〔2026〕2号",
        from_on=date(2026, 3, 2),
        body=body_code,
    )
    data = OrganisationData(source=f"errand-{post_code}", mandates=(line,))
    loading.load_organisation(data, by=SYSTEM, now=now, complete=False)
