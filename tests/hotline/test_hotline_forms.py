"""Every act on a ticket and on an assistance is taken by its form, which sends text and nothing else."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from liuquan.casework import queries as casework
from liuquan.casework.types import Transition, Who
from liuquan.hotline.assist.procedure import PROCEDURE as ASSIST
from liuquan.hotline.procedure import PROCEDURE as TICKET
from liuquan.hotline.tests import cases as hotline_cases
from liuquan.hotline.tests.conftest import Hotline
from liuquan.journal import queries as journal
from liuquan.kernel import moments
from liuquan.testing.browsers import SetNow
from liuquan.testing.cases import ACTED
from liuquan.testing.cast import Cast
from liuquan.testing.sources import squeezed

_STAFF = {Who.POST, Who.RECEIVER}
BY_FORM = [
    (procedure.kind, row) for procedure in (TICKET, ASSIST) for row in procedure.rows if _STAFF & set(row.who)
]


def as_typed(data: dict[str, Any]) -> dict[str, Any]:
    """Values as a browser sends them: text, and lists of text for tick boxes."""
    return {
        name: [str(one) for one in value] if isinstance(value, list) else str(value)
        for name, value in data.items()
    }


def sent(client: Client, number: str, action: str, data: dict[str, Any]) -> Any:
    """The form of an act, opened, filled in and sent."""
    address = f"/desk/cases/{number}/{action}/"
    page = client.get(address)
    assert page.status_code == 200, squeezed(page.content.decode())[:500]
    drawn = page.content.decode()
    assert all(f'name="{name}"' in drawn for name in data)
    return client.post(address, {**as_typed(data), "confirmed": "yes"})


@pytest.mark.parametrize(("kind", "row"), BY_FORM, ids=[f"{kind}-{row.action}" for kind, row in BY_FORM])
def test_an_act_is_taken_by_its_form(
    hotline: Hotline, cast: Cast, set_now: SetNow, kind: str, row: Transition
) -> None:
    set_now(ACTED)
    brought = hotline_cases.brought if kind == "ticket" else hotline_cases.helping
    number = brought(cast, row.sources[0])
    unit = "chengxiaore" if kind == "ticket" else "shixiaore"
    who = "rexiaopai" if Who.RECEIVER in row.who else unit
    data = (
        hotline_cases.ready(cast, row.action, number, cast.staff(who))
        if kind == "ticket"
        else (dict(hotline_cases.GIVEN.get(row.action, {})))
    )
    answer = sent(cast.client(who), number, row.action, data)
    assert answer.status_code == 302, squeezed(answer.content.decode())[:1500]
    assert [one.event for one in journal.entries_of(number) if one.event == row.event]


@pytest.mark.parametrize("days", ["1", "2", "3"])
def test_an_extension_is_asked_for_and_granted_by_the_days_that_were_typed(
    hotline: Hotline, cast: Cast, set_now: SetNow, days: str
) -> None:
    set_now(ACTED)
    number = hotline_cases.brought(cast, "handling")
    given = {"days": days, "reason": "灯具要从外地调货，三天内不能到货安装。"}
    assert sent(cast.client("chengxiaore"), number, "ask_extension", given).status_code == 302
    assert sent(cast.client("rexiaopai"), number, "extend", given).status_code == 302
    said = {one.event: one.public.get("days") for one in journal.entries_of(number)}
    assert (said["ticket.extension_asked"], said["ticket.extended"]) == (int(days), int(days))


@pytest.mark.parametrize("days", ["0", "30", "-1", "二", "1.5"])
def test_days_that_may_not_be_asked_for_are_refused_with_the_reason_and_kept(
    hotline: Hotline, cast: Cast, set_now: SetNow, days: str
) -> None:
    set_now(ACTED)
    number = hotline_cases.brought(cast, "handling")
    given = {"days": days, "reason": "灯具要从外地调货，三天内不能到货安装。"}
    answer = sent(cast.client("chengxiaore"), number, "ask_extension", given)
    assert answer.status_code == 422
    assert f'value="{days}"' in answer.content.decode()
    assert "ticket.extension_asked" not in {one.event for one in journal.entries_of(number)}


def test_help_is_asked_for_by_the_page_with_the_days_that_the_unit_has(
    hotline: Hotline, cast: Cast, set_now: SetNow
) -> None:
    set_now(ACTED)
    number = hotline_cases.brought(cast, "handling")
    given = {"bodies": [hotline_cases.MARKET], "what": "请查线路由谁养护。"}
    client = cast.client("chengxiaore")
    refused = sent(client, number, "ask_help", {**given, "days": "31"})
    assert refused.status_code == 422
    assert "请写几个工作日内回复，1至30。" in refused.content.decode()
    assert not hotline.read(number).children
    assert sent(client, number, "ask_help", {**given, "days": "2"}).status_code == 302
    (child,) = hotline.read(number).children
    assert hotline.read(child.number).deadlines[0].limit(hotline.read(child.number).terms).amount == 2


def test_a_ticket_that_is_filed_anew_is_called_so_wherever_it_is_read(
    hotline: Hotline, cast: Cast, set_now: SetNow
) -> None:
    set_now(ACTED)
    number = hotline_cases.brought(cast, "registered")
    dispatcher = cast.client("rexiaopai")
    given = {"request_kind": "help", "class_code": "0101", "reason": "诉求人要的是清运垃圾，不是路灯。"}
    refused = sent(dispatcher, number, "refile", {**given, "reason": "短"})
    assert refused.status_code == 422
    assert "ticket.refiled" not in {one.event for one in journal.entries_of(number)}
    before = hotline.read(number).terms.subject_name
    assert sent(dispatcher, number, "refile", given).status_code == 302
    now_called = hotline.read(number).terms.subject_name
    assert now_called != before
    for address in (f"/desk/cases/{number}/", f"/desk/cases/{number}/dispatch/", "/desk/", "/desk/cases/"):
        page = squeezed(dispatcher.get(address).content.decode())
        assert now_called in page, address
    case_page = squeezed(dispatcher.get(f"/desk/cases/{number}/").content.decode())
    assert f"<dt>归类</dt><dd>{now_called}</dd>" in case_page.replace(" ", ""), case_page
    assert f"<h1>{before}" not in case_page
    assert "<dt>诉求类型</dt><dd>求助</dd>" in case_page.replace(" ", "")
    found = dispatcher.get("/desk/cases/", {"text": now_called}).content.decode()
    assert number in found
    # the terms of that day are as the record has them
    assert journal.entries_of(number)[0].public["terms_sha256"] == casework.kept_terms_hash(number)


@pytest.mark.parametrize(("code", "kind"), [("01", "help"), ("9999", "help"), ("0103", "complaint")])
def test_filing_under_no_class_or_under_the_same_again_is_refused(
    hotline: Hotline, cast: Cast, set_now: SetNow, code: str, kind: str
) -> None:
    set_now(ACTED)
    number = hotline_cases.brought(cast, "registered")
    given = {"request_kind": kind, "class_code": code, "reason": "诉求人要的是清运垃圾，不是路灯。"}
    assert sent(cast.client("rexiaopai"), number, "refile", given).status_code == 422
    assert hotline.read(number).state == "registered"
    assert "ticket.refiled" not in {one.event for one in journal.entries_of(number)}


def test_a_proof_is_a_file_and_never_a_tick(hotline: Hotline, cast: Cast, set_now: SetNow) -> None:
    set_now(ACTED)
    number = hotline_cases.brought(cast, "handling")
    client, address = cast.client("chengxiaore"), f"/desk/cases/{number}/answer/"
    page = client.get(address).content.decode()
    assert 'type="checkbox" name="files"' not in squeezed(page)
    given = {**as_typed(hotline_cases.GIVEN["answer"]), "files": ["photo"]}
    refused = client.post(address, given)
    assert refused.status_code == 422
    assert "请附上文件" in refused.content.decode()
    assert hotline.read(number).state == "handling"
    assert not any(one.received for one in casework.materials(hotline.read(number)))
    assert sent(client, number, "answer", hotline_cases.GIVEN["answer"]).status_code == 302
    assert not any(one.received for one in casework.materials(hotline.read(number)))


def test_a_limit_of_hours_is_shown_with_the_time_at_which_it_ends(
    hotline: Hotline, cast: Cast, set_now: SetNow
) -> None:
    set_now(ACTED)
    number = hotline_cases.brought(cast, "registered")
    (clock,) = hotline.read(number).deadlines
    ends = clock.due_at.astimezone(moments.LOCAL)
    dispatcher = cast.client("rexiaopai")
    for address in (f"/desk/cases/{number}/", f"/desk/cases/{number}/dispatch/"):
        page = squeezed(dispatcher.get(address).content.decode())
        assert re.search(rf"{ends.month}月{ends.day}日（周.） {ends:%H:%M}", page), address
