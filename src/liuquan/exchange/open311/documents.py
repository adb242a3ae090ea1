"""The documents of Open311 GeoReport v2 as values, with the names of its specification. Pure.

A request tells class, place by division, body, days and state; its words only where the answer was published.
Coordinates are never told: a point on a map names a dwelling.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from liuquan.exchange.source import RequestClass, RequestKind, ShownRequest

Document = dict[str, Any]
SPECIFICATION: Final = "http://wiki.open311.org/GeoReport_v2"
CHANGESET: Final = "2026-03-01T00:00:00Z"
FORMATS: Final = {"json": "application/json", "xml": "text/xml"}
KIND, DIVISION = "request_kind", "division"  #: the codes of the attributes


def moment(at: datetime) -> str:
    """A moment in the subset of ISO 8601 that the specification asks for."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}Z"


def discovery(base: str, *, contact: str, is_demo: bool) -> Document:
    """Where which version is spoken, in which formats."""
    endpoint = {
        "specification": SPECIFICATION,
        "url": f"{base}/open311/v2",
        "changeset": CHANGESET,
        "type": "test" if is_demo else "production",
        "formats": list(FORMATS.values()),
    }
    return {"changeset": CHANGESET, "contact": contact, "key_service": contact, "endpoints": [endpoint]}


def services(classes: Iterable[RequestClass]) -> list[Document]:
    """Every class that can be asked for; the group is the class above it."""
    every = list(classes)
    names = {one.code: one.name for one in every}
    return [
        {
            "service_code": one.code,
            "service_name": one.name,
            "description": "、".join(one.words) or one.name,
            "metadata": True,
            "type": "realtime",
            "keywords": ",".join(one.words),
            "group": names.get(one.parent, ""),
        }
        for one in every
        if not one.is_top
    ]


def definition(code: str, divisions: Mapping[str, str]) -> Document:
    """What else may be said of a request of this class. `divisions`: code → name."""
    kinds = {one.value: one.label for one in RequestKind}
    return {
        "service_code": code,
        "attributes": [
            _attribute(1, KIND, "诉求类型，不选按求助登记", kinds),
            _attribute(2, DIVISION, "事情发生在哪个区划，不选由热线中心核定", divisions),
        ],
    }


def _attribute(order: int, code: str, description: str, values: Mapping[str, str]) -> Document:
    return {
        "variable": True,
        "code": code,
        "datatype": "singlevaluelist",
        "required": False,
        "datatype_description": "请选择一项",
        "order": order,
        "description": description,
        "values": [{"key": key, "name": name.strip()} for key, name in values.items()],
    }


def request(one: ShownRequest) -> Document:
    """One request as anybody may see it."""
    return {
        "service_request_id": one.number,
        "status": "closed" if one.is_closed else "open",
        "status_notes": one.answer or one.state,
        "service_name": one.class_name,
        "service_code": one.class_code,
        "description": one.question or None,
        "agency_responsible": one.body_name,
        "service_notice": None,
        "requested_datetime": moment(one.received_at),
        "updated_datetime": moment(one.updated_at),
        "expected_datetime": moment(one.expected_at) if one.expected_at else None,
        "address": one.division_name,
        "address_id": one.division,
        "zipcode": None,
        "lat": None,
        "long": None,
        "media_url": None,
    }


def created(number: str, notice: str) -> Document:
    """What whoever sent a request gets: at once its number, never a token."""
    return {"service_request_id": number, "service_notice": notice, "account_id": None}


def error(code: int, description: str) -> Document:
    """One line of what went wrong."""
    return {"code": code, "description": description}
