"""Bringing a request on the portal: what is taken, what is refused, and that nothing typed is lost."""

from __future__ import annotations

import io
import re
import uuid
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from liuquan.casework import actions as casework
from liuquan.casework import queries as cases
from liuquan.hotline import actions, queries
from liuquan.hotline.tests.conftest import CITY_MANAGEMENT, HOUSING, MONDAY, Hotline
from liuquan.hotline.types import UNFILED, Identity, RequestKind
from liuquan.journal import queries as journal
from liuquan.kernel import drafts, uploads
from liuquan.kernel.refusals import BadInput
from liuquan.kernel.sql import run_one
from liuquan.testing.browsers import SetNow
from liuquan.testing.sources import squeezed

TEXT = "溪畔大道三十号门前的路灯连续三天不亮，晚上看不见路。"
MARKET = "11990100MB9901024C"
AGAIN = "溪畔大道三十号门前的路灯连续三天不亮了，晚上看不清路。"


@pytest.fixture
def visitor(hotline: Hotline, set_now: SetNow) -> Client:
    cache.clear()
    set_now(MONDAY)
    return Client()


def typed(**given: Any) -> dict[str, Any]:
    return {
        "text": TEXT,
        "request_kind": "complaint",
        "division": "990102001000",
        "place": "溪畔大道30号门前",
        "identity": "open",
        "name": "李云溪",
        "phone": "199 0000 0001",
        "submission_key": str(uuid.uuid4()),
        **given,
    }


def send(visitor: Client, go: str = "send", **given: Any) -> Any:
    return visitor.post("/hotline/", typed(go=go, **given), follow=go != "send")


def page(response: Any, status: int = 200) -> str:
    text = str(response.content.decode())
    assert response.status_code == status, text[:2000]
    return squeezed(text)


def sent(visitor: Client, **given: Any) -> str:
    response = send(visitor, **given)
    assert response.status_code == 302, response.content.decode()[:3000]
    return str(response["Location"].split("/")[2])


def tickets() -> int:
    row = run_one("SELECT count(*) AS n FROM hotline_ticket")
    assert row is not None
    return int(row["n"])


def photo(name: str = "现场.jpg") -> SimpleUploadedFile:
    exif = Image.Exif()
    exif[0x010F] = "SECRETPHONE"
    exif.get_ifd(0x8825).update({1: "N", 2: (36.0, 5.0, 12.5)})
    buffer = io.BytesIO()
    Image.effect_noise((64, 48), 90).save(buffer, "JPEG", exif=exif)
    return SimpleUploadedFile(name, buffer.getvalue(), "image/jpeg")


#: what the hotline is for, as a request of its kind: class, words, the body whose duty it is; none: the
#: centre answers, or decides who does
SCOPE = [
    ("help", "0103", "溪畔大道的路灯不亮，路又被挖开没有人管，请尽快修好。", CITY_MANAGEMENT),
    ("complaint", "0303", "安置楼漏水三年，几家单位推来推去，一直修不好。", HOUSING),
    ("complaint", "0302", "供水公司停水两天不通知，居民用水困难。", HOUSING),
    ("complaint", "0101", "早市散了以后垃圾没有人扫，门前又脏又乱。", CITY_MANAGEMENT),
    ("suggestion", "0202", "建议把城里的菜价每天公布，扶持小店的政策再宽一些。", MARKET),
    ("report", "0701", "某窗口工作人员吃拿卡要，违反纪律。", ""),
    ("complaint", "0701", "窗口工作人员态度恶劣，办事拖拉，效率太低。", ""),
    ("praise", "0701", "溪畔街道的工作人员雨天上门帮老人办证，应当表扬。", ""),
    ("consult", "0702", "城镇居民养老保险的补缴政策今年有没有变化，到哪里办？", ""),
]


