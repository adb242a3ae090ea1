"""In which post somebody works, and what a sign-in that fails says."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache
from django.test import Client

from liuquan.organisation import actions as organisation
from liuquan.organisation.types import SYSTEM
from liuquan.testing.browsers import SetNow
from liuquan.testing.cast import STAFF, Cast

MONDAY = datetime(2026, 3, 2, 2, tzinfo=UTC)


@pytest.fixture(autouse=True)
def on_monday(city_db: str, set_now: SetNow) -> None:
    set_now(MONDAY)


def cover(days: int = 3) -> None:
    """窗小云 is out; 窗小溪, the standing pair, acts for 综合窗口1号."""
    organisation.record_absence(
        post_code="ZWFW-CK1",
        from_on=MONDAY.date(),
        to_on=(MONDAY + timedelta(days=days)).date(),
        reason="培训",
        by=SYSTEM,
        now=MONDAY,
    )


def test_with_one_post_signing_in_leads_straight_to_the_work_list(cast: Cast) -> None:
    answer = cast.client("second_clerk").get("/desk/begin/")
    assert answer.headers["Location"] == "/desk/"


@pytest.mark.parametrize(
    ("who", "where"),
    [
        ("supervisor", "/board/"),
        ("leader", "/board/"),
        ("overseer", "/board/"),
        ("sysadmin", "/desk/calendar/"),
    ],
)
def test_who_handles_no_cases_is_led_to_where_their_work_is(cast: Cast, who: str, where: str) -> None:
    client = cast.client(who)
    assert client.get("/desk/begin/").headers["Location"] == where
    assert client.get(where).status_code == 200


def test_with_several_posts_one_is_chosen_first_and_says_for_whom(cast: Cast) -> None:
    cover()
    client = cast.client("second_clerk")
    assert client.get("/desk/begin/").headers["Location"] == "/desk/post/"
    page = client.get("/desk/post/").content.decode()
    assert "综合窗口1号（代）" in page
    assert "代 窗小云 办理" in page
    assert client.post("/desk/post/", {"post": "ZWFW-CK1", "next": "https://elsewhere.example/"}).headers[
        "Location"
    ] == ("/desk/")
    assert "窗小溪 · 综合窗口1号（代）" in client.get("/desk/").content.decode()


def test_a_cover_that_is_over_leads_back_to_ones_own_post(cast: Cast, set_now: SetNow) -> None:
    cover(days=1)
    client = cast.client("second_clerk")
    client.post("/desk/post/", {"post": "ZWFW-CK1"})
    set_now(MONDAY + timedelta(days=1))
    assert "窗小溪 · 综合窗口2号" in client.get("/desk/").content.decode()


@pytest.mark.parametrize("post", ["SCJG-HZ", "", "NOWHERE"])
def test_nobody_takes_a_post_that_is_not_theirs(cast: Cast, post: str) -> None:
    client = cast.client("second_clerk")
    client.post("/desk/post/", {"post": post})
    assert "综合窗口2号" in client.get("/desk/").content.decode()
    if post:
        assert client.post("/desk/post/", {"post": post}).status_code == 403


def test_an_account_without_a_post_is_told_whom_to_ask(cast: Cast, set_now: SetNow) -> None:
    client = cast.client("clerk")
    set_now(datetime(2023, 12, 29, 2, tzinfo=UTC))
    answer = client.get("/desk/")
    assert answer.status_code == 403
    assert "请联系系统管理员" in answer.content.decode()


def test_a_locked_account_is_told_how_long_and_whom_to_ask() -> None:
    cache.clear()
    client = Client()
    for _ in range(6):
        answer = client.post("/accounts/login/", {"login": STAFF["clerk"], "password": "错误的口令"})
    html = answer.content.decode()
    assert "暂停登录5分钟" in html
    assert STAFF["clerk"] in html
    assert "错误的口令" not in html
    cache.clear()


def test_a_wrong_password_does_not_tell_whether_the_account_exists() -> None:
    cache.clear()
    pages = [
        Client().post("/accounts/login/", {"login": name, "password": "错误的口令"}).content.decode()
        for name in (STAFF["clerk"], "nobody-here")
    ]
    assert all("用户名或者口令不对" in page for page in pages)
    cache.clear()


def test_signing_out_asks_first_and_then_ends_the_session(cast: Cast) -> None:
    client = cast.client("clerk")
    assert "退出登录" in client.get("/accounts/logout/").content.decode()
    assert client.get("/desk/").status_code == 200
    assert client.post("/accounts/logout/").status_code == 302
    assert client.get("/desk/").status_code == 302
