"""Who acts, in which post, and what that post may do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from liuquan.organisation.types.money import yuan

ActorKind = Literal["staff", "party", "system", "public"]

EVERY_ITEM: Final = "*"


@dataclass(frozen=True, slots=True)
class MandateTerm:
    """What one row of the authorisation register allows a post to do (CASE-11).

    ``items``: item codes; ``*`` is every item of ``body_code``, ``ABC*`` those whose code begins with ABC.
    ``body_code``: whose items; empty only for a supervising mandate, which reads and never decides.
    ``up_to``: the limit of the power in words; ``up_to_fen``: an amount it ends at, in fen (checked).
    """

    actions: frozenset[str]
    items: tuple[str, ...] = (EVERY_ITEM,)
    body_code: str = ""
    supervising: bool = False
    division_path: str = ""
    up_to: str = ""
    up_to_fen: int | None = None
    granted_by: str = ""

    @property
    def limit_text(self) -> str:
        """The limit of this power, in words and in money; empty if there is none."""
        money = f"{yuan(self.up_to_fen)}以内" if self.up_to_fen is not None else ""
        return "；".join(one for one in (self.up_to, money) if one)

    def covers(self, action: str, item_code: str, body_code: str, *, amount_fen: int | None = None) -> bool:
        """Whether this row allows ``action`` on this item of this body (and this amount, in fen)."""
        if action not in self.actions or self.body_code != body_code or not body_code:
            return False
        if self.up_to_fen is not None and (amount_fen is None or amount_fen > self.up_to_fen):
            return False
        return self.names(item_code)

    def names(self, item_code: str) -> bool:
        """Whether one of the item codes or patterns is this item's."""
        return any(_matches(pattern, item_code) for pattern in self.items)

    def supervises(self, division_path: str) -> bool:
        """Whether this row lets its post supervise the division of this path."""
        if not self.supervising or not self.division_path:
            return False
        return division_path == self.division_path or division_path.startswith(self.division_path + ".")


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a member of staff in ONE post, a party, the system, or the anonymous public.

    ``acting_for``: name of the holder whose post this is, when it is taken over for a time (B for A); then
    ``post_name`` already ends in ``（代）``. ``other_posts``: codes of the further posts the same person may
    act in on this day, to choose from; their powers are not included.
    """

    kind: ActorKind
    staff_id: int | None = None
    name: str = ""
    post_code: str = ""
    post_name: str = ""
    roles: frozenset[str] = frozenset()
    body_code: str = ""
    division_code: str = ""
    mandates: tuple[MandateTerm, ...] = ()
    party_number: str = ""
    acting_for: str = ""
    other_posts: tuple[str, ...] = ()

    def has_role(self, *roles: str) -> bool:
        """Whether the post has at least one of these roles."""
        return not self.roles.isdisjoint(roles)

    def may(self, action: str, item_code: str, body_code: str, *, amount_fen: int | None = None) -> bool:
        """Whether a mandate of this post allows ``action`` on this item of this body. An act is named with
        its kind before a point: a mandate for one kind gives no power in another.

        法无授权不可为: no row, no power. The system and parties hold no mandates: the procedure defines what
        they may do. Cites: 行政许可法 第二十二条
        """
        return any(term.covers(action, item_code, body_code, amount_fen=amount_fen) for term in self.mandates)

    def ends_at(self, action: str, item_code: str, body_code: str) -> int | None:
        """The highest limit in fen of the mandates for ``action`` on this item; None if there is no mandate
        or no limit."""
        terms = [term for term in self.mandates if term.covers(action, item_code, body_code, amount_fen=0)]
        ends = [term.up_to_fen for term in terms if term.up_to_fen is not None]
        return max(ends) if ends and len(ends) == len(terms) else None

    def supervises(self, division_path: str) -> bool:
        """Whether a supervising mandate of this post reaches the division of this ltree path."""
        return any(term.supervises(division_path) for term in self.mandates)

    def may_supervise(self, action: str, division_path: str) -> bool:
        """Whether a supervising mandate that reaches the division allows ``action``."""
        return any(action in term.actions and term.supervises(division_path) for term in self.mandates)


SYSTEM: Final = Actor(kind="system", name="系统", post_name="系统", roles=frozenset({"system"}))
PUBLIC: Final = Actor(kind="public", name="公众", roles=frozenset({"public"}))


def party_actor(party_number: str, label: str = "当事人") -> Actor:
    """The actor for a party that acts for itself; ``label`` must carry no unmasked personal data."""
    return Actor(kind="party", name=label, roles=frozenset({"applicant"}), party_number=party_number)


def _matches(pattern: str, item_code: str) -> bool:
    if pattern.endswith("*"):
        return item_code.startswith(pattern[:-1])
    return pattern == item_code
