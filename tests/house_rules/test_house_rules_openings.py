"""Every place that opens a sensitive value, by name: what is entered in the record before it does.

A new place fails until it stands here with its reason, so that "who opened mine" stays complete.
"""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

from liuquan.kernel.home import CHECKOUT

TREE = CHECKOUT / "src" / "liuquan"
OPENERS = frozenset({"decrypt", "decrypt_bytes", "reveal", "open_file", "name_of", "open_private_of"})
#: the entry is committed in the same function, before the first opening
FIRST = frozenset({"append_durably", "enter_reading"})
#: values as such, without a person who reads them: the machinery itself
MACHINERY = frozenset({"kernel", "sealing", "merkle", "draw", "testing"})

PLACES = {
    "casework/actions/readings.py:open_case_file": "first",
    "papers/actions/opening.py:open_paper": "first",
    "casework/actions/readings.py:open_material": "first",
    "casework/actions/readings.py:open_told": "first",
    "casework/actions/readings.py:open_matters": "first",
    "hotline/actions/merging.py:_reply": "first",
    "reviews/actions.py:_words": "first",
    "supervision/actions/disposal.py:open_explanations": "first",
    "supervision/actions/readings.py:open_reader": "first",
    "messages/actions/sending.py:_address": "first",
    "casework/actions/readings.py:_matter": "called by open_case_file after its entry",
    "hotline/actions/openings.py:open_call": "first",
    "hotline/actions/openings.py:take_over": "first",
    "hotline/actions/mails.py:_opened": "first",
    "hotline/actions/drafting.py:_draft": "the code of what this very person is typing; nobody else reads",
    "papers/actions/issuing.py:_context": "writes the paper of a committed act; nobody reads",
    "journal/log/actions/audit_ranges.py:_check_private_part": "the audit compares commitments; nobody reads",
    "journal/record/actions/entries.py:open_private_of": "refuses without a committed entry of the subject",
    "journal/record/actions/erasure.py:_names": "keeps what the erased values were called; nobody reads",
    "parties/actions.py:_identity": "behind reveal (wants a receipt) and check_document (entered with it)",
}


@cache
def opening_places() -> dict[str, list[str]]:
    """Every function that opens something: its calls in the order of the text."""
    found: dict[str, list[str]] = {}
    for path in sorted(TREE.rglob("*.py")):
        inside = path.relative_to(TREE)
        if inside.parts[0] in MACHINERY or "tests" in inside.parts:
            continue
        text = path.read_text(encoding="utf-8")
        if not any(f"{opener}(" in text for opener in OPENERS):
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef):
                calls = _calls(node)
                if OPENERS & set(calls):
                    found[f"{inside.as_posix()}:{node.name}"] = calls
    return found


def _calls(function: ast.FunctionDef) -> list[str]:
    calls = sorted(
        (node for node in ast.walk(function) if isinstance(node, ast.Call)),
        key=lambda node: (node.lineno, node.col_offset),
    )
    names = (getattr(node.func, "attr", getattr(node.func, "id", "")) for node in calls)
    return [name for name in names if name in OPENERS | FIRST]


def test_every_place_that_opens_a_sensitive_value_is_known() -> None:
    found = {place for place in opening_places() if not _is_a_name_sake(place)}
    assert found == set(PLACES), (
        "say in PLACES what is entered before these open, or take out those that are gone: "
        f"{sorted(found ^ set(PLACES))}"
    )


def _is_a_name_sake(place: str) -> bool:
    """The API's own function of the same name that only calls the action."""
    return Path(place.partition(":")[0]).parts[1:2] == ("api",)


@pytest.mark.parametrize("place", [name for name, how in PLACES.items() if how == "first"])
def test_the_entry_comes_first(place: str) -> None:
    calls = opening_places()[place]
    assert calls[0] in FIRST, f"{place} opens before it enters: {calls}"
