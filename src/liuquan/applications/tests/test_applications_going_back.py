"""Back and reload while applying: each page is an address of its own, and none tells the code of a draft."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from liuquan.applications.tests.test_applications_drafts import code_in, kept, live_files
from liuquan.applications.tests.test_applications_portal import cases
from liuquan.applications.tests.visiting import FOOD, pdf, shown, typed, words
from liuquan.kernel import sql
from liuquan.testing.cast import ITEMS, LI_YUNXI, Cast

START = f"/apply/{FOOD}/"


def drafts() -> int:
    return len(sql.run("SELECT 1 FROM kernel_draft"))


def pressed(visitor: Client, **given: Any) -> str:
    """The address that the answer leads to."""
    answer = visitor.post(START, typed(**given))
    assert answer.status_code == 302, answer.content.decode()[:1500]
    return str(answer["Location"])


@pytest.fixture
def key(cast: Cast) -> str:
    return cast.materials("food")[0]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"go": "next"}, "上传材料、核对"),
        ({"go": "upload"}, "还没有选文件，也没有提交"),
        ({"go": "keep"}, "草稿已经存好，还没有提交"),
        ({"go": "send", "incomplete": ""}, "份，确定先交？"),
        ({"go": "back", "phone": "1"}, f"申请：{'食品经营许可证核发'}"),
        ({"switch_to": "organisation", "name": ""}, "✓ 单位办理"),
    ],
)
def test_whatever_is_pressed_leads_to_an_address_that_shows_the_draft_again(
    visitor: Client, given: dict[str, str], said: str
) -> None:
    address = pressed(visitor, **given)
    page = words(visitor.get(address), 200)
    assert said in page
    again = words(visitor.get(address), 200)
    assert "开一家面馆" in again or "kept" in address
    assert (drafts(), cases()) == (1, 0)
    code = re.search(r'name="draft" value="([0-9A-Z]{12})"', page)
    assert code is None or code[1] not in address


def test_a_first_page_that_is_sent_twice_makes_one_draft(visitor: Client) -> None:
    same = {"go": "next", "submission_key": str(uuid.uuid4())}
    first = pressed(visitor, **same)
    assert pressed(visitor, **same, matter="开两家面馆") == first
    assert drafts() == 1
    assert "开两家面馆" in words(visitor.get(first), 200)


def test_two_tabs_from_the_start_are_two_drafts_and_each_address_shows_its_own(visitor: Client) -> None:
    one = pressed(visitor, go="next", matter="甲事")
    other = pressed(visitor, go="next", matter="乙事")
    assert "甲事" in words(visitor.get(one), 200)
    assert "乙事" in words(visitor.get(other), 200)


def test_an_address_opens_nothing_in_another_browser(visitor: Client, key: str) -> None:
    address = pressed(visitor, go="next", **{f"file_{key}": pdf()})
    for stranger in (Client(), visitor):
        at = address if stranger is not visitor else f"/apply/{ITEMS['hoarding']}/{address.split('/')[3]}/"
        answer = stranger.get(at)
        assert answer["Location"] == reverse("draft_resume")
        assert stranger.post(at, {"go": "drop"})["Location"] == reverse("draft_resume")
    assert drafts() == 1


def test_the_session_in_the_database_tells_no_code(visitor: Client) -> None:
    code = code_in(words(visitor.get(pressed(visitor, go="next")), 200))
    assert code not in str(dict(visitor.session))
    assert code.encode().hex() not in str(dict(visitor.session))


def test_a_form_that_another_site_sends_gives_this_browser_no_draft(city_db: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    words(strict.post(START, typed(go="next")), 200)
    words(strict.post(START, typed(go="back")), 200)
    words(strict.post(START, typed(go="next", name="")), 422)
    assert "drafts_held" not in strict.session
    assert "没办完" not in words(strict.get(START), 200)


def test_back_after_it_was_handed_in_leads_to_the_case_and_makes_no_other(visitor: Client) -> None:
    address = pressed(visitor, go="next")
    code = code_in(words(visitor.get(address), 200))
    receipt = pressed(visitor, go="send", draft=code)
    number = receipt.split("/")[2]
    page = words(visitor.get(address), 200)
    assert "这份申请已经提交" in page
    assert number in page
    assert reverse("track_submitted", args=[number]) in page
    assert (drafts(), cases()) == (0, 1)


@pytest.mark.parametrize("place", ["apply", "item_guide"])
def test_whoever_comes_back_is_told_of_what_is_unfinished_and_may_go_on(
    visitor: Client, place: str, key: str
) -> None:
    assert "没办完" not in words(visitor.get(reverse(place, args=[FOOD])), 200)
    address = pressed(visitor, go="upload", **{f"file_{key}": pdf("身份证.pdf")})
    page = words(visitor.get(reverse(place, args=[FOOD])), 200)
    assert "您有一份没办完的申请" in page
    assert "存了 1 份文件" in page
    assert LI_YUNXI.name not in page
    assert f'href="{address}"' in page
    assert kept(words(visitor.get(address), 200)) == ["身份证.pdf"]
    assert "没办完" not in words(visitor.get(reverse(place, args=[ITEMS["hoarding"]])), 200)


def test_what_is_unfinished_can_be_thrown_away_with_its_files(visitor: Client, key: str) -> None:
    address = pressed(visitor, go="upload", **{f"file_{key}": pdf()})
    page = words(shown(visitor, visitor.post(address, {"go": "drop"})), 200)
    assert "草稿已经清除" in page
    assert "没办完" not in page
    assert (drafts(), live_files()) == (0, 0)
    assert visitor.get(address)["Location"] == reverse("draft_resume")


def test_a_shared_computer_forgets_the_draft_and_its_code_still_opens_it(visitor: Client) -> None:
    address = pressed(visitor, go="next")
    code = code_in(words(visitor.get(address), 200))
    words(shown(visitor, visitor.post(address, {"go": "forget"})), 200)
    assert "没办完" not in words(visitor.get(START), 200)
    assert visitor.get(address)["Location"] == reverse("draft_resume")
    opened = shown(visitor, visitor.post(reverse("draft_resume"), {"code": code}))
    assert "开一家面馆" in words(opened, 200)


def test_changing_the_kind_before_anything_is_typed_begins_no_draft(visitor: Client) -> None:
    empty = {"switch_to": "organisation", "name": "", "id_number": "", "phone": "", "matter": ""}
    assert "✓ 单位办理" in words(visitor.get(pressed(visitor, **empty)), 200)
    assert drafts() == 0


def test_a_mistake_on_the_first_page_is_kept_with_what_was_typed(visitor: Client) -> None:
    address = pressed(visitor, go="next", phone="1")
    page = words(visitor.get(address), 422)
    assert "开一家面馆" in page
    assert 'value="1"' in page
    assert "手机号码" in page.partition('id="refused"')[2].partition("</ul>")[0]
    assert words(visitor.get(address), 422).count('id="refused"') == 1
    nothing = {"name": "", "id_number": "", "phone": "", "matter": ""}
    empty = pressed(visitor, go="next", **nothing)
    assert "没有填写姓名" in words(visitor.get(empty), 422)
    assert drafts() == 1


def test_going_back_to_the_start_after_a_mistake_finds_all_that_was_typed_and_makes_one_draft(
    visitor: Client,
) -> None:
    address = pressed(visitor, go="next", id_number=LI_YUNXI.id_number[:-1] + "5")
    assert visitor.get(START)["Location"] == address
    page = words(visitor.get(address), 422)
    assert f'value="{LI_YUNXI.id_number[:-1]}5"' in page
    assert "?as=person" in page
    assert "另填" not in words(visitor.get(f"{START}?as=person"), 200)
    pressed(visitor, go="next", draft=code_in(page))
    assert words(visitor.get(START), 200).count("没办完的申请") == 1
    assert drafts() == 1


def test_the_first_page_filled_in_again_goes_on_with_its_draft_and_the_box_says_whose_it_is(
    visitor: Client,
) -> None:
    first = pressed(visitor, go="next")
    assert pressed(visitor, go="next", phone="13800000009") == first
    other = pressed(visitor, go="next", matter="开一家书店")
    assert other != first
    page = words(visitor.get(START), 200)
    assert page.count("没办完的申请") == 2
    assert "开一家书店" in page
    assert "开一家面馆" in page
    assert f"{LI_YUNXI.name[0]}**" in page
    assert LI_YUNXI.name not in page


def test_every_way_in_leads_to_what_this_browser_has_not_finished(visitor: Client) -> None:
    resume = reverse("draft_resume")
    for name in ("home", "mine", "track"):
        assert f'href="{resume}"' in words(visitor.get(reverse(name)), 200).partition("<main")[0]
    assert "没办完的申请" not in words(visitor.get("/"), 200)
    address = pressed(visitor, go="next")
    pressed(visitor, go="next", matter="开一家书店")
    assert "您有 2 份没办完的申请" in words(visitor.get("/"), 200)
    for name in ("mine", "track"):
        assert f'href="{resume}"' in words(visitor.get(reverse(name)), 200).partition("<main")[2]
    page = words(visitor.get(resume), 200)
    assert page.count("接着办这一份") == 2
    for said in ("食品经营许可证核发", "开一家面馆", "开一家书店", f'href="{address}"'):
        assert said in page
    assert LI_YUNXI.name not in page
    assert "没办完" not in words(Client().get(resume), 200)


def test_what_is_known_only_to_the_register_is_said_again_at_the_address_and_costs_no_second_try(
    visitor: Client, cast: Cast
) -> None:
    assert cast.applicant.party_number
    address = pressed(visitor, go="next", name="李云西")
    for _ in range(30):
        assert "错误：" in words(visitor.get(address), 422).partition("</title>")[0]
    assert drafts() == 1


def test_a_wrong_file_is_said_at_an_address_and_the_good_one_stays(visitor: Client, key: str) -> None:
    address = pressed(visitor, go="upload", **{f"file_{key}": pdf("坏.pdf", b"MZ this is a program")})
    page = words(visitor.get(address), 422)
    assert "有的文件不能用" in page
    assert f'id="id_file_{key}_error"' in words(visitor.get(address), 422)
    code = code_in(page)
    after = pressed(visitor, go="upload", draft=code, **{f"file_{key}": pdf("好.pdf")})
    assert kept(words(visitor.get(after), 200)) == ["好.pdf"]
    assert "有的文件不能用" not in words(visitor.get(address), 200)


def test_who_presses_send_without_the_tick_is_told_beside_it(visitor: Client) -> None:
    asked = words(visitor.get(pressed(visitor, go="send", incomplete="")), 200)
    assert "请先在下面打勾" not in asked
    assert asked.index('name="incomplete"') < asked.index('value="send"')
    code = code_in(asked)
    told = words(visitor.get(pressed(visitor, go="send", incomplete="", asked="1", draft=code)), 422)
    assert 'href="#id_incomplete"' in told
    assert told.count("请先在下面打勾") == 2  # on top, and beside the tick
    assert cases() == 0


def test_who_keeps_the_chosen_files_is_told_that_they_are_kept(visitor: Client, key: str) -> None:
    page = words(visitor.get(pressed(visitor, go="upload", **{f"file_{key}": pdf()})), 200)
    assert "已经存好 1 份文件，还没有提交。" in page.partition("<main")[0]
