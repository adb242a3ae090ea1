"""Cases in each state, and acts on them from the forms of the desk."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.test import Client
from django.urls import reverse

from liuquan.casework import actions as casework_actions
from liuquan.journal import queries as journal
from liuquan.testing.cast import LI_YUNXI, Cast

MONDAY = datetime(2026, 3, 2, 2, tzinfo=UTC)


def received(cast: Cast) -> str:
    return cast.applies("device", at=MONDAY)


def incomplete(cast: Cast) -> str:
    return cast.applies("device", at=MONDAY, materials=())


def supplementing(cast: Cast) -> str:
    number = incomplete(cast)
    casework_actions.perform(
        number, "notify_supplement", by=cast.clerk, now=MONDAY, data={"items": cast.materials("device")}
    )
    return number


def examining(cast: Cast) -> str:
    number = received(cast)
    casework_actions.perform(number, "accept", by=cast.clerk, now=MONDAY, data={})
    return number


def late(cast: Cast) -> str:
    return cast.accepted("device", at=datetime(2026, 2, 2, 2, tzinfo=UTC))


def suspended(cast: Cast) -> str:
    number = examining(cast)
    data = {"ground": "expert_review", "until": "2026-03-13", "document": "专家评审告知书"}
    casework_actions.perform(number, "start_special", by=cast.examiner, now=MONDAY, data=data)
    return number


def deciding(cast: Cast) -> str:
    number = examining(cast)
    casework_actions.perform(
        number,
        "complete_step",
        by=cast.examiner,
        now=MONDAY,
        data={"result": "agree", "opinion": "材料齐全，符合要求"},
    )
    return number


def granted(cast: Cast) -> str:
    number = deciding(cast)
    data = {"reason": "材料齐全，符合规定", "standard": cast.standard("device")}
    casework_actions.perform(number, "grant", by=cast.approver, now=MONDAY, data=data)
    return number


PICKED_UP = {
    "way": "pick_up",
    "received_by": "applicant",
    "receiver": LI_YUNXI.name,
    "credential_kind": "resident",
    "credential": LI_YUNXI.id_number,
}


def named(*keys: str) -> dict[str, Any]:
    """A one-time notice that names these materials and says of each what is wanted."""
    return {"items": list(keys), **{f"requirements.{key}": f"{key}须盖章" for key in keys}}


REASON = {"reason": "经审查，事实清楚"}


def confirmed(cast: Cast) -> dict[str, str]:
    """A decision whose question has been answered."""
    return {**REASON, "standard": cast.standard("device"), "confirmed": "1"}


def unmet(cast: Cast) -> dict[str, Any]:
    """A refusal that names the first standard, and says what was found about it."""
    standard = cast.standard("device")
    why = {"why_against": "审查时没有看到检定证书"}
    return {**REASON, **why, "unmet": [standard], f"found.{standard}": "安全阀没有检定"}


CORRECTION = {**REASON, "clock": "statutory", "to": "2026-02-27", "evidence": "登记簿第3页"}


def do(client: Client, number: str, action: str, data: dict[str, Any]) -> Any:
    return client.post(reverse("desk-act", args=[number, action]), data)


def entries(number: str) -> list[str]:
    reading = {"casework.file_opened", "casework.notice_opened"}
    return [e.event for e in journal.entries_of(number) if e.event not in reading]
