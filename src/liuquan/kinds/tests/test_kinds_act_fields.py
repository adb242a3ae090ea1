"""The fields of an act, as the page draws and reads them, and as the API has them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.http import QueryDict
from django.template.loader import render_to_string

from liuquan.casework import queries
from liuquan.casework.types import (
    AskedField,
    AskedOffer,
    Field,
    FieldKind,
    Operator,
    Option,
    ShownIf,
)
from liuquan.journal import queries as journal
from liuquan.kernel import sql
from liuquan.kinds import act_forms as forms
from liuquan.kinds import act_models
from liuquan.testing.browsers import SetNow
from liuquan.testing.cast import Cast
from liuquan.testing.kinds import asking_kind
from liuquan.testing.sources import squeezed

MONDAY = datetime(2026, 3, 2, 2, tzinfo=UTC)
TODAY = date(2026, 3, 2)
JSON = "application/json"


def drawn(*asked: AskedField, errors: dict[str, str] | None = None, **typed: Any) -> str:
    """The fields as the page has them."""
    offer = AskedOffer("tell", "告知", tuple(one.field for one in asked), (), "", asked=asked)
    controls = forms.controls(offer, typed, errors or {}, on=TODAY)
    return squeezed(render_to_string("kinds/_controls.html", {"controls": controls}))


def options(count: int, **more: Any) -> tuple[Option, ...]:
    return tuple(Option(f"o{place}", f"第{place}项", **more) for place in range(count))


# --- how each is drawn --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "pattern"),
    [
        (AskedField(Field("a", "甲")), r'<input id="id_a" name="a" type="text"(?!.*maxlength)'),
        (AskedField(Field("a", "甲"), options(2)), r'<datalist id="id_a_list"> ?<option value="o0">'),
        (AskedField(Field("a", "甲", FieldKind.LONG)), r'<textarea id="id_a" name="a"'),
        (AskedField(Field("a", "甲", FieldKind.CHOICE), options(6)), r'type="radio" name="a" value="o5"'),
        (AskedField(Field("a", "甲", FieldKind.CHOICE), options(7)), r'<select id="id_a" name="a"'),
        (AskedField(Field("a", "甲", FieldKind.CHOICE)), r'<input id="id_a" name="a" type="text"'),
        (AskedField(Field("a", "甲", FieldKind.PERSON), options(1)), r'<select id="id_a" name="a"'),
        (AskedField(Field("a", "甲", FieldKind.PERSON)), r"请先安排人员.*<input"),
        (AskedField(Field("a", "甲", FieldKind.MANY), options(2)), r'type="checkbox" name="a" value="o1"'),
        (AskedField(Field("a", "甲", FieldKind.FILES), options(2)), r'name="file_o1" type="file"'),
        (AskedField(Field("a", "甲", FieldKind.DATE)), r'2026年3月20日.*name="a" type="text"'),
        (AskedField(Field("a", "甲", FieldKind.DAYS), most=9), r'type="number".*max="9"'),
        (AskedField(Field("a", "甲", FieldKind.AMOUNT)), r'type="text".*inputmode="decimal"'),
        (AskedField(Field("a", "甲", FieldKind.YES)), r'type="checkbox" name="a" value="yes"'),
    ],
)
def test_each_kind_of_field_has_its_control(asked: AskedField, pattern: str) -> None:
    html = drawn(asked)
    assert re.search(pattern, html), html
    assert "autofocus" in html


@pytest.mark.parametrize(
    ("kind", "offered", "selected"),
    [
        (FieldKind.CHOICE, options(1), ["o0"]),  # the only one
        (FieldKind.CHOICE, options(2), []),
        (FieldKind.CHOICE, options(2, chosen=True), ["o0"]),
        (FieldKind.PERSON, options(1), []),  # nobody signs unasked
        (FieldKind.MANY, options(2, chosen=True), ["o0", "o1"]),
        (FieldKind.FILES, options(2), []),
    ],
)
def test_an_empty_form_begins_with_what_is_expected(
    kind: FieldKind, offered: tuple[Option, ...], selected: list[str]
) -> None:
    html = drawn(AskedField(Field("a", "甲", kind), offered))
    assert re.findall(r'value="(\w+)" (?:checked|selected)', html) == selected


def test_what_was_typed_and_what_is_wrong_with_it_is_shown_again() -> None:
    asked = AskedField(Field("a", "甲", FieldKind.MANY), options(2, chosen=True))
    assert "checked" not in drawn(asked, a=[])
    html = drawn(asked, AskedField(Field("b", "乙")), errors={"b": "请填写“乙”。"}, a=["o1"], b="写到一半")
    assert re.findall(r'value="(\w+)" checked', html) == ["o1"]
    assert "请填写“乙”。" in html
    assert 'value="写到一半"' in html


def test_a_condition_is_told_to_the_script_and_to_who_has_none() -> None:
    one = Field("address", "地址", shown_if=ShownIf("way", Operator.ONE_OF, ("post", "car")))
    html = drawn(AskedField(one, condition="只在“方式”为“邮寄”时填写"))
    assert 'data-shown-if-field="way" data-shown-if-operator="one_of"' in html
    assert 'data-shown-if-values="[&quot;post&quot;, &quot;car&quot;]"' in html
    assert "只在“方式”为“邮寄”时填写" in html
    assert " required" not in html  # a browser would insist on what the script hides
    assert "data-shown-if" not in drawn(AskedField(replace(one, shown_if=None)))


def test_the_reader_takes_only_the_fields_of_the_act() -> None:
    post = QueryDict("way=post&address=+东街+&topics=plan&topics=deed&urgent=yes&fee=3&assignment=7")
    read = forms.values(asking_kind.TELL.fields, post)
    assert (read["way"], read["address"], read["topics"], read["urgent"]) == (
        "post",
        "东街",
        ["plan", "deed"],
        True,
    )
    assert (read["copies"], read["on"], read["assignment"]) == ([], "", "7")
    assert "fee" not in read


# --- the API ------------------------------------------------------------------------------------------------


def test_each_act_has_a_body_of_its_own_in_the_document() -> None:
    model = act_models.act_model("asking", asking_kind.TELL)
    assert act_models.act_model("asking", asking_kind.TELL) is model  # made once
    schema = model.model_json_schema()
    assert (schema["title"], schema["description"]) == ("AskingTell", "告知")
    assert (schema["additionalProperties"], schema["required"]) == (False, ["way"])
    said = schema["properties"]
    assert said["way"]["enum"] == list(asking_kind.WAYS)
    assert said["topics"]["anyOf"][0]["items"]["enum"] == list(asking_kind.COPIES)
    assert said["on"]["anyOf"][0] == {"type": "string", "format": "date"}
    assert said["days"]["anyOf"][0] == {"type": "integer", "minimum": 0}
    assert said["call"]["x-shown-if"] == {
        "field": "way",
        "operator": "one_of",
        "values": ["phone", "window"],
    }
    assert said["call"]["description"] == "通话记录。只在“方式”为“电话”或“当面”时填写"


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"reason": "另一操作的内容"}, "reason"),
        ({"result": "perhaps", "opinion": "符合要求"}, "result"),
        ({"result": "agree", "opinion": "长" * 2001}, "opinion"),
        ({"result": "agree", "opinion": ["符合要求"]}, "opinion"),
        ({"result": "agree"}, "opinion"),
    ],
)
def test_a_program_is_told_what_is_wrong_and_nothing_happens(
    city_db: str, cast: Cast, set_now: SetNow, data: dict[str, Any], field: str
) -> None:
    set_now(MONDAY)
    number = cast.accepted("device", at=MONDAY)
    before = queries.read(number), len(journal.entries_of(number))
    answer = cast.client("examiner").post(
        f"/api/v1/cases/{number}/actions/complete_step", data, content_type=JSON
    )
    assert answer.status_code == 422
    assert any(field in name.split(".") for name in answer.json()["fields"])
    assert (queries.read(number), len(journal.entries_of(number))) == before


def test_the_acts_of_a_case_come_with_what_they_offer(city_db: str, cast: Cast, set_now: SetNow) -> None:
    set_now(MONDAY)
    number = cast.applies("device", at=MONDAY, materials=())
    case = cast.client("clerk").get(f"/api/v1/cases/{number}").json()
    offers = {offer["action"]: {one["name"]: one for one in offer["fields"]} for offer in case["offers"]}
    named = offers["notify_supplement"]["items"]
    assert {one["value"] for one in named["options"] if one["chosen"]} == set(cast.materials("device"))
    assert (named["kind"], named["required"], named["shown_if"]) == ("many", True, None)
    assert not any(one["chosen"] for one in offers["accept"]["materials"]["options"])
    bodies = [one["value"] for one in offers["refuse_not_ours"]["refer_to"]["options"]]
    assert bodies
    own = sql.run("SELECT terms->'extra'->>'body_name' AS name FROM casework_case")[0]["name"]
    assert own not in bodies
