"""A kind of paper, and what it is written from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from liuquan.casework.types import Snapshot
from liuquan.clock import chinese_date
from liuquan.organisation.types import BodyView, RemedyBodies


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
    private: Mapping[str, Any]
    addressee: str
    code: str
    #: keys of the materials handed in by the time the act took effect
    received: tuple[str, ...] = ()
    #: clocks whose day depends on a calendar not yet published when the act set them
    adjustable: frozenset[str] = frozenset()
    body_code: str = ""  #: the body that answered for the case when the act was done
    remedies: RemedyBodies = RemedyBodies()  #: who hears those who do not accept what that body decided
    #: events of the acts that followed at the same moment, as at a window that receives and decides in one go
    at_once: frozenset[str] = frozenset()
    office: BodyView | None = None  #: the body whose post did the act, where people can come or ring

    @property
    def item(self) -> str:
        """What the case is about."""
        return self.snapshot.terms.subject_name

    def said(self, name: str) -> str:
        """A value of the act from either part of its entry: free text is in the private part."""
        return str(self.private.get(name) or self.public.get(name) or "")

    @property
    def reach(self) -> str:
        """Where to come, when, and whom to ring, in a sentence; empty where nothing of that is known."""
        office = self.office
        if office is None:
            return ""
        where = f"{office.name}（{office.address}）" if office.address else office.name
        hours = f"，办公时间：{office.hours}" if office.hours else ""
        phone = f"，咨询电话：{office.phone}" if office.phone else ""
        return f"窗口地点：{where}{hours}{phone}。"

    def due(self, key: str) -> str:
        """The last day the act set for this clock; empty when it set none."""
        told = str(self.public.get("due", {}).get(key, ""))
        return chinese_date(date.fromisoformat(told)) if told else ""


@dataclass(frozen=True)
class Paper:
    """A kind of paper: its title, and its text and facts as the template takes them (`facts`, `paragraphs`,
    `tail`). `called`: its title where it depends on the terms of the case. `result`: the outcome it tells, in
    the word that pages lead with; `is_adverse`: against that there are the legal remedies."""

    kind: str
    title: str
    slip: bool
    write: Callable[[Context], dict[str, Any]]
    #: sign of the kind of paper in its number, as in 受〔2026〕…
    mark: str
    called: Callable[[Snapshot], str] | None = None
    result: str = ""
    is_adverse: bool = False

    def title_for(self, snapshot: Snapshot) -> str:
        """Its title on this case."""
        return self.called(snapshot) if self.called else self.title


def remedy_text(bodies: RemedyBodies) -> str:
    """The legal remedies against a decision, whom to go to and by when, in one sentence.

    Cites: 行政复议法 第二十条, 行政诉讼法 第四十六条
    """
    return (
        f"如不服本决定，可以自收到本决定书之日起六十日内向{bodies.reconsidered_by or '本级人民政府'}"
        f"申请行政复议，也可以自收到之日起六个月内向{bodies.court or '有管辖权的人民法院'}提起行政诉讼。"
    )


def grouped(code: str) -> str:
    """A query code as it is printed, in two halves."""
    return f"{code[:5]}-{code[5:]}"
