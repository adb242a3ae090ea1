"""Intake on one screen: who, what, which materials, and one of six ways to end, each with its paper."""

from __future__ import annotations

import re
import threading
import uuid
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import Client
from django.urls import reverse

from liuquan.applications.forms.intake import DECISIONS
from liuquan.casework import queries as casework
from liuquan.casework.types import Outcome
from liuquan.catalogue import queries as catalogue
from liuquan.identifiers import uscc_check
from liuquan.journal import queries as journal
from liuquan.kernel import sql
from liuquan.kernel.refusals import SomebodyWasFirst, Unavailable
from liuquan.parties import queries as parties
from liuquan.testing.browsers import SetNow
from liuquan.testing.cast import ITEMS, LI_YUNXI, WANG_XIPAN, Cast
from liuquan.testing.sources import squeezed

MONDAY = datetime(2026, 3, 2, 2, tzinfo=UTC)
NEWCOMER = {"id_number": LI_YUNXI.id_number, "name": LI_YUNXI.name, "phone": LI_YUNXI.phone}
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
COMPANY = "91990100MA990001" + "0"


@pytest.fixture
def clerk(city_db: str, cast: Cast, set_now: SetNow) -> Client:
    set_now(MONDAY)
    return cast.client("clerk")


def given(cast: Cast, *, of: str = "device", **more: Any) -> dict[str, Any]:
    """A filled-in screen: everything required is there unless said otherwise."""
    return {
        "submission_key": str(uuid.uuid4()),
        **NEWCOMER,
        "item": ITEMS[of],
        "materials": cast.materials(of),
        **more,
    }


def press(client: Client, values: dict[str, Any], decision: str) -> Any:
    return client.post("/desk/intake/", {**values, "decide": decision})


def done(answer: Any) -> str:
    """The number of the case that the screen made."""
    assert answer.status_code == 302, answer.content.decode()
    found = re.fullmatch(r"/desk/intake/([A-Z0-9]+)/", answer.headers["Location"])
    assert found
    return found[1]


def how_many_cases() -> int:
    row = sql.run_one("SELECT count(*) AS n FROM casework_case")
    assert row is not None
    return int(row["n"])


ENDINGS = {
    "accept": ({}, "examining", {"receipt", "acceptance"}),
    "accept_corrected": ({"corrections": "更正了设备编号"}, "examining", {"receipt", "acceptance"}),
    "notify_supplement": (
        {"materials": [], "requirements.form": "没有盖章", "requirements.certificate": "不是原件"},
        "supplementing",
        {"receipt", "supplement"},
    ),
    "refuse_not_needed": ({"reason": "家用设备依法不需登记"}, "not_accepted", {"receipt", "not_accepted"}),
    "refuse_not_ours": (
        {"reason": "属于卫生健康部门", "refer_to": "云溪市卫生健康委员会"},
        "not_accepted",
        {"receipt", "not_accepted"},
    ),
    "receive": ({}, "received", {"receipt"}),
}


@pytest.mark.parametrize("decision", DECISIONS)
def test_each_of_the_six_ends_with_its_state_and_its_papers_at_once(
    clerk: Client, cast: Cast, decision: str
) -> None:
    more, state, papers = ENDINGS[decision]
    number = done(press(clerk, given(cast, **more, confirmed=decision), decision))
    assert casework.read(number).state == state
    assert {n.kind for n in casework.notices(number)} == papers
    page = clerk.get(reverse("desk-intake-done", args=[number])).content.decode()
    assert number in page
    assert page.count("打印《") == len(papers)
    assert (f"一次打印全部{len(papers)}份" in page) == (len(papers) > 1)
    assert "下一位" in page


def test_a_registered_person_is_shown_masked_and_need_not_be_typed_again(clerk: Client, cast: Cast) -> None:
    registered = cast.applicant.party_number
    found = clerk.post(
        reverse("desk-intake-person"), {"id_number": LI_YUNXI.id_number.lower()}
    ).content.decode()
    assert "李*溪" in found
    assert LI_YUNXI.name not in found
    assert LI_YUNXI.phone not in found
    number = done(press(clerk, given(cast, name="", phone=""), "accept"))
    assert list(casework.read(number).parties) == [registered]


