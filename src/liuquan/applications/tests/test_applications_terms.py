"""What an application keeps of its item: written key by key as it always was."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import date

import pytest

from liuquan.applications.terms import ApplicationTerms, case_terms
from liuquan.casework.types import Counting
from liuquan.catalogue import queries as catalogue
from liuquan.catalogue.types import ItemTerms, ItemType
from liuquan.law import load_law
from liuquan.testing.cast import ITEMS

ON = date(2026, 3, 2)


def kept(item: ItemTerms) -> dict[str, object]:
    terms = case_terms(
        item, load_law(), on=ON, body_of_post={}, body_key="SL", warn_share="0.9", counting=Counting()
    )
    return dict(terms.extra)


@pytest.mark.parametrize("name", sorted(ITEMS))
def test_every_word_of_the_item_is_kept_under_its_key(city_db: str, name: str) -> None:
    item = catalogue.terms(ITEMS[name], on=ON)
    amount = {"amount_label": item.amount_label} if item.amount_label else {}
    assert kept(item) == {
        "body_name": item.body_name,
        "body_key": "SL",
        "item_type": item.item_type.value,
        "item_type_label": item.item_type.label,
        "case_type": item.case_type.value,
        "version_no": item.version_no,
        "result_name": item.result_name,
        "materials": [asdict(one) for one in item.materials],
        "decision_standards": list(item.decision_standards),
        "bases": [basis.citation for basis in item.bases],
        "fee_text": item.fee_text,
        "delivery_ways": [way.value for way in item.delivery_ways],
        **amount,
    }


def test_what_an_item_lacks_is_kept_as_empty_and_an_amount_only_where_it_has_one(city_db: str) -> None:
    item = catalogue.terms(ITEMS["food"], on=ON)
    bare = replace(
        item, materials=(), decision_standards=(), bases=(), delivery_ways=(), result_name="", amount_label=""
    )
    empty = ("materials", "decision_standards", "bases", "delivery_ways")
    assert {name: kept(bare)[name] for name in empty} == dict.fromkeys(empty, [])
    assert kept(bare)["result_name"] == ""
    assert "amount_label" not in kept(bare)
    assert kept(replace(bare, amount_label="奖励金额"))["amount_label"] == "奖励金额"


@pytest.mark.parametrize("item_type", ItemType)
def test_only_a_licence_is_governed_by_the_licensing_law(item_type: ItemType) -> None:
    assert ApplicationTerms(item_type=item_type.value).is_licence is (item_type is ItemType.LICENCE)
