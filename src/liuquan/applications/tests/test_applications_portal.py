"""Applying on the public pages: what is accepted, what is refused, and that the refusal says why."""

from __future__ import annotations

import io
import re
import uuid
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from liuquan.applications.tests.visiting import FOOD, NOW, PDF, applied, pdf, send, shown, typed, words
from liuquan.applications.views import allowances
from liuquan.casework import actions as casework_actions
from liuquan.casework import queries as casework
from liuquan.casework.types import Upload
from liuquan.catalogue import queries as catalogue
from liuquan.kernel import moments, uploads
from liuquan.kernel.sql import run_one
from liuquan.papers import actions as papers_actions
from liuquan.testing.browsers import SetNow
from liuquan.testing.cast import ITEMS, LI_YUNXI, WANG_XIPAN, Cast


def cases() -> int:
    row = run_one("SELECT count(*) AS n FROM casework_case")
    assert row is not None
    return int(row["n"])


@pytest.mark.requirement("CASE-03")
def test_applying_gives_number_query_code_promised_date_and_a_slip_to_keep(visitor: Client) -> None:
    number = applied(visitor, file_form=pdf())
    page = words(visitor.get(reverse("track_submitted", args=[number])), 200)
    code = casework.query_code(number)
    assert number in page
    assert f"{code[:5]}-{code[5:]}" in page
    assert "2026年3月11日" in page
    assert casework.read(number).terms.limits["promised"].text in page
    [paper] = casework.notices(number)
    assert paper.kind == "receipt"
    slip = visitor.get(reverse("track_paper", args=[number, paper.short_code]))
    assert slip["Content-Type"] == "application/pdf"
    assert slip.content.startswith(b"%PDF-")
    assert LI_YUNXI.name not in page


@pytest.mark.parametrize("gateway", ["", "liuquan.messages.actions.outbox.OutboxGateway"])
def test_who_has_applied_is_offered_messages_where_somebody_carries_them(
    visitor: Client, settings: Any, gateway: str
) -> None:
    number = applied(visitor)
    settings.LIUQUAN_GATEWAYS = {"sms": gateway, "email": ""}
    page = visitor.get(reverse("track_submitted", args=[number])).content.decode()
    assert (reverse("track_messages", args=[number]) in page) is bool(gateway)


def test_an_application_without_materials_is_received_and_told_about_later(visitor: Client) -> None:
    number = applied(visitor)
    assert casework.read(number).state == "received"
    assert not any(m.received for m in casework.materials(casework.read(number)))


def test_an_incomplete_application_is_asked_about_by_name_before_it_goes_in(
    visitor: Client, cast: Cast
) -> None:
    required = [
        m for m in catalogue.terms(FOOD, on=moments.today(NOW)).materials if m.necessity == "required"
    ]
    first, *others = required
    name = f"file_{first.key}"
    asked = words(send(visitor, incomplete="", **{name: pdf()}), 200)
    assert f"<h1>还缺 {len(others)} 份，确定先交？</h1>" in asked
    for one in others:
        assert one.name in asked.partition("还没有提交")[2].partition("</div>")[0]
    assert "开一家面馆" in asked
    assert cases() == 0
    fewer = words(send(visitor, incomplete=str(len(others))), 200)  # the file is gone: that was not agreed to
    assert f"还缺 {len(required)} 份" in fewer
    for nonsense in ("x", "-1", "9" * 50, "²"):
        words(send(visitor, incomplete=nonsense, **{name: pdf()}), 200)
    assert cases() == 0
    number = applied(visitor, incomplete=str(len(others)), **{name: pdf()})
    for address in ("track_submitted", "track_case"):
        page = words(visitor.get(reverse(address, args=[number])), 200)
        assert "<dt>已收 1 份</dt>" in page
        missing = page.partition("<dt>还缺")[2].partition("</dl>")[0]
        assert first.name not in missing
        assert all(one.name in missing for one in others)
    whole = {f"file_{one.key}": pdf() for one in required}
    assert send(visitor, incomplete="", id_number=LI_YUNXI.id_number, **whole).status_code == 302


def test_pressing_twice_makes_one_case(visitor: Client) -> None:
    key = str(uuid.uuid4())
    first = applied(visitor, submission_key=key)
    second = send(visitor, submission_key=key)
    assert second["Location"] == reverse("track_submitted", args=[first])
    assert cases() == 1


