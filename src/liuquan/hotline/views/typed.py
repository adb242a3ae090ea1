"""What somebody typed into the form of a request, read once and carried from page to page."""

from __future__ import annotations

import unicodedata
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from django.http import QueryDict

from liuquan.hotline import actions, queries
from liuquan.hotline.types import UNFILED, Identity, Inlet, NewTicket, RequestKind
from liuquan.identifiers import IdentifierError, parse_mobile
from liuquan.kernel import moments
from liuquan.kernel.refusals import BadInput
from liuquan.organisation import queries as organisation
from liuquan.organisation.types import BodyView

_LONGEST: Final = {"text": 2_000_000, "place": 400, "name": 100, "phone": 30}
_NAMES: Final = (
    "text",
    "request_kind",
    "class_code",
    "division",
    "place",
    "about_body",
    "identity",
    "name",
    "phone",
    "may_publish",
    "submission_key",
    "programme",
)


@dataclass
class Typed:
    """The values of the form by name, as typed; `errors`: by field."""

    values: Mapping[str, str]
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, posted: QueryDict) -> Typed:
        """Read what was posted; what no field may hold is cut, the text never: it is complained about."""
        read = {name: posted.get(name, "").replace("\x00", "") for name in _NAMES}
        return cls({name: value[: _LONGEST.get(name, 100)] for name, value in read.items()})

    @classmethod
    def empty(cls, programme: str = "") -> Typed:
        """A form with nothing typed; `programme`: the interview that the question is for."""
        values = {"submission_key": str(uuid.uuid4()), "identity": Identity.OPEN.value}
        return cls({**values, "programme": programme})

    @cached_property
    def key(self) -> uuid.UUID:
        """The submission key that the page carried, otherwise a new one."""
        try:
            return uuid.UUID(self.values.get("submission_key", ""))
        except ValueError:
            return uuid.uuid4()

    @property
    def identity(self) -> Identity:
        said = self.values.get("identity", "")
        return Identity(said) if said in set(Identity) else Identity.OPEN

    @property
    def phone(self) -> str:
        """As typed, or in normal form where it is one; empty for an anonymous request."""
        return "" if self.identity is Identity.ANONYMOUS else self.values.get("phone", "").strip()

    @property
    def name(self) -> str:
        return "" if self.identity is Identity.ANONYMOUS else self.values.get("name", "").strip()

    @property
    def whose(self) -> str:
        """The telephone in normal form; empty where there is none."""
        try:
            return str(parse_mobile(self.phone)) if self.phone else ""
        except IdentifierError:
            return ""

    @property
    def said(self) -> str:
        """The words alone, for telling the same ones again."""
        return "".join(
            c for c in unicodedata.normalize("NFKC", self.values.get("text", "")).lower() if c.isalnum()
        )

    def ticket(self, *, inlet: Inlet) -> NewTicket:
        """The request. The kind and the class may be missing: see `check`."""
        said = self.values
        kind = said.get("request_kind", "")
        return NewTicket(
            request_kind=RequestKind(kind) if kind in set(RequestKind) else RequestKind.HELP,
            class_code=said.get("class_code", "") or UNFILED,
            text=said.get("text", ""),
            inlet=inlet,
            division=said.get("division", ""),
            place=said.get("place", ""),
            identity=self.identity,
            may_publish=bool(said.get("may_publish")),
            about_body=said.get("about_body", "") if kind == RequestKind.REPORT else "",
        )

    def check(self, places: Mapping[str, str]) -> bool:
        """Whether it may be sent; what is wrong goes to its field. `places`: the divisions of this city."""
        try:
            actions.check(
                self.ticket(inlet=Inlet.WEB), moments.today(moments.now()), is_named=bool(self.name)
            )
        except BadInput as refusal:
            self.errors |= refusal.fields or {"text": refusal.sentence}
        if self.values.get("request_kind") not in set(RequestKind):
            self.errors["request_kind"] = "请选择是哪一种诉求。"
        if self.values.get("division") not in places:
            self.errors["division"] = "请选择事情发生在本市哪里；不在本市的，请拨打当地的 12345。"
        if self.identity is not Identity.ANONYMOUS and "name" not in self.errors:
            self._check_phone()
        return not self.errors

    def _check_phone(self) -> None:
        try:
            parse_mobile(self.phone)
        except IdentifierError as wrong:
            self.errors["phone"] = wrong.sentence


def places(centre: BodyView) -> dict[str, str]:
    """The divisions of the city that this centre answers for: code → name, set in by level."""
    found = organisation.divisions(under=centre.division_code)
    top = min((one.level for one in found), default=0)
    return {
        one.code: f"{'　' * (one.level - top)}{one.name}"
        if one.level > top
        else f"{one.name}（说不清是哪里）"
        for one in found
    }


def class_choices(text: str) -> list[tuple[str, str]]:
    """The classes that the words of a text suggest, then "unfiled"."""
    return [*((one.code, one.name) for one in queries.suggested(text)), (UNFILED, "不清楚，由热线中心归类")]
