"""The API as programs meet it: its document, its refusals, its examples."""

from __future__ import annotations

import io
import json
import re
import shlex
import uuid
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from liuquan.applications.procedure import PROCEDURE
from liuquan.casework import queries as cases
from liuquan.casework.types import Who
from liuquan.kernel import sql, uploads
from liuquan.kernel.home import CHECKOUT
from liuquan.kernel.refusals import Unavailable
from liuquan.site.commands.api import schema_text
from liuquan.testing.browsers import SetNow
from liuquan.testing.cast import ITEMS, LI_YUNXI, WANG_XIPAN, Cast, Person

API = "/api/v1"
NOW = datetime(2026, 3, 3, 2, tzinfo=UTC)
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
DOCUMENT = json.loads((CHECKOUT / "docs" / "openapi.json").read_text(encoding="utf-8"))
JSON = "application/json"
ACT = DOCUMENT["paths"]["/api/v1/cases/{number}/actions/{action}"]["post"]
BODIES_OF_ACTS = ACT["requestBody"]["content"][JSON]["schema"]["anyOf"]


def application(person: Person = LI_YUNXI, **more: Any) -> dict[str, Any]:
    given = {"kind": "person", "name": person.name, "id_number": person.id_number, "phone": person.phone}
    return {"item_code": ITEMS["device"], "applicant": given, **more}


def refused(answer: Any, status: int, code: str = "") -> dict[str, Any]:
    """The problem of a refusal, which has the form that all have."""
    assert answer.status_code == status, answer.content.decode()
    assert answer["Content-Type"].startswith("application/problem+json")
    problem: dict[str, Any] = answer.json()
    assert problem["status"] == status
    assert re.search("[\u4e00-\u9fff]", problem["detail"])
    assert "\\u" not in answer.content.decode()
    assert not code or problem["code"] == code
    return problem


@pytest.fixture
def at_noon(set_now: SetNow) -> None:
    set_now(NOW)


# --- the document -------------------------------------------------------------------------------------------


def test_the_committed_document_is_what_the_code_serves(city_db: str) -> None:
    assert json.loads(schema_text()) == DOCUMENT, (
        "the API has changed: run './run liuquan api schema --output docs/openapi.json', read the difference"
    )
    assert Client().get(f"{API}/openapi.json").json() == DOCUMENT


def test_every_operation_has_its_name_and_names_its_refusals() -> None:
    operations = [op for path in DOCUMENT["paths"].values() for op in path.values()]
    assert DOCUMENT["openapi"] == "3.1.0"
    assert len({op["operationId"] for op in operations}) == len(operations) > 15
    for op in operations:
        assert {"400", "422"} <= op["responses"].keys(), op["operationId"]
        assert "_" not in op["operationId"]
        assert op["summary"]
        for status, answer in op["responses"].items():
            assert list(answer["content"]) == ["application/problem+json"] or int(status) < 400


def test_an_act_takes_every_value_that_a_row_of_the_procedure_asks_for() -> None:
    bodies = DOCUMENT["components"]["schemas"]
    for row in PROCEDURE.rows:
        if Who.POST in row.who:
            name = f"Application{row.action.title().replace('_', '')}"
            assert bodies[name]["properties"].keys() == {field.name for field in row.takes}
            assert {"$ref": f"#/components/schemas/{name}"} in BODIES_OF_ACTS


def test_all_references_of_the_document_lead_somewhere() -> None:
    named = set(re.findall(r'"#/components/schemas/(\w+)"', json.dumps(DOCUMENT)))
    assert named <= DOCUMENT["components"]["schemas"].keys()
    assert {"Submission", "Intake", "ApplicationAccept", "Problem", "Person", "Organisation"} <= named


