"""What a model or the words suggest for a ticket is kept with it, and counted how often it was right."""

from __future__ import annotations

import random
import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from liuquan.casework import actions as casework
from liuquan.hotline import actions, models, suggesting, trained
from liuquan.hotline.actions import learning
from liuquan.hotline.analysis import Classifier, Message, train
from liuquan.hotline.figures import figure
from liuquan.hotline.queries import class_hints
from liuquan.hotline.queries.figures import by_body
from liuquan.hotline.queries.figures import tickets as tickets_of
from liuquan.hotline.tests.conftest import CITY_MANAGEMENT, HOUSING, MONDAY, Hotline
from liuquan.hotline.tests.test_hotline_screen import NEW, done, given, operator
from liuquan.hotline.types import UNFILED, Inlet, RequestClass
from liuquan.journal import queries as journal
from liuquan.kernel.refusals import BadInput
from liuquan.parties import actions as parties
from liuquan.testing.browsers import SetNow
from liuquan.testing.cast import Cast
from liuquan.testing.sources import squeezed

__all__ = ["operator"]
DAY = timedelta(days=1)
MARCH = date(2026, 3, 1)
MATTERS = {
    "路灯照明": ("路灯整夜不亮", "灯杆倒了没有灯", "灯光忽明忽暗"),
    "物业管理": ("物业乱收费", "电梯坏了物业不修", "物业不打扫楼道"),
    "教育文体": ("学校补课收费", "幼儿园学位不够", "图书馆周末不开放"),
}
CLASSES = (
    RequestClass("01", "城市管理"),
    RequestClass("0103", "路灯照明", "01", ("路灯",)),
    RequestClass("0104", "噪音扰民", "01", ("噪音",)),
    RequestClass("03", "住房物业"),
    RequestClass("0301", "物业管理", "03", ("物业",)),
)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home without a model."""
    monkeypatch.setattr(trained, "path", lambda: tmp_path / "classes.model")
    return tmp_path


@pytest.fixture
def model(home: Path) -> Path:
    """A model of three labels, of which two are classes of the demo's city."""
    chance = random.Random(3)
    rows = [
        (Message(str(n), f"青禾路{chance.choice(said)}", f"{chance.choice(said)}，请处理。"), label)
        for label, said in MATTERS.items()
        for n in range(8)
    ]
    found = train(
        [one for one, _ in rows], [label for _, label in rows], repeats=1, about={"data": "some.xlsx"}
    )
    path = home / "trained.zip"
    found.model.write(path)
    return path


def refile(hotline: Hotline, number: str, code: str) -> None:
    said = {"request_kind": "complaint", "class_code": code, "reason": "按反映的内容更正归类。"}
    hotline.act(number, "refile", hotline.dispatcher, **said)


def kept(number: str) -> models.SuggestionShown:
    return models.SuggestionShown.objects.get(case__number=number)


def beside(client: Client, **more: str) -> tuple[str, str]:
    """What stands beside the form, and what it says was shown."""
    page = client.post(f"{NEW}beside/", given(**more)).content.decode()
    found = re.search(r'name="shown" value="([^"]*)"', page)
    return squeezed(page), found[1] if found else ""


def test_labels_that_are_no_class_of_ours_are_not_suggested() -> None:
    scored = [("教育文体", 0.6), ("路灯照明", 0.25), ("0301", 0.12), ("噪音扰民", 0.03)]
    found = suggesting.by_model(scored, "路灯不亮", CLASSES)
    assert [(one.code, one.score) for one in found] == [("0103", 250), ("0301", 120)]
    assert found[0].reason == "模型判断 25%"
    assert suggesting.by_model([("教育文体", 0.97), ("路灯照明", 0.03)], "路灯不亮", CLASSES) == ()


def test_a_label_that_is_a_class_above_narrows_to_those_that_the_words_name() -> None:
    found = suggesting.by_model([("城市管理", 0.8), ("住房物业", 0.2)], "路灯不亮，物业也不管", CLASSES)
    assert [(one.code, one.score) for one in found] == [("0103", 800), ("0301", 200)]
    assert found[0].reason == "模型判断 80%是城市管理，说到“路灯”"
    assert suggesting.by_model([("城市管理", 0.8)], "井盖没有了", CLASSES) == ()


