"""The tables of permissions of the modules, tried module by module; `--modules` narrows them."""

import pytest

from liuquan.testing import addresses, cases
from liuquan.testing.role_classes import AT_ADDRESSES, STANDS_FOR

STAND_INS = [(column, login) for column, logins in STANDS_FOR.items() for login in logins]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One test for each module and role, and for each kind and state."""
    chosen = metafunc.config.getoption("modules")
    asked = set(metafunc.fixturenames)
    at = [
        (module, role)
        for module, rows in addresses.tables().items()
        for role in AT_ADDRESSES
        if module in chosen and any(row[role] != "." for row in rows)
    ]
    kinds = [key for key, (module, _) in cases.kinds().items() if module in chosen]
    states = [(key, state.key) for key in kinds for state in cases.kinds()[key][1].procedure.states]
    if {"module", "role"} <= asked:
        metafunc.parametrize(("module", "role"), at, ids=map("-".join, at))
    if {"module", "column", "login"} <= asked:
        every = [(module, role, login) for module, role in at for other, login in STAND_INS if role == other]
        metafunc.parametrize(("module", "column", "login"), every, ids=map("-".join, every))
    if {"kind", "state"} <= asked:
        metafunc.parametrize(("kind", "state"), states, ids=map("-".join, states))
    elif "kind" in asked:
        metafunc.parametrize("kind", kinds)
