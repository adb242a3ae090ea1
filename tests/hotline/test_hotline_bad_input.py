"""Bad input by the hotline's real ways: each is taken or gets its sentence, and nothing is lost."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from liuquan.casework import actions as casework
from liuquan.casework import queries as cases
from liuquan.hotline import actions
from liuquan.hotline.actions.stand_in import StandInPhone
from liuquan.hotline.tests.calling import answered_call
from liuquan.hotline.tests.conftest import MONDAY, Hotline
from liuquan.journal import queries as journal
from liuquan.kernel import sql
from liuquan.reviews import actions as reviews
from liuquan.reviews import queries as reviewed
from liuquan.testing.browsers import SetNow
from liuquan.testing.sources import squeezed

TEXT = "溪畔大道三十号门前的路灯连续三天不亮，晚上看不见路。"
HERE = "/hotline/"
#: what people write that no form expects, each as it must reach its handler
WRITTEN = [
    "溪畔大道三十號門前的路燈連續三天不亮，請派人來修。",
    "بۇ يول چىرىغى ئۈچ كۈندىن بېرى يانمايدۇ",
    "ལམ་གྱི་གློག་སྒྲོན་ཉིན་གསུམ་རིང་མི་འབར།",
    "THE ROAD LIGHT IN FRONT OF 30 XIPAN AVENUE IS OUT!!!",
    "溪畔大道的路灯不亮。" * 2000,
]


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
        "identity": "open",
        "name": "李云溪",
        "phone": "19900000001",
        "submission_key": str(uuid.uuid4()),
        "go": "send",
        **given,
    }


def count() -> int:
    row = sql.run_one("SELECT count(*) AS n FROM hotline_ticket")
    assert row is not None
    return int(row["n"])


@pytest.mark.parametrize("text", WRITTEN, ids=["traditional", "uyghur", "tibetan", "capitals", "20000"])
def test_the_window_the_desk_and_the_portal_take_every_script_as_it_was_written(
    visitor: Client, hotline: Hotline, text: str
) -> None:
    sent = visitor.post(HERE, typed(text=text))
    assert sent.status_code == 302, sent.content.decode()[:2000]
    number = sent["Location"].split("/")[2]
    unit = hotline.registered(text=text)
    for one in (number, unit):
        assert text in casework.open_case_file(one, by=hotline.dispatcher, now=MONDAY).matter
    page = hotline.cast.client("rexiaopai").get(f"/desk/cases/{number}/")
    assert page.status_code == 200


def test_one_character_too_many_is_said_with_its_count_and_the_words_stay(visitor: Client) -> None:
    text = "路" * 20_001
    refused = visitor.post(HERE, typed(text=text))
    page = refused.content.decode()
    assert refused.status_code == 422
    assert "最多20000个字，现在是20001个字，其余请作为文件附上" in page
    assert text in page
    assert count() == 0


@pytest.mark.parametrize("division", ["110101000000", "000000000000", "no place", "990000000000"])
def test_a_place_outside_the_city_is_told_whom_to_ring_and_the_words_stay(
    visitor: Client, division: str
) -> None:
    refused = visitor.post(HERE, typed(division=division))
    page = squeezed(refused.content.decode())
    assert (refused.status_code, TEXT in page, count()) == (422, True, 0)
    assert "不在本市的，请拨打当地的12345" in page.replace(" ", "")


def test_another_persons_numbers_reach_the_unit_and_never_the_public(
    visitor: Client, hotline: Hotline
) -> None:
    said = f"{TEXT}是王某的车晋A12345撞的，身份证990101 19900307 6548，电话１９９００００００８８。"
    number = hotline.answered(text=said)
    assert said in casework.open_case_file(number, by=hotline.contact, now=MONDAY).matter
    public = {"question": said, "answer": "已经更换灯具；肇事人990101199003076548另行处理。"}
    hotline.act(number, "publish", hotline.dispatcher, **public)
    for address in ("/hotline/answers/", "/hotline/answers.atom"):
        page = visitor.get(address).content.decode()
        assert "（号码已隐去）" in page
        assert not [one for one in ("A12345", "19900307", "１９９", "19900000088") if one in page]


def test_a_review_by_anothers_link_reviews_nothing_and_ones_own_does_once(
    visitor: Client, hotline: Hotline
) -> None:
    number, other = hotline.answered(), hotline.answered()
    entry = next(one for one in journal.entries_of(number) if one.event == "ticket.answered")
    assert reviews.invite(number, str(entry.number))
    given = {"service": str(entry.number), "grade": "1", "words": "灯还是不亮，没有人来过。"}
    # without the slip, and with the slip of another ticket
    assert visitor.post(f"/track/{number}/review/", given).status_code == 302
    visitor.post("/track/", {"number": other, "code": cases.query_code(other)})
    assert visitor.post(f"/track/{other}/review/", given).status_code == 404
    assert [one.grade for one in reviewed.services(number)] == [None]
    visitor.post("/track/", {"number": number, "code": cases.query_code(number)})
    assert visitor.post(f"/track/{number}/review/", given).status_code == 302
    assert visitor.post(f"/track/{number}/review/", given).status_code == 409


def test_a_call_that_drops_while_its_form_is_written_leaves_the_words_and_waits_for_a_call_back(
    visitor: Client, hotline: Hotline
) -> None:
    number = answered_call(hotline.operator, at=MONDAY - timedelta(minutes=2))
    operator = hotline.cast.client("rexiaojie")
    saved = operator.post("/desk/hotline/new/", {"call": number, "text": TEXT, "go": "check"})
    assert TEXT in saved.content.decode()
    row = sql.run_one("SELECT line FROM hotline_call WHERE number::text = %(n)s", {"n": number})
    assert row is not None
    StandInPhone().end(row["line"], now=MONDAY, breaks_off=True)
    again = hotline.cast.client("rexiaojie").get("/desk/hotline/new/").content.decode()
    assert "接着登记" in again
    calls = hotline.cast.client("rexiaojie").get("/desk/hotline/calls/").content.decode()
    assert "中途断线，待回拨" in calls
    assert actions.call_back_failed(number, by=hotline.operator, now=MONDAY) == 1
