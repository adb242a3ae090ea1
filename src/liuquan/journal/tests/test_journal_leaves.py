"""The quickly written leaf is byte for byte the one that others will check."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from liuquan.journal.log.leaves import (
    ENVELOPE,
    EntryRow,
    commitment_of,
    content_of,
    opening_of,
    public_values,
)
from liuquan.merkle import Leaf, Opening, parse_leaf

SUBJECT, SALT, PRIVATE = bytes(range(32)), bytes(range(1, 33)), bytes(range(2, 34))
text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
value: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | text,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(text, inner, max_size=3),
    max_leaves=6,
)
BEGAN = datetime(2004, 7, 1, tzinfo=UTC)
moment = st.integers(0, 10**15).map(lambda since: BEGAN + timedelta(microseconds=since))


LEAF_TIME = "%Y-%m-%dT%H:%M:%S.%fZ"


def row_of(
    public: dict[str, Any], event: str, body: str, effective: datetime, recorded: datetime
) -> EntryRow:
    return EntryRow(
        id=7,
        xid=9,
        number=str(uuid.UUID(int=5)),
        event=event,
        vocabulary=1,
        subject="A-1",
        body=body,
        post="P",
        actor="staff",
        from_state=None,
        to_state="granted",
        effective_at=effective.strftime(LEAF_TIME),
        recorded_at=recorded.strftime(LEAF_TIME),
        public=json.dumps(public),
        private=PRIVATE.hex(),
        has_private=True,
    )


@settings(max_examples=50)
@given(
    st.dictionaries(text.filter(lambda key: key != ENVELOPE), value, max_size=4), text, text, moment, moment
)
def test_a_leaf_is_the_one_that_the_public_form_writes(
    public: dict[str, Any], event: str, body: str, effective: datetime, recorded: datetime
) -> None:
    row = row_of(public, event, body, effective, recorded)
    opening = opening_of(row, lambda number: SALT)
    content = content_of(row, SUBJECT.hex(), lambda number: SALT)
    leaf = Leaf(uuid.UUID(int=5), event, 1, body, effective, recorded, SUBJECT, opening.commitment(), PRIVATE)
    assert content == leaf.content()
    assert parse_leaf(content) == leaf
    assert {key: opening.values[key] for key in public} == public
    assert opening.values[ENVELOPE]["to"] == "granted"


@settings(max_examples=50)
@given(st.dictionaries(text, value, max_size=4))
def test_a_private_commitment_is_the_one_that_was_entered(values: dict[str, Any]) -> None:
    stored = json.dumps(values, ensure_ascii=False)
    assert commitment_of(stored, SALT) == Opening(SALT, values).commitment()


def test_a_number_with_a_fraction_stops_nobody() -> None:
    now = datetime(2026, 3, 9, tzinfo=UTC)
    row = row_of({}, "x", "B", now, now)._replace(public='{"share": 0.10, "n": 3}')
    assert public_values(row)["share"] == "0.10"
    assert content_of(row, SUBJECT.hex(), lambda number: SALT)
