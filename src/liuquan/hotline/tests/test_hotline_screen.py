"""The operator's screen: what is typed is never lost, and each button does what it says."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from liuquan.hotline import actions, models, queries, suggesting
from liuquan.hotline.actions.stand_in import StandInPhone
from liuquan.hotline.tests.calling import answered_call, phone, row
from liuquan.hotline.tests.conftest import CITY_MANAGEMENT, MONDAY, Hotline
from liuquan.hotline.types import Emergency, Identity, RequestClass
from liuquan.journal import queries as journal
from liuquan.kernel import models as kernel_models
from liuquan.parties import queries as parties
from liuquan.testing.browsers import SetNow
from liuquan.testing.cast import Cast
from liuquan.testing.sources import squeezed

__all__ = ["phone"]
NEW = "/desk/hotline/new/"
HOUR = timedelta(hours=1)


@pytest.fixture
def operator(hotline: Hotline, cast: Cast, set_now: SetNow) -> Client:
    set_now(MONDAY)
    return cast.client("rexiaojie")


def given(**more: Any) -> dict[str, Any]:
    """A filled-in screen."""
    return {
        "submission_key": str(uuid.uuid4()),
        "phone": "19900000001",
        "name": "李云溪",
        "identity": "open",
        "request_kind": "complaint",
        "class_code": "0103",
        "division": "990102001000",
        "place": "溪畔大道30号门前",
        "title": "路灯不亮",
        "text": "溪畔大道三十号门前的路灯连续三天不亮，晚上看不见路。",
        "inlet": "phone",
        "may_publish": "yes",
        **more,
    }


def press(client: Client, decision: str, **values: Any) -> Any:
    return client.post(NEW, {**given(**values), "decide": decision})


def done(answer: Any) -> str:
    """The number of the ticket that the screen made."""
    assert answer.status_code == 302, squeezed(answer.content.decode())[:2000]
    found = re.fullmatch(r"/desk/hotline/done/([A-Z0-9]+)/", answer.headers["Location"])
    assert found
    return found[1]


def tickets() -> int:
    return models.Ticket.objects.count()


@pytest.mark.parametrize(
    ("decision", "more", "state"),
    [
        ("register", {}, "registered"),
        ("dispatch", {}, "dispatched"),
        ("answer_now", {"request_kind": "consult", "reply": "已告知照明报修的电话和时间。"}, "closed"),
        ("tell_way", {"way": "petition"}, "told"),
    ],
)
def test_each_button_registers_and_does_what_it_says(
    operator: Client, hotline: Hotline, decision: str, more: dict[str, str], state: str
) -> None:
    number = done(press(operator, decision, **more))
    case, ticket = hotline.read(number), hotline.ticket(number)
    assert case.state == state
    assert ticket is not None
    assert (ticket.class_code, ticket.division, ticket.may_publish) == ("0103", "990102001000", True)
    page = squeezed(operator.get(f"/desk/hotline/done/{number}/").content.decode())
    assert number in page
    assert "凭登记的姓名和手机号码，可以在网上“我的办件”里看进度" in page
    if state == "dispatched":
        assert case.body_code == CITY_MANAGEMENT
        assert "云溪市城市管理局" in page, page


def test_urgent_anonymous_and_about_whom_are_kept(operator: Client, hotline: Hotline) -> None:
    number = done(
        press(
            operator,
            "register",
            identity="anonymous",
            name="",
            phone="",
            is_urgent="yes",
            about_body=CITY_MANAGEMENT,
        )
    )
    held = models.Ticket.objects.get(case__number=number)
    assert (held.identity, held.is_urgent, held.about_body) == ("anonymous", True, CITY_MANAGEMENT)
    assert hotline.read(number).parties == {}
    page = squeezed(operator.get(f"/desk/hotline/done/{number}/").content.decode())
    assert "查询码" in page


@pytest.mark.parametrize(
    ("decision", "more", "says"),
    [
        ("register", {"name": ""}, "请填写诉求人的姓名"),
        ("register", {"phone": "123"}, "手机号码应为11位"),
        ("register", {"class_code": "01"}, "选到第二级"),
        ("register", {"text": ""}, "请写下诉求的内容"),
        ("register", {"text": "长" * 20_001}, "最多20000个字"),
        ("register", {"division": "110000000000"}, "请选择事情发生在本市哪里"),
        ("register", {"identity": "famous"}, "请选择诉求类型"),
        ("answer_now", {}, "请写下答复的内容"),
        ("tell_way", {}, "请选择应当通过哪种途径"),
        ("dispatch", {"about_body": CITY_MANAGEMENT}, "就是被反映的单位"),
    ],
)
def test_what_is_wrong_is_said_nothing_is_registered_and_nothing_is_lost(
    operator: Client, decision: str, more: dict[str, str], says: str
) -> None:
    answer = press(operator, decision, **more)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert says in page
    assert tickets() == 0
    assert not journal.entries_of("ticket")
    assert given(**more)["text"] in page
    assert models.OpenDraft.objects.count() == 1


def test_the_same_form_twice_gives_one_ticket(operator: Client) -> None:
    key = str(uuid.uuid4())
    first = done(press(operator, "dispatch", submission_key=key))
    again = done(press(operator, "dispatch", submission_key=key, confirmed="dispatch"))
    assert (first == again, tickets()) == (True, 1)


@pytest.mark.requirement("HOT-02")
@pytest.mark.parametrize("service", list(Emergency))
@pytest.mark.parametrize("more", [{}, {"name": "", "text": "", "class_code": "", "identity": "famous"}])
def test_an_emergency_is_put_through_at_once_whatever_the_form_says(
    operator: Client,
    hotline: Hotline,
    phone: StandInPhone,
    monkeypatch: pytest.MonkeyPatch,
    service: Emergency,
    more: dict[str, str],
) -> None:
    assert {"110", "119", "120"} <= {one.value for one in Emergency}
    asked: list[tuple[str, str, int]] = []

    def transfer(_self: StandInPhone, line: str, to: str, *, now: object) -> None:
        asked.append((line, to, len(journal.entries_of(call))))

    monkeypatch.setattr(StandInPhone, "transfer", transfer)
    call = answered_call(hotline.operator, at=MONDAY)
    page = operator.get(NEW).content.decode()
    assert f'value="transfer:{service.value}"' in page
    answer = press(operator, f"transfer:{service.value}", **more)
    assert answer.status_code == 302
    # the phone system was asked before anything was written, for this call and this number
    assert asked == [(row(call).line, service.value, 0)]
    assert (row(call).outcome, row(call).service) == ("transferred", service.value)
    (entry,) = journal.entries_of(call)
    assert (entry.event, entry.public["service"]) == ("hotline.call_transferred", service.value)
    by = hotline.operator
    assert (entry.body_code, entry.post_code, entry.actor_kind) == (by.body_code, by.post_code, "staff")
    # it is out of the hotline's scope: no ticket; what was typed stays for afterwards
    assert tickets() == 0
    after = squeezed(operator.get(NEW).content.decode())
    assert f"已转接{service.label}".replace(" ", "") in after.replace(" ", "")
    assert "没有登记完" in after


@pytest.mark.requirement("HOT-02")
def test_the_call_that_the_form_names_is_put_through_also_when_it_is_called_back(
    operator: Client, hotline: Hotline, phone: StandInPhone
) -> None:
    line = phone.ring("19900000005", now=MONDAY)
    phone.end(line, now=MONDAY)
    missed = str(models.Call.objects.get(line=line).number)
    talking = answered_call(hotline.operator, at=MONDAY)
    assert row(missed).outcome == "missed"
    assert press(operator, "transfer:110", call=missed).status_code == 302
    assert (row(missed).outcome, row(missed).service) == ("transferred", "110")
    assert (row(talking).outcome, row(talking).service) == ("", "")


def test_without_a_phone_system_the_transfer_is_noted_and_the_operator_told(
    operator: Client, hotline: Hotline, settings: Any
) -> None:
    settings.LIUQUAN_PHONE = ""
    assert press(operator, "transfer:119").status_code == 302
    assert "请马上在话机上转接 119" in operator.get(NEW).content.decode()
    (noted,) = models.Call.objects.all()
    assert (noted.outcome, noted.service, noted.is_by_hand) == ("transferred", "119", True)
    assert press(operator, "transfer:114").status_code == 422
    assert models.Call.objects.count() == 1


def test_a_phone_system_that_is_down_stops_no_transfer(
    operator: Client, hotline: Hotline, phone: StandInPhone, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*_: object, **__: object) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr(StandInPhone, "transfer", down)
    call = answered_call(hotline.operator, at=MONDAY)
    assert press(operator, "transfer:120", call="no call").status_code == 302
    page = operator.get(NEW).content.decode()
    assert "电话系统连不上。请马上在话机上转接 120" in page
    assert (row(call).outcome, row(call).service) == ("transferred", "120")
    # the draft names a call that is none: it is offered all the same
    assert "没有登记完" in page


def test_what_is_typed_is_kept_each_second_and_offered_on_the_next_opening(
    operator: Client, hotline: Hotline, cast: Cast, phone: StandInPhone
) -> None:
    call = answered_call(hotline.operator, at=MONDAY)
    keep = "/desk/hotline/new/draft/"
    assert operator.post(keep, {"identity": "open"}).content == b""
    code = operator.post(keep, {**given(text="溪畔大道"), "call": call}).content.decode()
    assert (
        operator.post(keep, {**given(text="溪畔大道三十号"), "call": call, "draft": code}).content.decode()
        == code
    )
    phone.end(row(call).line, now=MONDAY, breaks_off=True)
    assert kernel_models.Draft.objects.count() == 1
    stored = bytes(kernel_models.Draft.objects.get().sealed_values)
    assert "溪畔大道".encode() not in stored
    # a new session of the same person finds it, nobody else does
    again = cast.client("rexiaojie")
    page = again.get(NEW).content.decode()
    key = re.search(r"\?draft=(\d+)", page)
    assert key
    assert "199****0001" in page
    resumed = again.get(NEW, {"draft": key[1]}).content.decode()
    assert "溪畔大道三十号" in resumed
    assert call in resumed
    other = cast.client("rexiaopai")
    assert "没有登记完" not in other.get(NEW).content.decode()
    assert "溪畔大道三十号" not in other.get(NEW, {"draft": key[1]}).content.decode()
    number = done(press(again, "register", draft=code, call=call))
    assert (row(call).outcome, row(call).ticket) == ("ticket", number)
    assert "没有登记完" not in again.get(NEW).content.decode()
    assert not kernel_models.Draft.objects.exists()


def test_a_form_that_was_sent_before_its_first_draft_came_back_leaves_none(operator: Client) -> None:
    keep, form = "/desk/hotline/new/draft/", given()
    # the answer with the draft's code is still on its way when the form is sent, another one comes after it
    operator.post(keep, form)
    done(operator.post(NEW, {**form, "decide": "register"}))
    assert operator.post(keep, form).content == b""
    assert "没有登记完" not in operator.get(NEW).content.decode()
    assert not kernel_models.Draft.objects.exists()
    assert tickets() == 1


def test_two_savings_of_one_form_are_one_draft(operator: Client) -> None:
    keep, form = "/desk/hotline/new/draft/", given()
    code = operator.post(keep, form).content
    assert operator.post(keep, {**form, "text": "溪畔大道三十号门前的路灯又不亮了。"}).content == code
    assert kernel_models.Draft.objects.count() == 1


def test_unfinished_forms_say_what_they_are_about_and_stand_folded(operator: Client) -> None:
    keep = "/desk/hotline/new/draft/"
    nothing_said = {"phone": "", "name": "", "place": "", "title": "", "text": ""}
    assert operator.post(keep, given(**nothing_said)).content == b""
    for title in ("井盖松动", "路灯不亮", "水管漏水"):
        operator.post(keep, given(title=title))
    page = squeezed(operator.get(NEW).content.decode())
    assert all(f"“{title}”" in page for title in ("井盖松动", "路灯不亮", "水管漏水"))
    assert page.index("“水管漏水”") < page.index("更早的没有登记完") < page.index("“井盖松动”")
    assert "更早的没有登记完（2）" in page


def test_a_draft_that_is_not_wanted_is_destroyed(operator: Client, cast: Cast) -> None:
    keep = "/desk/hotline/new/draft/"
    operator.post(keep, given())
    key = models.OpenDraft.objects.get().pk
    cast.client("rexiaopai").post(keep, {"drop": key})
    assert models.OpenDraft.objects.count() == 1
    operator.post(keep, {"drop": key})
    assert not models.OpenDraft.objects.exists()
    assert not kernel_models.Draft.objects.exists()


def test_looking_up_a_caller_is_entered_first_and_shows_their_tickets(
    operator: Client, hotline: Hotline
) -> None:
    number = hotline.registered()
    before = len(journal.entries_of(number))
    page = operator.post("/desk/hotline/new/caller/", {"phone": "199 0000 0001"}).content.decode()
    assert number in page
    assert "李" not in page
    assert [one.event for one in journal.entries_of(number)][before:] == ["hotline.ticket_opened"]
    assert [one.event for one in journal.entries_of("hotline.callers")] == ["hotline.callers_opened"]
    nobody = operator.post("/desk/hotline/new/caller/", {"phone": "19900000099"}).content.decode()
    assert "没有登记过诉求" in nobody


def test_a_call_opens_the_screen_with_its_number_and_that_is_entered(
    operator: Client, hotline: Hotline, phone: StandInPhone
) -> None:
    call = answered_call(hotline.operator, at=MONDAY)
    page = operator.get(NEW, {"call": call}).content.decode()
    assert 'value="19900000001"' in page
    assert [one.event for one in journal.entries_of(call)] == ["hotline.call_opened"]


def test_the_side_says_class_body_and_what_is_open_already(operator: Client, hotline: Hotline) -> None:
    number = hotline.registered()
    without_script = {**given(class_code=""), "look": "1"}
    for page in (
        operator.post(NEW, without_script).content.decode(),
        operator.post("/desk/hotline/new/beside/", without_script).content.decode(),
    ):
        assert 'name="pick" value="0103"' in page
        assert "说到“路灯”、“不亮”" in page
        assert f"join:{number}" in page
    picked = squeezed(operator.post(NEW, {**without_script, "pick": "0103"}).content.decode())
    assert "云溪市城市管理局" in picked
    assert "三定方案" in picked
    assert tickets() == 1


def test_the_same_from_one_phone_is_told_and_can_be_joined(operator: Client, hotline: Hotline) -> None:
    first = done(press(operator, "register"))
    asked = press(operator, "register")
    page = squeezed(asked.content.decode())
    assert "已经就同一件事登记了1件" in page
    assert first in page
    assert tickets() == 1
    joined = done(press(operator, f"join:{first}"))
    assert hotline.read(joined).state == "merged"
    told = hotline.ticket(first)
    assert told is not None
    assert told.holds == (joined,)
    another = done(press(operator, "register", confirmed="register"))
    assert hotline.read(another).state == "registered"
    other = press(operator, "register", phone="19900000003", name="赵云溪")
    assert other.status_code == 302


def test_the_same_matter_in_other_words_is_asked_about_where_class_and_place_are_the_same(
    operator: Client, hotline: Hotline
) -> None:
    first = done(press(operator, "register", text="溪畔大道三十号门前的路灯连续三天不亮，晚上看不见路。"))
    words = {"text": "溪畔大道三十号门前的路灯连续三天不亮，刚才打过电话，老人晚上不敢出门，请快一点来修好。"}
    assert first in press(operator, "register", **words).content.decode()
    assert tickets() == 1
    elsewhere = press(operator, "register", **words, division="990103001000")
    assert elsewhere.status_code == 302


def test_nothing_is_chosen_for_anybody_that_decides_the_time_or_the_consent(operator: Client) -> None:
    page = squeezed(operator.get(NEW).content.decode())
    kinds = page[page.index('id="id_request_kind"') :]
    assert "selected" not in kinds[: kinds.index("</select>")]
    assert 'name="may_publish" value="yes">' in page
    refused = press(operator, "register", request_kind="")
    assert refused.status_code == 422
    assert "请选择诉求类型" in refused.content.decode()
    assert tickets() == 0


def test_the_words_of_a_class_suggest_it() -> None:
    classes = (
        RequestClass("01", "城市管理"),
        RequestClass("0103", "路灯照明", "01", ("路灯", "不亮")),
        RequestClass("0104", "噪音扰民", "01", ("噪音",)),
    )
    found = suggesting.by_words("路 灯不亮，还有噪音", classes)
    assert [one.code for one in found] == ["0103", "0104"]
    assert suggesting.by_words("城市管理", classes) == ()


def test_confidential_is_never_published(operator: Client, hotline: Hotline) -> None:
    number = done(press(operator, "register", identity="confidential"))
    ticket = hotline.ticket(number)
    assert ticket is not None
    assert (ticket.identity, ticket.may_publish) == (Identity.CONFIDENTIAL, False)


def test_who_has_no_mandate_does_not_register(hotline: Hotline, cast: Cast, set_now: SetNow) -> None:
    set_now(MONDAY)
    client = cast.client("chengxiaore")
    assert client.get(NEW).status_code == 403
    assert press(client, "register").status_code == 403
    assert tickets() == 0


def test_a_window_registers_for_the_centre_and_is_told_the_number(
    hotline: Hotline, cast: Cast, set_now: SetNow
) -> None:
    set_now(MONDAY)
    window = cast.client("clerk")
    page = window.get(NEW).content.decode()
    assert 'value="register"' in page
    assert 'value="dispatch"' not in page
    assert 'value="transfer:110"' not in page
    assert press(window, "dispatch").status_code == 403
    assert press(window, "transfer:110").status_code == 403
    assert (tickets(), models.Call.objects.count()) == (0, 0)
    answer = press(window, "register", inlet="window")
    assert (answer.status_code, answer.headers["Location"]) == (302, NEW)
    number = models.Ticket.objects.get().case.number
    assert f"已登记，编号 {number}" in window.get(NEW).content.decode()
    assert hotline.ticket(number)
    assert tickets() == 1


def test_no_text_reaches_the_public_part_of_the_record(operator: Client, hotline: Hotline) -> None:
    number = done(press(operator, "register"))
    said = " ".join(str(one.public) for one in journal.entries_of(number))
    assert "路灯不亮" not in said
    assert "19900000001" not in said
    assert parties.find_by_phone("19900000001")
    assert actions.offered_drafts(by=hotline.operator, now=MONDAY) == []
    assert queries.calls.mine(by=hotline.operator) is None
