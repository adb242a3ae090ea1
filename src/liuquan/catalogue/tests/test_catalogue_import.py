"""Importing a list: drafts with their bodies, idempotent, nothing invented, nothing lost."""

from collections.abc import Callable
from pathlib import Path

import pytest

from liuquan.catalogue import actions, queries
from liuquan.catalogue.models import ItemVersion, ServiceItem, SourceBody
from liuquan.catalogue.types import ImportReport, ItemDraft
from liuquan.journal import queries as journal
from liuquan.kernel.home import CHECKOUT
from liuquan.kernel.refusals import BadInput
from liuquan.organisation.types import SYSTEM

from .conftest import BODY, CODE, NOW, TODAY

SAMPLE = (CHECKOUT / "packs" / "demo" / "samples" / "matters.csv").read_bytes()
REAL = CHECKOUT.parent / "shared" / "data" / "matters" / "guangan_matters_half.csv"
HEADER = "department,name,area_code,item_code,task_type,dept_code\n"


def take(content: bytes, name: str = "matters.csv") -> ImportReport:
    return actions.import_item_list(content, file_name=name, by=SYSTEM, now=NOW)


def figures(report: ImportReport) -> tuple[int, int, int, int, int]:
    return report.rows, report.created, report.updated, report.unchanged, len(report.rejected)


def test_rows_become_drafts_with_their_bodies_and_a_second_run_changes_nothing(db: None) -> None:
    assert figures(take(SAMPLE)) == (25, 25, 0, 0, 0)
    assert figures(take(SAMPLE)) == (25, 0, 0, 25, 0)
    assert ItemVersion.objects.filter(state="draft", version_no=1).count() == 25
    assert SourceBody.objects.count() == 4
    assert len(journal.entries_of("catalogue")) == 1


def test_a_uscc_becomes_the_body_code_and_any_other_code_only_a_source_code(db: None) -> None:
    take(SAMPLE)
    farming = SourceBody.objects.get(name="市农业农村局")
    assert farming.code == farming.source_codes[0]
    culture = SourceBody.objects.get(name="市文化广电旅游局")
    assert culture.code.startswith("local-990100000000-")
    assert culture.source_codes == ["99010001"]


def test_two_codes_of_one_department_are_one_body(db: None) -> None:
    rows = "市测试局,甲事项,990100,AAAA,1,111\n市测试局,乙事项,990100,BBBB,1,222\n"
    take((HEADER + rows).encode())
    assert SourceBody.objects.get().source_codes == ["111", "222"]
    assert len(set(ServiceItem.objects.values_list("body_code", flat=True))) == 1


def test_a_registered_body_is_used_by_name_and_by_code(city: None) -> None:
    rows = f"市市场监管局,甲事项,990100000000,AAAA,1,9\n别的名字,乙事项,990100000000,BBBB,1,{BODY}\n"
    take((HEADER + rows).encode())
    assert set(ServiceItem.objects.values_list("body_code", flat=True)) == {BODY}
    assert SourceBody.objects.count() == 0


@pytest.mark.requirement("CAT-13")
def test_every_draft_says_what_it_lacks_and_cannot_be_published(db: None) -> None:
    take(SAMPLE)
    lacking = queries.lacks(on=TODAY)
    assert len(lacking) == 25
    assert not any(item.publishable for item in lacking)
    said = {lack.field for lack in lacking[0].lacks}
    attributes = {"basis", "service_objects", "body", "acceptance_conditions", "procedure_text"}
    assert attributes | {"decision_standards", "promised", "material"} <= said
    with pytest.raises(BadInput, match="还不能发布"):
        actions.publish(lacking[0].item_code, effective_on=TODAY, by=SYSTEM, now=NOW)


def test_nothing_is_invented(db: None) -> None:
    take(SAMPLE)
    version = ItemVersion.objects.select_related("item").first()
    assert version is not None
    empty = (
        version.phone,
        version.limit_unit,
        version.case_type,
        version.procedure_text,
        version.item.basic_code,
    )
    assert empty == ("",) * 5
    assert (version.promised_amount, version.statutory_amount, version.fee_charged) == (None, None, None)


def test_a_changed_name_updates_the_draft_and_keeps_what_an_editor_added(db: None) -> None:
    take(SAMPLE)
    ItemVersion.objects.update(phone="0990-1")
    changed = SAMPLE.decode().replace("公交线路查询（演示）", "公交线路和站点查询（演示）").encode()
    assert figures(take(changed)) == (25, 0, 1, 24, 0)
    version = ItemVersion.objects.get(name="公交线路和站点查询（演示）")
    assert (version.version_no, version.phone) == (1, "0990-1")
    assert queries.search("站点查询", on=TODAY, scope="staff").hits[0].name == version.name


def test_a_published_item_gets_its_change_as_the_next_draft(
    published: Callable[..., ItemDraft], draft: ItemDraft
) -> None:
    published(draft)
    row = f"云溪市市场监督管理局,食品经营许可,990100000000,{CODE},1,{BODY}\n"
    assert figures(take((HEADER + row).encode())) == (1, 0, 1, 0, 0)
    assert queries.terms(CODE, on=TODAY).item_name == "食品经营许可证核发"
    drafts = ItemVersion.objects.filter(state="draft")
    assert [(one.version_no, one.name, one.phone) for one in drafts] == [(2, "食品经营许可", draft.phone)]


def test_bad_rows_are_listed_and_good_rows_go_in(db: None) -> None:
    rows = "市测试局,甲事项,990100,AAAA,1,1\n市测试局,=1+1,990100,BBBB,1,1\n市测试局,丙事项,990100,AAAA,1,1\n"
    report = take((HEADER + rows).encode("gbk"))
    assert figures(report) == (3, 1, 0, 0, 2)
    assert [one.row for one in report.rejected] == [3, 4]
    assert "GBK" in report.notes[0]


def test_a_file_that_is_no_list_brings_nothing_in(db: None) -> None:
    with pytest.raises(BadInput):
        take(b"hello\n")
    assert ServiceItem.objects.count() == 0
    assert journal.entries_of("catalogue") == []


def test_imported_items_are_found_by_staff_at_once(db: None) -> None:
    take(SAMPLE)
    assert queries.search("网吧", on=TODAY, scope="staff").hits[0].name.startswith("互联网上网服务营业场所")
    assert queries.search("网吧", on=TODAY).hits == ()


@pytest.mark.skipif(not Path(REAL).is_file(), reason="the real list is not on this machine")
def test_the_real_list_of_a_district_goes_in_whole(db: None) -> None:
    content = Path(REAL).read_bytes()
    assert figures(take(content)) == (559, 559, 0, 0, 0)
    assert figures(take(content)) == (559, 0, 0, 559, 0)
    assert SourceBody.objects.count() == 17
    found = queries.search("开小餐馆要什么证", on=TODAY, scope="staff").hits[0].name
    assert found.startswith("食品") and found.endswith("核发")  # noqa: PT018 - one name, two marks of it
