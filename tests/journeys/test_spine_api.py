"""One approval from the public guide to the published result, by the API alone: the spine of the platform."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pypdf import PdfReader

from liuquan.applications import actions as applications
from liuquan.casework import actions as casework
from liuquan.testing.browsers import SetNow
from liuquan.testing.cast import ITEMS, LI_YUNXI, Cast

API = "/api/v1"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
Answer = Any
Act = Callable[..., Any]


def at(day: int, hour: int = 10) -> datetime:
    """A moment of March 2026, by the clock in Shanghai."""
    return datetime(2026, 3, day, hour - 8, 0, tzinfo=UTC)


def pdf(name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PDF, content_type="application/pdf")


def good(answer: Answer, status: int = 200) -> Any:
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def acting(cast: Cast) -> Act:
    """`does("clerk", number, "accept", materials=[…])`: one act by API, which must succeed."""

    def does(who: str, number: str, action: str, **data: Any) -> Any:
        client = cast.client(who)
        case = good(client.get(f"{API}/cases/{number}"))
        assert action in {offer["action"] for offer in case["offers"]}, case["offers"]
        return good(
            client.post(f"{API}/cases/{number}/actions/{action}", data, content_type="application/json")
        )

    return does


def applied(client: Client, files: dict[str, Any], **more: Any) -> Any:
    given = {
        "item_code": ITEMS["food"],
        "applicant": {
            "kind": "person",
            "name": LI_YUNXI.name,
            "id_number": LI_YUNXI.id_number,
            "phone": LI_YUNXI.phone,
        },
        "matter": "在溪畔大道开一家小面馆",
    }
    return client.post(f"{API}/applications", {"json": json.dumps(given), **files}, headers=more)


def found_and_applied(public: Client) -> tuple[str, dict[str, str]]:
    """From plain words to the slip: the number of the case and what its holder shows."""
    found = good(public.get(f"{API}/items", {"q": "开小餐馆要什么证"}))
    assert found["hits"][0]["item_code"] == ITEMS["food"]
    guide = good(public.get(f"{API}/items/{ITEMS['food']}"))
    assert {m["key"] for m in guide["materials"] if m["necessity"] == "required"} == {
        "form",
        "layout",
        "rules",
    }
    slip = good(applied(public, {"form": pdf("申请书.pdf"), "layout": pdf("布局.pdf")}), 201)
    assert len(slip["papers"]) == 1
    return slip["number"], {"Query-Code": slip["query_code"]}


def supplemented(public: Client, number: str, holder: dict[str, str], does: Act, set_now: SetNow) -> None:
    """Told once what is missing, and handed in."""
    set_now(at(3))
    does("clerk", number, "notify_supplement", items=["rules"], remarks="目录须盖章")
    asked = good(public.get(f"{API}/track/{number}", headers=holder))
    assert [m["key"] for m in asked["asked"]] == ["rules"]
    set_now(at(4))
    files = {"json": "{}", "rules": pdf("制度.pdf")}
    supplement = public.post(f"{API}/track/{number}/actions/receive_supplement", files, headers=holder)
    assert good(supplement)["state"] == "received"


def examined(cast: Cast, number: str, does: Act, set_now: SetNow) -> None:
    """Accepted, checked on site by two officers, reviewed."""
    set_now(at(5))
    does("clerk", number, "accept")
    page = good(cast.client("examiner").get(f"{API}/cases/{number}"))
    assert {m["key"] for m in page["materials"] if m["received"]} == {"form", "layout", "rules"}
    two = {"result": "agree", "opinion": "布局合格", "second_officer": "YX0015"}
    does("second_examiner", number, "complete_step", **two)
    set_now(at(9))
    assert number in {work["number"] for work in good(cast.client("examiner").get(f"{API}/worklist"))}
    does("examiner", number, "complete_step", result="agree", opinion="材料与核查一致")


def printed(public: Client, number: str, paper: str, holder: dict[str, str]) -> str:
    """The text of a paper."""
    content = public.get(f"{API}/track/{number}/papers/{paper}", headers=holder).content
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


@pytest.mark.requirement("SUPV-06")
def test_an_application_goes_from_the_guide_to_the_published_result(
    city_db: str, cast: Cast, set_now: SetNow
) -> None:
    public, does = Client(), acting(cast)
    set_now(at(2))
    number, holder = found_and_applied(public)
    tracked = good(public.get(f"{API}/track/{number}", headers=holder))
    assert (tracked["state"], tracked["deadlines"][0]["due_on"]) == ("received", "2026-03-09")
    supplemented(public, number, holder, does, set_now)
    examined(cast, number, does, set_now)
    set_now(at(10))
    decided = does("approver", number, "grant", reason="条件全部具备", standard=cast.standard("food"))
    assert decided["state"] == "granted"
    applications.publicise(number, now=at(10, 11))
    set_now(at(11))
    does("clerk", number, "deliver", way="pick_up")

    assert casework.sweep(now=at(31)) == 0
    end = good(public.get(f"{API}/track/{number}", headers=holder))
    assert (end["state"], end["outcome"], end["deadlines"]) == ("closed", "granted", [])
    assert [r["number"] for r in good(public.get(f"{API}/results"))] == [number]
    assert [paper["title"] for paper in end["papers"]] == [
        "申请材料接收凭证",
        "补正材料一次性告知书",
        "补正材料接收凭证",
        "受理通知书",
        "准予行政许可决定书",
    ]
    assert LI_YUNXI.name in printed(public, number, end["papers"][-1]["number"], holder)
    assert LI_YUNXI.name not in json.dumps(end, ensure_ascii=False)