@pytest.mark.requirement("HOT-01")
@pytest.mark.parametrize(("kind", "class_code", "text", "body"), SCOPE)
def test_the_hotline_is_for_hard_matters_opinions_on_the_city_and_its_offices_and_questions_of_policy(
    visitor: Client, hotline: Hotline, kind: str, class_code: str, text: str, body: str
) -> None:
    number = sent(visitor, request_kind=kind, text=text)
    file = casework.open_case_file(number, by=hotline.dispatcher, now=MONDAY)
    assert text in file.matter
    reason = "照诉求的内容归类，诉求人没有选。"
    filed = {"request_kind": kind, "class_code": class_code, "reason": reason}
    hotline.act(number, "refile", hotline.dispatcher, **filed)
    ticket = queries.ticket(number)
    assert ticket is not None
    assert (ticket.request_kind.value, ticket.class_code) == (kind, class_code)
    found = queries.suggestions(class_code, ticket.division, on=MONDAY.date())
    assert [one.body_code for one in found] == ([body] if body else [])
    if body:
        hotline.act(number, "dispatch", hotline.dispatcher, body=body, limit=kind)
        assert cases.read(number).body_code == body
    else:
        reply = "已经转告有权处理的机关，会有人答复。"
        hotline.act(number, "answer_now", hotline.operator, reply=reply)
        assert cases.read(number).outcome == "answered"
        assert reply in page(visitor.get(f"/track/{number}/"))


@pytest.mark.requirement("HOT-01")
def test_the_portal_says_what_the_hotline_is_for(visitor: Client) -> None:
    said = page(visitor.get("/hotline/"))
    assert "对经济发展、公用事业、城市管理的意见" in said
    for matter in (
        *("热点难点问题", "经济发展", "公用事业", "城市管理", "咨询政策"),
        *("部门和工作人员", "作风", "纪律", "服务质量", "办事效率"),
        *(kind.label for kind in RequestKind),
    ):
        assert matter in said, matter


@pytest.mark.requirement("HOT-01")
def test_a_report_on_an_office_and_its_staff_goes_to_another_than_that_office(
    visitor: Client, hotline: Hotline
) -> None:
    text = "城管局的工作人员吃拿卡要，态度恶劣，办事拖拉。"
    number = sent(visitor, request_kind="report", text=text, about_body=CITY_MANAGEMENT)
    why = {"limit": "report", "note": "目录没有规定，由有权处理的单位核查作风。"}
    before = cases.read(number)
    with pytest.raises(BadInput, match="请派给它的上级或者有权处理的单位"):
        hotline.act(number, "dispatch", hotline.dispatcher, body=CITY_MANAGEMENT, **why)
    assert cases.read(number) == before
    hotline.act(number, "dispatch", hotline.dispatcher, body=HOUSING, **why)
    case = cases.read(number)
    assert case.body_code == HOUSING
    assert not cases.can_see(case, hotline.contact)


@pytest.mark.parametrize("kind", list(RequestKind))
def test_every_kind_of_request_is_taken_and_gets_a_number_and_a_query_code(
    visitor: Client, kind: RequestKind
) -> None:
    number = sent(visitor, request_kind=kind.value)
    ticket = queries.ticket(number)
    assert ticket is not None
    assert (ticket.request_kind, ticket.inlet.value, ticket.class_code) == (kind, "web", UNFILED)
    slip = page(visitor.get(f"/track/{number}/registered/"))
    code = cases.query_code(number)
    assert number in slip
    assert f"{code[:5]}-{code[5:]}" in slip
    assert "3月2日" in slip


def test_the_second_page_suggests_the_class_and_the_open_request_to_join(
    visitor: Client, hotline: Hotline
) -> None:
    main = hotline.dispatched()
    review = page(send(visitor, go="next", text=AGAIN))
    assert "路灯照明" in review
    assert main in review
    assert "溪畔大道30号" not in review.partition("是同一件吗")[2].partition("归到哪一类")[0]
    assert "李云溪" not in review.partition("是同一件吗")[2].partition("归到哪一类")[0]
    assert tickets() == 1


