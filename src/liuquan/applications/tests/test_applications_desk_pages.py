"""The desk's pages: who may see what, in which order, and that every reading of a file is recorded."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image
from pypdf import PdfReader

from liuquan.casework import actions as casework_actions
from liuquan.casework import queries as casework
from liuquan.casework.types import Upload
from liuquan.clock import date_in_table, weekday_date
from liuquan.desk import queries as desk_queries
from liuquan.journal import queries as journal
from liuquan.kernel import sql
from liuquan.papers import actions as papers_actions
from liuquan.testing.browsers import SetNow
from liuquan.testing.cast import LI_YUNXI, Cast

MONDAY = datetime(2026, 3, 2, 2, tzinfo=UTC)
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@pytest.fixture(autouse=True)
def on_monday(city_db: str, set_now: SetNow) -> None:
    set_now(MONDAY)


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.content.decode()[:2000]
    return answer.content.decode()


def plain(html: str) -> str:
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", html))


PAGES = {
    "desk": (),
    "desk-cases": (),
    "desk-intake": (),
    "desk-begin": (),
    "desk-post": (),
    "desk-case": ("SCJG2026030200001",),
    "desk-case-print": ("SCJG2026030200001",),
    "desk-intake-done": ("SCJG2026030200001",),
    "desk-act": ("SCJG2026030200001", "accept"),
    "desk-paper": ("无此文书",),
    "desk-material": ("SCJG2026030200001", "0b3f6a5e-8d1c-4f6e-9a51-2d8f5c1f7a10"),
}


@pytest.mark.parametrize("name", PAGES)
def test_who_is_not_signed_in_is_sent_to_sign_in(name: str) -> None:
    address = reverse(name, args=PAGES[name])
    answer = Client().get(address)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("name", ["desk-intake", "desk-intake-person", "desk-intake-item"])
def test_nobody_posts_without_signing_in(name: str) -> None:
    answer = Client().post(reverse(name), {"id_number": LI_YUNXI.id_number})
    assert answer.status_code == 302


def test_a_part_of_a_page_says_that_the_session_is_over_and_leaves_the_page() -> None:
    answer = Client().post(reverse("desk-intake-item"), {"q": "食品"}, headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers.get("HX-Redirect")) == (401, None)
    page = answer.content.decode()
    assert "登录已经过期" in page
    assert 'href="/accounts/login/" target="_blank"' in page


@pytest.mark.parametrize("who", ["sysadmin", "leader", "overseer", "item_editor", "hall_manager"])
def test_who_handles_no_cases_has_an_empty_list_and_no_intake(cast: Cast, who: str) -> None:
    client = cast.client(who)
    assert "现在没有待办" in text(client, "/desk/")
    refused = client.get("/desk/intake/")
    assert refused.status_code == 403
    assert "没有收件的授权" in refused.content.decode()


def test_a_case_of_another_body_answers_as_an_unknown_one(cast: Cast) -> None:
    number = cast.applies("food", at=MONDAY)
    stranger = cast.client("other_examiner")
    for name, rest in (
        ("desk-case", ()),
        ("desk-case-print", ()),
        ("desk-intake-done", ()),
        ("desk-act", ("accept",)),
    ):
        seen = stranger.get(reverse(name, args=(number, *rest)))
        unknown = stranger.get(reverse(name, args=("SCJG2026030299999", *rest)))
        assert (seen.status_code, unknown.status_code) == (404, 404)
        assert plain(seen.content.decode()) == plain(unknown.content.decode())
    assert not desk_queries.case_page(number, by=cast.clerk, now=MONDAY).readings


def test_the_work_list_shows_what_this_post_has_to_do_the_most_pressing_first(
    cast: Cast, set_now: SetNow
) -> None:
    later = cast.applies("device", at=MONDAY + timedelta(days=2))
    earlier = cast.applies("food", at=MONDAY)
    set_now(MONDAY + timedelta(days=3))
    html = text(cast.client("clerk"), "/desk/")
    assert html.index(earlier) < html.index(later)
    assert "还剩2个工作日" in html
    assert "<strong>核对材料，决定是否受理</strong>" in html
    assert "现在没有待办" in text(cast.client("examiner"), "/desk/")


@pytest.mark.parametrize("state", ["examining", "suspended", "granted"])
def test_work_list_case_list_and_case_page_show_the_same_clock(cast: Cast, state: str) -> None:
    number, who = cast.accepted("device", at=MONDAY), "examiner"
    if state == "suspended":
        data = {"ground": "expert_review", "until": "2026-03-13", "document": "专家评审告知书"}
        casework_actions.perform(number, "start_special", by=cast.examiner, now=MONDAY, data=data)
    if state == "granted":
        who = "clerk"
        cast.examines(number, at=MONDAY)
        casework_actions.perform(number, "grant", by=cast.approver, now=MONDAY, data=cast.decision("device"))
        wait_for(number, "publicity")  # ends before the delivery, and presses nobody
    clock = casework.pressing(casework.read(number))
    assert clock is not None
    assert clock.key == {"granted": "delivery"}.get(state, "step")
    listed, due = date_in_table(clock.due_on), weekday_date(clock.due_on)
    assert listed in row_of(number, text(cast.client(who), "/desk/"))
    assert listed in row_of(number, text(cast.client("examiner"), "/desk/cases/"))
    foot = text(cast.client(who), f"/desk/cases/{number}/").partition('class="next"')[2]
    assert due in foot
    assert ("不计时" in foot) is (state == "suspended")


def row_of(number: str, html: str) -> str:
    return next(row for row in html.split("<tr") if number in row)


def wait_for(number: str, limit: str) -> None:
    """From now on this limit of the case is a shortest time."""
    sets = "UPDATE casework_case SET terms = jsonb_set(terms, %(path)s, %(sense)s) WHERE number = %(number)s"
    sql.run(sets, {"number": number, "path": ["limits", limit, "sense"], "sense": '"at_least"'})


def test_a_lamp_is_red_from_the_first_moment_that_is_too_late(cast: Cast, set_now: SetNow) -> None:
    number = cast.applies("food", at=MONDAY)
    casework_actions.perform(number, "accept", by=cast.clerk, now=MONDAY, data={})
    set_now(datetime(2026, 3, 6, 15, 59, 59, tzinfo=UTC))
    on_site = cast.client("second_examiner")
    assert "今天到期" in text(on_site, "/desk/")
    assert number in text(on_site, "/desk/?lamp=yellow")
    set_now(datetime(2026, 3, 6, 16, 0, 0, tzinfo=UTC))
    assert number in text(on_site, "/desk/?lamp=red")
    assert number not in text(on_site, "/desk/?lamp=green")
    assert "没有符合条件的待办" in text(on_site, "/desk/?lamp=green")


def test_the_list_is_narrowed_by_item_and_characters_and_opened_by_a_whole_number(cast: Cast) -> None:
    food, device = cast.applies("food", at=MONDAY), cast.applies("device", at=MONDAY)
    client = cast.client("clerk")
    html = text(client, "/desk/?item=食品经营许可证核发")
    assert food in html
    assert device not in html
    assert "2 件中的 1 件" in html
    assert "2 件中的 1 件" in text(client, "/desk/cases/?q=特种")
    assert device in text(client, "/desk/?q=特种")
    found = client.get("/desk/", {"q": f" {food} "})
    assert (found.status_code, found.headers["Location"]) == (302, f"/desk/cases/{food}/")


def test_the_cases_of_a_body_come_by_pages_with_masked_names(cast: Cast) -> None:
    numbers = [cast.applies("device", at=MONDAY) for _ in range(23)]
    client = cast.client("examiner")
    first, second = text(client, "/desk/cases/"), text(client, "/desk/cases/?page=2")
    assert numbers[-1] in first
    assert numbers[0] not in first
    assert numbers[0] in second
    assert "共 23 条" in first
    assert LI_YUNXI.name not in first
    assert "李*溪" in first
    assert client.get("/desk/cases/?page=x").status_code == 400
    assert "没有符合条件的案件" in text(client, "/desk/cases/?state=closed")
    assert numbers[-1] not in text(cast.client("other_examiner"), "/desk/cases/")


def test_opening_a_case_is_entered_first_and_everybody_sees_who_read_it(cast: Cast) -> None:
    number = cast.applies("food", at=MONDAY)
    html = text(cast.client("examiner"), f"/desk/cases/{number}/")
    assert LI_YUNXI.name in html
    readings = [e for e in journal.entries_of(number) if e.event == "casework.file_opened"]
    assert len(readings) == 1
    assert readings[0].post_code == "SCJG-SC1"
    assert "共 1 次查阅" in html
    assert readings[0].sentence in html
    assert "共 2 次查阅" in text(cast.client("approver"), f"/desk/cases/{number}/")


def test_the_case_page_explains_the_clock_day_by_day(cast: Cast) -> None:
    number = cast.applies("food", at=MONDAY)
    html = plain(text(cast.client("examiner"), f"/desk/cases/{number}/"))
    assert "受理期限5个工作日" in html
    assert "最迟3月9日（周一）" in html
    assert "2026-03-02周一—起算日，不计入" in html
    assert "2026-03-07周六—周末公休" in html
    assert re.search(r"2026-03-09周一5", html)
    assert "行政许可法第三十二条第一款第四项" in html


def test_a_case_is_printed_whole_with_nothing_to_press(cast: Cast) -> None:
    number = cast.applies("hoarding", at=MONDAY)
    casework_actions.perform(number, "accept", by=cast.clerk, now=MONDAY, data={})
    html = text(cast.client("building_examiner"), f"/desk/cases/{number}/print/")
    body = html[html.index("<main") : html.index("</main>")]
    assert not re.search(r"<a\b", body)
    assert "<button" not in body
    assert LI_YUNXI.id_number in body
    assert body.count("（并行）") == 3


def test_a_paper_opens_as_pdf_and_its_opening_is_entered(cast: Cast) -> None:
    number = cast.applies("food", at=MONDAY)
    entry = journal.entries_of(number)[0]
    papers_actions.issue_papers(number, entry=entry.number, now=MONDAY)
    notice = casework.notices(number)[0].number
    answer = cast.client("examiner").get(reverse("desk-paper", args=[notice]))
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("inline")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.content.startswith(b"%PDF")
    assert any(e.event == "casework.notice_opened" for e in journal.entries_of(number))
    assert cast.client("other_examiner").get(reverse("desk-paper", args=[notice])).status_code == 404


def test_papers_are_printed_in_one_go_each_opening_entered_and_none_of_another_case(cast: Cast) -> None:
    number, other = cast.applies("food", at=MONDAY), cast.applies("food", at=MONDAY)
    accepted = casework_actions.perform(number, "accept", by=cast.clerk, now=MONDAY, data={})
    papers_actions.issue_papers(number, entry=journal.entries_of(number)[0].number, now=MONDAY)
    papers_actions.issue_now(accepted, now=MONDAY)
    papers_actions.issue_papers(other, entry=journal.entries_of(other)[0].number, now=MONDAY)
    clerk, address = cast.client("clerk"), reverse("desk-papers", args=[number])
    assert f'href="{address}"' in text(clerk, f"/desk/cases/{number}/")
    kept = {one.kind: one for one in casework.notices(number)}
    assert set(kept) == {"receipt", "acceptance"}
    whole = PdfReader(io.BytesIO(clerk.get(address).content))
    assert len(whole.pages) == 2
    assert whole.viewer_preferences is not None
    assert whole.viewer_preferences.duplex == "/Simplex"
    opened = [e.public["notice"] for e in journal.entries_of(number) if e.event == "casework.notice_opened"]
    assert opened == [kept["receipt"].number, kept["acceptance"].number]
    one = clerk.get(address, {"notice": kept["acceptance"].number})
    assert len(PdfReader(io.BytesIO(one.content)).pages) == 1
    elsewhere = clerk.get(address, {"notice": casework.notices(other)[0].number})
    assert elsewhere.status_code == 404
    assert not any(e.event == "casework.notice_opened" for e in journal.entries_of(other))
    assert cast.client("other_examiner").get(address).status_code == 404


def test_a_material_is_shown_only_if_it_can_do_no_harm_and_belongs_to_the_case(cast: Cast) -> None:
    number = cast.applies("food", at=MONDAY, files_given=[Upload("form", "申请书.pdf", PDF)])
    other = cast.applies("device", at=MONDAY)
    page = desk_queries.case_page(number, by=cast.clerk, now=MONDAY)
    file = next(m.files[0] for m in page.materials if m.files)
    client = cast.client("clerk")
    answer = client.get(reverse("desk-material", args=[number, file]))
    assert answer.content == PDF
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Disposition"].startswith("inline; filename*=utf-8''")
    assert f"/materials/{file}/" in text(client, f"/desk/cases/{number}/")
    assert client.get(reverse("desk-material", args=[other, file])).status_code == 404
    assert cast.client("other_examiner").get(reverse("desk-material", args=[number, file])).status_code == 404


def test_a_photo_is_kept_as_the_camera_made_it(cast: Cast) -> None:
    exif, made = Image.Exif(), io.BytesIO()
    exif.get_ifd(0x8825).update({1: "N", 2: (30.0, 15.0, 5.0), 3: "E", 4: (120.0, 9.0, 7.0)})  # where it was
    Image.new("RGB", (40, 30)).save(made, "JPEG", exif=exif)
    photo = made.getvalue()
    number = cast.applies("food", at=MONDAY, files_given=[Upload("form", "照片.jpg", photo)])
    page = desk_queries.case_page(number, by=cast.clerk, now=MONDAY)
    file = next(m.files[0] for m in page.materials if m.files)
    kept = cast.client("clerk").get(reverse("desk-material", args=[number, file])).content
    assert kept == photo
    assert Image.open(io.BytesIO(kept)).getexif().get_ifd(0x8825)[4] == (120.0, 9.0, 7.0)


@pytest.mark.parametrize("address", ["/desk/?q=%00", "/desk/cases/?q=a%00", "/desk/cases/a%00/"])
def test_nul_is_refused_everywhere(cast: Cast, address: str) -> None:
    assert cast.client("clerk").get(address).status_code == 400


def test_a_case_that_is_decided_leads_with_its_result_and_the_reason(cast: Cast) -> None:
    number = cast.examined("device", at=MONDAY)
    casework_actions.perform(number, "refuse", by=cast.approver, now=MONDAY, data=cast.decision("device"))
    page = text(cast.client("clerk"), f"/desk/cases/{number}/")
    assert "结果：不予" in page
    assert page.index("结果：不予") < page.index('role="group" aria-label="可以办理"')
    assert "结果：" not in text(cast.client("clerk"), f"/desk/cases/{cast.applies('food', at=MONDAY)}/")


def test_staff_read_whose_turn_it_is_and_which_period_ran_out(cast: Cast, set_now: SetNow) -> None:
    number = cast.applies("device", at=MONDAY, materials=())
    casework_actions.perform(
        number, "notify_supplement", by=cast.clerk, now=MONDAY, data={"items": cast.materials("device")}
    )
    page = text(cast.client("clerk"), f"/desk/cases/{number}/")
    assert "等申请人补正" in page
    assert "等您补正" not in page
    late = cast.accepted("device", at=MONDAY)
    set_now(MONDAY + timedelta(days=60))
    casework_actions.sweep(now=MONDAY + timedelta(days=60))
    page = text(cast.client("examiner"), f"/desk/cases/{late}/")
    assert "承诺期限：期限于" in page
    assert "法定期限：期限于" in page
