"""A place's own code of an item stands beside the national one, and neither replaces the other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from liuquan.catalogue import queries
from liuquan.catalogue.types import ItemDraft
from liuquan.kernel.sql import run


@pytest.mark.fact("C-07")
def test_a_local_code_is_kept_beside_the_national_one(
    published: Callable[..., ItemDraft], draft: ItemDraft
) -> None:
    mine = published(replace(draft, basic_code="000131001000", local_code="LOCAL-31-7"))
    rows = run("SELECT implementation_code, basic_code, local_code FROM catalogue_serviceitem")
    assert rows == [
        {"implementation_code": mine.item_code, "basic_code": "000131001000", "local_code": "LOCAL-31-7"}
    ]
    assert queries.terms(mine.item_code, on=date(2026, 3, 2)).item_code == mine.item_code
