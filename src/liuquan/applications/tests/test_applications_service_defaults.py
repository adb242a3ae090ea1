"""The service promises of the bodies, and the record of broken ones (CASE-06)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.urls import reverse

from liuquan.applications import actions, promises
from liuquan.casework import actions as casework_actions
from liuquan.journal import queries as journal
from liuquan.kernel.refusals import BadInput, NotAllowed, NotVisible, Refusal, WrongState
from liuquan.organisation import queries as organisation
from liuquan.organisation.types import Actor
from liuquan.testing.browsers import SetNow
from liuquan.testing.cast import Cast
from liuquan.testing.sources import cells

NOW = datetime(2026, 3, 20, 2, tzinfo=UTC)
ON = date(2026, 3, 20)
SCJG = "11990100MB9901024C"
ZRZY = "11990100MB99010402"
NOTE = "三月十八日上午十时窗口无人，张某某等候四十分钟，监控可查"
RUDE = {"body_code": SCJG, "aspect": "attitude", "what": "nobody_there", "happened_on": date(2026, 3, 18)}
PERIOD = {"from_on": date(2026, 3, 1), "to_on": ON}


def record(by: Actor, **change: Any) -> None:
    actions.record_service_default(**{**RUDE, "note": NOTE, **change}, by=by, now=NOW)


def page(cast: Cast) -> str:
    return str(cast.client().get(reverse("promises")).content.decode())


@pytest.mark.requirement("CASE-06")
def test_the_service_promise_of_every_body_stands_beside_what_became_of_its_promises_of_time(
    city_db: str, cast: Cast, set_now: SetNow
) -> None:
    set_now(NOW)
    number = cast.examined("device", at=datetime(2026, 3, 2, 2, tzinfo=UTC))
    late = datetime(2026, 3, 11, 2, tzinfo=UTC)
    casework_actions.perform(number, "grant", by=cast.approver, now=late, data=cast.decision("device"))
    rows = dict(cells(page(cast), "data-promises"))
    for body in organisation.bodies(on=ON):
        promise = organisation.service_promise(body.code, on=ON)
        assert promise is not None
        row = rows[body.code]
        assert row["单位"] == body.name
        for label, words in promise.lines:
            assert f"{label}：{words}" in row["服务承诺"]
        assert promise.announced_by in row["服务承诺"]
    counted = [
        rows[SCJG][name] for name in ("到期的承诺", "兑现", "违诺", "已公开说明", "兑现率", "服务违诺")
    ]
    assert counted == ["1", "0", "1", "0", "0%", "0"]
    assert [rows[ZRZY][name] for name in ("到期的承诺", "违诺", "兑现率")] == ["0", "0", "—"]


@pytest.mark.requirement("CASE-06")
def test_a_default_of_service_is_entered_with_its_ground_and_public_at_once_without_names(
    city_db: str, cast: Cast, set_now: SetNow
) -> None:
    set_now(NOW)
    assert "这一年没有登记服务违诺" in page(cast)
    record(cast.supervisor)
    record(cast.chief_rep, aspect="quality", what="wrong_paper", happened_on=date(2026, 3, 19))
    promise = organisation.service_promise(SCJG, on=ON)
    assert promise is not None
    body = organisation.body(SCJG, on=ON).name
    found, total = promises.service_defaults(**PERIOD)
    assert total == 2
    assert [(one.body, one.aspect_label, one.what_label, one.promise, one.ground_label) for one in found] == [
        (body, "工作质量", "文书、证照或者登记内容有差错", promise.quality, "本单位公开承认"),
        (body, "服务态度", "办公时间窗口无人、叫号不应", promise.attitude, "电子监察认定"),
    ]
    shown = page(cast)
    for one in found:
        for said in (one.body, one.aspect_label, one.what_label, one.promise, one.ground_label):
            assert said in shown
        assert f"{one.happened_on}" in shown
    assert dict(cells(shown, "data-promises"))[SCJG]["服务违诺"] == "2"
    assert dict(cells(shown, "data-promises"))[ZRZY]["服务违诺"] == "0"
    for secret in ("张某某", cast.supervisor.name, cast.chief_rep.name):
        assert secret not in shown


@pytest.mark.requirement("CASE-06")
def test_each_default_of_service_is_an_entry_whose_facts_stay_closed(city_db: str, cast: Cast) -> None:
    record(cast.supervisor)
    entry = journal.entries_of(SCJG)[-1]
    assert (entry.event, entry.post_code) == ("application.service_default", "ZWFW-JC1")
    assert entry.sentence == "没有做到关于服务态度的服务承诺：办公时间窗口无人、叫号不应（电子监察认定）"
    assert "张某某" not in str(dict(entry.public))
    assert str(cast.supervisor.staff_id) not in entry.public.values()


def elsewhere(cast: Cast) -> Actor:
    """A supervisor of a county, not of the city."""
    away = tuple(replace(term, division_path="99.9901.990121") for term in cast.supervisor.mandates)
    return replace(cast.supervisor, mandates=away)


@pytest.mark.parametrize(
    ("who", "change", "refusal", "words"),
    [
        ("examiner", {}, NotAllowed, "不能登记"),
        ("clerk", {}, NotAllowed, "不能登记"),
        ("leader", {}, NotAllowed, "不能登记"),
        ("other_head", {}, NotAllowed, "不能登记"),
        ("elsewhere", {}, NotAllowed, "不能登记"),
        ("supervisor", {"body_code": "11100000000013338W"}, NotVisible, "没有代码"),
        ("supervisor", {"aspect": "time"}, BadInput, "aspect"),
        ("supervisor", {"what": "wrong_paper"}, BadInput, "what"),
        ("supervisor", {"happened_on": date(2026, 3, 21)}, BadInput, "happened_on"),
        ("supervisor", {"note": "态度不好"}, BadInput, "note"),
        ("supervisor", {"happened_on": date(2023, 12, 31)}, WrongState, "没有公布服务承诺"),
    ],
)
def test_a_wrong_default_is_refused_and_nothing_is_entered(
    city_db: str, cast: Cast, who: str, change: dict[str, Any], refusal: type[Refusal], words: str
) -> None:
    by = elsewhere(cast) if who == "elsewhere" else cast.staff(who)
    with pytest.raises(refusal) as refused:
        record(by, **change)
    assert words in refused.value.sentence or words in refused.value.fields
    assert journal.entries_of(SCJG) == []
    assert promises.service_defaults(from_on=date(2023, 1, 1), to_on=ON) == ([], 0)


def test_the_same_default_is_not_counted_twice(city_db: str, cast: Cast) -> None:
    record(cast.supervisor)
    with pytest.raises(WrongState, match="已经登记过"):
        record(cast.chief_rep)
    assert promises.service_defaults(**PERIOD)[1] == 1
    record(cast.chief_rep, happened_on=date(2026, 3, 17))
    assert promises.service_defaults(**PERIOD)[1] == 2


@pytest.mark.requirement("CASE-06")
def test_supervisor_and_chief_representative_enter_a_default_from_the_page(
    city_db: str, cast: Cast, set_now: SetNow
) -> None:
    set_now(NOW)
    address = reverse("desk-service-default")
    typed = {"broken": "attitude.rude", "happened_on": "2026-03-18", "note": NOTE}
    watching = cast.client("supervisor")
    form = watching.get(address).content.decode()
    assert all(f'value="{body.code}"' in form for body in organisation.bodies(on=ON))
    assert "电子监察认定" in form
    wrong = watching.post(address, {**typed, "body": ZRZY, "note": "太短"})
    assert (wrong.status_code, "请写清楚时间" in wrong.content.decode()) == (422, True)
    assert watching.post(address, {**typed, "body": ZRZY}).status_code == 302
    assert watching.post(address, {**typed, "body": ZRZY}).status_code == 409
    own = cast.client("chief_rep")
    assert "本单位公开承认" in own.get(address).content.decode()
    assert own.post(address, {**typed, "body": ZRZY}).status_code == 403
    assert own.post(address, typed).status_code == 302
    assert [e.event for code in (ZRZY, SCJG) for e in journal.entries_of(code)] == [
        "application.service_default"
    ] * 2
    assert cast.client("examiner").get(address).status_code == 403
    for who, path in (("supervisor", "/board/"), ("chief_rep", "/desk/")):
        assert address in cast.client(who).get(path).content.decode()
