"""Published versions compared with the law in force: a change of the law can make a stored limit too long."""

from __future__ import annotations

from datetime import date

from liuquan.catalogue import rules
from liuquan.catalogue.types import LawChange, LimitTerm

from . import law_and_bodies
from .guides import stored_limit
from .lists import in_force
from .versions import draft_of, with_contents


def law_changes(*, on: date, body_code: str = "") -> tuple[LawChange, ...]:
    """The versions in force whose statutory limit the law of this day has made too long, for their bodies.

    New cases follow the law meanwhile (`terms`). Cites: 行政许可法 第四十二条
    """
    versions = in_force(on).exclude(statutory_law_id="")
    if body_code:
        versions = versions.filter(item__body_code=body_code)
    found = []
    for version in with_contents(versions).order_by("item__body_code", "sort_key"):
        draft = draft_of(version)
        stored = stored_limit(draft)
        law = law_and_bodies.law_limit(draft.statutory_law_id, on=on)
        if stored is None or law is None:
            continue
        governs, shortened = rules.governing_limit(stored, law)
        if shortened:
            sentence = _sentence(draft.name, version.version_no, stored, governs)
            found.append(
                LawChange(
                    draft.item_code,
                    draft.name,
                    draft.body_code,
                    version.version_no,
                    stored,
                    governs,
                    sentence,
                )
            )
    return tuple(found)


def _sentence(name: str, version_no: int, stored: LimitTerm, law: LimitTerm) -> str:
    return (
        f"“{name}”第{version_no}版写的法定时限{stored.text}长于现行法律规定的{law.text}（{law.citation}），"
        "新收办件已按法律执行，请尽快发布新版本。"
    )