def test_an_organisation_is_known_by_its_code(clerk: Client, cast: Cast) -> None:
    code = COMPANY + uscc_check(COMPANY)
    values = given(cast, id_number=code, name="云溪市溪畔餐饮有限公司", phone="")
    number = done(press(clerk, values, "accept"))
    found = parties.find_organisation(code)
    assert found is not None
    assert list(casework.read(number).parties) == [found.number]
    assert "已登记" in clerk.post(reverse("desk-intake-person"), {"id_number": code}).content.decode()


def test_somebody_else_may_bring_it_and_stands_in_the_case(clerk: Client, cast: Cast) -> None:
    more = {"agent_id_number": WANG_XIPAN.id_number, "agent_name": WANG_XIPAN.name, "agent_phone": ""}
    number = done(press(clerk, given(cast, **more), "accept"))
    assert sorted(casework.read(number).parties.values()) == ["agent", "applicant"]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"id_number": "990101199003076541"}, "身份证号有一位不对"),
        ({"id_number": ""}, "没有填写身份证号"),
        ({"id_number": "91990100MA99000100"}, "有一位不对"),
        ({"name": ""}, "第一次来办事，请照证件填写姓名"),
        ({"phone": "1990000"}, "手机"),
        ({"item": ""}, "请查找并选择要办的事项"),
        ({"item": "11990100MB9901024C3990131999000"}, "没有"),
        ({"materials": []}, "还缺必要材料"),
        ({"agent_id_number": "990101198808126537", "agent_name": "王溪畔"}, "有一位不对"),
        ({"matter": "长" * 2001}, "最多写2000字"),
    ],
)
def test_a_slip_is_told_beside_its_field_and_nothing_happens(
    clerk: Client, cast: Cast, wrong: dict[str, Any], sentence: str
) -> None:
    answer = press(clerk, given(cast, q="特种设备", corrections="已填的更正", **wrong), "accept")
    html = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in html
    assert "已填的更正" in html
    typed = {
        name: value for name, value in {**NEWCOMER, **wrong}.items() if name not in ("item", "materials")
    }
    assert all(value in html for value in typed.values())
    assert how_many_cases() == 0


@pytest.mark.parametrize(
    ("decision", "more", "sentence"),
    [
        ("accept_corrected", {}, "请写明当场更正了什么"),
        ("refuse_not_needed", {"reason": "不用"}, "请写明理由（至少四个字）"),
        ("refuse_not_ours", {"reason": "属于卫生健康部门"}, "请选择应当受理的机关"),
        ("refuse_not_ours", {"reason": "属于公安机关", "refer_to": "outside"}, "请写明机关的名称"),
        ("notify_supplement", {}, "没有需要补正的"),
    ],
)
def test_each_ending_asks_for_what_it_needs(
    clerk: Client, cast: Cast, decision: str, more: dict[str, str], sentence: str
) -> None:
    answer = press(clerk, given(cast, **more, confirmed=decision), decision)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert how_many_cases() == 0


@pytest.mark.parametrize("decision", ["notify_supplement", "refuse_not_needed", "refuse_not_ours"])
def test_what_is_final_is_asked_once_before(clerk: Client, cast: Cast, decision: str) -> None:
    more, _, _ = ENDINGS[decision]
    first = press(clerk, given(cast, **more), decision)
    html = squeezed(first.content.decode())
    assert first.status_code == 200
    assert f'name="confirmed" value="{decision}"' in html
    assert "再按一次" in html
    assert how_many_cases() == 0
    if decision == "notify_supplement":
        for key in cast.materials("device"):
            assert f'name="items" value="{key}" checked' in html