def test_who_joins_has_a_ticket_of_their_own_and_is_told_the_answer_without_names(
    visitor: Client, hotline: Hotline
) -> None:
    main = hotline.dispatched()
    number = sent(visitor, text=AGAIN, join=main, name="王溪畔", phone="19900000002")
    case = cases.read(number)
    assert (case.state, queries.ticket(number).into) == ("merged", main)  # type: ignore[union-attr]
    assert not [clock for clock in case.deadlines if clock.is_open]
    hotline.act(main, "sign", hotline.contact)
    reply = "已为李云溪换好灯具，联系电话19900000001，值班0350-1234567。"
    hotline.act(main, "answer", hotline.contact, reply=reply, fixed="fixed", contact="phone")
    assert actions.tell_merged(main, now=MONDAY) == 1
    slip = page(visitor.get(f"/track/{number}/"))
    assert "<h1>已答复</h1>" in slip
    assert "已为李某换好灯具，联系电话（电话已隐去），值班0350-1234567。" in slip
    assert "请重新反映" in slip
    opened = [one for one in journal.entries_of(main) if one.event == "casework.texts_opened"]
    assert [one.actor_kind for one in opened] == ["system"]


def test_the_requester_reads_the_answer_first(visitor: Client, hotline: Hotline) -> None:
    number = sent(visitor, class_code="0103")
    hotline.act(number, "dispatch", hotline.dispatcher, body=CITY_MANAGEMENT, limit="complaint")
    hotline.act(number, "sign", hotline.contact)
    hotline.act(number, "answer", hotline.contact, reply="已更换灯具。", fixed="fixed", contact="phone")
    slip = page(visitor.get(f"/track/{number}/"))
    assert slip.index("<h1>已答复</h1>") < slip.index("答复内容：已更换灯具。") < slip.index("办理经过")
    assert f"/track/{number}/ask_again/" in slip


def test_a_request_that_does_not_say_the_same_cannot_be_joined(visitor: Client, hotline: Hotline) -> None:
    main = hotline.dispatched()
    other = "小区的电梯经常停在半层，物业一直没有修好，老人出不了门。"
    refused = page(send(visitor, text=other, join=main), 422)
    assert "说的不是同一件事" in refused
    assert tickets() == 1


@pytest.mark.parametrize(
    "hidden", [{"identity": Identity.CONFIDENTIAL}, {"request_kind": RequestKind.REPORT}]
)
def test_nothing_tells_strangers_of_a_confidential_request_or_a_report(
    visitor: Client, hotline: Hotline, hidden: dict[str, Any]
) -> None:
    number = hotline.registered(**hidden)
    assert number not in page(send(visitor, go="next", text=AGAIN))


def test_who_stays_unknown_follows_adds_and_withdraws_by_number_and_code(visitor: Client) -> None:
    number = sent(visitor, identity="anonymous", name="", phone="")
    (party,) = cases.read(number).parties
    assert "谁也不知道您是谁" in page(visitor.get(f"/track/{number}/registered/"))
    stranger = Client()
    code = cases.query_code(number)
    assert stranger.post("/track/", {"number": number, "code": code}).status_code == 302
    added = stranger.post(f"/track/{number}/add/", {"more": "旁边两盏也不亮。", "file_photo": photo()})
    assert added.status_code == 302, added.content.decode()[:2000]
    assert stranger.post(f"/track/{number}/withdraw/", {}).status_code == 302
    case = cases.read(number)
    assert case.state == "withdrawn"
    assert "身份还没有当面核验" not in page(stranger.get(f"/track/{number}/"))
    row = run_one("SELECT name_masked, phone_index FROM party WHERE number::text = %(n)s", {"n": party})
    assert row == {"name_masked": "匿名", "phone_index": None}


