"""A city in which a post answers consultations, and one question asked there on Monday 2 March 2026."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.test import Client

from liuquan.kinds.tests.questions import Question, questioned
from liuquan.kinds.types import CaseKind
from liuquan.testing.browsers import SetNow
from liuquan.testing.cast import Cast
from liuquan.testing.city import FOUNDED
from liuquan.testing.consultation.kind import CONSULTATION
from liuquan.testing.kinds import registered


@pytest.fixture
def kind() -> Iterator[CaseKind]:
    """The kind in the register, as one line of `KINDS` enters it."""
    with registered(CONSULTATION) as kind:
        yield kind


@pytest.fixture
def question(city_db: str, kind: CaseKind, cast: Cast, set_now: SetNow) -> Question:
    """One question, in the city whose changes are undone."""
    cache.clear()
    set_now(FOUNDED)
    return questioned(cast)


@pytest.fixture
def officer(question: Question, cast: Cast) -> Client:
    """The officer who may answer it, at the desk."""
    return cast.client("examiner")