# --- bad input ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("bad", ["\x00", "\x1b", "\u202e", "\ufffe"], ids=ascii)
def test_hostile_characters_are_refused_wherever_they_stand(city_db: str, at_noon: None, bad: str) -> None:
    client = Client()
    given = json.dumps(application(matter=f"面{bad}馆"))
    refused(client.get(f"{API}/items/a{bad}b"), 400, "hostile_characters")
    refused(client.get(f"{API}/items", {"q": f"面{bad}馆"}), 400, "hostile_characters")
    refused(client.post(f"{API}/applications", given, content_type=JSON), 400, "hostile_characters")
    refused(client.post(f"{API}/applications", {"json": given.encode().decode("unicode_escape")}), 400)
    assert sql.run("SELECT 1 FROM casework_case") == []
    assert sql.run("SELECT 1 FROM party") == []


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        ("{", JSON, 400),
        ('{"a": NaN}', JSON, 400),
        ("[]", JSON, 422),
        ("{}", JSON, 422),
        ("a=b", "application/x-www-form-urlencoded", 400),
        ("x", "text/plain", 400),
        ("\xff", JSON, 400),
        (json.dumps(application(surprise=1)), JSON, 422),
        (json.dumps(application(agent="我")), JSON, 422),
        (json.dumps(application(matter="长" * 4001)), JSON, 422),
        (json.dumps({"a": "x" * 2_200_000}), JSON, 413),
        (json.dumps(application(item_code="x")), JSON, 404),
    ],
)
def test_a_body_that_is_not_as_documented_is_refused(
    city_db: str, at_noon: None, body: str, kind: str, status: int
) -> None:
    raw = body.encode("latin-1") if body == "\xff" else body.encode()
    problem = refused(Client().generic("POST", f"{API}/applications", raw, kind), status)
    assert (status == 422) == bool(problem["fields"])
    assert sql.run("SELECT 1 FROM party") == []


@pytest.mark.parametrize(
    ("field", "value", "where"),
    [
        ("id_number", "990101199003076549", "id_number"),
        ("id_number", "1", "id_number"),
        ("phone", "12345", "phone"),
        ("name", "", "name"),
    ],
)
def test_who_applies_is_checked(city_db: str, at_noon: None, field: str, value: str, where: str) -> None:
    given = application()
    given["applicant"][field] = value
    problem = refused(Client().post(f"{API}/applications", given, content_type=JSON), 422)
    assert any(where in name for name in problem["fields"])
    assert sql.run("SELECT 1 FROM casework_case") == []


