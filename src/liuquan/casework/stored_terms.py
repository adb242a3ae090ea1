"""The terms of a case to and from their stored form, whose hash the record has. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from liuquan.casework.types import Counting, GroundTerm, Step, StepKind, Terms
from liuquan.clock import AfterHours, DayEnd, Limit, Resumption


def to_json(terms: Terms) -> dict[str, Any]:
    """Terms in the form stored on the case; fields not named here are stored unchanged. `receiver_clocks` is
    left out where there are none, as in cases older than it."""
    return {
        **{one.name: getattr(terms, one.name) for one in fields(terms) if one.name != "receiver_clocks"},
        **({"receiver_clocks": list(terms.receiver_clocks)} if terms.receiver_clocks else {}),
        "limits": {key: limit.to_json() for key, limit in terms.limits.items()},
        "steps": [_step_to_json(step) for step in terms.steps],
        "grounds": {
            name: {**vars(ground), "resumes": ground.resumes.value, "citations": list(ground.citations)}
            for name, ground in terms.grounds.items()
        },
        "counting": {
            **vars(terms.counting),
            "ends": terms.counting.ends.value,
            "after_hours": terms.counting.after_hours.value,
        },
    }


def _step_to_json(step: Step) -> dict[str, Any]:
    limit = step.limit.to_json() if step.limit else None
    return {**vars(step), "kind": step.kind.value, "after": list(step.after), "limit": limit}


def hash_of(stored: Mapping[str, Any]) -> str:
    """SHA-256 of terms in their stored form, in hexadecimal: enters the record with the case."""
    text = json.dumps(stored, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def from_json(data: Mapping[str, Any]) -> Terms:
    """Terms from their stored form. Refuses unknown fields: a frozen term must not lose meaning."""
    return Terms(
        **{
            **data,
            "limits": {key: Limit.from_json(limit) for key, limit in data["limits"].items()},
            "receiver_clocks": tuple(data.get("receiver_clocks") or ()),
            "steps": tuple(_step(s) for s in data["steps"]),
            "grounds": {name: _ground(ground) for name, ground in data["grounds"].items()},
            "counting": _counting(data.get("counting") or {}),
        }
    )


def _counting(data: Mapping[str, Any]) -> Counting:
    """How the days of a case are counted, from the stored form; older cases without it use the national
    calendar and no settings."""
    known = dict(data)
    if known:
        known |= {"ends": DayEnd(known["ends"]), "after_hours": AfterHours(known["after_hours"])}
    return Counting(**known)


def _ground(data: Mapping[str, Any] | str) -> GroundTerm:
    if isinstance(data, str):  # stored when a ground was only its wording
        return GroundTerm(data)
    resumes, citations = Resumption(data["resumes"]), tuple(data["citations"])
    return GroundTerm(**{**data, "resumes": resumes, "citations": citations})


def _step(data: Mapping[str, Any]) -> Step:
    limit = Limit.from_json(data["limit"]) if data["limit"] else None
    return Step(**{**data, "kind": StepKind(data["kind"]), "after": tuple(data["after"]), "limit": limit})
