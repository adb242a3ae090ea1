"""Loading the organisation from a pack or an import: idempotent, dated, all or nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection, models, transaction

from liuquan.identifiers import parse_uscc
from liuquan.kernel.moments import today as day_of
from liuquan.kernel.refusals import BadInput, NotAllowed
from liuquan.organisation.actions.accounts import give_accounts
from liuquan.organisation.models import (
    Body,
    BodyRecord,
    Division,
    Mandate,
    Post,
    PostCover,
    PostHolding,
    PostSheet,
    Seal,
    ServicePromise,
    Staff,
    Unit,
    UnitRecord,
)
from liuquan.organisation.models.ranges import Dated
from liuquan.organisation.rules import check_organisation, path_of
from liuquan.organisation.succession import Standing, Wanted, plan, plan_absent
from liuquan.organisation.types import (
    Actor,
    BodyData,
    CoverData,
    Known,
    LoadReport,
    MandateData,
    OrganisationData,
    PostData,
    PromiseData,
    SealData,
    StaffData,
    Tally,
)

_LOCK = 0x6C71_0001
"""Advisory lock: one load at a time."""
_BEGINNING = date(2000, 1, 1)


@dataclass(frozen=True)
class Line:
    """A dated row as the data require it: column values, split into key and content."""

    key: tuple[Any, ...]
    wanted: Wanted


@dataclass(frozen=True)
class Sheet:
    """Which columns of a dated table are its key and which are its content."""

    model: type[Dated]
    key: tuple[str, ...]
    content: tuple[str, ...]


def load_organisation(
    data: OrganisationData, *, by: Actor, now: datetime, complete: bool = True
) -> LoadReport:
    """Make the organisation what ``data`` says, from ``now`` on; loading the same again changes nothing.

    A changed row is closed and followed by a new one, never overwritten. Rows of the same source that are no
    longer in the data are closed (not with ``complete=False``); rows of other sources stay. Passwords are set
    only for accounts that have none. Refuses, without doing anything: anyone but the system and
    administrators (403), and data with any fault (422, all faults in ``details["complaints"]``).
    """
    if by.kind != "system" and not by.has_role("sysadmin"):
        raise NotAllowed("只有系统管理员可以变更机构、岗位和授权，请联系系统管理员。")
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        _refuse_faults(data)
        return LoadReport(_load(data, day_of(now), complete))


def _refuse_faults(data: OrganisationData) -> None:
    known = Known(
        divisions=frozenset(Division.objects.values_list("code", flat=True)),
        bodies=frozenset(Body.objects.values_list("code", flat=True)),
        units=dict(Unit.objects.values_list("code", "body__code")),
        posts=dict(Post.objects.values_list("code", "body__code")),
        staff=frozenset(Staff.objects.values_list("number", flat=True)),
    )
    complaints = list(check_organisation(data, known))
    if complaints:
        rows = [
            {"table": c.table, "index": c.index, "field": c.field, "sentence": c.sentence} for c in complaints
        ]
        more = f"（共{len(rows)}处）" if len(rows) > 1 else ""
        raise BadInput(f"机构数据有误{more}：{complaints[0].sentence}", details={"complaints": rows})


def _load(data: OrganisationData, today: date, complete: bool) -> dict[str, Tally]:
    tables = {"division": _load_divisions(data)}
    divisions = dict(Division.objects.values_list("code", "id"))
    bodies = _identities(
        Body,
        [{"code": r.code, "key": r.key or parse_uscc(r.code).organisation_code} for r in data.bodies],
    )
    units = _identities(Unit, [{"code": r.code, "body_id": bodies[r.body]} for r in data.units])
    posts = _identities(Post, [{"code": r.code, "body_id": bodies[r.body]} for r in data.posts])
    tables["staff"] = _load_staff(data.staff, data.source)
    staff = dict(Staff.objects.values_list("number", "id"))
    places = {row.code: row.division for row in data.bodies} | _standing_places()
    ids = _Ids(divisions, bodies, units, posts, staff, places)
    for name, sheet, lines in _lines(data, ids):
        tables[name] = _sync(sheet, lines, source=data.source, today=today, complete=complete)
    return tables


@dataclass(frozen=True)
class _Ids:
    """Row ids by code, and the division code of each body."""

    divisions: dict[str, int]
    bodies: dict[str, int]
    units: dict[str, int]
    posts: dict[str, int]
    staff: dict[str, int]
    places: dict[str, str]


def _standing_places() -> dict[str, str]:
    rows = BodyRecord.objects.order_by("from_on").values_list("body__code", "division__code")
    return dict(rows)


def _load_divisions(data: OrganisationData) -> Tally:
    standing = {row.code: row for row in Division.objects.all()}
    created = succeeded = 0
    for row in sorted(data.divisions, key=lambda r: r.level):
        parent = standing[row.parent] if row.parent else None
        there = standing.get(row.code)
        if there is None:
            standing[row.code] = Division.objects.create(
                code=row.code,
                name=row.name,
                level=row.level,
                path=path_of(row.code),
                parent=parent,
                source=data.source,
                reconsidered_by=row.reconsidered_by,
                court=row.court,
            )
            created += 1
            continue
        said = (row.name, parent.id if parent else there.parent_id, row.reconsidered_by, row.court)
        if (there.name, there.parent_id, there.reconsidered_by, there.court) != said:
            Division.objects.filter(pk=there.pk).update(
                name=row.name,
                parent=parent or there.parent,
                reconsidered_by=row.reconsidered_by,
                court=row.court,
            )
            succeeded += 1
    return Tally(created=created, succeeded=succeeded, unchanged=len(data.divisions) - created - succeeded)


def _identities(model: type[models.Model], rows: Sequence[dict[str, Any]]) -> dict[str, int]:
    """Insert rows for new codes; returns the ids of all rows by code."""
    manager = model._default_manager
    there = set(manager.filter(code__in=[row["code"] for row in rows]).values_list("code", flat=True))
    manager.bulk_create(model(**row) for row in rows if row["code"] not in there)
    return dict(manager.values_list("code", "id"))


def _load_staff(rows: Sequence[StaffData], source: str) -> Tally:
    standing = {row.number: row for row in Staff.objects.filter(number__in=[r.number for r in rows])}
    new = [
        Staff(number=row.number, name=row.name, source=source) for row in rows if row.number not in standing
    ]
    Staff.objects.bulk_create(new)
    renamed = [row for row in rows if row.number in standing and standing[row.number].name != row.name]
    for row in renamed:
        Staff.objects.filter(number=row.number).update(name=row.name)
    give_accounts(rows)
    return Tally(len(new), len(renamed), 0, len(rows) - len(new) - len(renamed))


def _lines(data: OrganisationData, ids: _Ids) -> Iterable[tuple[str, Sheet, list[Line]]]:
    """Every dated row that the data require, table by table, in the order of their foreign keys."""
    yield "body", _BODY, [_body_line(r, ids) for r in data.bodies]
    yield "unit", _UNIT, _unit_lines(data, ids)
    yield "post", _POST, [_post_line(r, ids) for r in data.posts]
    yield "holding", _HOLDING, [_line((ids.staff[r.staff], ids.posts[r.post]), r) for r in data.holdings]
    yield "mandate", _MANDATE, [_mandate_line(r, post, ids) for r in data.mandates for post in r.posts]
    yield "cover", _COVER, [_cover_line(r, ids) for r in data.covers]
    yield "seal", _SEAL, [_seal_line(r, ids) for r in data.seals]
    yield "promise", _PROMISE, [_promise_line(r, ids) for r in data.promises]


def _body_line(row: BodyData, ids: _Ids) -> Line:
    short_name, division = row.short_name or row.name, ids.divisions[row.division]
    said = (row.name, short_name, row.nature, division, row.phone, row.address, row.hours)
    return _line((ids.bodies[row.code],), row, *said)


def _post_line(row: PostData, ids: _Ids) -> Line:
    said = (row.name, ids.units[row.unit], row.roles, row.duties, row.tasks, row.standards, row.limits)
    return _line((ids.posts[row.code],), row, *said)


def _mandate_line(row: MandateData, post: str, ids: _Ids) -> Line:
    body = ids.bodies[row.body] if row.body else None
    division = ids.divisions[row.division] if row.division else None
    key = (ids.posts[post], body, division, row.items, row.granted_by)
    return _line(key, row, row.actions, row.supervising, row.up_to, row.up_to_fen)


def _cover_line(row: CoverData, ids: _Ids) -> Line:
    return _line((ids.posts[row.post], row.kind), row, ids.posts[row.cover_post], row.reason)


def _seal_line(row: SealData, ids: _Ids) -> Line:
    return _line((row.code,), row, ids.bodies[row.body], row.name, ids.posts[row.custodian_post])


def _promise_line(row: PromiseData, ids: _Ids) -> Line:
    return _line((ids.bodies[row.body],), row, row.quality, row.attitude, row.time, row.announced_by)


def _unit_lines(data: OrganisationData, ids: _Ids) -> list[Line]:
    """Complete a unit: without its own first day or place, it takes those of its body."""
    since = {row.code: row.from_on for row in data.bodies}
    lines = []
    for row in data.units:
        said = (row.name, ids.divisions[row.division or ids.places[row.body]])
        lines.append(Line((ids.units[row.code],), Wanted(since.get(row.body, _BEGINNING), None, said)))
    return lines


def _line(key: tuple[Any, ...], row: Any, *content: Any) -> Line:
    return Line(key, Wanted(row.from_on, row.to_on, content))


_BODY = Sheet(
    BodyRecord, ("body_id",), ("name", "short_name", "nature", "division_id", "phone", "address", "hours")
)
_UNIT = Sheet(UnitRecord, ("unit_id",), ("name", "division_id"))
_POST = Sheet(PostSheet, ("post_id",), ("name", "unit_id", "roles", "duties", "tasks", "standards", "limits"))
_HOLDING = Sheet(PostHolding, ("staff_id", "post_id"), ())
_MANDATE = Sheet(
    Mandate,
    ("post_id", "body_id", "division_id", "items", "granted_by"),
    ("actions", "supervising", "up_to", "up_to_fen"),
)
_COVER = Sheet(PostCover, ("post_id", "kind"), ("cover_post_id", "reason"))
_SEAL = Sheet(Seal, ("code",), ("body_id", "name", "custodian_post_id"))
_PROMISE = Sheet(ServicePromise, ("body_id",), ("quality", "attitude", "time", "announced_by"))


def _sync(sheet: Sheet, lines: Sequence[Line], *, source: str, today: date, complete: bool) -> Tally:
    """Write the changes of every key of one table; rows are closed first, so that no two rows overlap."""
    standing = _standing(sheet, source)
    wanted: dict[tuple[Any, ...], list[Wanted]] = defaultdict(list)
    for line in lines:
        wanted[_hashable(line.key)].append(line.wanted)
    plans = {key: plan(standing.get(key, ()), rows, today=today) for key, rows in wanted.items()}
    if complete:
        absent = standing.keys() - wanted.keys()
        plans |= {key: plan_absent(standing[key], today=today) for key in absent}
    manager = sheet.model._default_manager
    for step in plans.values():
        for row_id, to_on in step.ends:
            manager.filter(pk=row_id).update(to_on=to_on)
    manager.bulk_create(_row(sheet, key, row, source) for key, step in plans.items() for row in step.inserts)
    inserted = sum(len(step.inserts) for step in plans.values())
    succeeded = sum(step.succeeded for step in plans.values())
    ended = sum(len(step.ends) for step in plans.values() if not step.succeeded)
    return Tally(inserted - succeeded, succeeded, ended, sum(step.unchanged for step in plans.values()))


def _standing(sheet: Sheet, source: str) -> dict[tuple[Any, ...], list[Standing]]:
    found: dict[tuple[Any, ...], list[Standing]] = defaultdict(list)
    columns = ("id", "from_on", "to_on", "source", *sheet.key, *sheet.content)
    for row in sheet.model._default_manager.values(*columns):
        content = _hashable(row[name] for name in sheet.content)
        standing = Standing(row["id"], row["from_on"], row["to_on"], content, row["source"] == source)
        found[_hashable(row[name] for name in sheet.key)].append(standing)
    return found


def _row(sheet: Sheet, key: tuple[Any, ...], row: Wanted, source: str) -> Dated:
    names = (*sheet.key, *sheet.content)
    values = {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in zip(names, (*key, *row.content), strict=True)
    }
    return sheet.model(from_on=row.from_on, to_on=row.to_on, source=source, **values)


def _hashable(values: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(tuple(value) if isinstance(value, list) else value for value in values)