def test_files_are_judged_and_a_refused_one_leaves_nothing(
    city_db: str, at_noon: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, given = Client(), json.dumps(application())

    def sent(**files: bytes) -> Any:
        parts = {key: SimpleUploadedFile(f"{key}.pdf", content) for key, content in files.items()}
        return client.post(f"{API}/applications", {"json": given, **parts})

    refused(sent(form=b"MZ\x90\x00 not a paper"), 422, "executable")
    refused(sent(form=b""), 422, "empty_file")
    refused(sent(passport=PDF), 422)
    monkeypatch.setattr("liuquan.kernel.api.LIMIT_BYTES", 50)
    refused(sent(form=PDF), 413)
    monkeypatch.setattr("liuquan.kernel.api.LIMIT_BYTES", uploads.LIMIT_BYTES)
    monkeypatch.setattr("liuquan.kernel.api.BYTES_AT_MOST", 100)
    refused(sent(form=PDF, certificate=PDF), 413)
    assert sql.run("SELECT 1 FROM casework_case") == []
    assert sql.run("SELECT 1 FROM kernel_storedfile WHERE erased_at IS NULL") == []


# --- sessions, codes, keys ----------------------------------------------------------------------------------


def test_staff_operations_want_a_session_and_its_token(city_db: str, cast: Cast, at_noon: None) -> None:
    number = cast.applies("device", at=NOW)
    refused(Client().get(f"{API}/cases/{number}"), 403, "not_signed_in")
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = cast.client("clerk").cookies
    problem = refused(strict.post(f"{API}/cases/{number}/actions/accept", {}, content_type=JSON), 403)
    assert "X-CSRFToken" in problem["detail"]
    assert cases.read(number).state == "received"
    client = cast.client("clerk")
    refused(client.get(f"{API}/worklist", headers={"Acting-Post": "SCJG-HZ"}), 403)
    refused(client.post(f"{API}/cases/{number}/actions/fly", {}, content_type=JSON), 400, "unknown_action")
    refused(client.post(f"{API}/cases/{number}/actions/accept", {"days": "x"}, content_type=JSON), 422)
    assert cases.read(number).state == "received"


def test_a_wrong_code_answers_as_an_unknown_number_and_few_tries_are_given(
    city_db: str, cast: Cast, at_noon: None
) -> None:
    number, client = cast.applies("device", at=NOW), Client()
    wrong = {"Query-Code": "ABCDEFGHJK"}
    one = refused(client.get(f"{API}/track/{number}", headers=wrong), 404)
    other = refused(client.get(f"{API}/track/20260303999999", headers=wrong), 404)
    assert one == other
    refused(client.get(f"{API}/track/{number}"), 422)
    for _ in range(4):
        refused(client.get(f"{API}/track/{number}", headers=wrong), 404)
    answer = client.get(f"{API}/track/{number}", headers={"Query-Code": cases.query_code(number)})
    refused(answer, 429)
    assert int(answer["Retry-After"]) > 0


def test_a_submission_sent_twice_is_one_case_and_another_persons_key_never_leads_to_it(
    city_db: str, at_noon: None
) -> None:
    key = {"Idempotency-Key": str(uuid.UUID(int=7))}
    first, again, other = (
        Client().post(f"{API}/applications", application(person), content_type=JSON, headers=key).json()
        for person in (LI_YUNXI, LI_YUNXI, WANG_XIPAN)
    )
    assert (first["number"], first["query_code"]) == (again["number"], again["query_code"])
    assert (len(first["papers"]), again["papers"]) == (1, [])
    assert other["number"] != first["number"]
    assert len(sql.run("SELECT 1 FROM casework_case")) == 2


def test_a_paper_that_cannot_be_issued_now_delays_itself_only(
    city_db: str, at_noon: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    rare = Person("李\U0002a6dd溪", "990101199511113018", "")
    assert (
        len(Client().post(f"{API}/applications", application(rare), content_type=JSON).json()["papers"]) == 1
    )

    def broken(*given: object, **named: object) -> None:
        raise Unavailable("打印服务暂时不可用，请稍后重试。")

    monkeypatch.setattr("liuquan.papers.actions.issuing.issue_papers", broken)
    answer = Client().post(f"{API}/applications", application(), content_type=JSON)
    assert answer.status_code == 201
    assert (answer.json()["papers"], answer.json()["paper_trouble"][:4]) == ([], "打印服务")
    waiting = "SELECT 1 FROM procrastinate_jobs WHERE task_name = 'papers.issue_papers'"
    assert len(sql.run(waiting)) == 2


# --- the examples of docs/api.md ----------------------------------------------------------------------------


def examples() -> list[str]:
    text = (CHECKOUT / "docs" / "api.md").read_text(encoding="utf-8").replace("\\\n", " ")
    blocks = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    return [line for block in blocks for line in block.splitlines() if line.startswith("curl")]


def curled(words: list[str], client: Client) -> Any:
    """The answer curl would get. Supports only the options that the page uses."""
    method, path, query, fields, body, headers = "", "", {}, {}, "", {}
    while words:
        word = words.pop(0)
        if word in ("-s", "-G"):
            continue
        if word.startswith("http"):
            path = word.removeprefix("http://site")
        elif word in ("-b", "-o"):
            words.pop(0)
        elif word == "-H":
            name, _, value = words.pop(0).partition(": ")
            headers[name] = value
        elif word == "-X":
            method = words.pop(0)
        elif word == "-d":
            body = words.pop(0)
        elif word in ("-F", "--data-urlencode"):
            name, _, value = words.pop(0).partition("=")
            (fields if word == "-F" else query)[name] = value
        else:
            raise AssertionError(f"curl {word} is not known to this test")
    if fields:
        parts = {k: io.BytesIO(PDF) if v.startswith("@") else v for k, v in fields.items()}
        for key, value in fields.items():
            if value.startswith("@"):
                parts[key].name = value[1:]  # type: ignore[union-attr]
        return client.post(path, parts, headers=headers)
    if body or method == "POST":
        kind = headers.pop("Content-Type", JSON)
        return client.generic("POST", path, body.encode(), kind, headers=headers)
    return client.get(path, query, headers=headers)


def test_the_examples_of_the_page_work_in_their_order(city_db: str, cast: Cast, at_noon: None) -> None:
    known = {"SITE": "http://site", "ITEM": ITEMS["device"], "TOKEN": "x"}
    public, clerk = Client(), cast.client("clerk")
    lines = examples()
    assert len(lines) >= 14
    for example in lines:
        line = example
        for name, value in known.items():
            line = line.replace(f"${name}", value)
        words = shlex.split(line)[1:]
        answer = curled(words, clerk if "cookies.txt" in line else public)
        assert answer.status_code in (200, 201), f"{example}\n{answer.content.decode()[:400]}"
        if "Idempotency-Key" in line:
            told = answer.json()
            known |= {"NUMBER": told["number"], "CODE": told["query_code"], "PAPER": told["papers"][0]}
    assert cases.read(known["NUMBER"]).state == "examining"
