"""Open311 read on loopback by a client that others wrote and keep (`georeport`), in JSON and in XML.

It does not send; what is sent is held to the specification in `test_exchange_open311.py`, and once here, over
the wire.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests
from django.core.cache import cache
from georeport import GeoReport
from pytest_django.live_server_helper import LiveServer

from liuquan.exchange import actions
from liuquan.exchange.tests.conftest import MONDAY, Hotline
from liuquan.hotline.types import Identity
from liuquan.testing.browsers import SetNow
from liuquan.testing.cast import Cast

CITY = "990100000000"  #: the division that is the jurisdiction


@pytest.fixture
def hotline(city: str, cast: Cast, set_now: SetNow) -> Hotline:
    """In a city whose changes are committed, so that another thread serves them."""
    cache.clear()
    set_now(MONDAY)
    return Hotline(cast)


@pytest.fixture
def endpoint(hotline: Hotline, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("NO_PROXY", "localhost")
    server = LiveServer("localhost")
    try:
        yield f"{server.url}/open311/v2/"
    finally:
        server.stop()


@pytest.fixture(params=["json", "xml"])
def client(endpoint: str, request: pytest.FixtureRequest) -> Any:
    return GeoReport(endpoint, jurisdiction=CITY, output_format=request.param)


def test_the_client_reads_the_services_and_what_may_be_said_of_one(client: Any) -> None:
    found = {one["service_code"]: one for one in client.get_service_list()}
    assert found["0103"]["service_name"] == "路灯照明"
    assert str(found["0103"]["metadata"]).lower() == "true"
    definition = client.get_service_definition("0103")
    assert definition["service_code"] == "0103"
    attributes = definition["attributes"]
    listed = attributes if isinstance(attributes, list) else attributes["attribute"]
    assert [one["code"] for one in listed] == ["request_kind", "division"]


def test_the_client_finds_requests_by_state_class_and_days_and_opens_one(
    client: Any, hotline: Hotline
) -> None:
    waiting, answered = hotline.registered(), hotline.answered()
    hotline.act(answered, "call_back", hotline.second, satisfied="satisfied", confirmed="yes")
    assert client.get_service_request(waiting)["status"] == "open"
    closed = client.get_service_request(answered)
    assert (closed["status"], closed["agency_responsible"]) == ("closed", "云溪市城市管理局")
    assert closed["requested_datetime"] == "2026-03-02T02:00:00Z"
    both = client.get_service_requests(service_code="0103")
    assert {one["service_request_id"] for one in both} == {waiting, answered}
    narrowed = client.get_service_requests(
        status="closed", start_date="2026-03-01T00:00:00Z", end_date="2026-03-03T00:00:00Z"
    )
    (one,) = narrowed if isinstance(narrowed, list) else [narrowed]
    assert one["service_request_id"] == answered


def test_the_client_is_not_told_of_what_was_asked_in_confidence(endpoint: str, hotline: Hotline) -> None:
    number = hotline.registered(identity=Identity.CONFIDENTIAL)
    assert GeoReport(endpoint).get_service_requests(service_request_id=number) == []
    with pytest.raises(requests.HTTPError):
        GeoReport(endpoint).get_service_request(number)


@pytest.mark.parametrize(
    ("jurisdiction", "call"),
    [
        ("some.city", lambda one: one.get_service_list()),
        (CITY, lambda one: one.get_service_definition("9999")),
    ],
)
def test_the_client_learns_that_something_is_not_there(endpoint: str, jurisdiction: str, call: Any) -> None:
    with pytest.raises(requests.HTTPError) as raised:
        call(GeoReport(endpoint, jurisdiction=jurisdiction))
    assert raised.value.response.status_code == 404
    assert raised.value.response.json()[0]["code"] == 404


def test_what_is_sent_over_the_wire_is_read_by_the_client(client: Any, endpoint: str) -> None:
    key = actions.issue_key("市民通应用", now=MONDAY)
    said = {
        "jurisdiction_id": CITY,
        "service_code": "0103",
        "description": "溪畔大道三十号门前的路灯连续三天不亮。",
        "address_string": "溪畔大道30号",
        "lat": "36.0805",
        "long": "111.5123",
        "media_url": "https://example.invalid/lamp.jpg",
    }
    refused = requests.post(f"{endpoint}requests.json", data=said, timeout=30)
    assert (refused.status_code, refused.json()[0]["code"]) == (403, 403)
    wrong = requests.post(
        f"{endpoint}requests.json", data={"api_key": key, "description": "坏了"}, timeout=30
    )
    assert (wrong.status_code, wrong.json()[0]["code"]) == (400, 400)
    made = requests.post(f"{endpoint}requests.json", data={**said, "api_key": key}, timeout=30)
    assert made.status_code == 201
    number = made.json()[0]["service_request_id"]
    read = client.get_service_request(number)
    assert (read["service_code"], read["status"], read["address"]) == ("0103", "open", "云溪市")
