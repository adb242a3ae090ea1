"""What other modules see of the organisation: who acts, what a post may do, and the data a pack brings.

Frozen values, no Django. Dates are days in Asia/Shanghai; a range is half-open: ``to_on`` is the first day
on which the row no longer holds, ``None`` means until further notice.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Final, Literal

ActorKind = Literal["staff", "party", "system", "public"]

ROLES: Final[dict[str, str]] = {
    "window_clerk": "综合窗口人员",
    "examiner": "审查人员",
    "approver": "核准人员",
    "chief_rep": "首席代表",
    "body_head": "单位负责人",
    "supervisor": "电子监察人员",
    "centre_officer": "中心业务管理人员",
    "hall_manager": "大厅管理人员",
    "item_editor": "事项编辑人员",
    "legal_reviewer": "法制审核人员",
    "sysadmin": "系统管理员",
    "leader": "领导",
    "overseer": "社会监督员",
    "applicant": "申请人",
}
"""Every role a post (or a party: ``applicant``) can have, with its Chinese name."""

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

    def covers(self, action: str, item_code: str, body_code: str, *, amount_fen: int | None = None) -> bool:
        """Whether this row allows ``action`` on this item of this body (and this amount, in fen)."""
        if action not in self.actions or self.body_code != body_code or not body_code:
            return False
        if self.up_to_fen is not None and (amount_fen is None or amount_fen > self.up_to_fen):
            return False
        return any(_matches(pattern, item_code) for pattern in self.items)

    def supervises(self, division_path: str) -> bool:
        """Whether this row lets its post look at what happens in the division of this path."""
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
        """Whether a mandate of this post allows ``action`` on this item of this body.

        法无授权不可为: no row, no power. The system and parties hold no mandates: what they may do stands in
        the procedure. Cites: 行政许可法 第二十二条
        """
        return any(term.covers(action, item_code, body_code, amount_fen=amount_fen) for term in self.mandates)

    def supervises(self, division_path: str) -> bool:
        """Whether a supervising mandate of this post reaches the division of this ltree path."""
        return any(term.supervises(division_path) for term in self.mandates)


SYSTEM: Final = Actor(kind="system", name="系统", post_name="系统", roles=frozenset({"system"}))
PUBLIC: Final = Actor(kind="public", name="公众", roles=frozenset({"public"}))


def party_actor(party_number: str, label: str = "申请人") -> Actor:
    """The actor for a party that acts for itself; ``label`` must carry no unmasked personal data."""
    return Actor(kind="party", name=label, roles=frozenset({"applicant"}), party_number=party_number)


def _matches(pattern: str, item_code: str) -> bool:
    if pattern.endswith("*"):
        return item_code.startswith(pattern[:-1])
    return pattern == item_code


# ── what is read ──────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class DivisionView:
    """One administrative division; ``level`` 1 province … 5 village; ``path`` its ltree path."""

    code: str
    name: str
    level: int
    path: str
    parent_code: str = ""


@dataclass(frozen=True, slots=True)
class BodyView:
    """A public body as it stands on the day asked for."""

    code: str
    key: str
    name: str
    short_name: str
    nature: str
    division_code: str
    division_path: str
    phone: str = ""
    address: str = ""
    hours: str = ""


@dataclass(frozen=True, slots=True)
class PostView:
    """A post as it stands on the day asked for, without its duty sheet."""

    code: str
    name: str
    body_code: str
    unit_name: str
    division_code: str
    roles: frozenset[str]


@dataclass(frozen=True, slots=True)
class HeldPost:
    """A post somebody may act in on a day: their own, or another's while they stand in for the holder."""

    post: PostView
    acting_for: str = ""


@dataclass(frozen=True, slots=True)
class PostDutySheet:
    """职位职责说明 of one post (HALL-02), with who holds it and who stands in."""

    post: PostView
    body_name: str
    duties: tuple[str, ...]
    tasks: tuple[str, ...]
    standards: tuple[str, ...]
    limits: tuple[str, ...]
    holders: tuple[str, ...]
    covered_by: tuple[str, ...]
    mandates: tuple[MandateTerm, ...]
    from_on: date
    to_on: date | None


