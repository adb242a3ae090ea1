"""What a kind keeps in the terms of its cases: typed when it is read, stored as it always was."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liuquan.casework import actions, queries, registry, stored_terms
from liuquan.casework.effects import Start
from liuquan.casework.tests import terms_kind
from liuquan.casework.tests.terms_kind import LeaseTerms, Lot
from liuquan.casework.types import ListedMaterial, NewCase, Outcome, OwnTerms, Terms, TermsError
from liuquan.kernel import sql
from liuquan.kernel.refusals import SomebodyWasFirst
from liuquan.organisation.types import Actor, MandateTerm
from liuquan.testing.consultation import procedure as consultation

NOW = datetime(2026, 3, 9, 2, tzinfo=UTC)
BODY = "11990100MB9901024C"
KEY = UUID(int=7)
ACTS = ("lease.file", "lease.end", "consultation.ask", "consultation.answer")
CLERK = Actor(
    kind="staff",
    staff_id=1,
    post_code="T-1",
    post_name="岗",
    body_code=BODY,
    mandates=(MandateTerm(frozenset(ACTS), ("*",), BODY),),
)
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=5)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)
LEASES = st.builds(
    LeaseTerms,
    body_name=TEXTS,
    amount_label=TEXTS,
    materials=st.lists(st.builds(ListedMaterial, TEXTS, TEXTS, TEXTS, TEXTS), max_size=2).map(tuple),
    holder=TEXTS,
    ends_on=st.dates(),
    lots=st.lists(st.builds(Lot, st.integers(), st.lists(TEXTS, max_size=2).map(tuple)), max_size=2).map(
        tuple
    ),
    renewed_on=st.none() | st.dates(),
    is_public=st.booleans(),
)


@pytest.fixture(autouse=True)
def kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_PROCEDURES", dict(registry._PROCEDURES))
    terms_kind.registered()
    consultation.registered()


def opened(terms: Terms, kind: str = "lease", key: UUID | None = None) -> Outcome:
    new = NewCase(
        kind=kind,
        number=actions.next_number(kind=kind, now=NOW),
        terms=terms,
        subject_version="1",
        division_path="r990000.r990100",
        parties={},
        bodies={BODY: "lead"},
        submission_key=key,
    )
    return actions.create(new, by=CLERK, now=NOW)


def rows() -> list[Any]:
    """Everything that an opening leaves behind."""
    return sql.run("SELECT number FROM casework_case") + sql.run("SELECT number FROM journal_entry")


def stored(**extra: Any) -> dict[str, Any]:
    """Terms of a lease in their stored form."""
    form: dict[str, Any] = json.loads(json.dumps(stored_terms.to_json(terms_kind.terms(BODY, **extra))))
    return form


@given(LEASES)
def test_what_a_kind_keeps_is_the_same_after_storing_it(lease: LeaseTerms) -> None:
    form = json.loads(json.dumps(lease.to_stored()))
    assert LeaseTerms.from_stored(form) == lease
    assert OwnTerms.from_stored(form).materials == lease.materials


@given(st.dictionaries(TEXTS, JSON, max_size=4))
def test_stored_terms_are_written_as_they_were_read_whatever_else_they_keep(extra: dict[str, Any]) -> None:
    form = stored(
        **{key: value for key, value in extra.items() if key not in LeaseTerms.__dataclass_fields__}
    )
    text = json.dumps(form)
    terms = stored_terms.from_json(json.loads(text))
    assert terms.own(LeaseTerms) == LeaseTerms(holder="某公司", ends_on=date(2026, 3, 20))
    assert json.dumps(stored_terms.to_json(terms)) == text
    assert stored_terms.hash_of(stored_terms.to_json(terms)) == stored_terms.hash_of(form)


def test_only_what_is_empty_for_every_kind_is_left_out() -> None:
    lease = LeaseTerms(holder="", ends_on=date(2026, 3, 20))
    assert lease.to_stored() == {
        "holder": "",
        "ends_on": "2026-03-20",
        "lots": [],
        "renewed_on": None,
        "is_public": False,
    }


def test_older_terms_are_read_with_what_they_lack_left_empty() -> None:
    terms = Terms("lease", "租约", BODY, {}, extra={"materials": None, "ends_on": "2026-03-20"})
    assert (terms.body_name, terms.amount_label, terms.own(OwnTerms).materials) == (BODY, "", ())
    named = replace(terms, extra={"body_name": "示例局", "amount_label": "奖励金额"})
    assert (named.body_name, named.amount_label) == ("示例局", "奖励金额")


def test_cases_with_the_same_terms_share_what_was_read_of_them(db: None) -> None:
    terms = terms_kind.terms(BODY)
    one, other = (queries.read(opened(terms).number) for _ in range(2))
    assert one.own(LeaseTerms) is other.own(LeaseTerms)
    assert one.own(LeaseTerms) == LeaseTerms(holder="某公司", ends_on=date(2026, 3, 20))
    assert replace(terms, extra={**terms.extra, "holder": "别家"}).own(LeaseTerms).holder == "别家"


LACKING: list[tuple[dict[str, Any], str]] = [
    ({"holder": None}, "no holder is stored"),
    ({"holder": 7}, "holder is stored as 7"),
    ({"is_public": "yes"}, "is_public is stored as 'yes'"),
    ({"ends_on": 20260320}, "ends_on is stored as 20260320, which is no date"),
    ({"ends_on": "next year"}, "ends_on is stored as 'next year', which is no date"),
    ({"lots": "two"}, "lots is stored as 'two'"),
    ({"lots": [{"number": 1}, {"sites": []}]}, "no lots[1].number is stored"),
    ({"lots": [{"number": 1, "sites": ["东", 3]}]}, "lots[0].sites[1] is stored as 3"),
    ({"materials": [{"key": "plan", "necessity": "required"}]}, "no materials[0].name is stored"),
]


@pytest.mark.parametrize(
    ("wrong", "said"), LACKING, ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_case_is_not_opened_with_terms_that_could_not_be_read(
    db: None, wrong: dict[str, Any], said: str
) -> None:
    with pytest.raises(TermsError) as refused:
        opened(terms_kind.terms(BODY, **wrong))
    assert str(refused.value) == f"the terms of case (new) of kind lease: {said}"
    assert rows() == []


@pytest.mark.parametrize(
    ("wrong", "said"), LACKING, ids=lambda value: value if isinstance(value, str) else ""
)
def test_wrong_stored_terms_are_told_by_case_kind_and_key(db: None, wrong: dict[str, Any], said: str) -> None:
    case = replace(queries.read(opened(terms_kind.terms(BODY)).number), terms=terms_kind.terms(BODY, **wrong))
    with pytest.raises(TermsError) as refused:
        case.own(LeaseTerms)
    assert str(refused.value) == f"the terms of case {case.number} of kind lease: {said}"


def test_what_lists_show_of_a_case_is_read_although_something_else_is_wrong() -> None:
    terms = terms_kind.terms(BODY, body_name="示例局", materials=[{"key": "plan"}])
    assert (terms.body_name, terms.amount_label) == ("示例局", "")
    with pytest.raises(TermsError):
        terms.own(OwnTerms)


def test_a_clock_counts_from_a_day_of_the_terms_and_from_no_other_word(db: None) -> None:
    case = queries.read(opened(terms_kind.terms(BODY)).number)
    assert [d.due_on for d in case.deadlines] == [date(2026, 3, 25)]
    for missing in ({"ends_on": None}, {"ends_on": 20260320}, {"ends_on": "soon"}):
        lacking = replace(case, terms=terms_kind.terms(BODY, **missing))
        with pytest.raises(TermsError, match=f"case {case.number} of kind lease: .*ends_on"):
            lacking.own_day("ends_on")


@pytest.mark.parametrize("anchor", ["holder", "lots", "ended_on"])
def test_a_procedure_whose_clock_counts_from_no_day_of_its_terms_is_refused(anchor: str) -> None:
    wrong = replace(
        terms_kind.PROCEDURE,
        version=2,
        creation=replace(terms_kind.PROCEDURE.creation, effects=(Start("answer", "answer", anchor=anchor),)),
    )
    with pytest.raises(ValueError, match=f"file starts answer from {anchor}, no day that its terms keep"):
        registry.register(wrong)
    assert registry.newest("lease").version == 1
    assert LeaseTerms.days() == {"ends_on", "renewed_on"}


def test_the_name_of_the_body_is_the_same_in_python_and_in_sql(db: None) -> None:
    names = ({}, {"body_name": ""}, {"body_name": None}, {"body_name": "示例局"})
    numbers = [opened(terms_kind.terms(BODY, **name)).number for name in names]
    told = {row["number"]: row["body_name"] for row in sql.run(f"SELECT * FROM {queries.CASES} c")}
    assert [told[number] for number in numbers] == [BODY, BODY, BODY, "示例局"]
    assert told == {number: queries.read(number).terms.body_name for number in numbers}


def test_a_submission_sent_again_is_answered_with_its_own_act(db: None) -> None:
    first = opened(consultation.terms(BODY), "consultation", KEY)
    actions.perform(first.number, "answer", by=CLERK, now=NOW, data=consultation.in_writing())
    before = rows()
    again = opened(consultation.terms(BODY), "consultation", KEY)
    assert again == replace(first, state="answered", notices=())
    assert (again.action, first.action) == ("ask", "ask")
    assert rows() == before


def test_a_submission_sent_again_under_a_newer_procedure_is_answered_with_the_act_it_was(db: None) -> None:
    first = opened(terms_kind.terms(BODY), key=KEY)
    newer = replace(terms_kind.PROCEDURE.creation, action="hand_in")
    registry.register(replace(terms_kind.PROCEDURE, version=2, creation=newer))
    by = replace(CLERK, mandates=(MandateTerm(frozenset({"lease.hand_in"}), ("*",), BODY),))
    new = NewCase(
        "lease", "L-2", terms_kind.terms(BODY), "1", "r990000", {}, {BODY: "lead"}, submission_key=KEY
    )
    assert actions.create(new, by=by, now=NOW) == first
    assert [row["number"] for row in sql.run("SELECT number FROM casework_case")] == [first.number]


def test_the_key_of_one_kind_never_leads_to_a_case_of_another(db: None) -> None:
    opened(terms_kind.terms(BODY), key=KEY)
    before = rows()
    with pytest.raises(SomebodyWasFirst):
        opened(consultation.terms(BODY), "consultation", KEY)
    assert rows() == before
