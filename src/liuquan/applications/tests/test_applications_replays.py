"""A submission sent again: the same case once for the same person, and never another person's case."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from liuquan.applications.views import allowances
from liuquan.casework import queries as casework
from liuquan.journal import queries as journal
from liuquan.kernel import sql
from liuquan.kernel.refusals import Unavailable
from liuquan.testing.browsers import SetNow
from liuquan.testing.cast import ITEMS, LI_YUNXI, WANG_XIPAN, Cast, Person

NOW = datetime(2026, 3, 3, 2, tzinfo=UTC)
API = "/api/v1"


@pytest.fixture(autouse=True)
def _at_ten(city_db: str, set_now: SetNow) -> None:
    set_now(NOW)


def on_the_portal(cast: Cast, person: Person, key: str, item: str = "food") -> str:
    """Each from a browser of their own: the number of the case they are led to."""
    typed = {
        "as_kind": "person",
        "go": "send",
        "incomplete": "9",
        "submission_key": key,
        "name": person.name,
        "id_number": person.id_number,
        "phone": person.phone,
    }
    answer = Client().post(reverse("apply", args=[ITEMS[item]]), typed)
    assert answer.status_code == 302, answer.content.decode()
    return str(answer.headers["Location"].split("/")[2])


def on_the_desk(cast: Cast, person: Person, key: str, item: str = "food") -> str:
    return str(pressed(cast.client("clerk"), cast, person, key, item).headers["Location"].split("/")[3])


def pressed(clerk: Client, cast: Cast, person: Person, key: str, item: str = "food") -> Any:
    screen = {
        "submission_key": key,
        "name": person.name,
        "id_number": person.id_number,
        "phone": person.phone,
        "item": ITEMS[item],
        "materials": cast.materials(item),
        "decide": "accept",
    }
    answer = clerk.post(reverse("desk-intake"), screen)
    assert answer.status_code == 302, answer.content.decode()
    return answer


def asked(person: Person, item: str = "food") -> dict[str, Any]:
    given = {"kind": "person", "name": person.name, "id_number": person.id_number, "phone": person.phone}
    return {"item_code": ITEMS[item], "applicant": given}


def by_the_public_api(cast: Cast, person: Person, key: str, item: str = "food") -> str:
    return sent(Client(), "applications", person, key, item)


def by_the_staff_api(cast: Cast, person: Person, key: str, item: str = "food") -> str:
    return sent(cast.client("clerk"), "cases", person, key, item)


def sent(client: Client, path: str, person: Person, key: str, item: str) -> str:
    answer = client.post(
        f"{API}/{path}",
        asked(person, item),
        content_type="application/json",
        headers={"Idempotency-Key": key},
    )
    assert answer.status_code == 201, answer.content.decode()
    return str(answer.json()["number"])


def cases() -> list[str]:
    return sorted(row["number"] for row in sql.run("SELECT number FROM casework_case"))


def entries(number: str) -> list[str]:
    return [entry.event for entry in journal.entries_of(number)]


FACES = [on_the_portal, on_the_desk, by_the_public_api, by_the_staff_api]


@pytest.mark.parametrize("face", FACES)
def test_the_same_person_item_and_key_are_one_case_and_anything_else_is_another(
    cast: Cast, face: Any
) -> None:
    key = str(uuid.UUID(int=7))
    first = face(cast, LI_YUNXI, key)
    before = entries(first)
    other = face(cast, WANG_XIPAN, key)
    assert entries(first) == before
    other_item = face(cast, LI_YUNXI, key, "stall")
    assert cases() == sorted({first, other, other_item})
    assert len(cases()) == 3
    assert casework.read(first).parties.keys().isdisjoint(casework.read(other).parties)
    assert face(cast, LI_YUNXI, key) == first
    assert face(cast, WANG_XIPAN, key) == other
    assert len(cases()) == 3
    assert entries(first) == before


def test_a_key_of_one_face_is_the_same_key_on_another(cast: Cast) -> None:
    key = str(uuid.UUID(int=7))
    assert len({face(cast, LI_YUNXI, key) for face in FACES}) == 1
    assert len(cases()) == 1


def test_a_form_sent_again_at_the_desk_performs_no_act(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    key, clerk = str(uuid.UUID(int=7)), cast.client("clerk")

    def broken(*given: object, **named: object) -> None:
        raise Unavailable("暂时无法办理，请稍后重试。")

    with monkeypatch.context() as once:
        once.setattr("liuquan.casework.actions.perform", broken)
        number = pressed(clerk, cast, LI_YUNXI, key).headers["Location"].split("/")[3]
    assert "没有办成" in clerk.get(reverse("desk-intake-done", args=[number])).content.decode()
    assert casework.read(number).state == "received"
    before = entries(number)
    again = pressed(clerk, cast, LI_YUNXI, key)
    assert again.headers["Location"] == reverse("desk-intake-done", args=[number])
    page = clerk.get(again.headers["Location"]).content.decode()
    assert "没有重复收件" in page
    assert "还没有受理" in page
    assert casework.read(number).state == "received"
    assert entries(number) == before
    assert cases() == [number]


@pytest.mark.parametrize("key", ["1", "my-application", "5f0c1f0e-6a34-4c43-9d0b-6f3f6a1e0c1", "令牌"])
def test_a_key_that_is_no_uuid_is_refused_and_nothing_is_kept(cast: Cast, key: str) -> None:
    for client, path in ((Client(), "applications"), (cast.client("clerk"), "cases")):
        answer = client.post(
            f"{API}/{path}",
            asked(WANG_XIPAN),
            content_type="application/json",
            headers={"Idempotency-Key": key},
        )
        assert answer.status_code == 422
        assert "请换成新生成的 UUID" in answer.json()["detail"]
        assert "Idempotency-Key" in answer.json()["fields"]
    assert cases() == []
    assert sql.run("SELECT 1 FROM party WHERE name_masked = '王*畔'") == []


def test_names_cannot_be_tried_for_ever(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    assert allowances.SUBMISSIONS_FROM_ADDRESS.limit == 100
    few = allowances.Allowance("submit_address_few", 5, 3600, "请过一会儿再提交。")
    monkeypatch.setattr(allowances, "SUBMISSIONS_FROM_ADDRESS", few)
    assert cast.applicant.party_number
    stranger = Client(REMOTE_ADDR="198.51.100.7")

    def tried(name: str) -> int:
        wrong = asked(Person(name, LI_YUNXI.id_number, ""))
        return stranger.post(f"{API}/applications", wrong, content_type="application/json").status_code

    assert [tried("李云西") for _ in range(5)] == [422] * 5
    assert tried("李云西") == 429
    assert tried(LI_YUNXI.name) == 429
    assert cases() == []
    assert by_the_public_api(cast, LI_YUNXI, str(uuid.UUID(int=8))) == cases()[0]


def test_a_wrong_file_costs_no_try(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    narrow = allowances.Allowance("submit_address_narrow", 1, 3600, "请过一会儿再提交。")
    monkeypatch.setattr(allowances, "SUBMISSIONS_FROM_ADDRESS", narrow)
    for _ in range(3):
        answer = Client().post(
            f"{API}/applications",
            {"json": json.dumps(asked(LI_YUNXI)), "form": SimpleUploadedFile("表.pdf", b"MZ\x90\x00")},
        )
        assert answer.status_code == 422
    assert by_the_public_api(cast, LI_YUNXI, str(uuid.UUID(int=9))) == cases()[0]


def test_a_wrong_file_says_nothing_about_the_name(cast: Cast) -> None:
    assert cast.applicant.party_number

    def answers(name: str) -> list[bytes]:
        who = json.dumps(asked(Person(name, LI_YUNXI.id_number, "")))
        wrong = (("form", b"MZ\x90\x00"), ("strange", b"%PDF-1.4 %%EOF"))
        given = [
            Client().post(f"{API}/applications", {"json": who, part: SimpleUploadedFile("表.pdf", content)})
            for part, content in wrong
        ]
        assert [one.status_code for one in given] == [422, 422]
        return [one.content for one in given]

    assert answers(LI_YUNXI.name) == answers("李云西")
    assert cases() == []
