"""The script's `[[ticket.scene]]`: requests that are alike, and how they go.

`class_code`, `kind`, `from_on`, `to_on`, `count`, `division`, `place`, `texts`, `inlet`, `identity`, `hours`
(from and to which hour they come; none: office hours), `way`, `article` and `reply` of what is answered at
once, `urgent`; `course` one of `COURSES`; `stops`: the state in which it is left.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from liuquan.hotline.types import Identity, Inlet, RequestKind
from liuquan.kernel.refusals import BadInput

COURSES: Final = {
    "plain": "派单、签收、答复、回访",
    "returned": "退单，改派",
    "returned_twice": "退两次才到该办的单位",
    "disputed": "退单，提请协调，联席会议确定",
    "refused": "退单不成立",
    "redone": "发回重办",
    "again": "诉求人再次反映",
    "unhappy": "没有解决，写明原因",
    "unreached": "回访多次没有接通",
    "unreasonable": "两人认定不合理",
    "now": "当场答复",
    "told": "告知法定途径",
    "transferred": "转接紧急电话",
    "late": "逾期答复",
    "pressed": "催办，督办到领导",
    "extended": "延期",
    "helped": "协办",
    "same": "第一件在办，其余并入",
    "withdrawn": "诉求人撤回",
}


@dataclass(frozen=True)
class Scene:
    """Requests that are alike."""

    class_code: str
    kind: RequestKind
    from_on: date
    to_on: date
    texts: tuple[str, ...]
    division: str
    place: str = ""
    count: int = 1
    course: str = "plain"
    stops: str = ""
    inlet: Inlet = Inlet.PHONE
    identity: Identity = Identity.OPEN
    way: str = ""
    article: str = ""
    reply: str = ""
    urgent: bool = False
    hours: tuple[int, int] | None = None

    @property
    def publishes(self) -> bool:
        """Whether its answers may be published."""
        return self.identity is not Identity.CONFIDENTIAL and self.kind is not RequestKind.REPORT


def read_scenes(rows: Iterable[Mapping[str, Any]], file: str) -> tuple[Scene, ...]:
    """The scenes of the script. Refuses one that names what is not there, with its place."""
    return tuple(_scene(row, at, file) for at, row in enumerate(rows))


def _scene(row: Mapping[str, Any], at: int, file: str) -> Scene:
    try:
        scene = Scene(
            **{
                **row,
                "class_code": row["class_code"],
                "kind": RequestKind(row["kind"]),
                "texts": tuple(row["texts"]),
                "inlet": Inlet(row.get("inlet", "phone")),
                "identity": Identity(row.get("identity", "open")),
                "hours": tuple(row["hours"]) if "hours" in row else None,
            }
        )
    except (KeyError, TypeError, ValueError) as wrong:
        raise BadInput(f"{file} 的 [[ticket.scene]] 第{at + 1}场写法不对：{wrong}。") from wrong
    if scene.course not in COURSES:
        raise BadInput(f"{file} 的 [[ticket.scene]] 第{at + 1}场没有走法“{scene.course}”。")
    return scene
