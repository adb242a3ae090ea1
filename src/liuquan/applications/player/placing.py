"""On which day an application of a scene comes."""

from __future__ import annotations

from datetime import date, timedelta

from liuquan.applications.player.scenes import Scene
from liuquan.catalogue.types import ItemTerms
from liuquan.clock import Limit, deadline, warn_on
from liuquan.kernel.refusals import BadInput
from liuquan.kinds.types import DemoStage

SEARCHED_DAYS = 70


def begins_on(stage: DemoStage, scene: Scene, item: ItemTerms, place: int) -> date:
    """The day on which the scene's application number `place` comes."""
    calendar = stage.calendar
    if scene.lamp:
        return _day_for_lamp(stage, scene, item, place)
    first, last = scene.from_on or stage.ends_on, scene.to_on or stage.ends_on
    days = [
        on
        for on in (first + timedelta(days=n) for n in range((last - first).days + 1))
        if calendar.is_working(on)
    ]
    return days[place * len(days) // scene.count] if days else calendar.first_working_day_on_or_after(first)


def _day_for_lamp(stage: DemoStage, scene: Scene, item: ItemTerms, place: int) -> date:
    """The day of acceptance for which the clock shows the wanted lamp when the demo opens: the latest such
    day, but the earliest for a green case waiting for its decision, since its steps take some days."""
    calendar = stage.calendar
    term = item.statutory if scene.lamp == "statutory" and item.statutory else item.promised
    limit = Limit(term.amount, term.unit)
    wanted = "red" if scene.lamp == "statutory" else scene.lamp
    found = []
    on = stage.ends_on
    for _ in range(SEARCHED_DAYS):
        on = calendar.nth_working_day_before(on, 1)
        counted = deadline(limit, on, calendar)
        warned = warn_on(counted, calendar, stage.yellow_share)
        is_yellow = warned is not None and warned <= stage.ends_on
        lamp = "red" if counted.due_on < stage.ends_on else "yellow" if is_yellow else "green"
        if lamp == wanted:
            found.append(on)
    if not found:
        raise BadInput(f"没有哪一天受理的“{item.item_name}”在演示日亮{scene.lamp}灯，请改脚本的这一场。")
    if scene.lamp == "green" and scene.stops == "deciding":
        found.reverse()
    return found[place % min(len(found), 3)]
