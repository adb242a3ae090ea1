"""Signing in: headers, limits, and that nobody signs up."""

import urllib.request
from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client

from liuquan.casework import queries as casework
from liuquan.kinds import queries as kinds
from liuquan.testing.browsers import SetNow
from liuquan.testing.cast import Cast

NOW = datetime(2026, 3, 4, 2, tzinfo=UTC)
PASSWORD = "一个很长的口令-2026"


@pytest.fixture
def clerk(db: None) -> User:
    cache.clear()
    return User.objects.create_user("clerk", password=PASSWORD)


def sign_in(client: Client, password: str) -> int:
    return client.post("/accounts/login/", {"login": "clerk", "password": password}).status_code


def test_a_clerk_signs_in_with_name_and_password(client: Client, clerk: User) -> None:
    assert sign_in(client, "wrong") == 200
    assert "_auth_user_id" not in client.session
    assert sign_in(client, PASSWORD) == 302
    assert client.session["_auth_user_id"] == str(clerk.pk)


def test_after_five_wrong_passwords_the_right_one_has_to_wait(client: Client, clerk: User) -> None:
    for _ in range(5):
        sign_in(client, "wrong")
    assert sign_in(client, PASSWORD) != 302
    assert "_auth_user_id" not in client.session


@pytest.mark.django_db
def test_nobody_signs_up(client: Client) -> None:
    answer = client.post("/accounts/closed/signup/", {"username": "x", "password1": PASSWORD})
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/accounts/login/"
    assert not User.objects.exists()


@pytest.mark.django_db
def test_pages_allow_no_script_but_ours_and_no_frame(client: Client) -> None:
    headers = client.get("/accounts/login/").headers
    policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
    assert policy["script-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"


def test_a_live_site_answers_from_its_own_database(live_site: str) -> None:
    with urllib.request.urlopen(f"{live_site}/accounts/login/") as page:
        assert page.status == 200


def test_one_press_signs_out_and_a_link_from_elsewhere_does_not(
    city_db: str, cast: Cast, set_now: SetNow
) -> None:
    set_now(NOW)
    for role, home in (("approver", "/desk/"), ("supervisor", "/board/")):
        client = cast.client(role)
        page = client.get(home).content.decode()
        assert '<form method="post" action="/accounts/logout/">' in page
        assert 'href="/accounts/logout/"' not in page
        client.get("/accounts/logout/")
        assert client.get(home).status_code == 200
        assert client.post("/accounts/logout/").status_code == 302
        assert client.get(home).status_code == 302


def test_whoever_writes_after_signing_out_is_told_to_sign_in_and_sees_it_by_the_name_of_its_field(
    city_db: str, cast: Cast, set_now: SetNow
) -> None:
    set_now(NOW)
    number = cast.examined("device", at=NOW)
    label = kinds.labels_of("refuse")["reason"]
    answer = Client().post(
        f"/desk/cases/{number}/refuse/", {"reason": "场地不符合要求", "other": "另写的一句"}
    )
    page = answer.content.decode()
    assert answer.status_code == 403
    assert page.partition("<title>")[2].startswith("请先登录")
    assert "没有此项权限" not in page
    assert f">{label}</label>" in page.replace("\n", "")
    assert "场地不符合要求" in page
    assert "您写的" in page
    assert casework.read(number).state == "deciding"
