"""What was left out when applying is brought before the office has asked for it: no clock starts or stops."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from liuquan.applications.tests.visiting import FOOD, NOW, applied, pdf, shown, words
from liuquan.casework import actions as engine
from liuquan.casework import queries as casework
from liuquan.catalogue import queries as catalogue
from liuquan.journal import queries as journal
from liuquan.kernel import moments
from liuquan.kernel.refusals import BadInput, WrongState
from liuquan.testing.cast import Cast


@pytest.fixture
def number(visitor: Client) -> str:
    return applied(visitor)


@pytest.fixture
def keys() -> list[str]:
    terms = catalogue.terms(FOOD, on=moments.today(NOW))
    return [m.key for m in terms.materials if m.necessity != "optional"]


def came(number: str) -> list[str]:
    return [m.key for m in casework.materials(casework.read(number)) if m.received]


def acts(number: str) -> list[str]:
    events = [e.event for e in journal.entries_of(number)]
    return [one for one in events if one.startswith("application.")]


def test_the_progress_page_leads_to_what_was_left_out_and_each_piece_is_received(
    visitor: Client, number: str, keys: list[str]
) -> None:
    page = words(visitor.get(reverse("track_case", args=[number])), 200)
    address = reverse("track_supplement", args=[number])
    assert f'href="{address}"' in page
    assert "现在补交" in page
    form = words(visitor.get(address), 200)
    assert all(f'name="file_{key}"' in form for key in keys)
    before = casework.read(number)
    answer = visitor.post(address, {f"file_{keys[0]}": pdf()}, follow=True)
    assert "补交的材料已经收到" in words(answer, 200)
    after = casework.read(number)
    assert came(number) == [keys[0]]
    assert (after.state, after.deadlines) == (before.state, before.deadlines)
    assert [n.kind for n in casework.notices(number)] == ["receipt", "added_receipt"]
    assert f'name="file_{keys[0]}"' not in words(visitor.get(address), 200)
    visitor.post(address, {f"file_{key}": pdf() for key in keys[1:]})
    assert set(came(number)) == set(keys)
    assert "现在补交" not in words(visitor.get(reverse("track_case", args=[number])), 200)


def test_what_must_come_and_what_may_follow_are_counted_apart_everywhere(
    visitor: Client, number: str, cast: Cast
) -> None:
    materials = catalogue.terms(FOOD, on=moments.today(NOW)).materials
    must = [m for m in materials if m.necessity == "required"]
    may = [m for m in materials if m.necessity == "deferrable"]
    assert must
    assert may
    address, slip = (reverse(name, args=[number]) for name in ("track_supplement", "track_submitted"))
    progress = reverse("track_case", args=[number])
    for page in (words(visitor.get(at), 200) for at in (address, slip, progress)):
        assert f"还缺 {len(must)} 份" in page
        assert f"可以后补 {len(may)} 份" in page
    assert f"一共{len(must)}份" in words(visitor.get(progress), 200)
    visitor.post(address, {f"file_{m.key}": pdf() for m in must})
    page = words(visitor.get(progress), 200)
    assert "必须交的材料已经交齐" in page
    assert "还缺 0 份" in page
    assert f"可以后补的还有{len(may)}份" in page
    assert "还缺必须交的材料" not in page


def test_a_notice_counts_what_it_asks_for_and_nothing_else(visitor: Client, number: str, cast: Cast) -> None:
    first, second = cast.materials("food")[:2]
    visitor.post(reverse("track_supplement", args=[number]), {f"file_{first}": pdf()})
    engine.perform(
        number,
        "notify_supplement",
        by=cast.clerk,
        now=NOW,
        data={"items": cast.materials("food"), "remarks": ""},
    )
    page = words(visitor.get(reverse("track_supplement", args=[number])), 200)
    assert f"要补的一共{len(cast.materials('food'))}项" in page
    assert "还缺" not in page.partition("<form method")[0].rpartition("<h1>")[2]


def test_nothing_chosen_is_told_and_nothing_happens(visitor: Client, number: str) -> None:
    page = words(shown(visitor, visitor.post(reverse("track_supplement", args=[number]))), 422)
    assert "还没有选择文件，请至少选一项" in page
    assert (came(number), acts(number)) == ([], ["application.submitted"])


def test_a_good_file_is_there_again_after_a_reload(visitor: Client, number: str, keys: list[str]) -> None:
    address = reverse("track_supplement", args=[number])
    files = {f"file_{keys[0]}": pdf("好.pdf"), f"file_{keys[1]}": pdf("坏.pdf", b"MZ this is a program")}
    answer = visitor.post(address, files)
    for _ in range(2):
        page = words(visitor.get(answer["Location"]), 422)  # an address: Back and reload send nothing again
        assert f'id="id_file_{keys[1]}_error"' in page
    assert "已存好，不用再选：好.pdf" in words(visitor.get(address), 200)
    assert visitor.post(address).status_code == 302
    assert came(number) == [keys[0]]


def test_the_window_accepts_what_was_added(visitor: Client, number: str, keys: list[str], cast: Cast) -> None:
    with pytest.raises(BadInput, match="还缺少必要材料"):
        engine.perform(number, "accept", by=cast.clerk, now=NOW)
    visitor.post(reverse("track_supplement", args=[number]), {f"file_{key}": pdf() for key in keys})
    engine.perform(number, "accept", by=cast.clerk, now=NOW)
    assert casework.read(number).state in ("examining", "deciding")


def test_once_the_office_has_answered_nothing_is_added_unasked(
    visitor: Client, number: str, keys: list[str], cast: Cast
) -> None:
    engine.perform(number, "accept", by=cast.clerk, now=NOW, data={"materials": keys})
    before = acts(number)
    with pytest.raises(WrongState):
        engine.perform(number, "add_materials", by=cast.applicant, now=NOW, data={"materials": keys[:1]})
    words(visitor.post(reverse("track_supplement", args=[number]), {f"file_{keys[0]}": pdf()}), 409)
    assert acts(number) == before


@pytest.mark.parametrize(("given", "said"), [([], "还有必填内容"), (["strange"], "不在本事项的材料清单内")])
def test_an_addition_of_nothing_or_of_what_nobody_asks_for_is_refused(
    number: str, cast: Cast, given: list[str], said: str
) -> None:
    with pytest.raises(BadInput, match=said):
        engine.perform(number, "add_materials", by=cast.applicant, now=NOW, data={"materials": given})
    assert acts(number) == ["application.submitted"]
