"""Loading the demo city: once, twice, changed, wrong; who acts in which post, and who stands in."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from django.contrib.auth import authenticate, get_user_model
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, connection, transaction

from liuquan.kernel.refusals import BadInput, NotAllowed, NotVisible, SomebodyWasFirst
from liuquan.organisation import actions, queries
from liuquan.organisation.models import BodyRecord, Mandate, Post, PostHolding, PostSheet, Staff
from liuquan.organisation.types import PUBLIC, SYSTEM, Actor, OrganisationData

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
ON = date(2026, 3, 2)
SCJG = "11990100MB9901024C"
ITEM = "YX-ITEM-1"


@pytest.fixture
def city(demo_city: OrganisationData) -> OrganisationData:
    actions.load_organisation(demo_city, by=SYSTEM, now=NOW)
    return demo_city


def user(login: str) -> object:
    return get_user_model()._default_manager.get(username=login)


def counts() -> dict[str, int]:
    return {model.__name__: model.objects.count() for model in (BodyRecord, PostSheet, PostHolding, Mandate)}


def test_loading_twice_changes_nothing(city: OrganisationData) -> None:
    before = counts()
    report = actions.load_organisation(city, by=SYSTEM, now=NOW)
    assert not report.changed
    assert counts() == before
    assert report.tables["post"].unchanged == len(city.posts)


def test_a_changed_name_closes_the_old_row_and_opens_a_new_one(city: OrganisationData) -> None:
    renamed = replace(city.bodies[1], name="云溪市市场监督管理委员会", from_on=date(2026, 4, 1))
    data = replace(city, bodies=(city.bodies[0], renamed, *city.bodies[2:]))
    report = actions.load_organisation(data, by=SYSTEM, now=NOW)
    assert report.tables["body"].succeeded == 1
    assert queries.body(SCJG, on=date(2026, 3, 31)).name == "云溪市市场监督管理局"
    assert queries.body(SCJG, on=date(2026, 4, 1)).name == "云溪市市场监督管理委员会"
    assert not actions.load_organisation(data, by=SYSTEM, now=NOW).changed


def test_a_mandate_taken_out_of_the_pack_ends_but_is_remembered(city: OrganisationData) -> None:
    data = replace(city, mandates=tuple(row for row in city.mandates if "SCJG-HZ" not in row.posts))
    report = actions.load_organisation(data, by=SYSTEM, now=NOW)
    assert report.tables["mandate"].closed == 1
    assert not queries.actor_for(user("shixiaohe"), on=ON).may("application.grant", ITEM, SCJG)
    assert queries.actor_for(user("shixiaohe"), on=date(2026, 3, 1)).may("application.grant", ITEM, SCJG)


@pytest.mark.requirement("GUIDE-05")
def test_a_new_service_promise_succeeds_the_old_which_is_remembered(city: OrganisationData) -> None:
    first = queries.service_promise(SCJG, on=ON)
    assert first is not None
    assert all((first.quality, first.attitude, first.time, first.announced_by))
    mine = next(row for row in city.promises if row.body == SCJG)
    new = replace(mine, quality="承诺新的质量", from_on=date(2026, 4, 1))
    rows = tuple(new if row is mine else row for row in city.promises)
    report = actions.load_organisation(replace(city, promises=rows), by=SYSTEM, now=NOW)
    assert (report.tables["promise"].succeeded, report.tables["promise"].unchanged) == (1, 10)
    assert queries.service_promise(SCJG, on=date(2026, 3, 31)) == first
    later = queries.service_promise(SCJG, on=date(2026, 4, 1))
    assert later is not None
    assert (later.quality, later.attitude) == ("承诺新的质量", first.attitude)
    assert queries.service_promise(SCJG, on=date(2023, 12, 31)) is None
    assert len(queries.service_promises(on=ON)) == len(city.bodies)


def test_another_source_leaves_the_pack_alone(city: OrganisationData) -> None:
    body = replace(city.bodies[0], code="11990100MB9901075L", key="", name="另一机构")
    report = actions.load_organisation(OrganisationData("import:x", bodies=(body,)), by=SYSTEM, now=NOW)
    assert report.tables["body"].created == 1
    assert len(queries.bodies(on=ON)) == 12
    assert report.tables["post"].closed == 0


def test_faulty_data_are_refused_whole(demo_city: OrganisationData) -> None:
    data = replace(demo_city, posts=(replace(demo_city.posts[0], duties=()), *demo_city.posts[1:]))
    with pytest.raises(BadInput, match="缺少职责") as caught:
        actions.load_organisation(data, by=SYSTEM, now=NOW)
    assert caught.value.details["complaints"][0]["table"] == "post"
    assert Post.objects.count() == 0
    assert Staff.objects.count() == 0


def test_a_post_cannot_change_its_body(city: OrganisationData) -> None:
    units = tuple(replace(row, body=SCJG) if row.code == "ZJJ-SP" else row for row in city.units)
    posts = tuple(replace(row, body=SCJG) if row.unit == "ZJJ-SP" else row for row in city.posts)
    before = counts()
    with pytest.raises(BadInput, match="已属于另一机构"):
        actions.load_organisation(replace(city, units=units, posts=posts), by=SYSTEM, now=NOW)
    assert counts() == before


def test_only_an_administrator_loads_the_organisation(demo_city: OrganisationData) -> None:
    clerk = Actor(kind="staff", roles=frozenset({"window_clerk"}))
    with pytest.raises(NotAllowed, match="系统管理员"):
        actions.load_organisation(demo_city, by=clerk, now=NOW)
    assert Post.objects.count() == 0


def test_the_database_refuses_two_sheets_of_a_post_on_one_day(city: OrganisationData) -> None:
    sheet = PostSheet.objects.get(post__code="SCJG-SC1")
    sheet.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        sheet.save(force_insert=True)
    assert PostSheet.objects.filter(post__code="SCJG-SC1").count() == 1


def test_staff_sign_in_only_with_a_password_that_was_given_and_keep_their_own(
    demo_city: OrganisationData,
) -> None:
    given = replace(demo_city, staff=tuple(replace(row, password="demo-2026") for row in demo_city.staff))
    actions.load_organisation(demo_city, by=SYSTEM, now=NOW)
    assert authenticate(username="shixiaohe", password="") is None
    actions.load_organisation(given, by=SYSTEM, now=NOW)
    assert authenticate(username="shixiaohe", password="demo-2026") is not None
    person = user("shixiaohe")
    person.set_password("own-secret")
    person.save(update_fields=["password"])
    actions.load_organisation(given, by=SYSTEM, now=NOW)
    assert authenticate(username="shixiaohe", password="own-secret") is not None


@pytest.mark.requirement("CASE-11")
def test_an_actor_has_exactly_the_powers_of_their_post(city: OrganisationData) -> None:
    clerk = queries.actor_for(user("chuangxiaoyun"), on=ON)
    assert (clerk.post_code, clerk.name, clerk.division_code) == ("ZWFW-CK1", "窗小云", "990100000000")
    assert clerk.has_role("window_clerk")
    assert clerk.may("application.accept", ITEM, SCJG)
    assert not clerk.may("application.grant", ITEM, SCJG)
    approver = queries.actor_for(user("shixiaohe"), on=ON)
    assert approver.may("application.grant", ITEM, SCJG)
    assert not approver.may("application.grant", ITEM, "11990100MB99010327")
    assert not approver.may("application.extend", ITEM, SCJG)
    assert queries.actor_for(user("shixiaoguan"), on=ON).may("application.extend", ITEM, SCJG)


def test_a_supervisor_of_the_city_sees_its_villages_and_not_the_province(city: OrganisationData) -> None:
    supervisor = queries.actor_for(user("jianxiaocha"), on=ON)
    assert queries.supervises(supervisor, "990121100201")
    assert not queries.supervises(supervisor, "990000000000")
    assert not queries.supervises(supervisor, "110000000000")


@pytest.mark.fact("V-09")
def test_b_acts_for_a_while_a_is_out_and_not_a_day_longer(city: OrganisationData) -> None:
    signer = user("weixiaoqian")
    with pytest.raises(NotAllowed, match="没有代行该岗位"):
        queries.actor_for(signer, on=date(2026, 3, 15), post_code="WJW-HZ")
    acting = queries.actor_for(signer, on=date(2026, 3, 16), post_code="WJW-HZ")
    assert acting.post_name.endswith("（代）")
    assert acting.acting_for == "卫小核"
    assert acting.has_role("approver")
    own = queries.actor_for(signer, on=date(2026, 3, 16))
    assert (own.post_code, own.other_posts, own.acting_for) == ("WJW-SX", ("WJW-HZ",), "")
    assert [held.post.code for held in queries.posts_of(signer, on=date(2026, 3, 16))] == ["WJW-SX", "WJW-HZ"]
    with pytest.raises(NotAllowed):
        queries.actor_for(signer, on=date(2026, 3, 21), post_code="WJW-HZ")


def test_an_absence_hands_the_window_to_its_pair_and_ends_when_a_is_back(city: OrganisationData) -> None:
    manager = queries.actor_for(user("tingxiaoguan"), on=ON)
    absence = {"post_code": "ZWFW-CK1", "from_on": ON, "to_on": date(2026, 3, 4), "reason": "培训"}
    assert actions.record_absence(**absence, by=manager, now=NOW) == "ZWFW-CK2"
    assert queries.actor_for(user("chuangxiaoxi"), on=ON, post_code="ZWFW-CK1").may(
        "application.accept", ITEM, SCJG
    )
    with pytest.raises(SomebodyWasFirst):
        actions.record_absence(**absence, by=manager, now=NOW)
    actions.end_absence(post_code="ZWFW-CK1", by=manager, now=NOW)
    with pytest.raises(NotAllowed):
        queries.actor_for(user("chuangxiaoxi"), on=ON, post_code="ZWFW-CK1")


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"post_code": "NO-1"}, NotVisible),
        ({"reason": " "}, BadInput),
        ({"to_on": ON}, BadInput),
        ({"from_on": date(2026, 3, 1)}, BadInput),
        ({"cover_post_code": "ZWFW-CK1"}, BadInput),
        ({"post_code": "ZWFW-DTJL"}, BadInput),
    ],
)
def test_a_wrong_absence_is_refused_and_nobody_stands_in(
    city: OrganisationData, change: dict[str, object], refusal: type[Exception]
) -> None:
    asked = {"post_code": "ZWFW-CK1", "from_on": ON, "to_on": date(2026, 3, 4), "reason": "培训"} | change
    with pytest.raises(refusal):
        actions.record_absence(**asked, by=SYSTEM, now=NOW)  # type: ignore[arg-type]
    assert [held.post.code for held in queries.posts_of(user("chuangxiaoxi"), on=ON)] == ["ZWFW-CK2"]


def test_a_clerk_may_not_arrange_cover(city: OrganisationData) -> None:
    clerk = queries.actor_for(user("chuangxiaoyun"), on=ON)
    with pytest.raises(NotAllowed):
        actions.record_absence(
            post_code="ZWFW-CK1", from_on=ON, to_on=date(2026, 3, 4), reason="x", by=clerk, now=NOW
        )
    assert len(queries.posts_of(user("chuangxiaoxi"), on=ON)) == 1


def test_strangers_have_no_post(city: OrganisationData) -> None:
    assert queries.actor_for(AnonymousUser(), on=ON) is PUBLIC
    stranger = get_user_model()._default_manager.create(username="stranger")
    with pytest.raises(NotAllowed, match="没有关联工作人员"):
        queries.actor_for(stranger, on=ON)
    with pytest.raises(NotAllowed, match="没有任职的岗位"):
        queries.actor_for(user("shixiaohe"), on=date(2023, 12, 31))


def test_an_actor_costs_one_query(city: OrganisationData, django_assert_num_queries: object) -> None:
    person = user("weixiaoqian")
    with django_assert_num_queries(1):  # type: ignore[operator]
        actor = queries.actor_for(person, on=ON)
    assert actor.mandates


@pytest.mark.requirement("HALL-02")
def test_a_post_sheet_says_duties_holders_stand_ins_and_powers(city: OrganisationData) -> None:
    sheet = queries.post_sheet("SCJG-HZ", on=ON)
    assert sheet.post.name == "市市场监管局核准岗"
    assert sheet.body_name == "云溪市市场监督管理局"
    assert all((sheet.duties, sheet.tasks, sheet.standards, sheet.limits))
    assert (sheet.holders, sheet.covered_by) == (("市小核",), ("SCJG-SX",))
    assert "application.grant" in sheet.mandates[0].actions
    with pytest.raises(NotVisible):
        queries.post_sheet("SCJG-HZ", on=date(2023, 12, 31))


@pytest.mark.requirement("CASE-11")
def test_the_register_says_who_may_decide_what_by_which_document(city: OrganisationData) -> None:
    lines = queries.authorisation_register(on=ON, body_code=SCJG, action="application.grant")
    assert [line.post_code for line in lines] == ["SCJG-FZ", "SCJG-HZ", "SCJG-SC1", "SCJG-SX"]
    assert {line.term.granted_by for line in lines} == {"云市监演〔2024〕1号", "云市监演〔2024〕2号"}
    windows = queries.authorisation_register(
        on=ON, body_code=SCJG, item_code=ITEM, action="application.accept"
    )
    assert "ZWFW-CK1" in {line.post_code for line in windows}
    assert all(line.term.up_to for line in windows)
    assert queries.authorisation_register(on=date(2023, 1, 1)) == ()


def test_five_levels_lie_inside_one_another(city: OrganisationData) -> None:
    county = queries.divisions(under="990121000000")
    assert [row.level for row in county] == [3, 4, 5, 5, 4, 5]
    assert queries.division_path("990121100201") == "99.9901.990121.990121100.990121100201"
    assert [row.code for row in queries.posts_for_role("window_clerk", on=ON)][-1] == "ZWFW-TY1"
    assert queries.post("ZWFW-TY1", on=ON).division_code == "990121100201"
    assert not queries.is_real_place()
    with pytest.raises(NotVisible):
        queries.division("970000000000")


def test_bodies_and_seals_are_found(city: OrganisationData) -> None:
    assert queries.body("SCJG", on=ON).code == SCJG
    found = queries.body_named("市市场监管局", on=ON)
    assert found is not None
    assert found.code == SCJG
    assert queries.body_named("没有这个局", on=ON) is None
    assert [seal.custodian_post for seal in queries.seals(SCJG, on=ON)] == ["SCJG-SX"]
    with pytest.raises(NotVisible):
        queries.body("11100000000013338W", on=ON)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM seal")
        assert cursor.fetchone() == (6,)