def test_pressing_again_later_says_that_it_was_received_already(visitor: Client, set_now: SetNow) -> None:
    key = str(uuid.uuid4())
    first = applied(visitor, submission_key=key)
    set_now(NOW + timedelta(minutes=2))
    again = visitor.post(reverse("apply", args=[FOOD]), typed(go="send", submission_key=key), follow=True)
    assert "已经提交过，没有重复提交" in words(again, 200)
    assert first in words(again, 200)
    assert cases() == 1


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"id_number": "990101199003076549"}, "身份证号有一位不对，请从头到尾逐位核对"),
        ({"id_number": "99010119900307654O"}, "位"),
        ({"id_number": ""}, "没有填写身份证号"),
        ({"phone": "12345"}, "手机号码"),
        ({"name": ""}, "没有填写姓名"),
        ({"as_kind": "organisation", "id_number": "11990100MB9901024D"}, "统一社会信用代码有一位不对"),
        ({"agent_name": "王溪畔"}, "由别人代办的，请填写代办人身份证号"),
        ({"matter": "长" * 501}, "请压缩到500字以内"),
    ],
)
def test_a_slip_in_the_form_is_named_and_the_rest_stays(
    visitor: Client, given: dict[str, str], sentence: str
) -> None:
    page = words(shown(visitor, visitor.post(reverse("apply", args=[FOOD]), typed(go="next", **given))), 422)
    assert sentence in page
    assert 'aria-invalid="true"' in page
    if "matter" not in given:
        assert "开一家面馆" in page
    assert words(send(visitor, **given), 422)
    assert cases() == 0


def test_a_name_registered_otherwise_is_told_and_what_was_typed_stays(visitor: Client, cast: Cast) -> None:
    assert cast.applicant.party_number
    page = words(send(visitor, name="李云西"), 422)
    assert "登记的是另一个姓名（名称）" in page
    assert 'value="李云西"' in page
    assert cases() == 0


@pytest.mark.parametrize("name", ["䶮㐱", "买买提·吐尔逊", "欧阳𬭚", "𰻞𰻞"])
def test_a_name_with_rare_characters_is_taken_even_where_no_font_prints_it(
    visitor: Client, name: str
) -> None:
    number = applied(visitor, name=name, id_number="990101197505206518")
    assert number in words(visitor.get(reverse("track_submitted", args=[number])), 200)


def bomb() -> bytes:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", b"<Types/>")
        archive.writestr("word/document.xml", b"0" * 200_000_000, compresslevel=1)
    return inner.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("照片.pdf", b"MZ" + b"0" * 2000, "的内容是程序"),
        ("表.pdf", b"<html><script>", "的内容是网页"),
        ("空.pdf", b"", "是空的"),
        ("包.zip", b"PK\x03\x04", "压缩包请先解压"),
        ("病毒.exe", b"MZ", "不能上传"),
        ("弹.docx", None, "弹.docx"),
        ("大.pdf", b"%PDF-1.4" + b"0" * uploads.LIMIT_BYTES, "超过 20 MB"),
    ],
    ids=["program", "page", "empty", "zip", "exe", "bomb", "large"],
)
def test_a_hostile_file_is_refused_beside_its_input_and_the_words_stay(
    visitor: Client, name: str, content: bytes | None, sentence: str
) -> None:
    content = bomb() if content is None else content  # a second of work, not at every collection
    # Django's client leaves empty files out of the list only when they have no name.
    page = words(send(visitor, file_form=pdf(name, content), file_identity=pdf("身份证.pdf")), 422)
    assert sentence in page
    assert "开一家面馆" in page
    assert f'value="{LI_YUNXI.id_number}"' in page
    assert "还没有提交" in page
    assert cases() == 0


