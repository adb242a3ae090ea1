"""What the intake screen asks before it acts: the same once more, what cannot be undone, a notice in full."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from liuquan.applications import queries
from liuquan.applications.forms import intake as forms
from liuquan.applications.procedure import PROCEDURE
from liuquan.casework import queries as casework
from liuquan.casework.types import LONGEST_TEXT, Snapshot
from liuquan.catalogue.types import ItemTerms
from liuquan.kernel import moments
from liuquan.kernel.refusals import BadInput


@dataclass(frozen=True)
class Asked:
    """What the screen asks before it acts, about which cases, and what its answer left open."""

    question: str = ""
    before: Sequence[Snapshot] = ()
    unwritten: BadInput | None = None

    def shown(self, given: forms.Intake, decision: str) -> dict[str, Any]:
        """What the template shows and sends back of it, for this button."""
        return {
            "question": self.question,
            "before": self.before,
            "again": " ".join([given["again"], *(one.number for one in self.before)]).strip(),
            "decision": decision,
            "confirmed": decision if self.question else "",
        }


def again(before: Sequence[Snapshot]) -> str:
    """The question before the same is taken in once more."""
    if not before:
        return ""
    told = "、".join(
        f"{moments.today(one.received_at):%-m月%-d日} 已交过这一件（办件 {one.number}，{state_of(one)}）"
        for one in before
    )
    open_to_more = [one.number for one in before if queries.takes_materials(one)]
    where = (
        f"补材料请打开办件 {'、'.join(open_to_more)} 办理。"
        if open_to_more
        else "已经受理，不用再收材料，要问进展请打开那一件。"
    )
    return f"当事人{told}，还在办理中：{where}确定再收一件的话，请再按一次。"


def state_of(case: Snapshot) -> str:
    return casework.procedure_of(case).state(case.state).label


def named(given: forms.Intake, chosen: ItemTerms) -> list[str]:
    """The materials that a one-time notice names: what is missing, and what was ticked besides."""
    known = {m.key for m in chosen.materials}
    lacking = [m.key for m in forms.missing(chosen, given.there)]
    return list(dict.fromkeys([*lacking, *(key for key in given.items if key in known)]))


def _is_open(given: forms.Intake, key: str) -> bool:
    """Whether a one-time notice does not say, or not in a text that can be kept, what is wanted of this."""
    return not 0 < len(given.requirements.get(key, "")) <= LONGEST_TEXT


def unwritten(given: forms.Intake, decision: str, chosen: ItemTerms) -> BadInput | None:
    """What a notice leaves open that was asked about already, each beside its line."""
    if decision != "notify_supplement" or given["confirmed"] != decision:
        return None
    names = {m.key: m.name for m in chosen.materials}
    open_ones = [key for key in named(given, chosen) if _is_open(given, key)]
    fields = {
        f"requirements.{key}": (
            f"最多写{LONGEST_TEXT}字，请精简。"
            if given.requirements.get(key)
            else f"还没有写：{names[key]}缺什么、怎么改。"
        )
        for key in open_ones
    }
    return BadInput("还没有告知：请改正下面标出的内容，再按一次。", fields=fields) if fields else None


def question(given: forms.Intake, decision: str, chosen: ItemTerms) -> str:
    """The question asked once before an act that cannot be undone; empty when it has been answered. A notice
    is asked for what it names and what is wanted of that at the same time."""
    if decision == "notify_supplement":
        if given["confirmed"] == decision and not any(_is_open(given, key) for key in named(given, chosen)):
            return ""
        return "依法只告知一次：请核对下面是否勾全，写明每一项缺什么、怎么改，再按一次“一次性告知补正”。"
    if given["confirmed"] == decision:
        return ""
    row = PROCEDURE.row(decision)
    return f"{row.confirm}确定的话，请再按一次“{row.label}”。" if row and row.confirm else ""
