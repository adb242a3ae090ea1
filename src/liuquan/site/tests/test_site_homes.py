"""Everybody finds their way: a home for each role, and a menu in which nothing is refused."""

import re
from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import User
from django.test import Client

from liuquan.kernel.home import CHECKOUT
from liuquan.site.packs import read_pack
from liuquan.site.rehearsal import welcome
from liuquan.testing.browsers import SetNow
from liuquan.testing.cast import Cast

MONDAY = datetime(2026, 3, 2, 2, tzinfo=UTC)
MENU = re.compile(r'<nav class="nav".*?</nav>', re.S)
HEAD = re.compile(r'<nav class="nav".*?</nav>|<div class="actor">.*?</div>', re.S)
LINK = re.compile(r'href="([^"]+)"')


@pytest.fixture(autouse=True)
def on_monday(city_db: str, set_now: SetNow) -> None:
    set_now(MONDAY)


def menu(page: str) -> list[str]:
    return LINK.findall(MENU.findall(page)[0])


def test_no_account_of_the_city_has_a_menu_with_something_it_may_not_open() -> None:
    accounts = list(User.objects.exclude(username="").order_by("username"))
    assert len(accounts) > 30
    for account in accounts:
        client = Client()
        client.force_login(account)
        home = client.get("/desk/begin/").headers["Location"]
        page = client.get(home).content.decode()
        links = [link for part in HEAD.findall(page) for link in LINK.findall(part)]
        assert home in links, f"{account.username}: the way home is not in the head of the page"
        answers = {href: client.get(href).status_code for href in links}
        assert set(answers.values()) == {200}, f"{account.username}: {answers}"


@pytest.mark.parametrize(
    ("who", "home"),
    [
        ("clerk", "/desk/"),
        ("centre_officer", "/desk/"),
        ("supervisor", "/board/"),
        ("leader", "/board/"),
        ("overseer", "/board/"),
        ("sysadmin", "/desk/calendar/"),
        ("hall_manager", "/desk/post/"),
        ("item_editor", "/desk/post/"),
    ],
)
def test_each_role_comes_home_from_any_page(cast: Cast, who: str, home: str) -> None:
    client = cast.client(who)
    assert client.get("/desk/begin/").headers["Location"] == home
    assert 'class="site" href="/desk/begin/"' in client.get(home).content.decode()


@pytest.mark.parametrize("address", ["/desk/", "/board/"])
def test_who_comes_to_a_home_without_an_account_is_led_to_their_own_after_it(address: str) -> None:
    assert Client().get(address).headers["Location"] == "/accounts/login/"
    assert Client().get(address + "cases/").headers["Location"].endswith(f"?next={address}cases/")


def test_the_portal_has_a_quiet_way_in_for_staff() -> None:
    page = Client().get("/").content.decode()
    foot = page[page.index('<footer class="foot">') :]
    assert '<a href="/desk/begin/">工作人员入口</a>' in foot
    assert Client().get("/desk/begin/").headers["Location"] == "/accounts/login/?next=/desk/begin/"


def test_who_may_do_nothing_on_cases_reads_what_their_post_may_do(cast: Cast) -> None:
    page = cast.client("item_editor").get("/desk/post/").content.decode()
    assert "事项起草和发布申请" in page
    assert "起草事项" in page


def test_the_demo_names_an_account_for_every_role_of_its_posts() -> None:
    pack = read_pack(CHECKOUT / "packs" / "demo")
    roles = {role for post in pack.organisation.posts for role in post.roles}
    accounts = welcome.accounts(pack)
    assert {one["role"] for one in accounts} == roles
    assert len(roles) == 15
    assert all(one["try"] for one in accounts)