def test_without_a_model_the_words_suggest_and_what_was_shown_is_kept_with_the_ticket(
    operator: Client,
) -> None:
    page, shown = beside(operator, class_code="", division="990102001000")
    assert "城市管理：路灯照明" in page
    assert "归到上面第一类时" in page
    assert "云溪市城市管理局" in page
    number = done(operator.post(NEW, {**given(class_code="0104"), "decide": "register", "shown": shown}))
    row = kept(number)
    assert (row.model, row.class_code, row.score) == ("", "0103", None)
    assert (row.body_code, row.filed_code, row.seen) == (CITY_MANAGEMENT, "0104", "screen")


def test_the_model_suggests_with_its_score_once_it_is_put_to_use(operator: Client, model: Path) -> None:
    row = actions.put_to_use(model, now=MONDAY)
    entry = journal.entries_of(f"hotline-model-{row.code}")[-1]
    assert (entry.event, entry.public["rows"], entry.public["labels"]) == ("hotline.model_used", 24, 3)
    assert row.macro_f1 is not None
    page, shown = beside(operator, class_code="")
    assert "城市管理：路灯照明" in page
    assert re.search(r"模型判断 \d", page)
    number = done(operator.post(NEW, {**given(), "decide": "register", "shown": shown}))
    found = kept(number)
    assert (found.model, found.class_code, found.seen) == (row.code, "0103", "screen")
    assert found.score is not None
    assert found.score > 500


def test_what_was_not_shown_by_us_is_not_kept_as_shown(operator: Client) -> None:
    number = done(operator.post(NEW, {**given(), "decide": "register", "shown": '{"class_code": "0601"}'}))
    assert (kept(number).class_code, kept(number).seen) == ("0103", "ticket")


def test_a_request_that_nobody_wrote_down_gets_its_suggestion_on_the_ticket(
    hotline: Hotline, cast: Cast, set_now: SetNow
) -> None:
    set_now(MONDAY)
    number = hotline.registered(class_code=UNFILED, inlet=Inlet.WEB)
    assert (kept(number).class_code, kept(number).seen, kept(number).filed_code) == (
        "0103",
        "ticket",
        UNFILED,
    )
    dispatcher = cast.client("rexiaopai")
    page = squeezed(dispatcher.get(f"/desk/cases/{number}/").content.decode())
    assert "系统建议归到“路灯照明”" in page
    assert "这一类由云溪市城市管理局办理" in page
    form = dispatcher.get(f"/desk/cases/{number}/refile/").content.decode()
    assert form.index("路灯照明") < form.index("市容环境")
    assert "系统建议" in form
    hotline.act(
        number,
        "refile",
        hotline.dispatcher,
        request_kind="complaint",
        class_code="0103",
        reason="诉求人反映的是路灯不亮。",
    )
    assert "和现在的归类一致" in squeezed(dispatcher.get(f"/desk/cases/{number}/").content.decode())
    hotline.act(number, "dispatch", hotline.dispatcher, body=CITY_MANAGEMENT, limit="complaint")
    assert "系统建议" not in dispatcher.get(f"/desk/cases/{number}/").content.decode()


@pytest.mark.parametrize("content", [b"", b"no model", None])
def test_a_damaged_model_suggests_by_words_and_stops_nobody(
    operator: Client, home: Path, content: bytes | None
) -> None:
    if content is not None:
        (home / "classes.model").write_bytes(content)
    page, shown = beside(operator, class_code="")
    assert "说到“路灯”" in page
    assert kept(done(operator.post(NEW, {**given(), "decide": "register", "shown": shown}))).model == ""


