"""Every public page answers, says what happens next, and shows no name."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse

from liuquan.catalogue import queries as catalogue
from liuquan.kernel import moments
from liuquan.organisation import queries as organisation
from liuquan.testing.browsers import SetNow
from liuquan.testing.cast import ITEMS
from liuquan.testing.sources import squeezed

NOW = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)
ON = moments.today(NOW)
SCJG = "11990100MB9901024C"


@pytest.fixture
def visitor(city_db: str, set_now: SetNow) -> Client:
    set_now(NOW)
    return Client()


def text(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, response.content.decode()[:2000]
    return squeezed(response.content.decode())


def test_every_public_page_answers_and_says_what_happens_next(visitor: Client) -> None:
    pages = [
        reverse("home"),
        reverse("item_list"),
        reverse("track"),
        reverse("results"),
        reverse("statistics"),
        reverse("body_list"),
        reverse("authorisation_register"),
        reverse("verify"),
        reverse("help"),
        reverse("verify_file"),
        reverse("item_search") + "?q=开小餐馆要什么证",
        reverse("body", args=[SCJG]),
        reverse("post_sheet", args=["SCJG-SC1"]),
        *[reverse(n, args=[ITEMS["food"]]) for n in ("item_guide", "item_print", "item_power", "apply")],
    ]
    for address in pages:
        page = text(visitor, address)
        assert 'class="next"' in page, address
        assert "<script>" not in page, address
        assert "{{" not in page, address
        assert "{%" not in page, address
        assert "<c-" not in page, address


@pytest.mark.requirement("GUIDE-01")
def test_every_published_guide_has_the_ten_fields(visitor: Client) -> None:
    fields = (
        "name",
        "body",
        "bases",
        "conditions",
        "materials",
        "procedure",
        "promised",
        "fee",
        "fee-basis",
        "phone",
    )
    items = catalogue.published_items(on=ON)
    assert len(items) >= 18
    for item in items:
        page = text(visitor, reverse("item_guide", args=[item.item_code]))
        for field in fields:
            _, found, rest = page.partition(f'data-guide="{field}">')
            assert found, (item.name, field)
            assert rest.split("</")[0].strip(), (item.name, field)


@pytest.mark.requirement("GUIDE-02")
def test_every_guide_shows_the_chart_of_what_the_applicant_does(visitor: Client) -> None:
    for item in catalogue.published_items(on=ON):
        page = text(visitor, reverse("item_guide", args=[item.item_code]))
        assert "办事流程导引图</title>" in page, item.name


@pytest.mark.requirement("GUIDE-03")
def test_every_step_has_task_standard_condition_limit_and_a_post_whose_sheet_opens(visitor: Client) -> None:
    posts = set()
    for item in catalogue.published_items(on=ON):
        view = catalogue.guide(item.item_code, on=ON)
        page = text(visitor, reverse("item_power", args=[item.item_code]))
        for step in view.terms.steps:
            assert step.task
            assert step.standard
            for said in (step.name, step.task, step.standard, step.condition, step.post_name):
                assert said in page, (item.name, step.name)
            assert reverse("post_sheet", args=[step.post_code]) in page
            posts.add(step.post_code)
    for code in posts:
        assert "职责" in text(visitor, reverse("post_sheet", args=[code]))


@pytest.mark.requirement("CAT-12", "CAT-13")
def test_every_power_has_its_flow_chart_and_its_attributes(visitor: Client) -> None:
    for item in catalogue.published_items(on=ON):
        page = text(visitor, reverse("item_power", args=[item.item_code]))
        assert "权力运行流程图</title>" in page, item.name
        for name in (
            "name",
            "bases",
            "addressees",
            "holder",
            "conditions",
            "procedure",
            "standards",
            "limits",
        ):
            _, found, rest = page.partition(f'data-power="{name}">')
            assert found, (item.name, name)
            assert rest.split("</span")[0].strip(), (item.name, name)


@pytest.mark.requirement("GUIDE-05")
def test_the_promise_stands_beside_the_statutory_limit_with_its_dates(visitor: Client) -> None:
    page = text(visitor, reverse("item_guide", args=[ITEMS["food"]]))
    view = catalogue.guide(ITEMS["food"], on=ON)
    assert view.terms.statutory is not None
    promised = page.split('data-guide="promised">')[1].split("</c-fact")[0]
    assert view.terms.promised.text in promised
    assert f"法定期限 {view.terms.statutory.text}" in promised
    assert "最迟 <strong>3月11日</strong> 告诉您受理了没有" in page


def test_plain_words_find_the_item_and_nothing_found_gives_a_way_on(visitor: Client) -> None:
    page = text(visitor, reverse("item_search") + "?q=开小餐馆要什么证")
    assert page.index("食品经营许可证") > 0
    lost = text(visitor, reverse("item_search") + "?q=☃☃☃")
    assert "没有找到" in lost
    assert reverse("item_list") in lost


def test_the_list_can_be_narrowed_to_a_body_and_a_type(visitor: Client) -> None:
    page = text(visitor, f"{reverse('item_list')}?body={SCJG}&type=01")
    mine = [i for i in catalogue.published_items(on=ON) if i.body_code == SCJG and i.item_type == "01"]
    others = [i for i in catalogue.published_items(on=ON) if i.body_code != SCJG]
    assert all(item.name in page for item in mine)
    assert not any(item.name in page for item in others)
    assert "这里没有" in text(visitor, f"{reverse('item_list')}?body=nobody")


@pytest.mark.parametrize("name", ["item_guide", "item_power", "item_print", "apply"])
def test_an_unknown_item_is_not_found_with_a_sentence(visitor: Client, name: str) -> None:
    page = text(visitor, reverse(name, args=["NO-SUCH-ITEM"]), 404)
    assert 'class="alert alert-error"' in page


@pytest.mark.requirement("HALL-02")
def test_every_post_has_its_duty_sheet_reached_from_its_body(visitor: Client) -> None:
    for body in organisation.bodies(on=ON):
        page = text(visitor, reverse("body", args=[body.code]))
        for post in organisation.posts(on=ON, body_code=body.code):
            assert reverse("post_sheet", args=[post.code]) in page
            sheet = organisation.post_sheet(post.code, on=ON)
            shown = text(visitor, reverse("post_sheet", args=[post.code]))
            assert sheet.duties
            for line in (*sheet.duties, *sheet.tasks):
                assert line in shown, post.name


@pytest.mark.requirement("CASE-11")
def test_the_register_says_who_may_decide_what_and_can_be_narrowed_to_a_body(visitor: Client) -> None:
    page = text(visitor, f"{reverse('authorisation_register')}?body={SCJG}")
    lines = organisation.authorisation_register(on=ON, body_code=SCJG)
    assert lines
    for line in lines[:20]:
        assert line.post_name in page
        assert line.term.granted_by in page
    assert "没有登记的授权" in text(visitor, f"{reverse('authorisation_register')}?body=nobody")


def test_large_type_is_remembered_without_a_script(visitor: Client) -> None:
    assert 'data-size="normal"' in text(visitor, reverse("home"))
    visitor.post(reverse("type_size"), {"size": "large", "next": "/"})
    assert 'data-size="large"' in text(visitor, reverse("home"))


@pytest.mark.parametrize("address", ["/items/?page=0", "/results/?page=x", "/bodies/register/?page=-1"])
def test_a_page_number_that_is_none_is_refused(visitor: Client, address: str) -> None:
    assert "页码不正确" in text(visitor, address, 400)
