"""In a real browser: a field of an act is shown, and sent, only while its condition holds."""

from __future__ import annotations

from datetime import date

import pytest
from django.template.loader import render_to_string
from playwright.sync_api import Page, expect

from liuquan.casework.tests import asking_kind
from liuquan.casework.types import AskedField, AskedOffer, Option, condition_text
from liuquan.kernel.home import CHECKOUT
from liuquan.kinds import act_forms as forms

pytestmark = pytest.mark.browser

SCRIPT = CHECKOUT / "src" / "liuquan" / "kernel" / "static" / "kernel" / "desk.js"
SENT = "() => [...new FormData(document.forms[0])].filter(([, value]) => value).map(([name]) => name)"


@pytest.fixture
def form(page: Page) -> Page:
    fields = asking_kind.TELL.fields
    asked = tuple(
        AskedField(
            one,
            tuple(Option(value, label) for value, label in one.choices.items()),
            condition=condition_text(one, fields),
        )
        for one in fields
    )
    offer = AskedOffer("tell", "告知", fields, (), "", asked=asked)
    controls = forms.controls(offer, {}, {}, on=date(2026, 3, 2))
    page.set_content(f"<form>{render_to_string('kinds/_controls.html', {'controls': controls})}</form>")
    return page


def test_without_the_script_every_field_is_there_and_says_when_to_fill_it(form: Page) -> None:
    expect(form.locator("[name=address]")).to_be_visible()
    expect(form.locator("#id_address_helptext")).to_have_text("只在“方式”为“邮寄”时填写")


def test_a_field_is_there_while_its_condition_holds(form: Page) -> None:
    form.add_script_tag(path=SCRIPT)
    address, street, call = (form.locator(f"[name={name}]") for name in ("address", "street", "call"))
    for hidden in (address, street, call):
        expect(hidden).to_be_hidden()
    form.locator("[name=way][value=post]").check()
    expect(address).to_be_visible()
    expect(street).to_be_hidden()
    address.fill("东街")
    expect(street).to_be_visible()
    street.fill("1号")
    assert form.evaluate(SENT) == ["way", "address", "street"]
    form.locator("[name=way][value=phone]").check()
    expect(call).to_be_visible()
    for hidden in (address, street, form.locator("[name=receipt]"), form.locator("[name=why]")):
        expect(hidden).to_be_hidden()
    assert form.evaluate(SENT) == ["way"]
    form.locator("[name=urgent]").check()
    expect(form.locator("[name=why]")).to_be_visible()
