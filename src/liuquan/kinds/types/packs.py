"""The file of a pack that a kind of case reads: what is in it, what is wrong with it, how it is loaded."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from liuquan.organisation.types import OrganisationData


@dataclass(frozen=True)
class PackWrong:
    """One thing wrong in the file: where (`"limit", 2, "amount"`), and one sentence."""

    sentence: str
    where: tuple[str | int, ...] = ()


@dataclass(frozen=True)
class PackSection:
    """`file`: its name in the folder of the pack. `check`: everything wrong with its values, whatever they
    are, beside the bodies and divisions of the pack, where these are right; nothing is loaded while there is
    anything. `load`: puts the values in place of what this source brought before; the same again changes
    nothing."""

    file: str
    check: Callable[[Mapping[str, Any], OrganisationData | None], Iterable[PackWrong]]
    load: Callable[[Mapping[str, Any], str], None]
