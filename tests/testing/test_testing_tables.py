"""A table of permissions that lacks a line, or has one too many, says which and where."""

from __future__ import annotations

import pytest

from liuquan.testing import addresses, transitions


def test_a_route_without_a_line_is_named_with_the_file_to_write_it_in(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tables = {
        module: [row for row in rows if row["route"] != "help/"]
        for module, rows in addresses.tables().items()
    }
    monkeypatch.setattr(addresses, "tables", lambda: tables)
    (said,) = addresses.gaps()
    assert said.startswith(
        "add to src/liuquan/site/tests/addresses.csv a line for help/ (route,method,path,body,"
    )


def test_a_line_in_another_module_or_for_no_route_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    tables = dict(addresses.tables())
    strange = {**tables["site"][0], "route": "gone/"}
    tables["kernel"] = [*tables["kernel"], strange, {**strange, "route": "help/"}]
    tables["site"] = [row for row in tables["site"] if row["route"] != "help/"]
    monkeypatch.setattr(addresses, "tables", lambda: tables)
    said = addresses.gaps()
    assert any("src/liuquan/kernel/tests/addresses.csv: gone/" in one for one in said)
    assert any("src/liuquan/kernel/tests/addresses.csv: help/" in one for one in said)
    assert any("add to src/liuquan/site/tests/addresses.csv a line for help/" in one for one in said)


def test_an_operation_of_the_api_belongs_to_the_module_that_defines_it() -> None:
    owners = dict(addresses.routes())
    assert owners["api/v1/items"] == "catalogue"
    assert owners["api/v1/cases"] == "applications"
    assert owners["api/v1/openapi.json"] == "site"
    assert owners["desk/calendar/"] == "timekeeping"


def test_an_act_without_a_line_is_named_with_the_file_to_write_it_in(monkeypatch: pytest.MonkeyPatch) -> None:
    key = ("application", "grant", "deciding")
    rows = {other: row for other, row in transitions.table().items() if other != key}
    rows["application", "grant", "closed"] = transitions.table()[key]
    monkeypatch.setattr(transitions, "table", lambda: rows)
    missing, strange = transitions.gaps()
    assert missing.startswith(
        "add to src/liuquan/applications/tests/transitions.csv a line application,grant,deciding, "
    )
    assert strange == "take out, no procedure has it: application,grant,closed"
