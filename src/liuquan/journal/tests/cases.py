"""The record of the city of the tests: it has a witness, and witnesses another log. It is sealed last."""

from __future__ import annotations

from liuquan.journal import actions
from liuquan.merkle import ed25519_signer
from liuquan.organisation.types import SYSTEM
from liuquan.testing.cases import ACTED
from liuquan.testing.cast import Cast


def furnish(cast: Cast, names: dict[str, str]) -> dict[str, str]:
    """One witness of ours and one log that we witness."""
    city = ed25519_signer("city.example/witness", bytes(32), witness=True)
    county = ed25519_signer("county.example/log", bytes(range(32)))
    actions.add_witness(city.key.text, by=SYSTEM, now=ACTED, label="某市政务服务管理局")
    actions.know_log(county.key.text, by=SYSTEM, now=ACTED, label="某县政务服务中心")
    return {}
