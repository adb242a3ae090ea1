"""A kind of paper, and what it is written from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from liuquan.casework.types import Snapshot
from liuquan.clock import chinese_date


@dataclass(frozen=True)
class Context:
    """The sources of a paper: the entry of the act, the terms of the case, the addressee.

    From `snapshot` only what never changes may be used: its number and its terms. A paper says what the act
    said, whenever it is printed.
    """

    snapshot: Snapshot
    event: str
    #: the day the act took effect, which may be before the day it is printed
    acted_on: date
    public: Mapping[str, Any]
    private: Mapping[str, str]
    addressee: str
    code: str
    #: keys of the materials handed in by the time the act took effect
    received: tuple[str, ...] = ()
    #: clocks whose day depends on a calendar not yet published when the act set them
    adjustable: frozenset[str] = frozenset()
    body_code: str = ""  #: the body that answered for the case when the act was done

    @property
    def item(self) -> str:
        """What the case is about."""
        return self.snapshot.terms.subject_name

    def said(self, name: str) -> str:
        """A value of the act from either part of its entry: free text is in the private part."""
        return str(self.private.get(name) or self.public.get(name) or "")

    def due(self, key: str) -> str:
        """The last day the act set for this clock; empty when it set none."""
        told = str(self.public.get("due", {}).get(key, ""))
        return chinese_date(date.fromisoformat(told)) if told else ""


@dataclass(frozen=True)
class Paper:
    """A kind of paper: its title, and its text and facts as the template takes them (`facts`, `paragraphs`,
    `tail`)."""

    kind: str
    title: str
    slip: bool
    write: Callable[[Context], dict[str, Any]]
    #: sign of the kind of paper in its number, as in 受〔2026〕…
    mark: str


def grouped(code: str) -> str:
    """A query code as it is printed, in two halves."""
    return f"{code[:5]}-{code[5:]}"
