"""Who gets what at every address: one table of every address of the site by every role.

`addresses.csv`: the route as the resolver has it, the method, a sample of the path and of the body (`{case}`
and the like are filled in), then a column a role with the status of the answer: 302 where somebody is sent to
sign in, 403 not allowed, 404 not visible; `.` where it is the same as for anybody. A route that the table
does not have fails, and says what to add.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from liuquan.applications import actions as applications
from liuquan.applications import queries
from liuquan.applications.types import Upload
from liuquan.casework import queries as cases
from liuquan.journal import queries as journal
from liuquan.kernel import sql
from liuquan.supervision import actions as supervision
from liuquan.testing.browsers import SetNow
from liuquan.testing.cast import ITEMS, LI_YUNXI, Cast

RECEIVED = datetime(2026, 3, 3, 2, tzinfo=UTC)
NOW = datetime(2026, 3, 25, 2, tzinfo=UTC)
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
TABLE = Path(__file__).parent / "addresses.csv"
KEYS = ("route", "method", "path", "body")
ROWS = list(csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines(), strict=True))
ROLES = tuple(name for name in ROWS[0] if name not in KEYS)


def routes(patterns: Any = None, before: str = "") -> Iterator[str]:
    """Every route of the site, as the resolver has it."""
    for one in get_resolver().url_patterns if patterns is None else patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from routes(one.url_patterns, route)
        elif isinstance(one, URLPattern):
            yield route


@pytest.fixture
def samples(city_db: str, cast: Cast) -> dict[str, str]:
    """What is filled into the paths: a case of the market bureau under examination and late, with a file, a
    paper and a finding."""
    number = cast.applies(
        "device", at=RECEIVED, files_given=[Upload("form", "登记表.pdf", PDF)], materials=["certificate"]
    )
    entry = journal.entries_of(number)[0].number
    notice = applications.issue_papers(number, entry=entry, now=RECEIVED)[0]
    applications.act(number, "accept", by=cast.clerk, now=RECEIVED)
    supervision.run_all(now=NOW)
    applications.open_case_file(number, by=cast.clerk, now=NOW)
    reading = next(e for e in journal.entries_of(number) if e.event in journal.reading_events()).number
    finding = sql.run("SELECT number::text AS number FROM supervision_finding ORDER BY id LIMIT 1")
    file = next(m for m in queries.materials(cases.read(number)) if m.files).files[0]
    person = {"kind": "person", "name": LI_YUNXI.name, "id_number": LI_YUNXI.id_number}
    bodies = {
        "empty": {},
        "application": {"item_code": ITEMS["device"], "applicant": person},
        "decision": cast.decision("device"),
    }
    return {name: json.dumps(body) for name, body in bodies.items()} | {
        "case": number,
        "item": ITEMS["device"],
        "body": ITEMS["device"][:18],
        "post": "SCJG-SC1",
        "party": cast.applicant.party_number,
        "paper": notice,
        "short": cases.notices(number)[0].short_code,
        "file": file,
        "finding": finding[0]["number"],
        "reading": str(reading),
    }


def answered(cast: Cast, samples: dict[str, str], row: dict[str, str], role: str) -> str:
    client = cast.client("" if role == "anonymous" else role)
    body, path = row["body"].format_map(samples), "/" + row["path"].format_map(samples)
    kind = "application/json" if row["route"].startswith("api/") else "application/x-www-form-urlencoded"
    held = {"Query-Code": cases.query_code(samples["case"])}
    answer = client.generic(row["method"], path, body.encode(), kind, headers=held)
    return str(answer.status_code)


def test_the_table_has_every_address_and_no_other() -> None:
    listed, there = {row["route"] for row in ROWS}, set(routes())
    missing, strange = there - listed, listed - there
    assert not missing, (
        "add these to tests/permissions/addresses.csv as route,method,path,body and a status for each of "
        f"{','.join(ROLES)}: " + "; ".join(sorted(missing))
    )
    assert not strange, f"these routes are gone, take them out of addresses.csv: {sorted(strange)}"


@pytest.mark.parametrize("role", ROLES)
def test_each_address_answers_each_role_as_the_table_says(
    cast: Cast, samples: dict[str, str], set_now: SetNow, role: str
) -> None:
    set_now(NOW)
    asked = [row for row in ROWS if row[role] != "."]
    wrong = [
        f"{row['method']} {row['route']} for {role}: {happened}, the table says {row[role]}"
        for row in asked
        if (happened := answered(cast, samples, row, role)) != row[role]
    ]
    assert asked
    assert not wrong, "\n".join(["", *wrong])


def test_nobody_without_a_session_gets_behind_the_desk_and_the_board() -> None:
    inside = [
        row
        for row in ROWS
        if row["route"].startswith(("desk/", "board/", "api/v1/cases", "api/v1/me", "api/v1/worklist"))
    ]
    assert len(inside) > 20
    assert {row["anonymous"] for row in inside} <= {"302", "403"}
