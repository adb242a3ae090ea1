"""Scans handed over with an act at the desk: checked, kept whatever else is wrong, and on file at the end."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from liuquan.applications.tests.visiting import NOW, PDF
from liuquan.casework import queries as casework
from liuquan.desk import queries as desk_queries
from liuquan.testing.browsers import SetNow
from liuquan.testing.cast import Cast


@pytest.fixture(autouse=True)
def now(city_db: str, set_now: SetNow) -> None:
    set_now(NOW)


def incomplete(cast: Cast) -> str:
    return cast.applies("device", at=NOW, materials=())


def do(client: Client, number: str, action: str, data: dict[str, Any]) -> Any:
    return client.post(reverse("desk-act", args=[number, action]), data)


def test_a_program_under_the_name_of_a_paper_is_refused_beside_its_input(cast: Cast) -> None:
    number = incomplete(cast)
    disguised = SimpleUploadedFile("申请书.pdf", b"MZ\x90\x00 program")
    answer = do(cast.client("clerk"), number, "accept", {"file_form": disguised})
    assert answer.status_code == 422
    assert "申请书.pdf" in answer.content.decode()
    assert casework.read(number).state == "received"
    assert not any(m.files for m in desk_queries.case_page(number, by=cast.clerk, now=NOW).materials)


def test_a_scan_stays_when_something_else_of_the_act_is_wrong(cast: Cast) -> None:
    number = incomplete(cast)
    first, *others = cast.materials("device")
    one = {f"file_{first}": SimpleUploadedFile("登记表.pdf", PDF)}
    page = do(cast.client("clerk"), number, "accept", one)  # the other materials are lacking
    assert page.status_code == 422
    html = page.content.decode()
    assert "已存好，不用再选：登记表.pdf" in html
    draft = html.split('name="draft" value="')[1][:12]
    assert casework.read(number).state == "received"
    rest = {f"file_{key}": SimpleUploadedFile(f"{key}.pdf", PDF + key.encode()) for key in others}
    assert do(cast.client("clerk"), number, "accept", {"draft": draft, **rest}).status_code == 302
    found = {m.key: len(m.files) for m in casework.materials(casework.read(number))}
    assert all(found[key] == 1 for key in (first, *others))


def test_a_scan_that_no_field_asks_for_is_refused_once_and_then_forgotten(cast: Cast) -> None:
    number = incomplete(cast)
    scans = {
        f"file_{key}": SimpleUploadedFile(f"{key}.pdf", PDF + key.encode())
        for key in ["ghost", *cast.materials("device")]
    }
    page = do(cast.client("clerk"), number, "accept", scans)
    assert page.status_code == 422
    assert casework.read(number).state == "received"
    draft = page.content.decode().split('name="draft" value="')[1][:12]
    assert do(cast.client("clerk"), number, "accept", {"draft": draft}).status_code == 302
    assert "ghost" not in {m.key for m in casework.materials(casework.read(number))}


def test_a_scan_counts_as_the_material_it_is(cast: Cast) -> None:
    number = incomplete(cast)
    scans = {
        f"file_{key}": SimpleUploadedFile(f"{key}.pdf", PDF + key.encode())
        for key in cast.materials("device")
    }
    assert do(cast.client("clerk"), number, "accept", scans).status_code == 302
    assert casework.read(number).state == "examining"
