"""The seed: values fixed in advance that no single party controls.

Before the draw each of at least two parties chooses 32 random bytes and hands in only their commitment; the
announcement holds the commitments, the frozen pool and a time. After that time the first checkpoint of the
transparency log is taken, the parties reveal their bytes, and all of it together is the key of the sequence.

To steer the draw, somebody must control the log's root and every party: one honest party prevents that. A
party that foresees a result it dislikes can still refuse to reveal. Then there is no draw, and everybody sees
which party refused.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from liuquan.draw.canonical import digest_of
from liuquan.draw.profiles import Profile
from liuquan.draw.refusals import DrawRefused
from liuquan.draw.sequence import key_text

NONCE_BYTES = 32
FEWEST_PARTIES = 2
MOST_PARTIES = 20
LONGEST_CHECKPOINT = 10_000
_BODY = re.compile(r"\A(?P<origin>[^\n]+)\n(?P<size>0|[1-9][0-9]{0,15})\n[A-Za-z0-9+/]{43}=\n(?:[^\n]+\n)*\Z")


@dataclass(frozen=True)
class PartyCommitment:
    """What a party handed in before the draw: its name and the commitment to its bytes, in hex."""

    party: str
    commitment: str


@dataclass(frozen=True)
class Checkpoint:
    """The text of a log's checkpoint without its signatures, which differ from one copy to the next."""

    body: str
    origin: str
    size: int


def new_nonce() -> bytes:
    """A party's share in the seed. The party itself keeps it secret until all commitments are announced."""
    return secrets.token_bytes(NONCE_BYTES)


def nonce_commitment(*, number: str, party: str, nonce: bytes, profile: Profile) -> PartyCommitment:
    """Commits a party to its bytes for this one draw. Refused: bytes of another length."""
    if len(nonce) != NONCE_BYTES:
        raise DrawRefused("nonce", f"“{party}”的随机数应为 {NONCE_BYTES} 字节：请重新生成。")
    return PartyCommitment(party, digest_of(profile, "nonce", [number, party, nonce.hex()]))


def in_name_order(parties: Sequence[PartyCommitment]) -> tuple[PartyCommitment, ...]:
    """The parties by name, checked."""
    ordered = tuple(sorted(parties, key=lambda one: one.party))
    check_parties(ordered)
    return ordered


def check_parties(parties: Sequence[PartyCommitment]) -> None:
    """Refused: fewer than two, a name or a commitment twice, names not in order."""
    names = [one.party for one in parties]
    if len(set(names)) < FEWEST_PARTIES or not all(names):
        raise DrawRefused("parties", "种子至少要由两方各出一个随机数：请再请一方（如监督人员）参加。")
    if len(names) > MOST_PARTIES:
        raise DrawRefused("parties", f"出随机数的超过 {MOST_PARTIES} 方：请减少。")
    if len(set(names)) != len(names) or len({one.commitment for one in parties}) != len(parties):
        raise DrawRefused("parties", "同一方或者同一个随机数承诺出现两次：请各方各自重新提交。")
    if names != sorted(names):
        raise DrawRefused("parties", "各方应按名称排序：请用本程序重新生成公告。")


def check_nonces(
    parties: Sequence[PartyCommitment], nonces: Mapping[str, bytes], *, number: str, profile: Profile
) -> None:
    """Refused, by name: a party that has not revealed, one whose bytes are not those it committed to."""
    for one in parties:
        if one.party not in nonces:
            raise DrawRefused("nonce", f"“{one.party}”尚未公开随机数，不能抽取：请其公开，拒绝的记录在案。")
        made = nonce_commitment(number=number, party=one.party, nonce=nonces[one.party], profile=profile)
        if made != one:
            raise DrawRefused("nonce", f"“{one.party}”公开的随机数与事先承诺的不一致：本次抽取无效。")
    if len(nonces) != len(parties):
        raise DrawRefused("nonce", "有未在公告中承诺的随机数：请只用公告中各方的随机数。")


def read_checkpoint(text: str) -> Checkpoint:
    """The checkpoint's text up to its signatures. Refused: not a checkpoint (C2SP tlog-checkpoint)."""
    body = text.partition("\n\n")[0].removesuffix("\n") + "\n"
    found = _BODY.match(body) if len(body) <= LONGEST_CHECKPOINT else None
    if found is None or "\r" in body:
        raise DrawRefused("checkpoint", "日志检查点的格式不对：请从日志网址重新取得公告时间后的第一个。")
    return Checkpoint(body, found["origin"], int(found["size"]))


def seed_key(
    *, announcement_hash: str, nonces: Mapping[str, bytes], checkpoint: Checkpoint, profile: Profile
) -> bytes:
    """The key text of the sequence: the announcement, each party's bytes by name, the checkpoint."""
    revealed = [[nonces[party].hex()] for party in sorted(nonces)]
    return key_text([[announcement_hash], *revealed, [digest_of(profile, "checkpoint", checkpoint.body)]])
