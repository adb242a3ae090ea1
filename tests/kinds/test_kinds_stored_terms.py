"""Terms that are stored with cases: read in every shape they ever had, and never written differently."""

from __future__ import annotations

import json
from typing import Any

import pytest

from liuquan.applications.terms import ApplicationTerms
from liuquan.casework import queries, registry, stored_terms
from liuquan.casework.types import ListedMaterial, OwnTerms, Terms, TermsError
from liuquan.journal import queries as journal
from liuquan.kernel import sql
from liuquan.supervision.disposal.terms import DisposalTerms
from liuquan.testing.cases import Cases, kinds

#: as the first cases were stored: grounds were words, nothing was said of counting, no item had an amount
FIRST = """{"subject_code": "S-1", "subject_name": "食品经营许可", "body_code": "B-1", "limits": {},
"steps": [{"key": "review", "name": "审查", "post_code": "P-1", "body_code": "B-1", "kind": "review",
"after": [], "limit": null, "officers": 1, "task": "", "standard": "", "condition": ""}],
"deciding_post": "P-8", "grounds": {"hearing": "听证"}, "warn_share": "0.9",
"extra": {"body_name": "示例局", "body_key": "SL",
"item_type": "01", "item_type_label": "行政许可", "case_type": "promised", "version_no": 1,
"result_name": "食品经营许可证", "materials": [{"key": "form", "name": "申请书", "necessity": "required",
"kind": "form", "form": "both", "originals": 1, "copies": 0, "accept_standard": "填写完整"}],
"decision_standards": ["设备齐全"], "bases": ["食品安全法 第三十五条"], "fee_text": "不收费",
"delivery_ways": ["pick_up"]}}"""
OWN_OF_THE_FIRST = ApplicationTerms(
    body_name="示例局",
    body_key="SL",
    item_type="01",
    item_type_label="行政许可",
    case_type="promised",
    version_no=1,
    result_name="食品经营许可证",
    materials=(ListedMaterial("form", "申请书", "required", "填写完整"),),
    decision_standards=("设备齐全",),
    bases=("食品安全法 第三十五条",),
    delivery_ways=("pick_up",),
)
#: what the kind keeps, as stored → as read
SHAPES: list[tuple[str, OwnTerms]] = [
    ("{}", ApplicationTerms()),
    ('{"materials": [], "bases": [], "fee_text": "", "result_name": null}', ApplicationTerms(fee_text="")),
    (
        '{"left_over": {"a": [1, null]}, "item_type": "08", "amount_label": "奖励金额"}',
        ApplicationTerms(item_type="08", amount_label="奖励金额"),
    ),
    (
        '{"materials": [{"key": "form", "name": "表", "necessity": "deferrable", "copies": 2, "new": true}]}',
        ApplicationTerms(materials=(ListedMaterial("form", "表", "deferrable"),)),
    ),
    ('{"finding": "F-1"}', DisposalTerms(finding="F-1")),
    (
        '{"finding": "F-1", "about": "20260302001", "body_name": "示例局", "old": 1}',
        DisposalTerms(finding="F-1", about="20260302001", body_name="示例局"),
    ),
]


def written(terms: Terms) -> dict[str, Any]:
    """The stored form, through JSON."""
    form: dict[str, Any] = json.loads(json.dumps(stored_terms.to_json(terms), ensure_ascii=False))
    return form


def test_the_terms_of_every_case_in_the_city_are_written_as_they_are_stored(
    cases_db: str, cases: Cases
) -> None:
    kinds()["disposal"][1].bring(cases.cast, "asked")
    rows = sql.run("SELECT number, kind, terms::text AS terms FROM casework_case")
    assert {row["kind"] for row in rows} == {"application", "disposal", "ticket"}
    for row in rows:
        stored = json.loads(row["terms"])
        case = queries.read(row["number"])
        own = case.own(queries.procedure_of(case).own_terms)
        assert written(case.terms) == stored
        kept = own.to_stored()
        assert kept.keys() == stored["extra"].keys()
        assert {key: kept[key] for key in kept if key != "materials"} == {
            key: stored["extra"][key] for key in kept if key != "materials"
        }
        said = journal.entries_of(case.number)[0].public["terms_sha256"]
        assert stored_terms.hash_of(stored_terms.to_json(case.terms)) == said


@pytest.mark.parametrize(("stored", "own"), SHAPES)
def test_every_shape_is_read_and_written_as_it_was(stored: str, own: OwnTerms) -> None:
    form = json.dumps({**written(Terms("S-1", "事项", "B-1", {})), "extra": json.loads(stored)})
    terms = stored_terms.from_json(json.loads(form))
    assert terms.own(type(own)) == own
    assert json.dumps(stored_terms.to_json(terms)) == form
    assert stored_terms.hash_of(stored_terms.to_json(terms)) == stored_terms.hash_of(json.loads(form))


def test_the_first_terms_are_read_with_all_they_say() -> None:
    stored = json.loads(FIRST)
    terms = stored_terms.from_json(stored)
    assert terms.own(ApplicationTerms) == OWN_OF_THE_FIRST
    assert terms.own(ApplicationTerms).is_licence
    assert (terms.body_name, terms.amount_label, terms.ground_label("hearing")) == ("示例局", "", "听证")
    assert written(terms)["extra"] == stored["extra"]


def test_a_disposal_without_its_finding_says_what_is_missing() -> None:
    with pytest.raises(TermsError, match="no finding is stored"):
        Terms("", "事项", "B-1", {}, extra={"about": "20260302001"}).own(DisposalTerms)


def test_every_kind_of_the_wiring_says_what_its_terms_keep() -> None:
    known = {
        one.kind: one.own_terms for one in registry.procedures() if one.kind in {"application", "disposal"}
    }
    assert known == {"application": ApplicationTerms, "disposal": DisposalTerms}
