"""One draw of evaluation experts, made of fixed values: what the tests of a draw start from."""

import hashlib
from datetime import UTC, datetime
from typing import Any

from liuquan.draw import (
    SHA256,
    Candidate,
    DrawRecord,
    Prepared,
    Profile,
    announce,
    draw,
    evaluation_rules,
    nonce_commitment,
)

NUMBER = "ZB-2026-0007-1"
ORIGIN = "log.example.gov.cn/2026"
AFTER = datetime(2026, 3, 20, 1, 0, tzinfo=UTC)
CHECKPOINT = f"{ORIGIN}\n20852\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
SIGNED = CHECKPOINT + "\n— log.example.gov.cn Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URY\n"
BIDDERS = ("91141000MA0GTESTA1", "91141000MA0GTESTB2")
SUPERVISOR = "11141000TESTGOV001"
NONCES = {"招标人": bytes(range(32)), "监督人": bytes(range(100, 132))}


def salt(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def expert(number: str, **facts: Any) -> Candidate:
    usual = {
        "years": 12,
        "senior_title": True,
        "specialities": ("房屋建筑",),
        "employers": ("91140000MA0GOTHER9",),
        "kin_of": (),
        "interest_in": (),
        "punished": False,
    }
    return Candidate(
        number,
        {"name": f"专家{number}"},
        salt(f"name {number}"),
        {**usual, **facts},
        salt(f"facts {number}"),
    )


EXPERTS = (
    *(expert(f"E{n:03}") for n in range(20)),
    expert("E100", years=7),
    expert("E101", senior_title=False),
    expert("E102", specialities=("市政道路",)),
    expert("E103", employers=(BIDDERS[0],)),
    expert("E104", employers=("91140000MA0GOTHER9", SUPERVISOR)),
    expert("E105", kin_of=(BIDDERS[1],)),
    expert("E106", interest_in=(BIDDERS[0],)),
    expert("E107", punished=True),
)
RULES = evaluation_rules(bidders=BIDDERS, supervising_bodies=[SUPERVISOR], specialities=["房屋建筑"])


def prepare(profile: Profile = SHA256, **changes: Any) -> Prepared:
    parties = [
        nonce_commitment(number=NUMBER, party=party, nonce=nonce, profile=profile)
        for party, nonce in NONCES.items()
    ]
    terms: dict[str, Any] = {
        "number": NUMBER,
        "purpose": "抽取评标专家",
        "candidates": EXPERTS,
        "rules": RULES,
        "take": 5,
        "parties": parties,
        "log_origin": ORIGIN,
        "checkpoint_after": AFTER,
        "profile": profile,
    }
    return announce(**{**terms, **changes})


def make(profile: Profile = SHA256, **changes: Any) -> DrawRecord:
    return draw(
        prepare(profile, **changes),
        nonces=NONCES,
        checkpoint=SIGNED,
        checkpoint_at=AFTER,
        log_position=20_000,
    )
