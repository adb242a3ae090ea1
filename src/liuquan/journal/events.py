"""The words the journal knows, and how modules declare theirs: each in its own `events.py`, each for good."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from liuquan.journal.types import Event

_EVENTS: dict[str, Event] = {}


def declare(*events: Event) -> tuple[Event, ...]:
    """Add events to the vocabulary. Refuses a name that already means something else."""
    for event in events:
        known = _EVENTS.setdefault(event.name, event)
        if known != event:
            raise ValueError(f"journal event {event.name!r} is declared twice with different meanings")
    return events


def event(name: str) -> Event:
    """The event of this name. Refuses an undeclared one: nothing is recorded in words nobody defined."""
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


class _Slots(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "—"


IDENTITY_OPENED, PRIVATE_OPENED, PRIVATE_ERASED = declare(
    Event(
        "journal.identity_opened",
        "查看身份信息",
        "{post}查看了当事人的身份信息",
        public=frozenset({"post"}),
        private=frozenset({"staff", "reason"}),
    ),
    Event(
        "journal.private_opened",
        "查看非公开内容",
        "{post}查看了一条记录的非公开内容",
        public=frozenset({"post", "entry"}),
        private=frozenset({"staff", "reason"}),
    ),
    Event(
        "journal.private_erased",
        "删除非公开内容",
        "依法删除了一条记录的非公开内容",
        public=frozenset({"entry"}),
        private=frozenset({"staff", "reason"}),
    ),
)
