"""Drafts, publication, versions in force, cancellation: through the real database."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from liuquan.catalogue import actions, queries
from liuquan.catalogue.actions import publishing
from liuquan.catalogue.models import ItemVersion, LegalBasis, RouteStep
from liuquan.catalogue.types import FeeTerm, ItemDraft, VersionState
from liuquan.journal import queries as journal
from liuquan.kernel.refusals import BadInput, NotAllowed, NotVisible, SomebodyWasFirst, WrongState
from liuquan.organisation.types import SYSTEM, Actor
from liuquan.testing.browsers import SetNow
from liuquan.testing.sources import texts

from .conftest import CODE, NOW, TODAY

Publish = Callable[..., ItemDraft]


def versions() -> list[tuple[int, str]]:
    found = ItemVersion.objects.filter(item__implementation_code=CODE).order_by("version_no")
    return list(found.values_list("version_no", "state"))


def test_a_draft_is_saved_once_and_saving_it_again_changes_nothing(city: None, draft: ItemDraft) -> None:
    outcomes = [actions.save_draft(draft, by=SYSTEM, now=NOW).outcome for _ in range(2)]
    assert outcomes == ["created", "unchanged"]
    assert versions() == [(1, "draft")]
    changed = actions.save_draft(replace(draft, phone="0990-1"), by=SYSTEM, now=NOW)
    assert (changed.outcome, changed.version_no) == ("updated", 1)


def test_a_published_item_has_its_terms_with_the_law_of_the_day(published: Publish, draft: ItemDraft) -> None:
    published(draft)
    terms = queries.terms(CODE, on=TODAY)
    assert (terms.item_name, terms.version_no, terms.body_name) == (draft.name, 1, "云溪市市场监督管理局")
    assert (terms.promised.text, terms.statutory.text if terms.statutory else "") == (
        "8个工作日",
        "20个工作日",
    )
    assert terms.law_limit is not None
    assert terms.law_limit.extension is not None
    assert [step.post_name for step in terms.steps] == ["市市场监管局审查岗二", "市市场监管局审查岗一"]
    assert terms.bases[0].citation == "食品安全法 第三十五条"
    assert not terms.statutory_was_shortened


def test_terms_asked_again_read_no_contents_and_a_new_version_is_seen_at_once(
    published: Publish, draft: ItemDraft, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    published(draft)
    first = queries.terms(CODE, on=TODAY)
    with django_assert_max_num_queries(3):
        assert queries.terms(CODE, on=TODAY) == first
    actions.adjust(CODE, by=SYSTEM, now=NOW)
    actions.save_draft(replace(draft, promised_amount=5), by=SYSTEM, now=NOW)
    assert queries.terms(CODE, on=TODAY) == first
    actions.publish(CODE, effective_on=TODAY + timedelta(days=1), by=SYSTEM, now=NOW)
    assert queries.terms(CODE, on=TODAY) == first
    assert queries.terms(CODE, on=TODAY + timedelta(days=1)).promised.amount == 5


@pytest.mark.requirement("GUIDE-01")
@pytest.mark.requirement("GUIDE-03")
def test_a_guide_has_the_ten_fields_and_every_step_its_five_as_they_were_drafted(
    published: Publish, draft: ItemDraft
) -> None:
    published(draft)
    view = queries.guide(CODE, on=TODAY)
    terms = view.terms
    assert (terms.item_name, terms.body_name) == (draft.name, "云溪市市场监督管理局")
    assert (terms.bases, terms.acceptance_conditions, terms.materials) == (
        draft.bases,
        draft.acceptance_conditions,
        draft.materials,
    )
    assert (view.procedure_text, view.phone) == (draft.procedure_text, draft.phone)
    assert (terms.promised.text, terms.fee_text) == ("8个工作日", "不收费")
    said = [(s.task, s.standard, s.condition, s.limit_days, s.post_code) for s in terms.steps]
    assert said == [(s.task, s.standard, s.condition, s.limit_days, s.post_code) for s in draft.steps]
    assert [step.post_name for step in terms.steps] == ["市市场监管局审查岗二", "市市场监管局审查岗一"]
    assert view.deciding_post_name == "市市场监管局核准岗"


@pytest.mark.requirement("GUIDE-01")
def test_each_fee_shows_its_amount_standard_and_basis_on_the_guide(
    published: Publish, draft: ItemDraft, set_now: SetNow
) -> None:
    set_now(NOW)
    fees = (
        FeeTerm("card", "工本费", "每证一次", "某某收费办法 第三条", amount_fen=1050),
        FeeTerm("test", "检测费", "每平方米2元", "某某检测办法 第八条", waiver="小微企业减半"),
    )
    published(replace(draft, fee_charged=True, fees=fees))
    shown = texts(Client().get(reverse("item_guide", args=[CODE])).content.decode(), "data-guide")
    assert shown["fee"] == "工本费：每证一次（每次10.50元） 检测费：每平方米2元 减免：小微企业减半"
    assert shown["fee-basis"] == "工本费：某某收费办法 第三条 检测费：某某检测办法 第八条"


@pytest.mark.requirement("CAT-03")
def test_a_draft_without_basis_is_refused_and_stays_a_draft(city: None, draft: ItemDraft) -> None:
    actions.save_draft(replace(draft, bases=()), by=SYSTEM, now=NOW)
    with pytest.raises(BadInput, match="不得发布") as refused:
        actions.publish(CODE, effective_on=TODAY, by=SYSTEM, now=NOW)
    assert refused.value.citation == "行政许可法 第四条"
    assert versions() == [(1, "draft")]
    assert journal.entries_of(CODE) == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [({"promised_unit": "calendar_day"}, "同一单位"), ({"promised_amount": 21}, "只能缩短")],
)
def test_a_promise_in_another_unit_or_beyond_the_law_cannot_even_be_saved(
    city: None, draft: ItemDraft, changes: dict[str, object], words: str
) -> None:
    with pytest.raises(BadInput, match=words):
        actions.save_draft(replace(draft, **changes), by=SYSTEM, now=NOW)  # type: ignore[arg-type]
    assert versions() == []


def test_the_database_itself_refuses_a_promise_beyond_the_statutory_limit(
    city: None, draft: ItemDraft
) -> None:
    actions.save_draft(draft, by=SYSTEM, now=NOW)
    with pytest.raises(DatabaseError, match="promise_within_the_statutory_limit"), transaction.atomic():
        ItemVersion.objects.update(promised_amount=21)
    assert ItemVersion.objects.get().promised_amount == 8


@pytest.mark.parametrize(
    ("item", "on", "code"),
    [
        ("draft", TODAY, "item_not_published"),
        ("future", TODAY, "item_not_yet_in_force"),
        ("cancelled", date(2026, 3, 10), "item_cancelled"),
    ],
)
def test_an_item_that_is_not_in_force_says_why(
    published: Publish, draft: ItemDraft, item: str, on: date, code: str
) -> None:
    if item == "draft":
        actions.save_draft(draft, by=SYSTEM, now=NOW)
    else:
        published(draft, date(2026, 5, 1) if item == "future" else date(2026, 1, 5))
    if item == "cancelled":
        actions.cancel(CODE, from_on=date(2026, 3, 10), reason="法规修改", by=SYSTEM, now=NOW)
        assert queries.terms(CODE, on=date(2026, 3, 9)).version_no == 1
    with pytest.raises(WrongState) as refused:
        queries.terms(CODE, on=on)
    assert refused.value.code == code
    if item == "cancelled":
        assert "法规修改" in refused.value.sentence


def test_an_unknown_item_is_not_visible(city: None) -> None:
    with pytest.raises(NotVisible, match="没有这个事项"):
        queries.terms("nothing-1", on=TODAY)


def test_a_new_version_takes_over_on_its_day_and_shows_what_got_shorter(
    published: Publish, draft: ItemDraft, editor: Actor
) -> None:
    published(draft)
    actions.adjust(CODE, by=editor, now=NOW)
    shorter = replace(draft, promised_amount=5, steps=draft.steps[:1])
    actions.save_draft(shorter, by=editor, now=NOW)
    actions.publish(CODE, effective_on=date(2026, 3, 9), by=editor, now=NOW)
    assert queries.terms(CODE, on=date(2026, 3, 8)).promised.amount == 8
    assert queries.terms(CODE, on=date(2026, 3, 9)).promised.amount == 5
    previous = queries.guide(CODE, on=date(2026, 3, 9)).previous
    assert previous is not None
    assert (previous.steps, previous.promised_amount) == (2, 8)
    events = [entry.event for entry in journal.entries_of(CODE)]
    assert events == ["catalogue.published", "catalogue.adjusted", "catalogue.published"]


def test_only_a_post_with_the_mandate_may_publish(city: None, draft: ItemDraft, editor: Actor) -> None:
    actions.save_draft(draft, by=editor, now=NOW)
    stranger = replace(editor, mandates=(), post_name="市住建局事项编辑岗")
    with pytest.raises(NotAllowed, match="市住建局事项编辑岗没有"):
        actions.publish(CODE, effective_on=TODAY, by=stranger, now=NOW)
    with pytest.raises(BadInput, match="不能早于今天"):
        actions.publish(CODE, effective_on=date(2026, 3, 1), by=editor, now=NOW)
    assert versions() == [(1, "draft")]
    actions.publish(CODE, effective_on=TODAY, by=editor, now=NOW)
    assert versions() == [(1, "published")]


def test_a_draft_changed_while_it_is_being_checked_is_not_published(
    city: None, draft: ItemDraft, monkeypatch: pytest.MonkeyPatch
) -> None:
    actions.save_draft(draft, by=SYSTEM, now=NOW)

    def somebody_edits(changed: ItemDraft, on: date) -> None:
        actions.save_draft(replace(changed, bases=()), by=SYSTEM, now=NOW + timedelta(seconds=1))

    monkeypatch.setattr(publishing, "_refuse_lacking", somebody_edits)
    with pytest.raises(SomebodyWasFirst, match="请刷新"):
        actions.publish(CODE, effective_on=TODAY, by=SYSTEM, now=NOW)
    assert versions() == [(1, "draft")]


def test_an_open_draft_is_not_opened_twice_and_nothing_is_published_twice(
    published: Publish, draft: ItemDraft
) -> None:
    published(draft)
    with pytest.raises(WrongState, match="没有待发布的草稿"):
        actions.publish(CODE, effective_on=TODAY, by=SYSTEM, now=NOW)
    actions.adjust(CODE, by=SYSTEM, now=NOW)
    with pytest.raises(WrongState, match="已经有一份草稿"):
        actions.adjust(CODE, by=SYSTEM, now=NOW)
    with pytest.raises(WrongState, match="应当在它之后"):
        actions.publish(CODE, effective_on=date(2026, 1, 5), by=SYSTEM, now=NOW)
    assert versions() == [(1, "published"), (2, "draft")]


def test_a_cancelled_future_item_was_never_in_force(published: Publish, draft: ItemDraft) -> None:
    published(draft, date(2026, 5, 1))
    actions.cancel(CODE, from_on=TODAY, reason="决定不再设立", by=SYSTEM, now=NOW)
    with pytest.raises(WrongState) as refused:
        queries.terms(CODE, on=date(2026, 6, 1))
    assert refused.value.code == "item_cancelled"


def test_why_an_item_ends_is_not_in_the_open_record(published: Publish, draft: ItemDraft) -> None:
    published(draft, date(2026, 1, 1))
    actions.cancel(CODE, from_on=TODAY, reason="张某某多次投诉，决定不再设立", by=SYSTEM, now=NOW)
    entry = journal.entries_of(CODE)[-1]
    assert entry.event == "catalogue.cancelled"
    assert set(entry.public) == {"name", "version", "from_on"}
    assert "张某某" not in entry.sentence


CHANGES = [
    "UPDATE catalogue_itemversion SET phone = '1'",
    "UPDATE catalogue_itemversion SET promised_amount = 1",
    "UPDATE catalogue_itemversion SET state = 'draft', validity = NULL, published_at = NULL",
    "UPDATE catalogue_itemversion SET validity = daterange('2025-01-01', NULL)",
    "DELETE FROM catalogue_itemversion",
    "UPDATE catalogue_legalbasis SET article = '第一条'",
    "DELETE FROM catalogue_routestep",
    "DELETE FROM catalogue_requiredmaterial",
    "INSERT INTO catalogue_question (version_id, position, question, answer)"
    " SELECT id, 0, '问', '答' FROM catalogue_itemversion",
]


@pytest.mark.parametrize("statement", CHANGES)
def test_a_published_version_cannot_be_changed_by_any_statement(
    published: Publish, draft: ItemDraft, statement: str
) -> None:
    from liuquan.kernel import sql

    published(draft)
    with pytest.raises(DatabaseError), transaction.atomic():
        sql.run(statement)
    assert ItemVersion.objects.get().phone == draft.phone
    assert (LegalBasis.objects.count(), RouteStep.objects.count()) == (1, 2)


def test_two_published_versions_of_an_item_cannot_overlap(published: Publish, draft: ItemDraft) -> None:
    published(draft)
    actions.adjust(CODE, by=SYSTEM, now=NOW)
    second = ItemVersion.objects.get(version_no=2)
    with pytest.raises(DatabaseError, match="published_versions_never_overlap"), transaction.atomic():
        ItemVersion.objects.filter(pk=second.pk).update(
            state=VersionState.PUBLISHED,
            validity=ItemVersion.objects.get(version_no=1).validity,
            published_at=NOW,
        )
    assert versions() == [(1, "published"), (2, "draft")]


def test_published_items_are_listed_by_pinyin_and_body(published: Publish, draft: ItemDraft) -> None:
    published(draft)
    published(replace(draft, item_code=CODE[:-1] + "1", name="安全评价备案"))
    assert [one.name for one in queries.published_items(on=TODAY)] == ["安全评价备案", "食品经营许可证核发"]
    assert queries.published_items(on=TODAY, body_code="other") == ()
    assert queries.published_items(on=date(2025, 1, 1)) == ()


@pytest.mark.requirement("CAT-12")
def test_the_chart_of_an_item_in_force_names_its_posts(published: Publish, draft: ItemDraft) -> None:
    published(draft)
    assert "市市场监管局审查岗" in queries.flow_chart_svg(CODE, on=TODAY)
    assert "领取结果" in queries.flow_chart_svg(CODE, on=TODAY, kind="guide")
