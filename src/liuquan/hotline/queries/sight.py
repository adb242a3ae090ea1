"""Which tickets a post sees as a whole: the centre's dispatchers all of them, a post that supervises those of
its divisions."""

from __future__ import annotations

from typing import Any

from liuquan.hotline.queries import catalogue
from liuquan.kernel.refusals import NotAllowed
from liuquan.organisation.types import Actor

WATCHERS = ("supervisor", "leader")
#: of a query on `c`, the cases; compared as text, as the board does. A number that is not 0, since the server
#: takes the bare comparison to hold for one case in a hundred, and then begins with every case there is
IN_REACH = (
    "CASE WHEN %(everywhere)s OR c.division_path = ANY(%(reach)s) OR c.division_path LIKE ANY(%(below)s) "
    "THEN 1 ELSE 0 END <> 0"
)


def is_dispatcher(by: Actor) -> bool:
    """Whether this post dispatches and checks for the centre."""
    return by.kind == "staff" and by.has_role("dispatcher") and by.body_code == catalogue.centre()


def check_dispatches(by: Actor) -> None:
    """Refuse (403) who is no dispatcher of the centre."""
    if not is_dispatcher(by):
        raise NotAllowed("回访单供热线中心的派单质检人员使用，请从工作台办理您的事项。")


def check_watches(by: Actor) -> None:
    """Refuse (403) who neither supervises nor dispatches for the centre."""
    supervises = by.kind == "staff" and by.has_role(*WATCHERS) and any(t.supervising for t in by.mandates)
    if not (supervises or is_dispatcher(by)):
        raise NotAllowed("热线看板供领导、电子监察人员和热线中心的派单质检人员使用，请从工作台办理您的事项。")


def reach(by: Actor) -> dict[str, Any]:
    """The parameters of `IN_REACH`."""
    paths = [term.division_path for term in by.mandates if term.supervising and term.division_path]
    return {
        "everywhere": is_dispatcher(by),
        "reach": paths,
        "below": [f"{path}.%" for path in paths],
    }
