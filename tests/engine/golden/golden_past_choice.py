"""Which pasts are recorded: of every row of every procedure, some counted by another calendar, and some that
contradict themselves. Used to record only."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from random import Random

from golden_choice import ANNOUNCED
from golden_values import Plain, calendar_from_json, calendar_to_json, case_to_json, plain, terms_to_json
from golden_walks import Walk
from golden_worlds import World

from liuquan.casework import history
from liuquan.clock import Calendar
from liuquan.kernel.refusals import Refusal
from liuquan.law import national_calendar

CANDIDATES, OF_EACH_ROW = 40, 2
#: what a later notice says of the next year, invented: these days off, and nothing of the days after the last
DAYS_OFF, ANNOUNCED_TO = tuple(date(2027, 1, day) for day in (1, 4, 5, 6)), "2027-01-15"


def later_calendar() -> Plain:
    """The calendar with the beginning of another year announced."""
    known = calendar_to_json(national_calendar(), *ANNOUNCED)
    off = [[str(on), "off"] for on in DAYS_OFF]
    return {"announced": [known["announced"][0], ANNOUNCED_TO], "days": known["days"] + off}


def given_pasts(world: World, *, least: int) -> list[Plain]:
    """What is stored of one procedure: the head and at least so many pasts, in which each row was carried
    out a few times."""
    calendars = {"now": calendar_to_json(national_calendar(), *ANNOUNCED), "later": later_calendar()}
    walks = [
        _played(world, terms, n, calendar_from_json(calendars["later"]))
        for n in range(CANDIDATES)
        for terms in world.terms
    ]
    walks.sort(key=lambda walk: not _is_whole(walk))  # a kind of the tests enters too little to be replayed
    chosen: list[Walk] = []
    seen = Counter[tuple[str, str | None]]()
    for walk in walks:
        done = {(entry.event, entry.from_state) for entry in walk.written}
        if len(chosen) < least // 2 or any(seen[one] < OF_EACH_ROW for one in done):
            chosen.append(walk)
            seen.update(done)
    chosen += [walk for walk in walks if walk not in chosen][: max(0, least - len(chosen))]
    missing = {row.event for row in world.procedure.rows} - {event for event, _ in seen}
    if missing:
        raise SystemExit(f"{world.procedure.kind}: nobody did {sorted(missing)}; play longer")
    name = f"{world.procedure.kind}_v{world.procedure.version}"
    head = {"procedure": name, "calendars": calendars}
    terms = {name: terms_to_json(one) for name, one in world.terms.items()}
    pasts = [_stored(walk) for walk in chosen]
    return [head | {"terms": terms}, *pasts, *_contradicting(pasts)]


def _played(world: World, terms: str, number: int, later: Calendar) -> Walk:
    seed = f"past/{world.procedure.kind}/{terms}/{number}"
    walk = Walk(world, terms, seed, national_calendar(), later=later if number % 3 == 0 else None)
    for _ in walk.turns(16):
        if world.procedure.state(walk.case.state).closed and walk.dice.random() < 0.5:
            break
    return walk


def _is_whole(walk: Walk) -> bool:
    try:
        history.rebuilt(walk.case, walk.world.procedure, walk.written, walk.calendar)
    except Refusal:
        return False
    return True


def _stored(walk: Walk) -> Plain:
    return {
        "id": walk.seed.removeprefix("past/"),
        "terms": walk.terms,
        # a past is also replayed under another calendar than it was lived under
        "calendar": "now" if walk.later or walk.calendar is national_calendar() else "later",
        "case": case_to_json(walk.case),
        "entries": [plain(entry) for entry in walk.written],
        "moments": [plain(at) for at in _moments(walk)],
    }


def _moments(walk: Walk) -> list[datetime]:
    """Before the first entry, at and after what took effect earlier than it was done, and between entries."""
    effective = sorted({entry.effective_at for entry in walk.written})
    between = [a + (b - a) / 2 for a, b in zip(effective, effective[1:], strict=False)]
    acted = [entry.public["acted_at"] for entry in walk.written if "acted_at" in entry.public]
    back = [datetime.fromisoformat(at).astimezone(UTC) for at in acted]
    late = [e.effective_at for e in walk.written if "acted_at" in e.public]
    some = Random(walk.seed).sample(between, min(3, len(between)))
    return sorted(
        {effective[0] - timedelta(hours=1), *some, *late, *back, *(at - timedelta(hours=1) for at in back)}
    )


def _contradicting(pasts: list[Plain]) -> list[Plain]:
    """Pasts with an entry left out, with another state in it, and replayed under another calendar."""
    found = []
    for n, past in enumerate(sorted(pasts, key=lambda one: -len(one["entries"]))[:3]):
        entries = past["entries"]
        moved = [at for at, entry in enumerate(entries) if entry["from_state"]]
        if not moved:
            continue
        wrong = [
            entry | {"to_state": entry["from_state"]} if at == moved[-1] else entry
            for at, entry in enumerate(entries)
        ]
        without = [entry for at, entry in enumerate(entries) if at != moved[0]]
        other = "later" if past["calendar"] == "now" else "now"
        found += [
            past | {"id": f"{past['id']}-wrong", "entries": wrong},
            past | {"id": f"{past['id']}-without", "entries": without},
            past | {"id": f"{past['id']}-{other}", "calendar": other},
        ][n % 3 :]
    return found