def test_a_notice_is_asked_for_once_and_the_first_lack_is_written_first(clerk: Client, cast: Cast) -> None:
    keys = cast.materials("device")
    html = squeezed(press(clerk, given(cast, materials=[]), "notify_supplement").content.decode())
    assert "是否勾全，写明每一项缺什么" in html
    first = re.search(r'<input id="id_requirements\.(\w+)"[^>]*autofocus', html)
    assert first
    assert first[1] == keys[0]
    assert html.count("autofocus") == 1
    assert f'data-shown-if-values="[&quot;{keys[0]}&quot;]"' in html
    written = {f"requirements.{key}": "没有收到" for key in keys}
    asked = given(cast, materials=[], items=keys, confirmed="notify_supplement", **written)
    number = done(press(clerk, asked, "notify_supplement"))
    assert casework.read(number).state == "supplementing"


def test_a_notice_without_what_is_wanted_is_refused_at_each_line(clerk: Client, cast: Cast) -> None:
    keys = cast.materials("device")
    asked = given(cast, materials=[], items=keys, confirmed="notify_supplement")
    asked[f"requirements.{keys[0]}"] = "没有盖章"
    answer = press(clerk, asked, "notify_supplement")
    html = squeezed(answer.content.decode())
    assert answer.status_code == 422
    assert html.count("还没有写：") == 2 * (len(keys) - 1)
    wrong = re.findall(r'<input id="id_requirements\.(\w+)"[^>]*aria-invalid="true"', html)
    assert wrong == keys[1:]
    assert re.findall(r'<input id="id_requirements\.(\w+)"[^>]*autofocus', html) == keys[1:2]
    assert html.count("autofocus") == 1
    assert 'value="没有盖章"' in html
    assert how_many_cases() == 0


@pytest.mark.parametrize("prefix", ["", "agent_"])
def test_a_wrong_number_keeps_the_cursor(clerk: Client, cast: Cast, prefix: str) -> None:
    wrong = {f"{prefix}id_number": "990101198808126537"}
    told = clerk.post(reverse("desk-intake-person"), wrong).content.decode()
    assert f'data-back-to="id_{prefix}id_number"' in told
    html = clerk.post("/desk/intake/", given(cast, **wrong, look_up="1")).content.decode()
    field = re.search(rf'<input\s+id="id_{prefix}id_number"[^>]*>', html)
    assert field
    assert "autofocus" in field[0]
    assert html.count("autofocus") == 1


def test_what_another_body_does_is_refused_with_its_name_though_it_is_none_of_the_centre(
    clerk: Client, cast: Cast
) -> None:
    values = given(cast, q="护照", item="", id_number="", reason="属于公安机关出入境管理机构职权")
    for decision in DECISIONS:
        refused = press(clerk, {**values, "reason": "" if decision == "accept" else "不用"}, decision)
        answer = refused.content.decode()
        assert refused.status_code == 422
        assert "出不了书面决定：请告诉当事人找云溪市公安局出入境管理支队" in answer
        assert "请写明理由" not in answer
        assert "没有填写身份证号" not in answer
        assert how_many_cases() == 0
    named = {"refer_to": "outside", "outside_body": "云溪市公安局出入境管理支队"}
    asked = given(cast, reason=values["reason"], confirmed="refuse_not_ours", **named)
    number = done(press(clerk, asked, "refuse_not_ours"))
    assert casework.read(number).outcome == "not_ours"
    page = clerk.get(f"/desk/cases/{number}/").content.decode()
    assert "应当受理的机关：</span>云溪市公安局出入境管理支队" in page
    entry = next(e for e in journal.entries_of(number) if e.event == "application.not_ours")
    assert entry.public["refer_to"] == "决定书写明的机关"


def test_a_material_that_is_there_but_wrong_can_be_named_in_the_notice(clerk: Client, cast: Cast) -> None:
    keys = cast.materials("device")
    values = given(
        cast, materials=keys[1:], items=keys, remarks="登记表没有盖章", confirmed="notify_supplement"
    )
    values[f"requirements.{keys[0]}"] = "须盖章"
    page = press(clerk, values, "notify_supplement").content.decode()
    assert "写明每一项缺什么、怎么改" in page
    assert 'value="须盖章"' in page
    assert how_many_cases() == 0
    values |= {f"requirements.{key}": "须盖章" for key in keys}
    number = done(press(clerk, values, "notify_supplement"))
    notified = next(e for e in journal.entries_of(number) if e.event == "application.supplement_notified")
    assert sorted(notified.public["items"]) == sorted(keys)


