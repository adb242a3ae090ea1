"""The map of the tree: every module, on its layer, with what it holds.

This is the only list of layers. The import contract, the Django settings, the house rules and their tests
read it; a new module is one line here. A module imports only from lines below its own, never from its own
line. `testing`, the pytest plugin, stands beside the layers.

Public face of a module with tables: its `actions`, `queries`, `events` and `types`. Of `kernel` and of a pure
module: what its `__init__` lists in `__all__`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto


class Kind(Enum):
    """What a module may use, and what of it others may use."""

    SITE = auto()  # ties all modules together, and so may import their private files
    BUSINESS = auto()  # a Django application: others use its `actions`, `queries`, `events` and `types`
    KERNEL = auto()  # a Django application without business words
    PURE = auto()  # knows no Django and no database, never reads the time


@dataclass(frozen=True)
class Module:
    """One folder of `liuquan`. `is_planned`: it has its place, but no code yet."""

    name: str
    holds: str
    kind: Kind = Kind.BUSINESS
    is_planned: bool = False


# The top layer first. Modules of one line know nothing of each other.
LAYERS: tuple[tuple[Module, ...], ...] = (
    (Module("site", "settings, addresses, commands, wiring of modules, packs, the demo", Kind.SITE),),
    (Module("exchange", "feeds in and out: Open311 requests to the hotline, keys of outside systems"),),
    (Module("supervision", "rules over the case log, findings, their disposal"),),
    (Module("caselog", "the case log contract: views and tables shared by everyone who reads"),),
    (
        Module("applications", "办件: applications for service items"),
        Module("hotline", "the mayor's hotline: tickets, dispatch, call-back, knowledge, figures"),
        Module("reviews", "好差评: reviews of services of any kind, rectification of the bad ones"),
    ),
    (
        Module("desk", "staff: work list over all kinds, case page, acts, what-if, the past, staff API"),
        Module("tracking", "the holder of the slip: progress, papers, who read mine, acts of parties"),
        Module("timekeeping", "the clock, the working calendar and the law for people: pages, questions"),
    ),
    (Module("papers", "papers of cases: numbered, issued, opened, verified"),),
    (Module("messages", "SMS and e-mail by event: consent, sending, delivery, one-time codes"),),
    (Module("kinds", "CaseKind and its register: what a kind of case says about itself"),),
    (
        Module("catalogue", "powers and service items, versioned; guides"),
        Module("casework", "the engine: case, procedure, assignment, deadline, suspension, notice"),
    ),
    (Module("journal", "the append-only record, the transparency log over it, its witnesses"),),
    (Module("parties", "natural persons and organisations: encrypted identity, blind index"),),
    (Module("organisation", "divisions, bodies, posts, staff, mandates, cover, working days"),),
    (Module("kernel", "Django glue: PostgreSQL, jobs, encryption, files, pages", Kind.KERNEL),),
    (Module("law", "citations, dated values, the limits that law sets", Kind.PURE),),
    (
        Module("clock", "working-day calendar, limits, deadlines that explain themselves", Kind.PURE),
        Module("draw", "random selection that an outsider can recompute", Kind.PURE),
        Module("merkle", "the transparency log as values: tree, tiles, checkpoints, receipts", Kind.PURE),
        Module("identifiers", "resident id, unified social credit code, item and case numbers", Kind.PURE),
        Module("sealing", "envelopes that open only when enough officers agree", Kind.PURE),
    ),
)


def modules(*kinds: Kind) -> Iterator[Module]:
    """All modules from the top down, or those of these kinds."""
    return (module for layer in LAYERS for module in layer if not kinds or module.kind in kinds)


def installed_apps() -> list[str]:
    """The Django applications, the lowest layer first, as `INSTALLED_APPS` names them."""
    applications = modules(Kind.SITE, Kind.BUSINESS, Kind.KERNEL)
    return [f"liuquan.{module.name}" for module in applications if not module.is_planned][::-1]


def import_layers() -> list[str]:
    """The layers as import-linter writes them: "catalogue | casework"; "(exchange)" may be missing."""
    return [
        " | ".join(f"({module.name})" if module.is_planned else module.name for module in layer)
        for layer in LAYERS
    ]


def height(name: str) -> int | None:
    """How far up a module stands, the lowest layer at 0; nothing for what is no module."""
    for place, layer in enumerate(reversed(LAYERS)):
        if any(module.name == name for module in layer):
            return place
    return None
