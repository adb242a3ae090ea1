"""Pure rules of the organisation: ltree paths, faults in the data of a pack, which mandate covers what.

No Django. Nothing here reads the current time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from liuquan.identifiers import IdentifierError, parse_division_code, parse_uscc
from liuquan.organisation.types import ACTS, PROMISED, ROLES, Complaint, Known, OrganisationData

_CODE: Final = re.compile(r"[A-Z0-9]+(-[A-Z0-9]+)*")
#: Roles that supervise or administer the system: they must not hold a mandate over items and so decide.
_NEVER_DECIDE: Final = frozenset({"sysadmin", "overseer", "leader", "supervisor"})

Found = Iterator[tuple[int, str, str]]
"""Index of the row, field, sentence."""


def path_of(code: str) -> str:
    """The ltree path of a division, from its digits: ``990121100201`` → ``99.9901.990121.990121100.99…``.

    A level without digits of its own (a town right under a city) is left out. Refuses a wrong code.
    """
    division = parse_division_code(code)
    ends = (2, 4, 6, 9, 12)[: division.level]
    starts = (0, *ends[:-1])
    labels = [
        division.code[:end]
        for start, end in zip(starts, ends, strict=True)
        if _says(division.code, start, end)
    ]
    return ".".join(labels)


def _says(code: str, start: int, end: int) -> bool:
    return code[start:end].strip("0") != ""


def check_organisation(data: OrganisationData, known: Known | None = None) -> tuple[Complaint, ...]:
    """Everything that is wrong with this data, by table and row; empty when it may be loaded.

    ``known``: what exists already and may be referred to. Refuses: wrong or double codes, unknown references,
    a level that does not fit, a post without a full duty sheet (HALL-02), a mandate without document, body or
    action, a mandate over items for a post that must not decide, a service promise that leaves out quality,
    attitude or time, ranges that end before they begin.
    """
    given = known or Known()
    checks: dict[str, Callable[[OrganisationData, Known], Found]] = {
        "division": _divisions,
        "body": _bodies,
        "unit": _units,
        "post": _posts,
        "staff": _staff,
        "holding": _holdings,
        "mandate": _mandates,
        "cover": _covers,
        "seal": _seals,
        "promise": _promises,
    }
    return tuple(
        Complaint(table, index, field, sentence)
        for table, check in checks.items()
        for index, field, sentence in check(data, given)
    )


def _divisions(data: OrganisationData, known: Known) -> Found:
    codes = {row.code for row in data.divisions} | known.divisions
    for index, row in enumerate(data.divisions):
        try:
            found = parse_division_code(row.code)
        except IdentifierError as error:
            yield index, "code", error.sentence
            continue
        if len(row.code) != 12:
            yield index, "code", "行政区划代码应写足12位。"
        elif found.level != row.level:
            yield index, "level", f"“{row.name}”的代码属于第{found.level}级，与填写的第{row.level}级不符。"
        if not row.name.strip():
            yield index, "name", "行政区划没有名称。"
        if row.parent and row.parent not in codes:
            yield index, "parent", f"上级区划“{row.parent}”不存在。"
        elif row.parent and not path_of(row.code).startswith(path_of(row.parent) + "."):
            yield index, "parent", f"“{row.name}”的代码不在上级“{row.parent}”之内。"
    yield from _doubles(data.divisions, "code", "行政区划代码")


def _bodies(data: OrganisationData, known: Known) -> Found:
    divisions = {row.code for row in data.divisions} | known.divisions
    for index, row in enumerate(data.bodies):
        try:
            parse_uscc(row.code)
        except IdentifierError as error:
            yield index, "code", error.sentence
        if not row.name.strip():
            yield index, "name", "机构没有名称。"
        if row.division not in divisions:
            yield index, "division", f"“{row.name}”的行政区划“{row.division}”不存在。"
        if row.key and not _CODE.fullmatch(row.key):
            yield index, "key", f"“{row.name}”的简码只能用大写字母和数字。"
        yield from _range(index, row)
    yield from _doubles(data.bodies, "code", "机构代码")
    yield from _doubles([row for row in data.bodies if row.key], "key", "机构简码")


def _units(data: OrganisationData, known: Known) -> Found:
    bodies = _body_codes(data, known)
    divisions = {row.code for row in data.divisions} | known.divisions
    for index, row in enumerate(data.units):
        yield from _code(index, row.code, "内设机构编码")
        yield from _stays(index, row, known.units)
        if row.body not in bodies:
            yield index, "body", f"内设机构“{row.name}”所属机构“{row.body}”不存在。"
        if row.division and row.division not in divisions:
            yield index, "division", f"内设机构“{row.name}”的行政区划“{row.division}”不存在。"
    yield from _doubles(data.units, "code", "内设机构编码")


def _posts(data: OrganisationData, known: Known) -> Found:
    units = known.units | {row.code: row.body for row in data.units}
    for index, row in enumerate(data.posts):
        yield from _code(index, row.code, "岗位编码")
        yield from _stays(index, row, known.posts)
        if row.unit not in units:
            yield index, "unit", f"岗位“{row.code}”的内设机构“{row.unit}”不存在。"
        elif units[row.unit] != row.body:
            yield index, "unit", f"岗位“{row.code}”的内设机构不属于机构“{row.body}”。"
        for role in row.roles:
            if role not in ROLES or role == "applicant":
                yield index, "roles", f"岗位“{row.code}”的角色“{role}”不存在。"
        if not row.roles:
            yield index, "roles", f"岗位“{row.code}”没有角色。"
        for field, label in (
            ("duties", "职责"),
            ("tasks", "任务"),
            ("standards", "标准"),
            ("limits", "时限"),
        ):
            if not any(text.strip() for text in getattr(row, field)):
                yield index, field, f"岗位“{row.code}”的职位职责说明缺少{label}。"
        yield from _range(index, row)
    yield from _doubles(data.posts, "code", "岗位编码")


def _staff(data: OrganisationData, known: Known) -> Found:
    for index, row in enumerate(data.staff):
        if not row.number.strip() or not row.name.strip():
            yield index, "name", "工作人员应有工号和姓名。"
    yield from _doubles(data.staff, "number", "工号")
    yield from _doubles([row for row in data.staff if row.login], "login", "登录名")


def _holdings(data: OrganisationData, known: Known) -> Found:
    staff = {row.number for row in data.staff} | known.staff
    posts = _post_codes(data, known)
    for index, row in enumerate(data.holdings):
        if row.staff not in staff:
            yield index, "staff", f"任职的工号“{row.staff}”不存在。"
        if row.post not in posts:
            yield index, "post", f"任职的岗位“{row.post}”不存在。"
        yield from _range(index, row)
    yield from _overlaps(data.holdings, lambda row: (row.staff, row.post), "同一人在同一岗位的任职")


def _mandates(data: OrganisationData, known: Known) -> Found:
    posts, bodies = _post_codes(data, known), _body_codes(data, known)
    divisions = {row.code for row in data.divisions} | known.divisions
    roles = {row.code: frozenset(row.roles) for row in data.posts}
    for index, row in enumerate(data.mandates):
        for post in row.posts:
            if post not in posts:
                yield index, "posts", f"授权的岗位“{post}”不存在。"
            elif row.body and roles.get(post, frozenset()) & _NEVER_DECIDE:
                yield index, "posts", f"岗位“{post}”只看不办，不能授予办理事项的权限。"
        if not row.actions:
            yield index, "actions", "授权没有写明行为。"
        for action in row.actions:
            if action not in ACTS:
                yield index, "actions", f"没有“{action}”这项权力；请连同种类写，例如 catalogue.publish_item。"
        if not row.granted_by.strip():
            yield index, "granted_by", "授权没有写明授权文件。"
        if row.supervising and row.division not in divisions:
            yield index, "division", f"监督授权的行政区划“{row.division}”不存在。"
        if not row.supervising and row.body not in bodies:
            yield index, "body", f"授权的机构“{row.body}”不存在。"
        if row.body and not row.items:
            yield index, "items", "授权没有写明事项；全部事项写“*”。"
        if not row.posts:
            yield index, "posts", "授权没有写明岗位。"
        yield from _range(index, row)


def _covers(data: OrganisationData, known: Known) -> Found:
    posts = _post_codes(data, known)
    for index, row in enumerate(data.covers):
        for field in ("post", "cover_post"):
            if getattr(row, field) not in posts:
                yield index, field, f"AB岗的岗位“{getattr(row, field)}”不存在。"
        if row.post == row.cover_post:
            yield index, "cover_post", f"岗位“{row.post}”不能由自己代行。"
        if row.kind not in ("pair", "absence"):
            yield index, "kind", f"AB岗的类别“{row.kind}”不存在，应为 pair 或者 absence。"
        if row.kind == "absence" and row.to_on is None:
            yield index, "to_on", f"岗位“{row.post}”的外出代行没有终止日。"
        yield from _range(index, row)
    yield from _overlaps(data.covers, lambda row: (row.post, row.kind), "同一岗位的AB岗")


def _seals(data: OrganisationData, known: Known) -> Found:
    posts, bodies = _post_codes(data, known), _body_codes(data, known)
    for index, row in enumerate(data.seals):
        if row.body not in bodies:
            yield index, "body", f"印章的机构“{row.body}”不存在。"
        if row.custodian_post not in posts:
            yield index, "custodian_post", f"印章的保管岗位“{row.custodian_post}”不存在。"
        yield from _range(index, row)
    yield from _doubles(data.seals, "code", "印章编码")


def _promises(data: OrganisationData, known: Known) -> Found:
    bodies = _body_codes(data, known)
    for index, row in enumerate(data.promises):
        if row.body not in bodies:
            yield index, "body", f"服务承诺的机构“{row.body}”不存在。"
        for field, label in PROMISED.items():
            if not getattr(row, field).strip():
                yield index, field, f"服务承诺没有写{label}：质量、态度、时效三项都要承诺。"
        if not row.announced_by.strip():
            yield index, "announced_by", "服务承诺没有写明公布文件。"
        yield from _range(index, row)
    yield from _overlaps(data.promises, lambda row: (row.body,), "同一机构的服务承诺")


def _body_codes(data: OrganisationData, known: Known) -> set[str]:
    return {row.code for row in data.bodies} | known.bodies


def _post_codes(data: OrganisationData, known: Known) -> set[str]:
    return {row.code for row in data.posts} | set(known.posts)


def _code(index: int, code: str, label: str) -> Found:
    if not _CODE.fullmatch(code) or len(code) > 40:
        yield index, "code", f"{label}“{code}”只能用大写字母、数字和连字符，不超过40位。"


def _stays(index: int, row: Any, standing: dict[str, str]) -> Found:
    if standing.get(row.code, row.body) != row.body:
        yield index, "body", f"“{row.code}”已属于另一机构，请为新机构另设编码。"


def _range(index: int, row: Any) -> Found:
    if row.to_on is not None and row.to_on <= row.from_on:
        yield index, "to_on", "终止日应晚于起始日。"


def _doubles(rows: Sequence[Any], field: str, label: str) -> Found:
    seen: set[str] = set()
    for index, row in enumerate(rows):
        value = getattr(row, field)
        if value in seen:
            yield index, field, f"{label}“{value}”重复。"
        seen.add(value)


def _overlaps(rows: Sequence[Any], key: Callable[[Any], tuple[str, ...]], label: str) -> Found:
    ordered = sorted(enumerate(rows), key=lambda pair: (key(pair[1]), pair[1].from_on))
    for (_, before), (index, row) in zip(ordered, ordered[1:], strict=False):
        if key(before) == key(row) and (before.to_on is None or before.to_on > row.from_on):
            yield index, "from_on", f"{label}日期重叠。"