def test_pressing_twice_makes_one_case(clerk: Client, cast: Cast) -> None:
    values = given(cast)
    first, second = (done(press(clerk, values, "accept")) for _ in range(2))
    assert first == second
    assert how_many_cases() == 1
    page = clerk.get(reverse("desk-intake-done", args=[first])).content.decode()
    assert "没有重复收件" in page
    assert [e.event for e in journal.entries_of(first)].count("application.accepted") == 1


def test_two_presses_at_the_same_moment_make_one_accepted_case(
    city: str, cast: Cast, set_now: SetNow
) -> None:
    set_now(MONDAY)
    values, clients, answers = given(cast), [cast.client("clerk"), cast.client("clerk")], list[int]()
    ready = threading.Barrier(2)

    def one(client: Client) -> None:
        ready.wait()
        answers.append(press(client, values, "accept").status_code)
        connections.close_all()

    threads = [threading.Thread(target=one, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [302, 302]
    assert how_many_cases() == 1
    row = sql.run_one("SELECT number, state FROM casework_case")
    assert row is not None
    assert row["state"] == "examining"
    assert [e.event for e in journal.entries_of(row["number"])].count("application.accepted") == 1


def test_the_helper_of_a_village_receives_and_may_not_accept(
    city_db: str, cast: Cast, set_now: SetNow
) -> None:
    set_now(MONDAY)
    helper = cast.client("helper")
    screen = helper.get("/desk/intake/").content.decode()
    assert 'value="receive"' in screen
    assert 'value="accept"' not in screen
    refused = press(helper, given(cast), "accept")
    assert refused.status_code == 422
    assert "可以只收件" in refused.content.decode()
    assert how_many_cases() == 0
    assert casework.read(done(press(helper, given(cast), "receive"))).state == "received"


def test_enter_looks_up_and_ticks_nothing_by_itself(clerk: Client, cast: Cast) -> None:
    looked_up = clerk.post(
        "/desk/intake/", {"id_number": LI_YUNXI.id_number, "q": "特种设备", "look_up": "1"}
    )
    html = squeezed(looked_up.content.decode())
    assert f'value="{ITEMS["device"]}" checked' in html
    assert "号码正确，第一次来办事" in html
    assert 'name="materials"' in html
    assert not re.search(r'name="materials" value="\w+" checked', html)
    assert how_many_cases() == 0


def test_items_are_found_while_typing_and_all_that_is_required_is_ticked_by_one_key(
    clerk: Client, cast: Cast
) -> None:
    found = clerk.post(reverse("desk-intake-item"), {"q": "开餐馆", "tick": "all"})
    html = squeezed(found.content.decode())
    assert f'value="{ITEMS["food"]}" checked' in html
    terms = catalogue.terms(ITEMS["food"], on=date(2026, 3, 2))
    ticked = set(re.findall(r'name="materials" value="(\w+)" checked', html))
    assert ticked == set(cast.materials("food"))
    assert len(terms.materials) > len(ticked)
    assert "没有找到" in clerk.post(reverse("desk-intake-item"), {"q": "龘龘龘龘"}).content.decode()


def test_at_the_window_too_search_says_who_does_it_and_chooses_no_name_that_is_only_near(
    clerk: Client,
) -> None:
    def looked_up(asked: str) -> str:
        return squeezed(clerk.post(reverse("desk-intake-item"), {"q": asked}).content.decode())

    html = looked_up("身份证丢了")
    assert "不在本中心办理：居民身份证" in html
    assert "公安派出所" in html
    assert "没有找到" not in html
    html = looked_up("茶访产")
    assert 'type="radio"' in html
    assert "checked" not in html
    assert 'name="materials"' not in html


def test_a_name_other_than_the_registered_one_is_refused_without_telling_the_registered_one(
    clerk: Client, cast: Cast
) -> None:
    assert cast.applicant.party_number
    answer = press(clerk, given(cast, name="张三丰"), "accept")
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "登记的是另一个姓名" in html
    assert LI_YUNXI.name not in html
    assert how_many_cases() == 0


def test_a_bad_scan_is_refused_before_anything_is_kept(clerk: Client, cast: Cast) -> None:
    key = cast.materials("device")[0]
    scan = SimpleUploadedFile("登记表.pdf", b"<html><script>alert(1)</script></html>")
    answer = press(clerk, given(cast, **{f"file_{key}": scan}), "accept")
    assert answer.status_code == 422
    assert "登记表.pdf" in answer.content.decode()
    assert how_many_cases() == 0


@pytest.mark.parametrize(
    ("wrong", "step"),
    [({"name": ""}, "accept"), ({"look_up": "1"}, ""), ({"corrections": ""}, "accept_corrected")],
    ids=["a field is wrong", "Enter looks up", "the ending lacks its words"],
)
def test_a_scan_that_passed_its_check_stays_whatever_else_is_wrong(
    clerk: Client, cast: Cast, wrong: dict[str, Any], step: str
) -> None:
    key, other = cast.materials("device")[:2]
    good, bad = SimpleUploadedFile("登记表.pdf", PDF), SimpleUploadedFile("坏.pdf", b"MZ")
    first = press(clerk, given(cast, **wrong, **{f"file_{key}": good, f"file_{other}": bad}), step)
    html = first.content.decode()
    assert "已存好，不用再选：登记表.pdf" in html
    assert "坏.pdf”的内容是程序" in html
    draft = re.search(r'name="draft" value="([0-9A-Z]{12})"', html)
    assert draft
    assert how_many_cases() == 0
    shown = clerk.post(reverse("desk-intake-item"), {"item": ITEMS["device"], "draft": draft[1]})
    assert "已存好，不用再选：登记表.pdf" in shown.content.decode()
    theirs = cast.client("helper")
    stolen = theirs.post(reverse("desk-intake-item"), {"item": ITEMS["device"], "draft": draft[1]})
    assert "登记表.pdf" not in stolen.content.decode()
    number = done(press(clerk, given(cast, materials=cast.materials("device")[1:], draft=draft[1]), "accept"))
    found = {m.key: len(m.files) for m in casework.materials(casework.read(number))}
    assert found[key] == 1
    assert sql.run("SELECT 1 FROM kernel_draft") == []


def test_a_rare_character_stops_nobody(clerk: Client, cast: Cast) -> None:
    number = done(press(clerk, given(cast, name="李\U000323af"), "accept"))
    assert {n.kind for n in casework.notices(number)} == {"receipt", "acceptance"}


def test_an_act_stands_though_its_paper_does_not_come_out(
    clerk: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def jammed(*args: object, **kwargs: object) -> list[str]:
        raise Unavailable("打印服务暂时不可用，请稍后重试。")

    monkeypatch.setattr("liuquan.papers.actions.issuing.issue_papers", jammed)
    number = done(press(clerk, given(cast), "accept"))
    assert casework.read(number).state == "examining"
    page = clerk.get(reverse("desk-intake-done", args=[number])).content.decode()
    assert "有文书暂时没有出成：打印服务暂时不可用" in page
    assert "文书正在生成" in page


def test_when_the_second_act_is_refused_the_case_stays_received_and_says_what_to_do(
    clerk: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def late(*args: object, **kwargs: object) -> Outcome:
        raise SomebodyWasFirst("另一位工作人员刚刚办理了本件。")

    monkeypatch.setattr("liuquan.casework.actions.perform", late)
    number = done(press(clerk, given(cast), "accept"))
    assert casework.read(number).state == "received"
    page = clerk.get(reverse("desk-intake-done", args=[number])).content.decode()
    assert "已经收件，但“受理”没有办成：另一位工作人员刚刚办理了本件。请打开办件继续办理" in page
    assert "还没有受理" in page


def test_nul_on_the_screen_is_refused(clerk: Client, cast: Cast) -> None:
    assert press(clerk, given(cast, name="李\x00云溪"), "accept").status_code == 400
    assert how_many_cases() == 0
