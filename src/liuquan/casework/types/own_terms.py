"""The part of a case's terms that only its kind knows, read from the JSON that is stored with the case."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import date
from functools import cache
from types import NoneType
from typing import Any, Self, TypeVar, get_args, get_origin, get_type_hints


class TermsError(ValueError):
    """Stored terms lack something that they must have, or have it in a form that cannot be read."""


@dataclass(frozen=True)
class ListedMaterial:
    """A material of the list that the case is held to, as generic pages read it."""

    key: str
    name: str
    necessity: str
    accept_standard: str = ""


@dataclass(frozen=True, kw_only=True)
class OwnTerms:
    """What a kind keeps in `Terms.extra`. These fields are read for every kind; a kind declares its own in a
    subclass, one field a stored key of the same name.

    A field without a default must be stored. A stored key that no field names is kept and not read. Fields
    are texts, numbers, dates (each may be `None`), and tuples of these or of values read in the same way.
    """

    body_name: str = ""  #: the name of the body on the day of receipt
    amount_label: str = ""  #: the name of the amount that a decision fixes, such as 奖励金额
    materials: tuple[ListedMaterial, ...] = ()

    @classmethod
    def from_stored(cls, stored: Mapping[str, Any]) -> Self:
        """From the stored form; `null` is read as missing. Refuses (`TermsError`), naming the key, a field
        that must be stored and is not, and one that cannot be read."""
        return _read(cls, stored, "")

    @classmethod
    def days(cls) -> frozenset[str]:
        """The names of its dates: what a clock may count from."""
        return frozenset(name for name, type_ in get_type_hints(cls).items() if _without_none(type_) is date)

    def to_stored(self) -> dict[str, Any]:
        """The stored form. A field of every kind is left out where it is empty; the kind's own are written
        whatever they say."""
        everywhere = {one.name for one in fields(OwnTerms)}
        said = {one.name: getattr(self, one.name) for one in fields(self)}
        return {name: _plain(value) for name, value in said.items() if value or name not in everywhere}


T = TypeVar("T")
Own = TypeVar("Own", bound=OwnTerms)


def _read(kind: Callable[..., T], stored: Mapping[str, Any], path: str) -> T:
    """A value of this dataclass. `path`: where it stands in the stored form, for the error."""
    read = {}
    for name, (wanted, must_be_there) in _declared(kind).items():
        if (said := stored.get(name)) is not None:
            read[name] = _value(wanted, said, path + name)
        elif must_be_there:
            raise TermsError(f"no {path}{name} is stored")
    return kind(**read)


def _value(wanted: Any, said: Any, path: str) -> Any:
    if get_origin(wanted) is tuple and isinstance(said, list | tuple):
        each = get_args(wanted)[0]
        return tuple(_value(each, one, f"{path}[{place}]") for place, one in enumerate(said))
    if is_dataclass(wanted) and isinstance(wanted, type) and isinstance(said, Mapping):
        return _read(wanted, said, f"{path}.")
    if wanted is date:
        return day(said, path)
    if isinstance(wanted, type) and isinstance(said, wanted):
        return said
    raise TermsError(f"{path} is stored as {said!r}")


def day(said: Any, path: str) -> date:
    """A stored date. Refuses (`TermsError`) what is none, naming where it stands."""
    try:
        return date.fromisoformat(said)
    except (TypeError, ValueError):
        raise TermsError(f"{path} is stored as {said!r}, which is no date") from None


@cache
def _declared(kind: Any) -> dict[str, tuple[Any, bool]]:
    """The fields of a dataclass: their types, and whether they must be stored."""
    hints = get_type_hints(kind)
    return {
        one.name: (_without_none(hints[one.name]), one.default is MISSING and one.default_factory is MISSING)
        for one in fields(kind)
    }


def _without_none(wanted: Any) -> Any:
    given = [one for one in get_args(wanted) if one is not NoneType]
    return given[0] if NoneType in get_args(wanted) else wanted


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if is_dataclass(value):
        return {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
    return value.isoformat() if isinstance(value, date) else value
