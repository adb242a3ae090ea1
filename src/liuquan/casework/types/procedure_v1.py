"""The rows of a procedure as they were when entries of the first vocabulary version were written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class StartV1:
    """A clock started by a row, as `effects.Start` was then."""

    key: str
    limit: str
    on_expiry: str = ""
    anchor: str = "effective"


@dataclass(frozen=True)
class RowV1:
    """What a row did. `target`: empty if the case stayed in its state."""

    target: str = ""
    target_when_done: str = ""
    starts: tuple[StartV1, ...] = ()
    stops: tuple[str, ...] = ()
    cancels: tuple[str, ...] = ()
    keeps: tuple[str, ...] = ()
    extends: str = ""
    pauses: bool = False
    resumes: bool = False
    corrects: bool = False
    opens_route: bool = False
    completes_step: bool = False
    sends_back: bool = False
    step_result: str = ""
    effective: str = "now"
    effective_from: str = "start"
    marks: tuple[str, ...] = ()
    outcome: str = ""


@dataclass(frozen=True)
class ProcedureV1:
    """A procedure as it was: its first state and first event, its rows by event, its closed states."""

    initial: str
    creation: str
    started: tuple[StartV1, ...]
    rows: Mapping[str, RowV1]
    closed: frozenset[str]
