"""The children that a ticket opens when its unit asks others for help. Pure."""

from __future__ import annotations

from liuquan.casework.types import Given, NewChild
from liuquan.hotline.assist.procedure import MOST_DAYS, terms
from liuquan.hotline.checks import whole_days
from liuquan.kernel.refusals import BadInput


def assists(given: Given) -> list[NewChild]:
    """One for each unit asked; the unit that asks looks on. What is asked is its matter: of the requester
    they learn only what it says. Refuses (422) a number of days that is none."""
    case, days = given.snapshot, whole_days(given)
    if not 1 <= days <= MOST_DAYS:
        sentence = f"请写几个工作日内回复，1至{MOST_DAYS}。"
        raise BadInput(sentence, fields={"days": sentence})
    names = given.facts.get("names", {})
    return [
        NewChild(
            terms(
                case.number,
                case.terms.subject_code,
                case.terms.subject_name,
                body_code=body,
                body_name=names.get(body, body),
                days=days,
            ),
            "1",
            case.supervising_path,
            {body: "lead", case.body_code: "supervising"},
            matter=str(given.data["what"]).strip(),
        )
        for body in given.data["bodies"]
    ]
