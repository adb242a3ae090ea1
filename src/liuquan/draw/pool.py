"""The pool: who can be drawn, frozen before the seed exists, published without a name.

A `Candidate` is what the office knows. Its `Row` is what everybody may see: the number in the pool and two
salted commitments, one to the identity, one to the facts the exclusions rest on. Each is opened by itself,
when and for whom the law allows it (`Opening`); until then a commitment tells nothing, and afterwards it
cannot be made to say something else.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from liuquan.draw.canonical import digest_of
from liuquan.draw.profiles import Profile
from liuquan.draw.refusals import DrawRefused

SALT_BYTES = 32
LARGEST_POOL = 200_000
LONGEST_ID = 64

#: What a candidate's facts may hold.
Fact = str | int | bool | tuple[str, ...]
Kind = Literal["identity", "facts"]
KINDS: tuple[Kind, ...] = ("identity", "facts")


@dataclass(frozen=True)
class Candidate:
    """One who can be drawn, as the office knows them. Facts are what rules of exclusion look at.

    `id` is the number in the pool. Where membership is secret until the award, give numbers made for this
    draw: a number kept from draw to draw lets an outsider follow one person.
    """

    id: str
    identity: Mapping[str, str] = field(repr=False)
    identity_salt: bytes = field(repr=False)
    facts: Mapping[str, Fact] = field(repr=False)
    facts_salt: bytes = field(repr=False)


@dataclass(frozen=True)
class Row:
    """One who can be drawn, as everybody sees them. Commitments in hex."""

    id: str
    identity: str
    facts: str


@dataclass(frozen=True)
class Opening:
    """What a commitment hides, with the salt that proves it."""

    id: str
    kind: Kind
    values: Mapping[str, Fact]
    salt: bytes


def new_salt() -> bytes:
    """A salt for one commitment; never used twice."""
    return secrets.token_bytes(SALT_BYTES)


def freeze(candidates: Iterable[Candidate], profile: Profile) -> tuple[Row, ...]:
    """The public rows, sorted by number, whatever the order they came in.

    Refused: nobody, too many, a number twice or not printable ASCII, a short or repeated salt.
    """
    rows: dict[str, Row] = {}
    salts: set[bytes] = set()
    for candidate in candidates:
        if candidate.id in rows:
            number = candidate.id[:LONGEST_ID]
            raise DrawRefused("duplicate", f"名单中编号“{number}”出现两次：请删去重复的一行。")
        salts.update((candidate.identity_salt, candidate.facts_salt))
        rows[candidate.id] = Row(
            candidate.id,
            commitment(opening_of(candidate, "identity"), profile),
            commitment(opening_of(candidate, "facts"), profile),
        )
        if len(rows) > LARGEST_POOL:
            break
    if len(salts) != 2 * len(rows):
        raise DrawRefused("salt", "名单中有重复使用的随机盐值，名字可能被猜出：请为每一项重新生成。")
    return sorted_rows(rows.values())


def sorted_rows(rows: Iterable[Row]) -> tuple[Row, ...]:
    """The rows in the order of their numbers. Refused: nobody, too many, a number twice or unusable."""
    found = tuple(sorted(rows, key=lambda row: row.id.encode("utf-8", "surrogatepass")))
    if not found:
        raise DrawRefused("empty", "名单是空的，无法抽取：请先录入候选人。")
    if len(found) > LARGEST_POOL:
        raise DrawRefused("size", f"名单超过 {LARGEST_POOL} 个：请分组抽取。")
    for row in found:
        if not 0 < len(row.id) <= LONGEST_ID or not row.id.isascii() or not row.id.isprintable():
            raise DrawRefused("id", f"名单编号只能用不超过 {LONGEST_ID} 位的字母、数字和符号：请改编号。")
    for before, row in zip(found, found[1:], strict=False):
        if before.id == row.id:
            raise DrawRefused("duplicate", f"名单中编号“{row.id}”出现两次：请删去重复的一行。")
    return found


def pool_hash(rows: Iterable[Row], profile: Profile) -> str:
    """The hash that is entered in the record before the seed exists."""
    return digest_of(profile, "pool", [[row.id, row.identity, row.facts] for row in rows])


def opening_of(candidate: Candidate, kind: Kind) -> Opening:
    """What opens one of the candidate's two commitments."""
    if kind == "identity":
        return Opening(candidate.id, kind, candidate.identity, candidate.identity_salt)
    return Opening(candidate.id, kind, candidate.facts, candidate.facts_salt)


def commitment(opening: Opening, profile: Profile) -> str:
    """Binds number, kind and values; tells nothing without the salt. Refused: a salt that is not 32 bytes."""
    if len(opening.salt) != SALT_BYTES:
        raise DrawRefused("salt", f"随机盐值应为 {SALT_BYTES} 字节：请重新生成。")
    values = {
        key: list(value) if isinstance(value, tuple) else value for key, value in opening.values.items()
    }
    return digest_of(profile, "commitment", [opening.kind, opening.id, values, opening.salt.hex()])
