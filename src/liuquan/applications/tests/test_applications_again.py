"""The same person hands in the same once more: they are asked, and only they are told of the first case."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from liuquan.applications.tests.test_applications_drafts import code_in
from liuquan.applications.tests.test_applications_portal import cases
from liuquan.applications.tests.visiting import FOOD, NOW, applied, pdf, send, typed, words
from liuquan.casework import actions as casework_actions
from liuquan.testing.cast import ITEMS, LI_YUNXI, WANG_XIPAN, Cast

ASKED = "您 3月4日 已交过这一件"
OTHER_PHONE = "13800001111"


@pytest.fixture
def first(visitor: Client) -> str:
    return applied(visitor)


def test_who_hands_in_the_same_again_is_asked_with_a_link_to_the_first(
    visitor: Client, first: str, cast: Cast
) -> None:
    key = cast.materials("food")[0]
    page = words(send(Client(), again="", **{f"file_{key}": pdf("身份证.pdf")}), 200)
    assert "<h1>已经交过一件，确定再交？</h1>" in page
    assert ASKED in page
    assert f'href="{reverse("track_case", args=[first])}"' in page
    assert "已存好，不用再选：身份证.pdf" in page
    assert 'name="incomplete" value="99"' in page
    assert cases() == 1


def test_the_question_is_answered_by_its_tick_and_not_asked_of_another_item(
    visitor: Client, first: str
) -> None:
    page = words(send(visitor, again=""), 200)
    for nonsense in ("", "0", "x"):
        assert ASKED in words(send(visitor, again=nonsense, draft=code_in(page)), 200)
    assert cases() == 1
    applied(visitor, again="1", draft=code_in(page))
    assert cases() == 2
    assert words(send(visitor, again="1"), 200).count("已交过这一件") == 2
    assert send(visitor, item=ITEMS["hoarding"], again="").status_code == 302


def test_a_closed_application_and_another_person_are_no_reason_to_ask(
    visitor: Client, first: str, cast: Cast
) -> None:
    other = {"name": WANG_XIPAN.name, "id_number": WANG_XIPAN.id_number, "phone": WANG_XIPAN.phone}
    applied(visitor, again="", **other)
    casework_actions.perform(first, "withdraw", by=cast.applicant, now=NOW, data={"reason": "不办了"})
    applied(visitor, again="")
    assert cases() == 3


def test_the_same_form_from_two_tabs_is_no_question_but_the_same_case(visitor: Client) -> None:
    form = {"submission_key": str(uuid.uuid4()), "again": ""}
    number = applied(visitor, **form)
    assert applied(Client(), **form) == number
    assert cases() == 1


def test_who_knows_only_a_name_and_an_identity_number_learns_of_no_case(visitor: Client, first: str) -> None:
    stranger = Client()
    answer = stranger.post(reverse("apply", args=[FOOD]), typed(go="send", again="", phone=OTHER_PHONE))
    assert "submitted" in answer["Location"]
    assert first not in answer["Location"]


def test_whoever_holds_the_slip_is_asked_whatever_mobile_they_give(visitor: Client, first: str) -> None:
    assert ASKED in words(send(visitor, again="", phone=OTHER_PHONE), 200)
    assert cases() == 1


def window(cast: Cast, **more: Any) -> dict[str, Any]:
    person = {"id_number": LI_YUNXI.id_number, "name": LI_YUNXI.name, "phone": LI_YUNXI.phone}
    ticked = {"item": ITEMS["device"], "materials": cast.materials("device"), "decide": "accept"}
    return {"submission_key": str(uuid.uuid4()), **person, **ticked, **more}


def test_the_clerk_is_asked_before_the_same_is_taken_in_from_a_second_tab(
    visitor: Client, cast: Cast
) -> None:
    clerk = cast.client("clerk")
    answer = clerk.post("/desk/intake/", window(cast))
    assert answer.status_code == 302, answer.content.decode()[:2000]
    number = answer["Location"].split("/")[3]
    page = words(clerk.post("/desk/intake/", window(cast)), 200)
    assert f"当事人3月4日 已交过这一件（办件 {number}，审查中），还在办理中" in page
    assert "不用再收材料" in page
    assert "补材料请打开" not in page
    assert f'href="/desk/cases/{number}/"' in page
    assert cases() == 1
    again = clerk.post("/desk/intake/", window(cast, again=number))
    assert (again.status_code, cases()) == (302, 2)


def test_materials_go_to_the_case_that_still_takes_them(visitor: Client, cast: Cast) -> None:
    clerk = cast.client("clerk")
    number = clerk.post("/desk/intake/", window(cast, decide="receive"))["Location"].split("/")[3]
    page = words(clerk.post("/desk/intake/", window(cast)), 200)
    assert f"（办件 {number}，已收件，待受理），还在办理中：补材料请打开办件 {number} 办理。" in page
    assert cases() == 1


def test_a_form_that_the_clerk_sends_twice_is_no_question(visitor: Client, cast: Cast) -> None:
    clerk, screen = cast.client("clerk"), window(cast)
    first = clerk.post("/desk/intake/", screen)
    assert clerk.post("/desk/intake/", screen)["Location"] == first["Location"]
    other = window(cast, item=ITEMS["food"], materials=[], decide="receive")
    assert clerk.post("/desk/intake/", other).status_code == 302
    assert cases() == 2
