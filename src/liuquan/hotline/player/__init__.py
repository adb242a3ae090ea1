"""The demo's hotline, as the script's section says: tickets, and the calls, shifts and questions beside them.

`tickets` plays `[[ticket.scene]]`, `lines` the phone (`[[ticket.call]]`), `shifts` who sits where
(`[[ticket.shift]]`), `days` what recurs (`[ticket.days]`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from liuquan.hotline import actions
from liuquan.hotline.player import days, lines, shifts, tickets
from liuquan.hotline.player.lines import CallScene
from liuquan.hotline.player.scenes import Scene, read_scenes
from liuquan.hotline.player.shifts import Roster
from liuquan.hotline.types import KIND
from liuquan.kernel.refusals import BadInput
from liuquan.kinds.types import Course, DemoStage, Player, Section


@dataclass(frozen=True)
class Programme:
    """Everything that is played. `words`: what units and the centre write, by kind."""

    scenes: tuple[Scene, ...]
    words: Mapping[str, Sequence[str]]
    calls: tuple[CallScene, ...] = ()
    roster: Roster = Roster()
    days: Mapping[str, Any] | None = None

    def courses(self, stage: DemoStage) -> list[Course]:
        desk = lines.Lines(stage, self.roster, self.words)
        numbered = [(at, scene, n) for at, scene in enumerate(self.scenes) for n in range(scene.count)]
        public: set[str] = set()
        leads: dict[tuple[str, str], list[str]] = {}  # of what is merged: class and place → the first ticket
        of_tickets = [
            tickets.played(
                tickets.Running(
                    stage,
                    scene,
                    serial,
                    n,
                    stage.choices(KIND, at, n),
                    self.words,
                    desk,
                    leads.setdefault((scene.class_code, scene.place), []),
                    public,
                )
            )
            for serial, (at, scene, n) in enumerate(numbered)
        ]
        of_calls = [
            desk.course(scene, n, stage.choices("call", at, n), place=at)
            for at, scene in enumerate(self.calls)
            for n in range(scene.count)
        ]
        return [
            *shifts.courses(stage, self.roster, self.words),
            *of_tickets,
            *of_calls,
            *days.courses(stage, self.days or {}),
        ]


def read(section: Section) -> Programme:
    """The programme that the script's section gives. Refuses a scene that names what is not there."""
    given = section.values
    try:
        calls = lines.read_calls(given.get("call", ()))
        roster = shifts.read_roster(given.get("roster", {}), given.get("shift", ()))
    except (KeyError, TypeError, ValueError) as wrong:
        raise BadInput(f"{section.file} 的 ticket.call 或者 ticket.shift 写法不对：{wrong}。") from wrong
    return Programme(
        read_scenes(given.get("scene", ()), section.file),
        given.get("words", {}),
        calls,
        roster,
        given.get("days"),
    )


PLAYER = Player(
    read=read,
    work={"hotline.tell_merged": lambda number, _entry, now: actions.tell_merged(number, now=now)},
    to_follow=("handling", "answered", "closed"),
    to_try={
        "operator": "接听来电，登记诉求，当场答复，转接紧急电话",
        "dispatcher": "派单，审核退单，催办督办，回访；热线看板",
        "unit_contact": "签收，退单，申请延期，答复诉求人",
    },
)