@dataclass(frozen=True, slots=True)
class RegisterLine:
    """One line of the authorisation register: who may decide what, up to what, since when (CASE-11)."""

    body_name: str
    post_code: str
    post_name: str
    post_body_name: str
    holders: tuple[str, ...]
    term: MandateTerm
    from_on: date
    to_on: date | None


# ── what a pack or an import brings ───────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class DivisionData:
    """One division: national code of 12 digits, level 1–5, code of the division above (none for the root)."""

    code: str
    name: str
    level: int
    parent: str = ""


@dataclass(frozen=True, slots=True)
class BodyData:
    """One public body; ``code`` is its USCC, ``key`` a short latin word for post codes and numbers."""

    code: str
    key: str
    name: str
    division: str
    from_on: date
    short_name: str = ""
    nature: str = "行政机关"
    phone: str = ""
    address: str = ""
    hours: str = ""
    to_on: date | None = None


@dataclass(frozen=True, slots=True)
class UnitData:
    """A unit inside a body; ``division``: where it sits, when not where its body does."""

    code: str
    name: str
    body: str
    division: str = ""


@dataclass(frozen=True, slots=True)
class PostData:
    """A post with its duty sheet (HALL-02)."""

    code: str
    name: str
    body: str
    unit: str
    roles: tuple[str, ...]
    duties: tuple[str, ...]
    tasks: tuple[str, ...]
    standards: tuple[str, ...]
    limits: tuple[str, ...]
    from_on: date
    to_on: date | None = None


@dataclass(frozen=True, slots=True)
class StaffData:
    """A member of staff; ``login`` empty: cannot sign in. ``password`` only in a demo."""

    number: str
    name: str
    login: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class HoldingData:
    """Somebody (staff number) holds a post (code)."""

    staff: str
    post: str
    from_on: date
    to_on: date | None = None


@dataclass(frozen=True, slots=True)
class MandateData:
    """Posts may take actions on items of a body, by a document (CASE-11). See ``MandateTerm``."""

    posts: tuple[str, ...]
    actions: tuple[str, ...]
    items: tuple[str, ...]
    granted_by: str
    from_on: date
    body: str = ""
    supervising: bool = False
    division: str = ""
    up_to: str = ""
    up_to_fen: int | None = None
    to_on: date | None = None


@dataclass(frozen=True, slots=True)
class CoverData:
    """A/B posts: holders of ``cover_post`` stand in for ``post`` (HALL-03).

    ``kind``: ``pair`` names who B is and gives no power by itself; ``absence`` says that A is out from the
    first day up to, not including, ``to_on``, and B acts.
    """

    post: str
    cover_post: str
    from_on: date
    reason: str = ""
    kind: Literal["pair", "absence"] = "pair"
    to_on: date | None = None


@dataclass(frozen=True, slots=True)
class SealData:
    """A seal in the register: whose, its name, the post that keeps it."""

    code: str
    body: str
    name: str
    custodian_post: str
    from_on: date
    to_on: date | None = None


@dataclass(frozen=True, slots=True)
class OrganisationData:
    """All that one source says about the organisation; rows of other sources are left alone."""

    source: str
    divisions: tuple[DivisionData, ...] = ()
    bodies: tuple[BodyData, ...] = ()
    units: tuple[UnitData, ...] = ()
    posts: tuple[PostData, ...] = ()
    staff: tuple[StaffData, ...] = ()
    holdings: tuple[HoldingData, ...] = ()
    mandates: tuple[MandateData, ...] = ()
    covers: tuple[CoverData, ...] = ()
    seals: tuple[SealData, ...] = ()


@dataclass(frozen=True, slots=True)
class Complaint:
    """What is wrong with one row: the table's name in the pack, its index there, the field, the sentence."""

    table: str
    index: int
    field: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Tally:
    """What a load did to one table, in rows. ``succeeded``: closed and followed by a new row."""

    created: int = 0
    succeeded: int = 0
    closed: int = 0
    unchanged: int = 0


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What a load did, by table."""

    tables: dict[str, Tally]

    @property
    def changed(self) -> bool:
        """Whether any row was created, succeeded or closed."""
        return any(t.created or t.succeeded or t.closed for t in self.tables.values())
