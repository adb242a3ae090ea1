"""Permissions of every address: each module has a table of its addresses with a column for each role.

`<module>/tests/addresses.csv`: the route as the resolver has it, the method, a sample of the path and of the
body (names in braces are those of the city with cases), then a column a role with the status of the answer:
302 where somebody is sent to sign in, 403 not allowed, 404 not visible; `.` where it is the same as for
anybody.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from liuquan.testing.cases import Cases
from liuquan.testing.city import undone
from liuquan.testing.modules import PACKAGE, beside
from liuquan.testing.role_classes import AT_ADDRESSES

NAME = "addresses.csv"
KEYS = ("route", "method", "path", "body")
Row = dict[str, str]


@cache
def tables() -> dict[str, list[Row]]:
    """Module → the rows of its table."""
    found = {module: path.read_text(encoding="utf-8") for module, path in beside(NAME).items()}
    return {module: list(csv.DictReader(text.splitlines(), strict=True)) for module, text in found.items()}


def routes(patterns: Any = None, before: str = "", module: str = "site") -> Iterator[tuple[str, str]]:
    """Every route of the site as the resolver has it, and the module it belongs to."""
    for one in get_resolver().url_patterns if patterns is None else patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLResolver):
            of = getattr(one.urlconf_module, "__name__", "")
            yield from routes(one.url_patterns, route, _module(of) or module)
        elif isinstance(one, URLPattern):
            yield route, next(_modules_of_operations(one.callback), module)


def wrong(cases: Cases, module: str, role: str, who: str = "") -> list[str]:
    """The answers of a module's addresses that differ from its table, requested by the role (or by another
    member of its class)."""
    tried = who or role
    session = cases.cast.client("" if tried == "anonymous" else tried).cookies
    found = []
    for row in tables()[module]:
        if row[role] != ".":
            with undone():
                happened = _answered(cases, row, session)
            if happened != row[role]:
                line = f"{row['method']} {row['route']} for {tried}: {happened}, the table says {row[role]}"
                found.append(line)
    return found


def gaps() -> list[str]:
    """What is missing in the tables or too much, with what to do."""
    there = dict(routes())
    listed = {row["route"]: module for module, rows in tables().items() for row in rows}
    columns = ",".join((*KEYS, *AT_ADDRESSES))
    unlike = [module for module, rows in tables().items() if rows and ",".join(rows[0]) != columns]
    if unlike:
        return [f"{_path(module)}: the first line must be {columns}" for module in unlike]
    return [
        *(
            f"add to {_path(module)} a line for {route} ({columns})"
            for route, module in there.items()
            if listed.get(route) != module
        ),
        *(
            f"take out of {_path(module)}: {route}, which is no address of this module"
            for route, module in listed.items()
            if there.get(route) != module
        ),
    ]


def _answered(cases: Cases, row: Row, session: Any) -> str:
    client = Client()
    for name, cookie in session.items():
        client.cookies[name] = cookie.value
    body, path = cases.fill(row["body"]), "/" + cases.fill(row["path"])
    kind = "application/json" if row["route"].startswith("api/") else "application/x-www-form-urlencoded"
    held = {"Query-Code": cases.names["query_code"]}
    return str(client.generic(row["method"], path, body.encode(), kind, headers=held).status_code)


def _path(module: str) -> str:
    return str((PACKAGE / module / "tests" / NAME).relative_to(PACKAGE.parents[1]))


def _module(dotted: str) -> str:
    return dotted.split(".")[1] if dotted.startswith("liuquan.") else ""


def _modules_of_operations(callback: Any) -> Iterator[str]:
    """An operation of the API belongs to the module that defines it; all hang under one address."""
    held = [cell.cell_contents for cell in getattr(callback, "__closure__", None) or ()]
    operations: Iterable[Any] = (one for each in held for one in getattr(each, "operations", ()))
    return (module for one in operations if (module := _module(one.view_func.__module__)))