def test_the_handling_unit_never_sees_who_asked_for_confidence_or_stayed_unknown(
    visitor: Client, hotline: Hotline
) -> None:
    for identity in ("confidential", "anonymous"):
        number = sent(visitor, identity=identity, text=f"{TEXT}{identity}")
        hotline.act(
            number,
            "dispatch",
            hotline.dispatcher,
            body=CITY_MANAGEMENT,
            limit="complaint",
            note="还没有归类，路灯由城管局管。",
        )
        kept = casework.open_case_file(number, by=hotline.contact, now=MONDAY)
        assert set(kept.names.values()) == {"（要求保密）"}
        assert set(kept.phones.values()) == {""}
        assert queries.ticket(number).may_publish is False  # type: ignore[union-attr]


def test_a_photo_is_kept_at_once_and_goes_with_the_request(visitor: Client) -> None:
    refused = page(send(visitor, go="next", phone="1", file_photo=photo()), 422)
    assert "已存好，不用再选：现场.jpg" in refused
    (code,) = re.findall(r'name="draft" value="([^"]+)"', refused)
    assert drafts.find(code, place="hotline/", now=MONDAY) is not None
    number = sent(visitor, draft=code)
    assert "收到1份" in page(visitor.get(f"/track/{number}/registered/"))
    assert drafts.find(code, place="hotline/", now=MONDAY) is None


def test_a_photo_of_forty_megabytes_is_refused_with_its_sentence_and_the_words_stay(visitor: Client) -> None:
    large = SimpleUploadedFile("大图.jpg", photo().read() + bytes(2 * uploads.LIMIT_BYTES), "image/jpeg")
    refused = page(send(visitor, file_photo=large), 422)
    assert "“大图.jpg”超过 20 MB，请压缩图片" in refused
    assert TEXT in refused
    assert tickets() == 0


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"text": "  "}, "请写下诉求的内容"),
        ({"text": "灯" * 20_001}, "最多20000个字，现在是20001个字"),
        ({"division": "110101000000"}, "不在本市的，请拨打当地的 12345"),
        ({"division": ""}, "请选择事情发生在本市哪里"),
        ({"name": ""}, "不愿意留的选“匿名”"),
        ({"phone": "12345"}, "手机号码"),
        ({"request_kind": "nonsense"}, "请选择是哪一种诉求"),
        ({"place": "路" * 201}, "地点最多200个字"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    visitor: Client, given: dict[str, str], says: str
) -> None:
    refused = page(send(visitor, **given), 422)
    assert says in refused
    if "text" not in given:
        assert TEXT in refused
    assert tickets() == 0


@pytest.mark.parametrize(
    "text",
    [
        "溪畔大道三十號門前的路燈連續三天不亮，晚上看不見路，請派人來修。",
        "بۇ يول چىرىغى ئۈچ كۈندىن بېرى يانمايدۇ",
        "THE ROAD LIGHT IN FRONT OF 30 XIPAN AVENUE IS OUT!!!",
        "溪畔大道的灯不亮，请修。" * 1666,
        "<script>alert(1)</script>路灯不亮😀",
    ],
)
def test_any_language_is_taken_as_it_was_written(visitor: Client, hotline: Hotline, text: str) -> None:
    number = sent(visitor, text=text)
    file = casework.open_case_file(number, by=hotline.dispatcher, now=MONDAY)
    assert text in file.matter


def test_the_same_words_two_hundred_times_from_one_phone_are_one_ticket(visitor: Client) -> None:
    number = sent(visitor)
    for at in range(200):
        other = Client()
        refused = send(other, text=f"{TEXT}{'！' * (at % 3)}", identity=["open", "confidential"][at % 2])
        assert refused.status_code == 429
    assert "同样的内容今天已经提交过" in page(refused, 429)
    assert tickets() == 1
    assert cases.read(number).state == "registered"


def test_sending_the_same_form_twice_gives_the_same_ticket(visitor: Client) -> None:
    key = str(uuid.uuid4())
    assert sent(visitor, submission_key=key) == sent(visitor, submission_key=key)
    assert tickets() == 1


def test_a_request_that_others_wait_with_is_not_withdrawn(visitor: Client, hotline: Hotline) -> None:
    main = sent(visitor)
    second = hotline.registered(text=AGAIN)
    hotline.act(second, "merge", hotline.dispatcher, into=main)
    refused = page(visitor.post(f"/track/{main}/withdraw/", {}), 409)
    assert "另有1位诉求人反映同一件事" in refused
    assert cases.read(main).state == "registered"


