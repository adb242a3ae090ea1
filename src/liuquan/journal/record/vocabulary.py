"""The vocabulary of events. Each module declares its own in `events.py`; a declared event never changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from liuquan.journal.record.types import Event

#: Beside the open values of an entry, in its public commitment: its columns. No event may use this key.
ENVELOPE: Final = "_entry"
_EVENTS: dict[str, Event] = {}


def declare(*events: Event) -> tuple[Event, ...]:
    """Add events to the vocabulary. Refuses a name that already means something else, and reserved keys."""
    for event in events:
        if ENVELOPE in event.public:
            raise ValueError(f"journal event {event.name!r} uses the reserved key {ENVELOPE}")
        if event.reads != event.name.endswith("_opened"):  # the index of openings selects them by this
            raise ValueError(f"journal event {event.name!r}: exactly the events that read end with _opened")
        known = _EVENTS.setdefault(event.name, event)
        if known != event:
            raise ValueError(f"journal event {event.name!r} is declared twice with different meanings")
    return events


def event(name: str) -> Event:
    """The event of this name. Refuses an undeclared one: nothing is recorded under an undefined event."""
    try:
        return _EVENTS[name]
    except KeyError:
        raise ValueError(f"journal event {name!r} is declared in no events.py") from None


def vocabulary() -> Mapping[str, Event]:
    """All declared events by name."""
    return dict(_EVENTS)


def check_values(name: str, public: Mapping[str, Any], private: Mapping[str, Any]) -> None:
    """Refuse values that the event does not declare, so that personal data cannot slip into the open part."""
    declared = event(name)
    if stray := set(public) - declared.public:
        raise ValueError(f"{name}: {sorted(stray)} may not stand in the public part")
    if stray := set(private) - declared.private:
        raise ValueError(f"{name}: {sorted(stray)} is not declared in the private part")


def sentence(name: str, public: Mapping[str, Any]) -> str:
    """The event's Chinese sentence with the values it was recorded with; a missing slot reads as '—'."""
    return event(name).sentence.format_map(_Slots(public))


def opened(name: str, public: Mapping[str, Any]) -> str:
    """What an opening of this event opened, with the values it was recorded with."""
    declared = event(name)
    return (declared.opened or declared.label).format_map(_Slots(public))


class _Slots(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "—"