def test_a_model_is_loaded_once_and_anew_when_it_is_replaced(
    operator: Client, model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded: list[Path] = []
    load = Classifier.load

    def counted(path: Path) -> Classifier:
        loaded.append(path)
        return load(path)

    row = actions.put_to_use(model, now=MONDAY)
    monkeypatch.setattr(Classifier, "load", counted)
    for _ in range(3):
        found = trained.in_use()
        assert found is not None
        assert found.code == row.code
    assert len(loaded) == 1
    trained.install(model)
    assert trained.in_use() is not None
    assert len(loaded) == 2


def test_a_model_without_a_class_of_ours_is_not_put_to_use(hotline: Hotline, home: Path) -> None:
    rows = [
        (Message(str(n), said, said), label) for n in range(4) for label, said in (("甲", "天"), ("乙", "地"))
    ]
    path = home / "foreign.zip"
    train([one for one, _ in rows], [label for _, label in rows], repeats=0).model.write(path)
    with pytest.raises(BadInput, match="没有一个是本地的归类"):
        actions.put_to_use(path, now=MONDAY)
    assert not models.TrainedModel.objects.exists()
    assert trained.in_use() is None


def test_labels_of_a_file_may_be_said_to_mean_a_class_of_ours(hotline: Hotline, model: Path) -> None:
    with pytest.raises(BadInput, match="模型里没有类别“交通”"):
        actions.put_to_use(model, now=MONDAY, called={"交通": "0103"})
    assert trained.in_use() is None
    row = actions.put_to_use(model, now=MONDAY, called={"教育文体": "0701", "物业管理": "0301"})
    assert row.labels == {"0701": 8, "0301": 8, "路灯照明": 8}
    found = class_hints.meant("", "学校补课收费，请处理。", on=MARCH)
    assert (found.model, found.classes[0].code) == (row.code, "0701")


def lamps_and_lifts(hotline: Hotline, many: int = 7) -> list[str]:
    """Dispatched tickets of two classes by as many people."""
    found = []
    for n in range(many):
        phone = f"1990000{n:04d}"
        caller = hotline.caller(name="李云溪", phone=phone)
        lamp = f"我叫李云溪，电话{phone}，路灯不亮，晚上看不见路，盼修。"
        lift = f"电梯坏了，物业不修，老人下不了楼，住在暗语{n}里。"
        for code, text, body in (("0103", lamp, CITY_MANAGEMENT), ("0301", lift, HOUSING)):
            number = hotline.registered(class_code=code, text=text, requester=caller, title="", place="")
            hotline.act(number, "dispatch", hotline.dispatcher, body=body, limit="complaint")
            found.append(number)
    return found


def test_a_model_is_learnt_from_the_tickets_and_holds_nobodys_text(hotline: Hotline, home: Path) -> None:
    numbers = lamps_and_lifts(hotline)
    waiting = hotline.registered(text="还没有派单的井盖丢了。")
    row = actions.learn(now=MONDAY)
    assert (row.source, row.rows, row.labels) == ("tickets", 14, {"0103": 7, "0301": 7})
    (entry,) = journal.entries_of(learning.TEXTS)
    assert (entry.event, entry.public["count"]) == ("casework.matters_opened", len(numbers))
    using = trained.in_use()
    assert using is not None
    assert using.classifier.suggest("小区路灯不亮，看不见路")[0][0] == "0103"
    grams = {*using.classifier.subject.grams, *using.classifier.body.grams}
    assert "路灯" in grams
    assert max(map(len, grams)) == 3
    # who is named, what only one person wrote, and what was not dispatched
    for private in ("李云溪", "云溪", "199", "000", "暗语0", "语3", "井盖"):
        assert private not in grams
    assert waiting not in dict(learning.learnable.tickets(most=99))
    # the same tickets teach nothing new
    assert actions.learn(now=MONDAY + DAY).used_at == MONDAY


def test_what_few_people_wrote_is_not_learnt(hotline: Hotline) -> None:
    lamps_and_lifts(hotline, many=4)
    with pytest.raises(BadInput, match="还不够"):
        actions.learn(now=MONDAY)
    assert trained.in_use() is None
    assert not models.TrainedModel.objects.exists()


def test_each_night_is_learnt_where_there_is_enough_and_nobody_chose_a_file(
    hotline: Hotline, model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lamps_and_lifts(hotline)
    assert actions.learn_nightly(now=MONDAY) is None
    monkeypatch.setattr(learning, "LEAST_NIGHTLY", 14)
    learnt = actions.learn_nightly(now=MONDAY)
    assert learnt is not None
    assert learnt.source == "tickets"
    chosen = actions.put_to_use(model, now=MONDAY + DAY)
    assert actions.learn_nightly(now=MONDAY + DAY) is None
    assert models.TrainedModel.objects.get(in_use=True).code == chosen.code


def test_the_hit_rate_is_counted_by_body_month_and_model_down_to_the_tickets(
    hotline: Hotline, cast: Cast, set_now: SetNow
) -> None:
    right = hotline.dispatched()
    wrong = hotline.registered(class_code="0104")
    hotline.act(
        wrong,
        "dispatch",
        hotline.dispatcher,
        body=HOUSING,
        limit="complaint",
        note="联席会议定由住建局办理。",
    )
    waiting = hotline.registered()
    nothing = hotline.registered(class_code="0602", text="没有说到任何常用的词。", title="", place="")
    shown, now = figure("suggested"), MONDAY + DAY
    assert shown is not None
    total = by_body(hotline.dispatcher, month=MARCH, now=now)[0]
    value = next(one for one in total.values if one.figure.id == "suggested")
    assert dict(value.counts) == {"right": 1, "other": 1, "undecided": 1, "nothing": 1}
    assert value.percent == "50"
    for part, number in (("right", right), ("other", wrong), ("undecided", waiting), ("nothing", nothing)):
        found = tickets_of(hotline.dispatcher, shown, month=MARCH, now=now, part=part)
        assert [one.number for one in found] == [number]
    (words,) = class_hints.model_lines(hotline.dispatcher, last=MARCH, now=now)
    assert (words.code, words.right, words.decided, words.percent) == ("", 1, 2, "50")
    set_now(now)
    leader = cast.client("lingxiaodao")
    page = squeezed(leader.get("/board/hotline/models/").content.decode())
    assert "现在按常用说法建议" in page
    assert "50%" in page
    listed = leader.get("/board/hotline/models/tickets/?month=2026-03").content.decode()
    assert all(number in listed for number in (right, wrong, waiting))
    assert nothing not in listed
    only = leader.get("/board/hotline/models/tickets/?month=2026-03&part=right").content.decode()
    assert right in only
    assert wrong not in only


def test_a_refiled_ticket_counts_by_its_last_class_and_the_body_by_its_last_dispatch(
    hotline: Hotline, operator: Client
) -> None:
    _, shown = beside(operator)
    number = done(operator.post(NEW, {**given(), "decide": "dispatch", "shown": shown}))
    assert parts(hotline) == ({"right": 1}, {"right": 1})
    hotline.act(
        number, "return_ticket", hotline.contact, ground="not_ours", reason="小区里面的路灯由物业维修。"
    )
    hotline.act(
        number,
        "refile",
        hotline.dispatcher,
        request_kind="complaint",
        class_code="0301",
        reason="小区里面的路灯归物业管理。",
    )
    hotline.act(number, "redispatch", hotline.dispatcher, body=HOUSING, limit="complaint")
    assert parts(hotline) == ({"other": 1}, {"other": 1})


def parts(hotline: Hotline) -> tuple[dict[str, int], dict[str, int]]:
    values = by_body(hotline.dispatcher, month=MARCH, now=MONDAY + DAY)[0].values
    counts = {one.figure.id: dict(one.counts) for one in values}
    return counts["suggested"], counts["suggested_body"]


def test_an_erased_persons_text_is_not_read(hotline: Hotline, cast: Cast) -> None:
    number = hotline.dispatched()
    (party,) = hotline.read(number).parties
    opened: Any = casework.open_matters([number], subject="hotline.texts", purpose="试读", now=MONDAY)
    assert opened[number].parties == (party,)
    parties.erase(party, by=cast.staff("xiexiaotiao", on=MARCH), now=MONDAY)
    assert casework.open_matters([number], subject="hotline.texts", purpose="试读", now=MONDAY) == {}
