"""What the fields of acts offer on one case: materials, ways, grounds, clocks, bodies, officers."""

from __future__ import annotations

from liuquan.applications.queries import second_officers, to_add
from liuquan.applications.rules import OTHER, OUTSIDE, RECEIVER_LABELS, WAY_LABELS, missing_required
from liuquan.applications.terms import ApplicationTerms
from liuquan.casework import queries as casework
from liuquan.casework.types import Asking, Material, Option, Snapshot
from liuquan.catalogue.types import Necessity
from liuquan.clock import chinese_date, shanghai_day
from liuquan.identifiers import CREDENTIAL_LABELS, RESIDENT
from liuquan.journal import queries as journal
from liuquan.organisation import queries as organisation

OUTSIDE_LABEL = "名单以外的机关（名称写在下面）"


def materials_to_name(asking: Asking) -> list[Option]:
    """The item's list for the one-time notice, which must name at once everything that is missing: those are
    selected to begin with. Cites: 行政许可法 第三十二条第一款第四项"""
    found = casework.materials(asking.snapshot)
    received = [material.key for material in found if material.received]
    missing = {material.key for material in missing_required(asking.snapshot, received)}
    return [_material(material, chosen=material.key in missing) for material in found]


def materials_to_receive(asking: Asking) -> list[Option]:
    """What is not on file yet and what the last notice asked for, that first."""
    asked = _asked_for(asking.snapshot)
    found = [m for m in casework.materials(asking.snapshot) if not m.received or m.key in asked]
    return [_material(material) for material in sorted(found, key=lambda m: m.key not in asked)]


def materials_to_add(asking: Asking) -> list[Option]:
    """What the applicant left out when applying."""
    return [_material(material) for material in to_add(asking.snapshot)]


def delivery_ways(asking: Asking) -> list[Option]:
    """The item's ways of delivery, the first selected."""
    offered = asking.snapshot.own(ApplicationTerms).delivery_ways or WAY_LABELS
    ways = [way for way in WAY_LABELS if way in offered]
    return [Option(way, WAY_LABELS[way], chosen=way == ways[0]) for way in ways]


def receivers(asking: Asking) -> list[Option]:
    """Who may have come for the result: the parties of the case, or somebody else."""
    present = set(asking.snapshot.parties.values())
    return [Option(who, label) for who, label in RECEIVER_LABELS.items() if who == OTHER or who in present]


def credential_kinds(asking: Asking) -> list[Option]:
    """The documents by which people prove who they are, a resident's selected."""
    return [Option(kind, label, chosen=kind == RESIDENT) for kind, label in CREDENTIAL_LABELS.items()]


def grounds(asking: Asking) -> list[Option]:
    """The grounds of the law that are not in use."""
    standing = {suspension.ground for suspension in asking.snapshot.open_suspensions}
    known = asking.snapshot.terms.grounds.items()
    return [Option(name, ground.label) for name, ground in known if name not in standing]


def standing_grounds(asking: Asking) -> list[Option]:
    """The grounds in use."""
    case = asking.snapshot
    return [Option(one.ground, case.terms.ground_label(one.ground)) for one in case.open_suspensions]


def clocks(asking: Asking) -> list[Option]:
    """The clocks whose anchor may be corrected, with the day they now count from."""
    case = asking.snapshot
    return [
        Option(
            view.name,
            casework.clock_label(case, view),
            f"现从{chinese_date(shanghai_day(view.anchor_at))}起算",
        )
        for view in casework.correctable(case)
    ]


def other_bodies(asking: Asking) -> list[Option]:
    """Every body but the one that handles the case, and one whose name is written."""
    own = asking.snapshot.body_name
    known = [body.name for body in organisation.bodies(on=asking.on) if body.name != own]
    return [*(Option(name, name) for name in known), Option(OUTSIDE, OUTSIDE_LABEL)]


def standards(asking: Asking) -> list[Option]:
    """The decision standards that the item publishes."""
    return [Option(said, said) for said in asking.snapshot.own(ApplicationTerms).decision_standards]


def unmet_standards(asking: Asking) -> list[Option]:
    """The same, worded as what is ticked of a refusal: that the application falls short of each."""
    return [Option(one.value, f"没有达到：{one.value}") for one in standards(asking)]


def publishes_standards(asking: Asking) -> bool:
    """Whether there are any."""
    return bool(standards(asking))


def colleagues(asking: Asking) -> list[Option]:
    """Who may sign the step as second officer; never the actor. Cites: 行政许可法 第三十四条"""
    return [
        Option(one.number, f"{one.number} {one.name}", "、".join(one.post_names))
        for one in second_officers(asking.snapshot, on=asking.on)
        if one.staff_id != asking.by.staff_id
    ]


def needs_second(asking: Asking) -> bool:
    """Whether the step wants more than one officer."""
    return asking.step is not None and asking.step.officers > 1


def has_conditions(asking: Asking) -> bool:
    """Whether an examiner agreed with conditions in the review that stands."""
    return "agree_with_conditions" in _last_results(asking.snapshot)


def all_agreed(asking: Asking) -> bool:
    """Whether there was a review, and in it nobody against."""
    said = _last_results(asking.snapshot)
    return bool(said) and "disagree" not in said


def somebody_disagreed(asking: Asking) -> bool:
    """Whether an examiner was against in the review that stands."""
    return "disagree" in _last_results(asking.snapshot)


def _last_results(snapshot: Snapshot) -> set[str]:
    """What the examiners concluded; of a step that was done again the last."""
    last = {one.step: one.result for one in sorted(snapshot.assignments, key=lambda one: one.id)}
    return set(last.values()) - {""}


def several_stand(asking: Asking) -> bool:
    """Whether it must be said which ground ends."""
    return len(asking.snapshot.open_suspensions) > 1


def was_suspended(asking: Asking) -> bool:
    """Whether a ground may be used again."""
    return bool(asking.snapshot.suspensions)


def most_days(snapshot: Snapshot) -> int | None:
    """By how many days the law lets the statutory limit be extended."""
    limit = snapshot.terms.limits.get("statutory")
    return limit.extension.amount if limit and limit.extension else None


def _material(material: Material, *, chosen: bool = False) -> Option:
    state = "，已收" if material.received else ""
    return Option(material.key, material.name, f"{Necessity(material.necessity).label}{state}", chosen)


def _asked_for(snapshot: Snapshot) -> set[str]:
    """The materials that the last one-time notice named."""
    entries = journal.entries_of(snapshot.number)
    notices = [e for e in entries if e.event == "application.supplement_notified"]
    return set(notices[-1].public.get("items", ())) if notices else set()
