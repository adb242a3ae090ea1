"""Page, API and engine accept the same values, whatever an act asks for."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from liuquan.casework import field_values, queries
from liuquan.casework.tests import asking_kind
from liuquan.casework.types import Field, FieldKind, Operator, ShownIf, Transition
from liuquan.kinds import act_forms as forms
from liuquan.kinds import act_models

TODAY = date(2026, 3, 2)
_WORDS = st.sampled_from(["", " ", "是", "a", " a ", "b", "长" * 2000, "长" * 2001, "5", "-1", "2026-03-02"])
_TEXTS = {
    FieldKind.DATE: st.sampled_from(["", "2026-03-02", "2026-02-30", "20260302", "2026-W10-1", "昨天"]),
    FieldKind.DAYS: st.sampled_from(["", "0", "5", "007", "-1", "1_0", "1.0", "五", "９", "1" * 12]),
    FieldKind.AMOUNT: st.sampled_from(["", "3000", "3000.50"]),
    FieldKind.CHOICE: st.sampled_from(["", "a", "b", "c", "长" * 2001]),
    FieldKind.YES: st.sampled_from(["", "yes"]),
}
_LISTS = (FieldKind.MANY, FieldKind.FILES)
_CHOOSING = (FieldKind.CHOICE, FieldKind.MANY)


@st.composite
def rows(draw: st.DrawFn) -> Transition:
    """An act that asks for a few values of any kind, some only after an earlier one."""
    fields: list[Field] = []
    for name in ("p", "q", "r", "s")[: draw(st.integers(1, 4))]:
        kind = draw(st.sampled_from(FieldKind))
        choices = {"a": "甲", "b": "乙"} if kind in _CHOOSING and draw(st.booleans()) else {}
        shown_if = None
        if fields and draw(st.booleans()):
            operator = draw(st.sampled_from(Operator))
            value = draw(st.sampled_from(["a", "b", ("a", "b"), "yes"]))
            value = () if operator is Operator.FILLED else value
            shown_if = ShownIf(draw(st.sampled_from(fields)).name, operator, value)
        required = draw(st.booleans())
        fields.append(Field(name, name.upper(), kind, required, choices=choices, shown_if=shown_if))
    return replace(asking_kind.TELL, fields=tuple(fields))


def typed_in(draw: st.DrawFn, row: Transition) -> QueryDict:
    """What a browser sends."""
    post = QueryDict(mutable=True)
    for one in row.fields:
        if one.kind in _LISTS:
            post.setlist(one.name, draw(st.lists(st.sampled_from(["a", "b", "c", "长" * 2001]), max_size=2)))
        elif said := draw(_TEXTS.get(one.kind, _WORDS)):
            post[one.name] = said
    if draw(st.integers(0, 5)) == 0:
        post["stranger"] = "x"
    return post


def told(row: Transition, read: dict[str, Any]) -> dict[str, Any]:
    """The same as a program would send it: nothing for what was left empty, numbers as numbers."""
    body = {name: value for name, value in read.items() if field_values.is_filled(value)}
    for one in row.fields:
        said = body.get(one.name, "")
        if one.kind is FieldKind.DAYS and re.fullmatch(r"-?[0-9]{1,9}", said):
            body[one.name] = int(said)
    return body


@given(rows(), st.data())
def test_page_api_and_engine_accept_the_same_values(row: Transition, data: st.DataObject) -> None:
    post = data.draw(st.composite(lambda draw: typed_in(draw, row))())
    read = forms.values(row.fields, post)
    by_page = field_values.problems(row, read, TODAY)
    body = told(row, read)
    refused: set[str] = set()
    try:
        model = act_models.act_model("asking", row).model_validate_json(json.dumps(body))
    except ValidationError as error:
        refused = {str(one["loc"][0]) for one in error.errors()}
        by_api = field_values.problems(row, body, TODAY)
    else:
        by_api = field_values.problems(row, act_models.given_values(model), TODAY)
    assert by_api == by_page
    of_values = {one.name for one in row.fields if queries.wrong_value(one, read[one.name])}
    assert refused == of_values


@given(rows())
def test_a_name_the_act_does_not_take_is_refused_by_api_and_engine(row: Transition) -> None:
    with pytest.raises(ValidationError):
        act_models.act_model("asking", row).model_validate({"stranger": "x"})
    assert "stranger" in field_values.problems(row, {"stranger": "x"}, TODAY)