def test_all_who_wait_through_others_are_told(hotline: Hotline) -> None:
    first, second, third = (hotline.registered(text=f"{TEXT}{n}") for n in range(3))
    hotline.act(third, "merge", hotline.dispatcher, into=second)
    hotline.act(second, "merge", hotline.dispatcher, into=first)
    hotline.act(first, "answer_now", hotline.operator, reply="今晚恢复照明。")
    assert actions.tell_merged(first, now=MONDAY) == 2
    assert {cases.read(one).outcome for one in (second, third)} == {"answered"}


def test_a_report_never_goes_to_the_body_that_the_citizen_named(visitor: Client, hotline: Hotline) -> None:
    number = sent(visitor, request_kind="report", about_body=CITY_MANAGEMENT)
    row = run_one("SELECT about_body FROM hotline_ticket")
    assert row == {"about_body": CITY_MANAGEMENT}
    assert cases.read(number).body_code != CITY_MANAGEMENT


def test_who_left_no_document_finds_the_request_among_their_cases_by_name_and_mobile(
    visitor: Client, settings: Any
) -> None:
    settings.LIUQUAN_GATEWAYS = {"sms": "liuquan.messages.actions.outbox.OutboxGateway", "email": ""}
    number = sent(visitor)
    (party,) = cases.read(number).parties
    asked = visitor.post("/mine/", {"id_number": "李云溪", "phone": "19900000001"})
    assert asked["Location"] == "/mine/code/"
    row = run_one("SELECT party_number::text AS party FROM message_code ORDER BY id DESC LIMIT 1")
    assert row == {"party": party}
    assert [one.number for one in cases.of_parties([party])] == [number]


def test_a_form_that_was_open_too_long_loses_nothing(hotline: Hotline, set_now: SetNow) -> None:
    cache.clear()
    set_now(MONDAY)
    strict = Client(enforce_csrf_checks=True)
    expired = page(strict.post("/hotline/", typed(go="send", file_photo=photo())), 403)
    assert "已经过期，刚才没有提交成功" in expired
    assert TEXT in expired
    assert "现场.jpg" in expired
    assert re.search(r'name="draft" value="[^"]+"', expired)
    assert tickets() == 0


def test_both_pages_have_an_address_at_which_all_that_was_typed_is_found_again(
    visitor: Client, hotline: Hotline
) -> None:
    at = visitor.post("/hotline/", typed(go="next", file_photo=photo()))["Location"]
    assert at.endswith("&step=review")
    for _ in range(2):  # reload and Back read the same address
        review = page(visitor.get(at))
        assert TEXT in review
        assert "现场.jpg" in review
    form = page(visitor.get(at.removesuffix("&step=review")))
    assert TEXT in form
    back = visitor.post("/hotline/", typed(go="back", text=TEXT + "补一句。"))
    assert TEXT + "补一句。" in page(visitor.get(back["Location"]))
    assert TEXT not in page(Client().get(at))  # an address alone opens nothing in another browser
    code = re.search(r'name="draft" value="([^"]+)"', review)
    assert code is not None
    sent = visitor.post("/hotline/", typed(go="send", draft=code[1]))
    assert visitor.get(at)["Location"] == sent["Location"]


def test_a_refused_form_keeps_what_was_typed_in_the_draft_too(visitor: Client) -> None:
    refused = page(visitor.post("/hotline/", typed(go="next", request_kind="")), 422)
    code = re.search(r'name="draft" value="([^"]+)"', refused)
    assert code is not None
    kept = drafts.find(code[1], place="hotline/", now=MONDAY)
    assert kept is not None
    assert kept.values["text"] == TEXT


def test_an_address_whose_draft_is_over_says_so(visitor: Client) -> None:
    assert "没有找到写下的内容" in page(visitor.get("/hotline/?at=0123456789abcdef&step=review"))