def test_too_many_bytes_at_once_are_refused_with_a_sentence(visitor: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr("liuquan.kernel.drafts.MOST_BYTES", 100)
    files = [pdf("一.pdf", PDF + b" " * 60), pdf("二.pdf", PDF + b" " * 60)]
    page = words(send(visitor, file_form=files), 422)
    assert "合计超过" in page
    assert cases() == 0


def test_an_expired_form_says_so_and_keeps_what_was_typed(city_db: str, set_now: SetNow) -> None:
    set_now(NOW)
    strict = Client(enforce_csrf_checks=True)
    page = words(send(strict), 403)
    assert "页面放得太久，已经过期" in page
    assert "开一家面馆" in page
    assert f'value="{LI_YUNXI.id_number}"' in page
    assert cases() == 0
    token = re.search('name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token is not None
    again = send(strict, csrfmiddlewaretoken=token.group(1))
    assert again.status_code == 302
    assert cases() == 1


def test_hostile_characters_are_refused(visitor: Client) -> None:
    assert "控制字符" in words(send(visitor, name="李\x00云溪"), 400)
    assert cases() == 0


def test_an_organisation_applies_through_its_agent(visitor: Client) -> None:
    number = applied(
        visitor,
        as_kind="organisation",
        name="云溪演示餐饮有限公司",
        id_number="91990100MA990001X7",
        agent_name=WANG_XIPAN.name,
        agent_id_number=WANG_XIPAN.id_number,
        agent_phone=WANG_XIPAN.phone,
    )
    assert sorted(casework.read(number).parties.values()) == ["agent", "applicant"]


def test_nobody_is_their_own_agent(visitor: Client) -> None:
    page = words(send(visitor, agent_name=LI_YUNXI.name, agent_id_number=LI_YUNXI.id_number), 422)
    assert "同一个人" in page
    assert cases() == 0


def test_going_back_keeps_what_was_typed(visitor: Client) -> None:
    page = words(
        shown(visitor, visitor.post(reverse("apply", args=[FOOD]), typed(go="back", id_number="99"))), 200
    )
    assert 'value="99"' in page
    assert "开一家面馆" in page
    assert 'class="wrong"' not in page


def test_too_many_applications_in_an_hour_are_asked_to_wait(visitor: Client) -> None:
    for _ in range(11):
        applied(visitor)
    refused = send(visitor)
    assert "请过一会儿再提交" in words(refused, 429)
    assert refused["Retry-After"] == "3600"
    assert cases() == 11


def test_a_paper_can_be_verified_by_anyone_without_a_name(visitor: Client, cast: Cast) -> None:
    number = applied(visitor)
    [paper] = casework.notices(number)
    _, content = papers_actions.open_paper(paper.number, by=None, code=casework.query_code(number), now=NOW)
    stranger = Client()
    address = reverse("verify_paper", args=[paper.short_code])
    page = words(stranger.get(address), 200)
    assert paper.sha256 in page
    assert paper.number in page
    assert LI_YUNXI.name not in page
    assert "逐字节相同" in words(stranger.post(address, {"file": pdf("a.pdf", content)}), 200)
    changed = content.replace(b"%%EOF", b"%%EOG")
    assert "被改动过" in words(stranger.post(address, {"file": pdf("a.pdf", changed)}), 200)
    assert "没有选择文件" in words(stranger.post(address, {}), 422)
    typed_code = paper.short_code.lower()
    assert stranger.get(reverse("verify"), {"code": typed_code})["Location"] == address


def test_an_unknown_verify_code_is_not_found_with_a_sentence(visitor: Client) -> None:
    assert "没有签发过这个核验码" in words(visitor.get("/verify/222222222222"), 404)


def test_uploaded_materials_reach_the_case(visitor: Client, cast: Cast) -> None:
    key = cast.materials("food")[0]
    number = applied(visitor, **{f"file_{key}": [pdf("正面.pdf"), pdf("反面.pdf", PDF + b"2")]})
    [material] = [m for m in casework.materials(casework.read(number)) if m.key == key]
    assert len(material.files) == 2
    name, media_type, content = casework_actions.open_material(
        number, material.files[0], by=cast.clerk, now=NOW
    )
    assert (name, media_type, content) == ("正面.pdf", "application/pdf", PDF)
    assert Upload(key, name, content).name == "正面.pdf"


def test_names_tried_for_a_number_are_counted(visitor: Client, cast: Cast, monkeypatch: Any) -> None:
    assert cast.applicant.party_number
    few = allowances.Allowance("submit_address", 3, 3600, "请过一会儿再提交。")
    monkeypatch.setattr(allowances, "SUBMISSIONS_FROM_ADDRESS", few)
    for _ in range(3):
        words(send(visitor, name="李云西"), 422)
    assert "请过一会儿再提交" in words(send(visitor, name="李云西"), 429)
    assert cases() == 0


@pytest.mark.parametrize("item", ["food", "device", "hoarding", "reward"])
def test_the_dates_a_guide_promises_are_the_dates_the_case_gets(cast: Cast, city_db: str, item: str) -> None:
    on = moments.today(NOW)
    terms = catalogue.terms(ITEMS[item], on=on)
    preview = catalogue.due_preview(terms, on=on)
    number = cast.applies(item, at=NOW)
    acceptance = casework.read(number).deadline("acceptance")
    assert acceptance is not None
    assert acceptance.due_on == preview.answered.due_on
    casework_actions.perform(number, "accept", by=cast.clerk, now=NOW)
    snapshot = casework.read(number)
    for key, counted in (("promised", preview.promised), ("statutory", preview.statutory)):
        given = snapshot.deadline(key)
        assert (given and given.due_on) == (counted and counted.due_on), key
