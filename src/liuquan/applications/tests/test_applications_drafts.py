"""Nothing is lost while applying: files that passed their check stay, and a draft is opened by its code."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from procrastinate.contrib.django import app

from liuquan.applications.tests.test_applications_portal import cases
from liuquan.applications.tests.visiting import FOOD, NOW, PDF, pdf, send, shown, typed, words
from liuquan.applications.views import allowances
from liuquan.casework import queries as casework
from liuquan.catalogue import actions as catalogue
from liuquan.catalogue.queries import versions
from liuquan.kernel import moments, sql, uploads
from liuquan.kernel.home import current_home
from liuquan.organisation.types import SYSTEM
from liuquan.testing.browsers import SetNow
from liuquan.testing.cast import ITEMS, LI_YUNXI, Cast

BAD = b"MZ this is a program"


def go(visitor: Client, step: str, **given: Any) -> Any:
    return shown(visitor, visitor.post(reverse("apply", args=[FOOD]), typed(go=step, **given)))


def code_in(page: str) -> str:
    found = re.search(r'name="draft" value="([0-9A-Z]{12})"', page)
    assert found, page[:2000]
    return found[1]


def kept(page: str) -> list[str]:
    return re.findall(r"已存好，不用再选：([^<]+)<", page)


def files_of(answer: Any) -> dict[str, int]:
    assert answer.status_code == 302, answer.content.decode()[:3000]
    number = str(answer["Location"].split("/")[2])
    return {m.key: len(m.files) for m in casework.materials(casework.read(number)) if m.files}


def live_files() -> int:
    return len(sql.run("SELECT 1 FROM kernel_storedfile WHERE erased_at IS NULL"))


def resume(visitor: Client, code: str) -> Any:
    return shown(visitor, visitor.post(reverse("draft_resume"), {"code": code}))


@pytest.fixture
def keys(cast: Cast) -> list[str]:
    return cast.materials("food")


def test_a_good_file_stays_when_another_is_refused_and_is_handed_in_without_choosing_again(
    visitor: Client, keys: list[str]
) -> None:
    given = {f"file_{keys[0]}": pdf("好.pdf"), f"file_{keys[1]}": pdf("坏.pdf", BAD)}
    page = words(go(visitor, "send", **given), 422)
    assert kept(page) == ["好.pdf"]
    assert cases() == 0
    again = go(visitor, "send", draft=code_in(page), **{f"file_{keys[1]}": pdf("新.pdf")})
    assert files_of(again) == {keys[0]: 1, keys[1]: 1}
    assert live_files() == 2  # those of the case: the draft's own are destroyed


@pytest.mark.parametrize(
    ("wrong", "status"), [({"name": ""}, 422), ({"phone": "1"}, 422), ({"agent_name": "王"}, 422)]
)
def test_kept_files_survive_an_error_of_any_field(
    visitor: Client, keys: list[str], wrong: dict[str, str], status: int
) -> None:
    code = code_in(words(go(visitor, "upload", **{f"file_{keys[0]}": pdf()}), 200))
    assert code_in(words(go(visitor, "send", draft=code, **wrong), status)) == code
    assert files_of(go(visitor, "send", draft=code)) == {keys[0]: 1}


def test_kept_files_survive_a_name_that_is_refused_at_the_end(
    visitor: Client, keys: list[str], cast: Cast
) -> None:
    assert cast.applicant.party_number
    page = words(go(visitor, "send", name="李云西", **{f"file_{keys[0]}": pdf()}), 422)
    assert files_of(go(visitor, "send", draft=code_in(page))) == {keys[0]: 1}


def test_a_kept_file_counts_as_there_when_it_is_asked_what_is_lacking(
    visitor: Client, keys: list[str]
) -> None:
    key, *others = keys
    page = words(go(visitor, "send", incomplete="", **{f"file_{key}": pdf("好.pdf")}), 200)
    assert f"<h1>还缺 {len(others)} 份，确定先交？</h1>" in page
    assert kept(page) == ["好.pdf"]
    assert cases() == 0
    code = code_in(page)
    assert f"还缺 {len(others)} 份" in words(go(visitor, "send", incomplete="", draft=code), 200)
    assert files_of(go(visitor, "send", incomplete=str(len(others)), draft=code)) == {key: 1}


def test_whoever_has_to_wait_keeps_what_was_typed_and_the_files(
    visitor: Client, keys: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    code = code_in(words(go(visitor, "next"), 200))
    few = allowances.Allowance("submit_address_none", 0, 3600, "请过一会儿再提交。")
    monkeypatch.setattr(allowances, "SUBMISSIONS_FROM_ADDRESS", few)
    sent = go(visitor, "send", draft=code, **{f"file_{keys[0]}": pdf()})
    assert kept(words(sent, 429)) == ["材料.pdf"]
    for answer in (sent, go(visitor, "next", draft=code)):
        page = words(answer, 429)
        assert "请过一会儿再提交。" in page
        assert "开一家面馆" in page
        assert code_in(page) == code
        assert answer["Retry-After"] == "3600"
    assert cases() == 0


def test_files_survive_a_page_that_has_expired(city_db: str, set_now: SetNow, keys: list[str]) -> None:
    set_now(NOW)
    strict = Client(enforce_csrf_checks=True)
    page = words(go(strict, "send", **{f"file_{keys[0]}": pdf()}), 403)
    token = re.search('name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token is not None
    assert kept(page) == ["材料.pdf"]
    again = go(strict, "send", draft=code_in(page), csrfmiddlewaretoken=token[1])
    assert files_of(again) == {keys[0]: 1}


def test_a_name_registered_otherwise_is_told_before_files_are_asked_for_and_costs_a_try(
    visitor: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cast.applicant.party_number
    few = allowances.Allowance("submit_address_next", 2, 3600, "请过一会儿再提交。")
    monkeypatch.setattr(allowances, "SUBMISSIONS_FROM_ADDRESS", few)
    for _ in range(4):
        assert 'type="file"' in words(go(visitor, "next"), 200)  # a right name costs nothing
    for _ in range(2):
        page = words(go(visitor, "next", name="李云西"), 422)
        assert "登记的是另一个姓名（名称）" in page
        assert 'type="file"' not in page
    words(go(visitor, "next", name="李云西"), 429)
    assert cases() == 0


def test_an_agent_is_checked_before_files_are_asked_for(visitor: Client, cast: Cast) -> None:
    assert cast.applicant.party_number
    own = {"agent_name": LI_YUNXI.name, "agent_id_number": LI_YUNXI.id_number}
    assert "同一个人" in words(go(visitor, "next", **own), 422)
    other = {"as_kind": "organisation", "name": "云溪演示餐饮有限公司", "id_number": "91990100MA990001X7"}
    wrong = {**other, "agent_name": "李云西", "agent_id_number": LI_YUNXI.id_number}
    assert "登记的是另一个姓名（名称）" in words(go(visitor, "next", **wrong), 422)


def test_nobody_is_registered_before_the_application_is_sent(visitor: Client) -> None:
    words(go(visitor, "next", id_number="990101197505206518", name="欧阳锋"), 200)
    assert sql.run("SELECT 1 FROM party WHERE name_masked LIKE '欧%%'") == []


def test_changing_between_person_and_organisation_keeps_what_was_typed(visitor: Client) -> None:
    answer = go(visitor, "", switch_to="organisation")
    page = words(answer, 200)
    assert "✓ 单位办理" in page
    for value in (LI_YUNXI.name, LI_YUNXI.id_number, LI_YUNXI.phone, "开一家面馆"):
        assert value in page
    assert 'name="as_kind" value="organisation"' in page
    back = words(go(visitor, "", as_kind="organisation", switch_to="person"), 200)
    assert "✓ 个人办理" in back
    assert LI_YUNXI.id_number in back


def test_a_draft_is_left_with_its_code_and_its_last_moment_and_gone_on_with(
    visitor: Client, keys: list[str]
) -> None:
    page = words(go(visitor, "keep", **{f"file_{keys[0]}": pdf("身份证.pdf")}), 200)
    shown = re.search(r'data-draft="code">([0-9A-Z-]{14})<', page)
    assert shown
    assert "2026年3月11日 10:00" in page
    assert "身份证.pdf" in page
    elsewhere = Client()
    opened = words(resume(elsewhere, shown[1].lower()), 200)
    assert kept(opened) == ["身份证.pdf"]
    assert LI_YUNXI.name in opened
    assert cases() == 0
    assert files_of(go(elsewhere, "send", draft=code_in(opened))) == {keys[0]: 1}
    assert cases() == 1


def test_a_draft_that_was_handed_in_one_that_is_over_and_one_that_never_was_answer_alike(
    visitor: Client, set_now: SetNow
) -> None:
    handed = code_in(words(go(visitor, "next"), 200))
    assert go(visitor, "send", draft=handed).status_code == 302
    over = code_in(words(go(visitor, "next"), 200))
    set_now(NOW + timedelta(days=7))
    never = "2" * 12
    pages = [words(resume(Client(), code), 404) for code in (handed, over, never)]
    for code, page in zip((handed, over, never), pages, strict=True):
        assert "没有可以接着办的草稿" in page
        assert re.sub(f"{code}|name=.csrf[^>]+", "", page) == re.sub(f"{never}|name=.csrf[^>]+", "", pages[2])


def test_codes_cannot_be_guessed_for_ever_by_either_page(
    visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = allowances.Allowance("draft_code_few", 3, 900, "草稿码出错的次数太多。")
    monkeypatch.setattr(allowances, "DRAFT_CODES", few)
    right = code_in(words(go(visitor, "next"), 200))
    for _ in range(5):
        words(resume(visitor, right), 200)  # a right code costs nothing
    words(resume(visitor, "2" * 12), 404)
    for _ in range(2):
        assert code_in(words(go(visitor, "next", draft="3" * 12), 200)) != "3" * 12
    assert "出错的次数太多" in words(resume(visitor, right), 429)
    assert "出错的次数太多" in words(go(visitor, "next", draft=right), 429)
    assert resume(Client(REMOTE_ADDR="198.51.100.7"), right).status_code == 200


@pytest.mark.parametrize(
    ("code", "said"), [("", "没有填写草稿码"), ("ABC", "应为12位"), ("0" * 12, "第1位有误")]
)
def test_a_code_that_cannot_be_one_is_told_what_is_wrong(visitor: Client, code: str, said: str) -> None:
    assert said in words(resume(visitor, code), 422)


def test_drafts_from_one_address_are_limited(visitor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(allowances, "DRAFTS", allowances.Allowance("draft_few", 1, 3600, "请过一会儿再试。"))
    code = code_in(words(go(visitor, "next"), 200))
    words(go(visitor, "upload", draft=code), 200)
    words(go(visitor, "next", matter="开另一家"), 429)
    assert len(sql.run("SELECT 1 FROM kernel_draft")) == 1


def test_a_code_opens_nothing_of_another_item(visitor: Client, keys: list[str]) -> None:
    code = code_in(words(go(visitor, "upload", **{f"file_{keys[0]}": pdf()}), 200))
    assert files_of(send(visitor, item=ITEMS["hoarding"], draft=code)) == {}
    assert kept(words(resume(visitor, code), 200)) == ["材料.pdf"]


def test_an_item_that_changed_since_is_told_before_it_is_sent_and_what_fits_is_kept(
    visitor: Client, keys: list[str]
) -> None:
    files = {f"file_{key}": pdf(f"{key}.pdf", PDF + key.encode()) for key in keys[:2]}
    code = code_in(words(go(visitor, "upload", **files), 200))
    now_without(keys[1])
    page = words(go(visitor, "send", draft=code), 409)
    assert "这个事项改过，还没有提交" in page
    assert kept(page) == [f"{keys[0]}.pdf"]
    assert f"<li>{keys[1]}.pdf</li>" in page
    assert cases() == 0
    assert files_of(go(visitor, "send", draft=code)) == {keys[0]: 1}


def test_a_draft_opened_after_the_item_changed_says_so(visitor: Client, keys: list[str]) -> None:
    code = code_in(words(go(visitor, "upload", **{f"file_{keys[1]}": pdf()}), 200))
    now_without(keys[1])
    assert "这个事项改过，还没有提交" in words(resume(visitor, code), 200)
    assert "这个事项改过" not in words(resume(visitor, code), 200)


def test_a_draft_of_an_item_that_was_cancelled_says_so_and_is_still_there(visitor: Client) -> None:
    code = code_in(words(go(visitor, "next"), 200))
    catalogue.cancel(FOOD, from_on=moments.today(NOW), reason="上位法废止", by=SYSTEM, now=NOW)
    page = words(resume(visitor, code), 409)
    assert "您的草稿还在（保存到3月11日 10:00）" in page
    assert go(visitor, "send", draft=code).status_code in (404, 409)
    assert cases() == 0
    assert len(sql.run("SELECT 1 FROM kernel_draft")) == 1


def test_two_tabs_on_one_draft_lose_no_file(visitor: Client, keys: list[str]) -> None:
    code = code_in(words(go(visitor, "next"), 200))
    words(go(visitor, "upload", draft=code, **{f"file_{keys[0]}": pdf("甲.pdf")}), 200)
    page = words(go(visitor, "upload", draft=code, **{f"file_{keys[0]}": pdf("乙.pdf", PDF + b"2")}), 200)
    assert kept(page) == ["甲.pdf", "乙.pdf"]
    assert files_of(go(visitor, "send", draft=code)) == {keys[0]: 2}


def test_the_tab_that_sends_second_gets_the_same_case_and_is_told_of_its_files(
    visitor: Client, keys: list[str]
) -> None:
    shared = {"submission_key": "7c5be4a3-1111-4222-8333-123456789abc"}
    code = code_in(words(go(visitor, "next", **shared), 200))
    first = go(visitor, "send", draft=code, **shared)
    late = {f"file_{keys[0]}": pdf()}
    second = visitor.post(
        reverse("apply", args=[FOOD]), typed(go="send", draft=code, **shared, **late), follow=True
    )
    page = words(second, 200)
    assert "第一次提交以后才选的文件没有交进去" in page
    assert first["Location"].split("/")[2] in page
    assert cases() == 1
    assert len(sql.run("SELECT 1 FROM kernel_draft")) == 0


def test_the_same_file_twice_is_handed_in_once(visitor: Client, keys: list[str]) -> None:
    page = words(go(visitor, "upload", **{f"file_{keys[0]}": [pdf("一.pdf"), pdf("二.pdf")]}), 200)
    assert kept(page) == ["一.pdf"]
    again = go(visitor, "send", draft=code_in(page), **{f"file_{keys[0]}": pdf("三.pdf")})
    assert files_of(again) == {keys[0]: 1}


def test_a_file_changed_in_the_store_is_asked_for_again_and_nothing_is_sent(
    visitor: Client, keys: list[str]
) -> None:
    before = set(stored())
    code = code_in(words(go(visitor, "upload", **{f"file_{keys[0]}": pdf("坏.pdf")}), 200))
    (path,) = set(stored()) - before
    words(go(visitor, "upload", draft=code, **{f"file_{keys[1]}": pdf("好.pdf", PDF + b"2")}), 200)
    path.write_bytes(path.read_bytes()[:-1] + b"\0")
    page = words(go(visitor, "send", draft=code), 422)
    assert "存好的文件“坏.pdf”已经损坏，请重新选一次" in page
    assert kept(page) == ["好.pdf"]
    assert cases() == 0
    again = go(visitor, "send", draft=code, **{f"file_{keys[0]}": pdf("新.pdf")})
    assert files_of(again) == {keys[0]: 1, keys[1]: 1}


def test_a_huge_file_is_told_and_the_others_stay(visitor: Client, keys: list[str]) -> None:
    huge = pdf("大.pdf", b"%PDF-1.4" + b"0" * uploads.LIMIT_BYTES)
    page = words(go(visitor, "upload", **{f"file_{keys[0]}": [pdf("好.pdf"), huge]}), 422)
    assert "大.pdf”超过 20 MB" in page
    assert kept(page) == ["好.pdf"]


def test_a_file_can_be_taken_out_and_is_destroyed(visitor: Client, keys: list[str]) -> None:
    page = words(go(visitor, "upload", **{f"file_{keys[0]}": pdf()}), 200)
    line = re.search(r'name="drop" value="(\d+)"', page)
    assert line
    assert kept(words(go(visitor, "upload", draft=code_in(page), drop=line[1]), 200)) == []
    assert live_files() == 0


def test_an_unfinished_draft_is_destroyed_by_the_job_with_its_keys(
    visitor: Client, keys: list[str], set_now: SetNow
) -> None:
    words(go(visitor, "upload", **{f"file_{keys[0]}": pdf()}), 200)
    set_now(NOW + timedelta(days=7) - timedelta(seconds=1))
    app.tasks["casework.erase_drafts"](timestamp=0)
    assert live_files() == 1
    set_now(NOW + timedelta(days=7))
    app.tasks["casework.erase_drafts"](timestamp=0)
    assert live_files() == 0
    assert sql.run("SELECT 1 FROM kernel_draft") == []
    assert sql.run("SELECT 1 FROM kernel_storedfile WHERE wrapped_key IS NOT NULL") == []


def stored() -> list[Path]:
    return [path for path in current_home().files.rglob("*") if path.is_file()]


def now_without(key: str) -> None:
    """The item in a version of today that does not ask for this material any more."""
    draft = versions.draft_of(versions.versions_of(FOOD)[-1])
    left = tuple(one for one in draft.materials if one.key != key)
    catalogue.save_draft(replace(draft, materials=left), by=SYSTEM, now=NOW)
    catalogue.publish(FOOD, effective_on=moments.today(NOW), by=SYSTEM, now=NOW)
