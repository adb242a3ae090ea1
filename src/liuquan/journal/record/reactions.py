"""Which jobs follow from which event, whichever module enters it. Kinds of case and `site.wiring` name them.

A job is deferred by the statement that writes the entry, so neither is there without the other. It is given
`subject`, `entry` (the entry's number) and `event`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

_JOBS: dict[str, tuple[str, ...]] = {}


def react(reactions: Mapping[str, tuple[str, ...]]) -> None:
    """Have these jobs follow from these events (event name → job names), in place of what
    was said of these events before."""
    _JOBS.update(reactions)


def jobs_after(event: str) -> tuple[str, ...]:
    """The jobs that follow from an event."""
    return _JOBS.get(event, ())


def jobs_after_each(events: Iterable[str]) -> list[dict[str, str]]:
    """The jobs that follow from any of these events, a row each: `event`, `job`."""
    return [{"event": event, "job": job} for event in sorted(set(events)) for job in jobs_after(event)]
