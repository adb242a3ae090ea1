"""Store a draft's values in rows, and keep the search entries up to date with names and aliases."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from liuquan.catalogue import words
from liuquan.catalogue.models import (
    Alias,
    Fee,
    ItemVersion,
    LegalBasis,
    Question,
    RequiredMaterial,
    RouteStep,
    SearchEntry,
    ServiceItem,
)
from liuquan.catalogue.queries.versions import (
    FEE_FIELDS,
    ITEM_FIELDS,
    MATERIAL_FIELDS,
    SAME_FIELDS,
    STEP_FIELDS,
)
from liuquan.catalogue.types import ItemDraft, VersionState
from liuquan.kernel import spelling
from liuquan.kernel.refusals import BadInput

NO_MAIN_ITEM = frozenset({"未分类", "无", "-"})


def version_values(draft: ItemDraft, now: datetime) -> dict[str, Any]:
    """The columns of a version for this draft. Refuses two units, and a promise longer than the law's limit.

    Cites: 优化营商环境条例 第三十六条
    """
    units = {unit for unit in (draft.statutory_unit, draft.promised_unit) if unit}
    if len(units) > 1:
        raise BadInput(
            f"“{draft.name}”的承诺时限与法定时限单位不同，请用同一单位填写。",
            fields={"promised": "单位与法定时限不同"},
            code="limit_units_differ",
        )
    statutory, promised = draft.statutory_amount, draft.promised_amount
    if statutory is not None and promised is not None and promised > statutory:
        raise BadInput(
            f"“{draft.name}”的承诺时限长于法定时限，只能缩短，请修改后再保存。",
            fields={"promised": "长于法定时限"},
            citation="优化营商环境条例 第三十六条",
            code="promise_too_long",
        )
    return {
        **{field: getattr(draft, field) for field in SAME_FIELDS},
        "sort_key": words.sort_key(draft.name),
        "item_type": draft.item_type.value,
        "exercise_level": draft.exercise_level or "",
        "power_source": draft.power_source or "",
        "case_type": draft.case_type or "",
        "cooperating_bodies": list(draft.cooperating_bodies),
        "service_objects": list(draft.service_objects),
        "acceptance_conditions": list(draft.acceptance_conditions),
        "decision_standards": list(draft.decision_standards),
        "forms": list(draft.forms),
        "delivery_ways": list(draft.delivery_ways),
        "limit_unit": next(iter(units), ""),
        "edited_at": now,
    }


def item_values(draft: ItemDraft) -> dict[str, Any]:
    """The columns of an item for this draft."""
    return {field: getattr(draft, field) for field in ITEM_FIELDS}


def write_contents(version: ItemVersion, draft: ItemDraft) -> None:
    """Replace the rows of a draft version by the draft's."""
    for model in (LegalBasis, RequiredMaterial, Fee, Question, RouteStep):
        model.objects.filter(version=version).delete()
    LegalBasis.objects.bulk_create(
        LegalBasis(
            version=version,
            position=at,
            instrument=basis.instrument,
            article=basis.article,
            level=basis.level,
            text=basis.text,
        )
        for at, basis in enumerate(draft.bases)
    )
    RequiredMaterial.objects.bulk_create(
        RequiredMaterial(
            version=version,
            position=at,
            necessity=material.necessity,
            kind=material.kind,
            form=material.form,
            **{field: getattr(material, field) for field in MATERIAL_FIELDS},
        )
        for at, material in enumerate(draft.materials)
    )
    Fee.objects.bulk_create(
        Fee(version=version, position=at, **{field: getattr(fee, field) for field in FEE_FIELDS})
        for at, fee in enumerate(draft.fees)
    )
    Question.objects.bulk_create(
        Question(version=version, position=at, question=one.question, answer=one.answer)
        for at, one in enumerate(draft.questions)
    )
    _write_steps(version, draft)


def _write_steps(version: ItemVersion, draft: ItemDraft) -> None:
    RouteStep.objects.bulk_create(
        RouteStep(
            version=version,
            position=at,
            kind=step.kind,
            after=list(step.after),
            documents=list(step.documents),
            **{field: getattr(step, field) for field in STEP_FIELDS},
        )
        for at, step in enumerate(draft.steps)
    )


def write_aliases(item: ServiceItem, aliases: Sequence[str]) -> None:
    """Replace the plain words by which the item is found."""
    Alias.objects.filter(item=item).delete()
    Alias.objects.bulk_create(
        Alias(item=item, text=text, position=at) for at, text in enumerate(dict.fromkeys(aliases))
    )


def index_items(item_ids: Iterable[int]) -> None:
    """Rebuild the search entries of these items, one for each version that was not cancelled."""
    ids = list(item_ids)
    SearchEntry.objects.filter(item_id__in=ids).delete()
    versions = ItemVersion.objects.filter(item_id__in=ids).exclude(state=VersionState.CANCELLED)
    aliases: dict[int, list[str]] = {}
    for item_id, text in Alias.objects.filter(item_id__in=ids).values_list("item_id", "text"):
        aliases.setdefault(item_id, []).append(text)
    newest: dict[int, int] = {}
    found = list(versions.only("item_id", "version_no", "name", "main_item", "result_name"))
    for version in found:
        newest[version.item_id] = max(newest.get(version.item_id, 0), version.version_no)
    SearchEntry.objects.bulk_create(
        (
            entry(version, aliases.get(version.item_id, []), version.version_no == newest[version.item_id])
            for version in found
        ),
        batch_size=500,
    )


def write_entries(versions: Sequence[ItemVersion]) -> None:
    """The search entries of new items without aliases, each with its one version."""
    SearchEntry.objects.bulk_create(entry(version, (), True) for version in versions)


def entry(version: ItemVersion, aliases: Sequence[str], is_latest: bool) -> SearchEntry:
    """The search entry of a version."""
    name, alias = words.bigrams(version.name), words.bigrams(*aliases)
    main_item = "" if version.main_item in NO_MAIN_ITEM else version.main_item
    other = words.bigrams(main_item, version.result_name)
    called = (version.name, *aliases)
    return SearchEntry(
        version=version,
        item_id=version.item_id,
        is_latest=is_latest,
        text="|".join(spelling.plain(text) for text in called),
        initials="|".join(spelling.initials(text) for text in called),
        syllables="|".join(spelling.syllables(text) for text in called),
        name_bigrams=name,
        alias_bigrams=alias,
        other_bigrams=other,
        bigrams=list(dict.fromkeys([*name, *alias, *other])),
    )
