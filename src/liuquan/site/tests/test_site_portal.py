"""Every public page answers, says what happens next, and shows no name."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse

from liuquan.catalogue import queries as catalogue
from liuquan.catalogue.types import ItemTerms
from liuquan.kernel import moments, sql
from liuquan.organisation import queries as organisation
from liuquan.organisation.types import ACTS
from liuquan.testing import kinds as licence
from liuquan.testing.browsers import SetNow
from liuquan.testing.cast import ITEMS
from liuquan.testing.sources import cells, squeezed, texts

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


def test_the_front_page_names_first_what_most_cases_are_about(visitor: Client) -> None:
    def common() -> list[str]:
        guides = {reverse("item_guide", args=[one.item_code]): one.item_code for one in published}
        return [
            guides[found] for found in re.findall(r'href="([^"]+)"', text(visitor, "/")) if found in guides
        ]

    published = catalogue.published_items(on=ON)
    last, other = published[-1].item_code, ITEMS["device"]
    assert last not in common()
    for item in (last, other, last):
        licence.receive(NOW, item=item)
    assert common()[:2] == [last, other]
    assert len(common()) == 6


def test_search_says_who_does_what_is_not_done_here_and_shows_nothing_unrelated(visitor: Client) -> None:
    guides = [reverse("item_guide", args=[one.item_code]) for one in catalogue.published_items(on=ON)]

    def searched(asked: str) -> tuple[str, int]:
        page = text(visitor, reverse("item_search") + f"?q={asked}")
        return page, sum(f'href="{guide}"' in page for guide in guides)

    for asked, matter, who in (
        ("身份证丢了", "居民身份证", "公安派出所"),
        ("殘疾證", "残疾人证", "残疾人联合会"),
        ("dibao", "最低生活保障", "街道办事处"),
    ):
        page, hits = searched(asked)
        assert f"不在本中心办理：{matter}" in page
        assert who in page
        assert hits == 0
    page, hits = searched("量子纠缠")
    assert "没有找到" in page
    assert 'href="tel:12345"' in page
    assert "到综合窗口问" in page
    assert hits == 0
    assert searched("yyzz")[1] == 1
    page, hits = searched("门口卦广告牌")
    assert hits == 1


@pytest.mark.requirement("GUIDE-01")
def test_every_published_guide_shows_each_of_the_ten_fields_by_its_value(visitor: Client) -> None:
    items = catalogue.published_items(on=ON)
    assert len(items) >= 18
    charged = 0
    for item in items:
        view = catalogue.guide(item.item_code, on=ON)
        terms, shown = (
            view.terms,
            texts(text(visitor, reverse("item_guide", args=[item.item_code])), "data-guide"),
        )
        assert shown["name"] == terms.item_name
        assert shown["body"] == organisation.body(terms.body_code, on=ON).name
        for basis in terms.bases:
            assert basis.citation in shown["bases"]
            assert squeezed(basis.text) in shown["bases"]
        for condition in terms.acceptance_conditions:
            assert condition in shown["conditions"]
        for number, material in enumerate(terms.materials, 1):
            assert f"{number}. {material.name}" in shown["materials"]
            assert material.accept_standard in shown["materials"]
        assert view.procedure_text in shown["procedure"]
        assert [step for step in terms.steps if step.name not in shown["procedure"]] == []
        assert shown["promised"].startswith(terms.promised.text)
        assert shown["phone"] == view.phone
        for field in (
            terms.bases,
            terms.acceptance_conditions,
            terms.materials,
            view.procedure_text,
            view.phone,
        ):
            assert field, item.name
        charged += _shows_its_fees(shown, terms)
    assert 0 < charged < len(items)  # both kinds were looked at


def _shows_its_fees(shown: dict[str, str], terms: ItemTerms) -> bool:
    """Name and standard of each fee in one field, name and basis in the other; where there is none, that."""
    if not terms.fees:
        assert shown["fee"] == "不收费"
        assert shown["fee-basis"] == "本事项不收费，没有收费依据"
    for fee in terms.fees:
        assert f"{fee.name}：{fee.standard_text}" in shown["fee"]
        assert f"{fee.name}：{fee.basis}" in shown["fee-basis"]
        assert fee.waiver in shown["fee"]
        assert fee.standard_text
        assert fee.basis
    return bool(terms.fees)


@pytest.mark.requirement("GUIDE-02")
def test_every_guide_shows_the_chart_of_what_the_applicant_does(visitor: Client) -> None:
    for item in catalogue.published_items(on=ON):
        page = text(visitor, reverse("item_guide", args=[item.item_code]))
        assert "办事流程导引图</title>" in page, item.name


@pytest.mark.requirement("GUIDE-03")
@pytest.mark.parametrize("page", ["item_power", "item_guide"])
def test_every_step_shows_task_standard_condition_limit_and_post_by_value(visitor: Client, page: str) -> None:
    posts = set()
    for item in catalogue.published_items(on=ON):
        terms = catalogue.guide(item.item_code, on=ON).terms
        html = text(visitor, reverse(page, args=[item.item_code]))
        rows = dict(cells(html, "data-step"))
        assert list(rows) == [*(step.key for step in terms.steps), "decision"], item.name
        for step in terms.steps:
            row, officers = rows[step.key], f"（{step.officers}人）" if step.officers > 1 else ""
            assert row["环节"].partition(". ")[2].startswith(step.name)
            assert (row["任务"], row["标准"], row["条件"]) == (step.task, step.standard, step.condition)
            assert row["时限"] == (f"{step.limit_days}个工作日" if step.limit_days else "当日")
            assert row["责任岗位"] == organisation.post(step.post_code, on=ON).name + officers
            assert reverse("post_sheet", args=[step.post_code]) in html
            assert all((step.task, step.standard, step.condition))
            posts.add(step.post_code)
        decision, post = rows["decision"], organisation.post(terms.deciding_post_code, on=ON)
        assert decision["标准"] == "；".join(terms.decision_standards)
        assert (decision["责任岗位"], bool(decision["任务"]), bool(decision["条件"])) == (
            post.name,
            True,
            True,
        )
        on_the_spot = "当场" if terms.decides_on_the_spot else f"自受理起{terms.promised.text}内"
        assert decision["时限"] == on_the_spot
    assert len(posts) > 5


def test_every_post_that_answers_for_a_step_has_a_sheet_that_opens(visitor: Client) -> None:
    items = catalogue.published_items(on=ON)
    steps = [step for item in items for step in catalogue.guide(item.item_code, on=ON).terms.steps]
    for code in sorted({step.post_code for step in steps}):
        assert "职责" in text(visitor, reverse("post_sheet", args=[code]))


@pytest.mark.requirement("CAT-12", "CAT-13")
def test_every_power_has_its_flow_chart_and_shows_its_eight_attributes_by_value(visitor: Client) -> None:
    for item in catalogue.published_items(on=ON):
        view = catalogue.guide(item.item_code, on=ON)
        terms, page = view.terms, text(visitor, reverse("item_power", args=[item.item_code]))
        assert "权力运行流程图</title>" in page, item.name
        shown = texts(page, "data-power")
        assert shown["name"] == f"{terms.item_name}（{view.item_type_label}）"
        assert shown["bases"] == "；".join(basis.citation for basis in terms.bases)
        assert shown["addressees"] == "、".join(one.label for one in terms.service_objects)
        assert shown["holder"].startswith(organisation.body(terms.body_code, on=ON).name)
        assert view.exercise_level_label in shown["holder"]
        for line in terms.acceptance_conditions:
            assert line in shown["conditions"]
        assert view.procedure_text in shown["procedure"]
        assert "、".join(step.name for step in terms.steps) in shown["procedure"]
        for line in terms.decision_standards:
            assert line in shown["standards"]
        assert f"承诺{terms.promised.text}" in shown["limits"]
        assert terms.statutory is None or f"法定{terms.statutory.text}" in shown["limits"]
        for field in (
            terms.bases,
            terms.service_objects,
            terms.acceptance_conditions,
            terms.decision_standards,
        ):
            assert field, item.name


@pytest.mark.requirement("GUIDE-05")
def test_the_promise_of_time_stands_beside_the_statutory_limit_with_its_dates(visitor: Client) -> None:
    page = text(visitor, reverse("item_guide", args=[ITEMS["food"]]))
    view = catalogue.guide(ITEMS["food"], on=ON)
    assert view.terms.statutory is not None
    promised = texts(page, "data-guide")["promised"]
    assert promised.startswith(view.terms.promised.text)
    assert f"法定期限 {view.terms.statutory.text}" in promised
    assert view.terms.statutory.citation in promised
    assert "最迟 <strong>3月11日</strong> 告诉您受理了没有" in squeezed(page)


@pytest.mark.requirement("GUIDE-05")
def test_quality_attitude_and_time_are_promised_beside_it_on_every_guide(visitor: Client) -> None:
    for item in catalogue.published_items(on=ON):
        promise = organisation.service_promise(item.body_code, on=ON)
        assert promise is not None, item.name
        html = text(visitor, reverse("item_guide", args=[item.item_code]))
        shown = texts(html, "data-guide")["service-promise"]
        for said in (promise.quality, promise.attitude, promise.time):
            assert said in shown
        for word in ("工作质量：", "服务态度：", "办事时效：", promise.announced_by, "2024年1月1日起"):
            assert word in shown
        limits, service = html.index('data-guide="promised"'), html.index('data-guide="service-promise"')
        assert "<h2" not in html[limits:service]  # in the same list of facts, one under the other


@pytest.mark.requirement("GUIDE-05")
def test_each_body_shows_what_it_promises_and_one_that_promises_nothing_says_so(visitor: Client) -> None:
    for body in organisation.bodies(on=ON):
        promise = organisation.service_promise(body.code, on=ON)
        assert promise is not None
        shown = texts(text(visitor, reverse("body", args=[body.code])), "data-promise")
        assert (
            shown
            == dict(promise.lines)
            == {
                "工作质量": promise.quality,
                "服务态度": promise.attitude,
                "办事时效": promise.time,
            }
        )
    sql.run("UPDATE service_promise SET to_on = %(on)s", {"on": ON})
    assert "还没有公布服务承诺" in text(visitor, reverse("body", args=[SCJG]))
    assert "工作质量：" not in text(visitor, reverse("item_guide", args=[ITEMS["food"]]))


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
def test_the_register_shows_acts_items_amount_and_document_of_each_mandate_by_value(visitor: Client) -> None:
    lines = organisation.authorisation_register(on=ON, body_code=SCJG)
    shown = []
    for number in range(1, -(-len(lines) // 20) + 1):
        page = text(visitor, f"{reverse('authorisation_register')}?body={SCJG}&page={number}")
        shown += cells(page, "data-mandate")
    assert [code for code, _ in shown] == [line.post_code for line in lines]
    for line, (_, row) in zip(lines, shown, strict=True):
        assert row["岗位"] == f"{line.post_name} {line.post_body_name}"
        assert row["现任"] == ("、".join(line.holders) or "暂缺")
        acts = {ACTS[act] for act in line.term.actions}
        assert sorted(row["可以办什么"].split("、")) == sorted("、".join(acts).split("、"))
        items = [item.rstrip("*") for item in line.term.items]
        assert "全部事项" in row["范围"] if items == [""] else all(item in row["范围"] for item in items)
        assert line.term.granted_by in row["依据期限"]
        assert f"{line.from_on}起" in row["依据期限"]
        assert line.term.up_to in row["范围"]
    limited = [(code, row["范围"]) for code, row in shown if "以内" in row["范围"]]
    assert [(code, "5000.00元以内" in scope) for code, scope in limited] == [("SCJG-SC1", True)]
    assert "没有登记的授权" in text(visitor, f"{reverse('authorisation_register')}?body=nobody")


def test_large_type_is_remembered_without_a_script(visitor: Client) -> None:
    assert 'data-size="normal"' in text(visitor, reverse("home"))
    visitor.post(reverse("type_size"), {"size": "large", "next": "/"})
    assert 'data-size="large"' in text(visitor, reverse("home"))


@pytest.mark.parametrize("address", ["/items/?page=0", "/results/?page=x", "/bodies/register/?page=-1"])
def test_a_page_number_that_is_none_is_refused(visitor: Client, address: str) -> None:
    assert "页码不正确" in text(visitor, address, 400)
