"""From a request to an action and back: files, who applies, the key of a submission, the papers of an act."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from liuquan.applications.api.requests import Applicant, Person, Submission
from liuquan.applications.api.responses import Submitted
from liuquan.casework import queries as casework
from liuquan.casework.types import Outcome, Upload
from liuquan.catalogue import queries as catalogue
from liuquan.kernel import moments
from liuquan.kernel.api import Once
from liuquan.kernel.received_files import uploads_of
from liuquan.kernel.refusals import BadInput
from liuquan.kernel.uploads import inspect
from liuquan.kinds.schemas import done_values
from liuquan.organisation.types import Actor
from liuquan.papers import actions as papers
from liuquan.parties import actions as parties


def judged_uploads(item_code: str, files: Mapping[str, Iterable[Any]], *, on: date) -> list[Upload]:
    """The same, with every file checked before the name is checked: a refusal after a correct name would tell
    it from a wrong one. Refuses the files that `actions.submit` would refuse."""
    known = {material.key for material in catalogue.terms(item_code, on=on).materials}
    found = uploads_of(files)
    if strange := sorted({one.material for one in found} - known):
        sentence = f"清单中没有这些材料：{'、'.join(strange)}。"
        raise BadInput(
            "提交的材料不在本事项的材料清单内，请按清单重新选择。",
            citation="行政许可法 第三十一条",
            fields={"materials": sentence},
        )
    for one in found:
        inspect(one.name, one.content)
    return found


def registered(given: Submission, *, by: Actor, now: datetime) -> tuple[str, str]:
    """The party numbers of applicant and agent (empty when there is none).

    The item is checked first, so that an application for an unavailable item leaves no personal data behind.
    """
    catalogue.terms(given.item_code, on=moments.today(now))
    applicant = _register(given.applicant, by, now)
    agent = _register(given.agent, by, now) if given.agent else ""
    if agent == applicant:
        raise BadInput("代办人和申请人是同一个人，不用填写代办人。", fields={"agent": "与申请人相同。"})
    return applicant, agent


def submission_key(once: Once) -> uuid.UUID | None:
    """The key of the submission, if it has one. Refuses (422) anything but a UUID: a short word of the
    client's own would soon be reused for a second application, which would then be lost."""
    if not once.idempotency_key:
        return None
    try:
        return uuid.UUID(once.idempotency_key)
    except ValueError:
        wrong = "应为 UUID，例如 5f0c1f0e-6a34-4c43-9d0b-6f3f6a1e0c11。"
        raise BadInput(
            "Idempotency-Key 不是 UUID，请换成新生成的 UUID 再提交。", fields={"Idempotency-Key": wrong}
        ) from None


def submitted(outcome: Outcome, *, now: datetime) -> Submitted:
    """A new case with its papers, issued right away, and its query code; a paper that cannot be printed does
    not delay the case."""
    issued = papers.issue_now(outcome, now=now)
    values = done_values(outcome, issued.numbers, issued.trouble)
    return Submitted(**values, query_code=casework.query_code(outcome.number))


def _register(given: Applicant, by: Actor, now: datetime) -> str:
    if isinstance(given, Person):
        ref = parties.register_person(
            name=given.name, id_number=given.id_number, phone=given.phone, by=by, now=now
        )
    else:
        ref = parties.register_organisation(
            name=given.name, uscc=given.uscc, phone=given.phone, by=by, now=now
        )
    return ref.number
