"""Everything a kind of case says about itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from liuquan.casework.types import Material, Procedure, Snapshot
from liuquan.journal.types import Entry
from liuquan.kinds.types.packs import PackSection
from liuquan.kinds.types.papers import Paper
from liuquan.kinds.types.players import Player
from liuquan.kinds.types.stages import Stage, Turn
from liuquan.organisation.types import Actor


class Place(StrEnum):
    """Where a panel of a kind may stand."""

    CASE = "case"  #: the case page of staff
    ACT = "act"  #: above the form of an act of staff
    PRINT = "print"  #: its print view
    HISTORY = "history"  #: the case as it stood, for staff and for the holder of the slip
    SLIP = "slip"  #: what the holder of the slip follows


@dataclass(frozen=True)
class PanelAsked:
    """What a panel shows: the case, where, at which moment, by which entries (oldest first)."""

    snapshot: Snapshot
    place: Place
    at: datetime
    entries: Sequence[Entry] = ()


@dataclass(frozen=True)
class Panel:
    """A part of a generic page that only this kind has: its template, and the values it is drawn with."""

    places: tuple[Place, ...]
    template: str
    values: Callable[[PanelAsked], Mapping[str, Any]]


@dataclass(frozen=True)
class SecondLook:
    """What is looked at once more before a person's act is taken. `asks`: the case's number, what was typed,
    who acts and when → the sentence that says what speaks against it; empty: nothing. `why`: the recorded
    field of the act in which a person who does it all the same says why; it is asked for only then. Programs
    are not asked."""

    why: str
    asks: Callable[[str, Mapping[str, Any], Actor, datetime], str]


@dataclass(frozen=True)
class CaseKind:
    """A kind of case, as its vertical describes it.

    `next_step`: what happens next, by whom and by when, in one sentence for the person concerned. `facts`:
    further facts of the case for staff, as (label, text). `applicant`, `matter`: what pages call the party
    who brings the case, and what it asks for in its own words. `is_public`: whether the holder of the slip
    sees an entry; by default the acts of the kind. `holder_pages`: act → URL name of the page of the vertical
    on which the holder of the slip takes it; other acts of parties have a generic page. `tones`: event →
    "green", "yellow" or "red" in the timeline. `texts`: what free texts of entries are called.
    `party_roles`: what parties are called whose role only this kind has. `earlier`: procedures of older
    versions, which stay until no open case uses them. `outcomes`: the word for each outcome that its acts
    give, which pages lead with; `reasons`: the free texts of the act that gave it which say why.
    """

    procedure: Procedure
    stages: tuple[Stage, ...]
    turns: Mapping[str, Turn]
    next_step: Callable[[Snapshot, datetime], str]
    papers: tuple[Paper, ...] = ()
    earlier: tuple[Procedure, ...] = ()
    panels: tuple[Panel, ...] = ()
    second_looks: Mapping[str, SecondLook] = field(default_factory=dict)  #: by act
    facts: Callable[[Snapshot], Sequence[tuple[str, str]]] = lambda _snapshot: ()
    is_public: Callable[[Entry], bool] | None = None
    told: Callable[[Entry], Entry] = lambda entry: entry  #: such an entry as the holder of the slip reads it
    #: the materials that the holder of the slip is asked for now
    asked: Callable[[Snapshot], Sequence[Material]] = lambda _snapshot: ()
    holder_pages: Mapping[str, str] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    #: event → the public value that names the materials which came with it
    materials_in: Mapping[str, str] = field(default_factory=dict)
    outcomes: Mapping[str, str] = field(default_factory=dict)
    reasons: tuple[str, ...] = ("reason",)
    applicant: str = "当事人"
    party_roles: Mapping[str, str] = field(default_factory=dict)
    matter: str = "所提出的事"
    results: Mapping[str, str] = field(default_factory=dict)  #: results of a step, in words
    intake_page: str = ""  #: URL name of the page on which staff open a case of this kind
    seal: str = "业务专用章"  #: what the seal on its papers says
    tones: Mapping[str, str] = field(default_factory=dict)
    roles: Mapping[str, str] = field(default_factory=dict)  #: roles of posts that only this kind has
    acts: Mapping[str, str] = field(default_factory=dict)  #: acts of mandates beside those of the procedure
    #: event → the sentence that tells the applicant, with the slots `number`, `state`, `next_step` and `due`
    message_templates: Mapping[str, str] = field(default_factory=dict)
    reactions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  #: event → jobs that follow
    supervision_rules: Path | None = None  #: the folder of its rules
    player: Player | None = None  #: its part of the demo
    pack_section: PackSection | None = None  #: its file of a pack
    desk_urls: str = ""  #: modules of addresses
    board_urls: str = ""
    portal_urls: str = ""
    routers: tuple[Any, ...] = ()  #: of the API
    is_ordinary: bool = True  #: counts among a body's cases; a kind that only follows up others does not

    @property
    def key(self) -> str:
        """The kind's name in tables, mandates and events."""
        return self.procedure.kind

    @property
    def label(self) -> str:
        """What a case of this kind is called."""
        return self.procedure.label

    def paper(self, kind: str) -> Paper | None:
        """Its paper of this kind."""
        return next((one for one in self.papers if one.kind == kind), None)

    def shows(self, entry: Entry) -> bool:
        """Whether the holder of the slip sees this entry: acts of the kind, papers, documents checked."""
        if self.is_public is not None:
            return self.is_public(entry)
        return entry.is_shown or entry.event.startswith(f"{self.key}.")
