"""What the demo says when it is ready: where it is, who may sign in, which cases to follow."""

from __future__ import annotations

import unicodedata
from typing import Any

from liuquan.casework import queries as casework
from liuquan.clock import SHANGHAI
from liuquan.kernel import sql
from liuquan.kinds import queries as kinds
from liuquan.kinds.types import CaseKind
from liuquan.organisation.types import ROLES
from liuquan.site.packs import Pack
from liuquan.site.rehearsal.preparing import Prepared

#: role → what it can do in the demo beside what the kinds' players name
TO_TRY = {
    "chief_rep": "答复监察要求的说明",
    "body_head": "本单位的黄牌、红牌",
    "supervisor": "看板：/board/；要求说明，作出认定",
    "leader": "看板：全市办理情况",
    "overseer": "看板，只读，不能打开个人信息",
    "centre_officer": "本单位案件；核对证件、更正姓名",
    "hall_manager": "岗位和授权；本单位案件，只读",
    "item_editor": "岗位和授权（起草事项还没有页面）",
    "sysadmin": "工作日历；待核对的数据",
}
_ONE_OF_EACH = f"""
SELECT DISTINCT ON (state) number, state, subject_name AS item FROM {casework.CASES} AS c
WHERE kind = %(kind)s AND state = ANY(%(states)s) ORDER BY state, received_at DESC, id DESC
"""


def as_data(pack: Pack, prepared: Prepared, *, address: str, password: str, seconds: float) -> dict[str, Any]:
    """Everything a program needs to use the demo."""
    return {
        "address": address,
        "place": pack.settings.label,
        "now": prepared.now.astimezone(SHANGHAI).isoformat(),
        "made": prepared.made,
        "played": prepared.cases,
        "seconds": round(seconds, 1),
        "password": password,
        "accounts": accounts(pack),
        "cases": _cases(),
    }


def as_text(data: dict[str, Any]) -> str:
    """The same for people."""
    did = f"已准备（{data['seconds']:.0f}秒，{data['played']}件）" if data["made"] else "接着上次继续"
    width = max(_width(one["role_label"]) for one in data["accounts"])
    lines = [
        "",
        f"{data['place']}  {did}",
        f"演示时间  {data['now'][:10]} {data['now'][11:16]}",
        f"网站      {data['address']}/",
        f"工作台    {data['address']}/desk/",
        f"监察看板  {data['address']}/board/",
        "",
        f"登录（口令都是 {data['password']}，只用于演示）",
        *(
            f"  {_padded(one['role_label'], width)}  {one['login']:<16}{_padded(one['name'], 8)}{one['try']}"
            for one in data["accounts"]
        ),
        "",
        f"凭编号和查询码跟踪办理进度：{data['address']}/track/",
        *(
            f"  {one['number']}  {one['code']}  {one['item']}（{one['state_label']}）"
            for one in data["cases"]
        ),
        "",
        "按 Ctrl-C 停下；再次运行 ./run demo 接着继续，--fresh 从头开始，--today 换一天。",
    ]
    return "\n".join(lines)


def accounts(pack: Pack) -> list[dict[str, str]]:
    """One account for each role that can do something: the first holder who may sign in."""
    staff = {one.number: one for one in pack.organisation.staff}
    holders = {one.post: staff[one.staff] for one in pack.organisation.holdings}
    found = []
    for role, words in _to_try().items():
        held = (p for p in pack.organisation.posts if role in p.roles and p.code in holders)
        post = next((one for one in held if holders[one.code].login), None)
        if post is not None:
            who = holders[post.code]
            found.append(
                {
                    "role": role,
                    "role_label": ROLES[role],
                    "login": who.login,
                    "name": who.name,
                    "post": post.name,
                    "try": words,
                }
            )
    return found


def _to_try() -> dict[str, str]:
    """Role → what it can do, of every kind and at the supervision."""
    found: dict[str, list[str]] = {}
    played = [kind.player.to_try for kind in kinds.kinds() if kind.player]
    for words in (*played, TO_TRY):
        for role, said in words.items():
            found.setdefault(role, []).append(said)
    return {role: "；".join(said) for role, said in found.items()}


def _cases() -> list[dict[str, str]]:
    rows = [row for kind in kinds.kinds() for row in _to_follow(kind)]
    return [
        {
            "number": row["number"],
            "code": casework.query_code(row["number"]),
            "item": row["item"],
            "state": row["state"],
            "state_label": _label(row["number"]),
        }
        for row in rows
    ]


def _to_follow(kind: CaseKind) -> list[sql.Row]:
    states = list(kind.player.to_follow) if kind.player else []
    rows = sql.run(_ONE_OF_EACH, {"kind": kind.key, "states": states})
    return sorted(rows, key=lambda row: states.index(row["state"]))


def _label(number: str) -> str:
    snapshot = casework.read(number)
    return casework.procedure_of(snapshot).state(snapshot.state).label


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))


def _width(text: str) -> int:
    """Columns on a terminal: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text)
