"""Open311 GeoReport v2: every answer has the fields of its specification, in JSON and in XML alike."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree

import pytest
from django.core.cache import cache
from django.test import Client

from liuquan.casework import actions as casework
from liuquan.casework import queries as cases
from liuquan.exchange import actions, queries
from liuquan.exchange.tests.conftest import MONDAY, Hotline
from liuquan.hotline import queries as hotline_queries
from liuquan.hotline.types import Identity, RequestKind
from liuquan.kernel.refusals import BadInput, NotVisible
from liuquan.kernel.sql import run_one
from liuquan.testing.browsers import SetNow

V2 = "/open311/v2"
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
#: the specification's tables: field → its type, and whether it must be there (else it may be None)
SERVICE = {
    "service_code": (str, True),
    "service_name": (str, True),
    "description": (str, False),
    "metadata": (bool, True),
    "type": ("realtime batch blackbox", True),
    "keywords": (str, False),
    "group": (str, False),
}
DEFINITION = {"service_code": (str, True), "attributes": (list, True)}
ATTRIBUTE = {
    "variable": (bool, True),
    "code": (str, True),
    "datatype": ("string number datetime text singlevaluelist multivaluelist", True),
    "required": (bool, True),
    "datatype_description": (str, False),
    "order": (int, False),
    "description": (str, False),
    "values": (list, False),
}
VALUE = {"key": (str, True), "name": (str, True)}
REQUEST = {
    "service_request_id": (str, True),
    "status": ("open closed", True),
    "status_notes": (str, False),
    "service_name": (str, False),
    "service_code": (str, True),
    "description": (str, False),
    "agency_responsible": (str, False),
    "service_notice": (str, False),
    "requested_datetime": (MOMENT, True),
    "updated_datetime": (MOMENT, False),
    "expected_datetime": (MOMENT, False),
    "address": (str, False),
    "address_id": (str, False),
    "zipcode": (str, False),
    "lat": (float, False),
    "long": (float, False),
    "media_url": (str, False),
}
CREATED = {"service_request_id": (str, True), "service_notice": (str, False), "account_id": (str, False)}
ERROR = {"code": (int, True), "description": (str, True)}
DISCOVERY = {
    "changeset": (MOMENT, True),
    "contact": (str, True),
    "key_service": (str, True),
    "endpoints": (list, True),
}
ENDPOINT = {
    "specification": (str, True),
    "url": (str, True),
    "changeset": (MOMENT, True),
    "type": ("production test acceptance", True),
    "formats": (list, True),
}
Fields = dict[str, tuple[Any, bool]]


def fits(found: dict[str, Any], fields: Fields) -> None:
    """Every field is one of the specification, of its type, and those that must be there are."""
    assert set(found) <= set(fields), set(found) - set(fields)
    for name, (kind, is_needed) in fields.items():
        value = found.get(name)
        if value is None:
            assert not is_needed, name
        elif isinstance(kind, str):
            assert value in kind.split(), (name, value)
        elif isinstance(kind, re.Pattern):
            assert kind.fullmatch(value), (name, value)
        else:
            assert type(value) is kind, (name, value)


@pytest.fixture
def client(hotline: Hotline, set_now: SetNow) -> Client:
    cache.clear()
    set_now(MONDAY)
    return Client()


@pytest.fixture
def key(client: Client) -> str:
    return actions.issue_key("市民通应用", now=MONDAY)


def read(client: Client, path: str, status: int = 200) -> Any:
    """The JSON answer, after its XML twin was found to say the same."""
    name, _, asked = path.partition("?")
    answer = client.get(f"{V2}/{name}.json?{asked}")
    assert answer.status_code == status, answer.content.decode()
    assert answer["Content-Type"] == "application/json; charset=utf-8"
    document = json.loads(answer.content)
    twin = client.get(f"{V2}/{name}.xml?{asked}")
    assert (twin.status_code, twin["Content-Type"]) == (status, "text/xml; charset=utf-8")
    assert twin.content.startswith(b'<?xml version="1.0" encoding="utf-8"?>')
    assert _plain(ElementTree.fromstring(twin.content)) == _texts(document)
    return document


def _plain(element: ElementTree.Element) -> Any:
    """An element as texts, mappings and lists."""
    listing = {"services", "service_requests", "errors", "attributes", "values", "endpoints", "formats"}
    if element.tag in listing:
        return [_plain(one) for one in element]
    return {one.tag: _plain(one) for one in element} if len(element) else element.text or ""


def _texts(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _texts(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_texts(one) for one in value]
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def post(client: Client, form: str = "json", **given: str) -> Any:
    values = {
        "service_code": "0103",
        "description": "溪畔大道三十号门前的路灯连续三天不亮。",
        "lat": "36.0805",
        "long": "111.5123",
        "address_string": "溪畔大道30号",
        **given,
    }
    body = urlencode({name: value for name, value in values.items() if value})
    return client.post(f"{V2}/requests.{form}", body, content_type="application/x-www-form-urlencoded")


def tickets() -> int:
    row = run_one("SELECT count(*) AS n FROM hotline_ticket")
    assert row is not None
    return int(row["n"])


def test_services_are_the_classes_with_the_fields_of_the_specification(client: Client) -> None:
    found = read(client, "services")
    for one in found:
        fits(one, SERVICE)
    lamp = next(one for one in found if one["service_code"] == "0103")
    assert (lamp["service_name"], lamp["group"], lamp["keywords"]) == ("路灯照明", "城市管理", "路灯,不亮")
    assert "01" not in {one["service_code"] for one in found}


def test_a_definition_has_the_fields_of_the_specification(client: Client) -> None:
    found = read(client, "services/0103")
    fits(found, DEFINITION)
    for attribute in found["attributes"]:
        fits(attribute, ATTRIBUTE)
        for value in attribute["values"]:
            fits(value, VALUE)
    assert [one["code"] for one in found["attributes"]] == ["request_kind", "division"]


@pytest.mark.parametrize("place", [V2, "/open311"])
def test_the_discovery_names_the_endpoint(client: Client, place: str) -> None:
    found = json.loads(client.get(f"{place}/discovery.json").content)
    fits(found, DISCOVERY)
    (endpoint,) = found["endpoints"]
    fits(endpoint, ENDPOINT)
    assert endpoint["url"].endswith("/open311/v2")
    twin = ElementTree.fromstring(client.get(f"{place}/discovery.xml").content)
    assert [one.text for one in twin.iter("format")] == ["application/json", "text/xml"]


@pytest.mark.parametrize("form", ["json", "xml"])
def test_a_request_sent_with_a_key_is_a_ticket_with_its_number_and_query_code(
    client: Client, key: str, hotline: Hotline, form: str
) -> None:
    answer = post(client, form, api_key=key, first_name="云溪", last_name="李", phone="19900000001")
    assert answer.status_code == 201, answer.content.decode()
    if form == "json":
        (found,) = json.loads(answer.content)
    else:
        (element,) = ElementTree.fromstring(answer.content)
        found = {**_plain(element), "account_id": None}
    fits(found, CREATED)
    number = found["service_request_id"]
    code = cases.query_code(number)
    assert f"{code[:5]}-{code[5:]}" in found["service_notice"]
    ticket = hotline_queries.ticket(number)
    assert ticket is not None
    assert (ticket.inlet.value, ticket.identity, ticket.class_code) == ("app", Identity.OPEN, "0103")
    file = casework.open_case_file(number, by=hotline.dispatcher, now=MONDAY)
    assert set(file.names.values()) == {"李云溪"}
    assert "溪畔大道30号（36.0805, 111.5123）" in file.matter


def test_who_gives_no_telephone_stays_unknown(client: Client, key: str) -> None:
    (found,) = json.loads(post(client, api_key=key, first_name="云溪").content)
    ticket = hotline_queries.ticket(found["service_request_id"])
    assert ticket is not None
    assert ticket.identity is Identity.ANONYMOUS


@pytest.mark.parametrize("wrong", ["", "wrong", "x" * 500])
def test_without_a_key_nothing_is_taken(client: Client, key: str, wrong: str) -> None:
    answer = post(client, api_key=wrong)
    assert answer.status_code == 403
    (line,) = json.loads(answer.content)
    fits(line, ERROR)
    assert tickets() == 0


def test_a_key_that_was_taken_back_opens_nothing(client: Client, key: str) -> None:
    assert queries.holder_of(key) == "市民通应用"
    actions.revoke_key("市民通应用", now=MONDAY)
    assert post(client, api_key=key).status_code == 403
    with pytest.raises(NotVisible):
        actions.revoke_key("市民通应用", now=MONDAY)
    with pytest.raises(BadInput, match="已经有这个名称"):
        actions.issue_key("市民通应用", now=MONDAY)
    assert tickets() == 0


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"service_code": ""}, "没有写 service_code"),
        ({"service_code": "9999"}, "没有这个 service_code"),
        ({"service_code": "01"}, "选到第二级"),
        ({"description": ""}, "没有写 description"),
        ({"description": "灯" * 4001}, "最多4000个字"),
        ({"lat": "", "long": "", "address_string": ""}, "请写 lat 和 long"),
        ({"lat": "36.08", "long": ""}, "lat 和 long 要一起写"),
        ({"lat": "360", "long": "1"}, "lat 和 long 要一起写"),
        ({"attribute[request_kind]": "nonsense"}, "不是可选的诉求类型"),
        ({"attribute[division]": "110101000000"}, "不在本市"),
        ({"first_name": "云溪", "phone": "123"}, "手机"),
    ],
)
def test_what_is_wrong_is_said_in_the_form_of_the_specification(
    client: Client, key: str, given: dict[str, str], says: str
) -> None:
    for form in ("json", "xml"):
        answer = post(client, form, api_key=key, **given)
        assert answer.status_code == 400, answer.content.decode()
        assert says in answer.content.decode()
    assert tickets() == 0


def test_the_same_request_from_one_system_is_taken_once(client: Client, key: str) -> None:
    assert post(client, api_key=key).status_code == 201
    assert {post(client, api_key=key).status_code for _ in range(20)} == {429}
    assert tickets() == 1


def test_a_list_tells_class_body_days_and_state_and_no_word_of_what_was_said(
    client: Client, hotline: Hotline
) -> None:
    number = hotline.dispatched()
    (found,) = read(client, "requests")
    fits(found, REQUEST)
    assert (found["service_request_id"], found["status"], found["service_name"]) == (
        number,
        "open",
        "路灯照明",
    )
    assert (found["requested_datetime"], found["expected_datetime"]) == (
        "2026-03-02T02:00:00Z",
        "2026-03-09T16:00:00Z",
    )
    assert (found["description"], found["lat"]) == (None, None)
    text = json.dumps(found, ensure_ascii=False)
    assert "溪畔大道" not in text
    assert "李云溪" not in text
    assert read(client, f"requests/{number}") == [found]


def test_the_published_question_and_answer_are_told(client: Client, hotline: Hotline) -> None:
    number = hotline.answered()
    hotline.act(
        number,
        "publish",
        hotline.dispatcher,
        question="李云溪问路灯坏了找谁修理？",
        answer="路灯由城管局养护，请拨打热线。",
    )
    (found,) = read(client, f"requests/{number}")
    assert found["description"] == "李某问路灯坏了找谁修理？"
    assert found["status_notes"] == "路灯由城管局养护，请拨打热线。"


@pytest.mark.parametrize(
    "hidden",
    [
        {"identity": Identity.CONFIDENTIAL},
        {"request_kind": RequestKind.REPORT},
        {"may_publish": False},
    ],
)
def test_what_is_not_public_is_in_no_list_and_not_found(
    client: Client, hotline: Hotline, hidden: dict[str, Any]
) -> None:
    number = hotline.registered(**hidden)
    assert read(client, "requests") == []
    (line,) = read(client, f"requests/{number}", 404)
    fits(line, ERROR)


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ("", 2),
        ("status=open", 1),
        ("status=closed", 1),
        ("status=open,closed", 2),
        ("service_code=0103", 2),
        ("service_code=0301,0302", 0),
        ("start_date=2026-03-02T00:00:00Z&end_date=2026-03-03T00:00:00Z", 2),
        ("start_date=2026-03-02T10:00:00%2B08:00", 2),
        ("end_date=2026-03-01T00:00:00Z", 0),
        ("jurisdiction_id=990100000000", 2),
    ],
)
def test_a_list_is_narrowed_as_the_specification_says(
    client: Client, hotline: Hotline, asked: str, count: int
) -> None:
    hotline.registered()
    second = hotline.registered(text="小区的电梯坏了，老人出不了门。")
    hotline.act(second, "answer_now", hotline.operator, reply="已转物业。")
    assert len(read(client, f"requests?{asked}")) == count


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("status=nonsense", 400),
        ("start_date=yesterday", 400),
        ("start_date=2025-01-01T00:00:00Z&end_date=2026-01-01T00:00:00Z", 400),
        ("start_date=2026-03-02T00:00:00Z&end_date=2026-03-01T00:00:00Z", 400),
        ("jurisdiction_id=110000000000", 404),
    ],
)
def test_a_list_that_cannot_be_read_is_refused(client: Client, asked: str, status: int) -> None:
    (line,) = read(client, f"requests?{asked}", status)
    fits(line, ERROR)
    assert line["code"] == status


def test_several_numbers_are_told_at_once_however_old_they_are(
    client: Client, hotline: Hotline, set_now: SetNow
) -> None:
    numbers = [hotline.registered(), hotline.registered()]
    set_now(MONDAY + timedelta(days=200))
    assert len(read(client, f"requests?service_request_id={','.join(numbers)}")) == 2
    assert read(client, "requests") == []


@pytest.mark.parametrize("path", ["services/01", "services/nothing", "requests/RX20260302999999", "tokens/1"])
def test_what_is_not_there_is_not_found(client: Client, path: str) -> None:
    (line,) = read(client, path, 404)
    fits(line, ERROR)


def test_another_form_is_not_found(client: Client) -> None:
    assert client.get(f"{V2}/services.html").status_code == 404
