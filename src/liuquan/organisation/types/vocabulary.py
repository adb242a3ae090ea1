"""Words for acts and roles: each module declares those it has, once, when it is loaded.

An act is named with its kind, as in mandates: `catalogue.publish_item`. An undeclared
act cannot be mandated, and every mandated act has its label in the authorisation register.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

ACTS: Final[dict[str, str]] = {}
"""Every act that a mandate can name, with its Chinese word, in the order of the modules."""

ROLES: Final[dict[str, str]] = {
    "chief_rep": "首席代表",
    "body_head": "单位负责人",
    "centre_officer": "中心业务管理人员",
    "hall_manager": "大厅管理人员",
    "sysadmin": "系统管理员",
    "applicant": "当事人",
}
"""Every role a post (or a party: ``applicant``) can have, with its Chinese name."""


def declare_acts(words: Mapping[str, str]) -> None:
    """Declare the acts of a module. Refuses a name without its kind, and a second label for a known act."""
    for name, word in words.items():
        kind, _, act = name.partition(".")
        if not (kind and act):
            raise ValueError(f"{name}: name an act with its kind, as catalogue.publish_item")
        if ACTS.setdefault(name, word) != word:
            raise ValueError(f"{name} is called {ACTS[name]} already, not {word}")


def declare_roles(words: Mapping[str, str]) -> None:
    """Declare the roles of a module. Refuses a second label for a known role."""
    for name, word in words.items():
        if ROLES.setdefault(name, word) != word:
            raise ValueError(f"{name} is called {ROLES[name]} already, not {word}")
