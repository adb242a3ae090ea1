"""Fixtures of the catalogue's tests: the demo city's bodies and posts, and one complete draft to modify."""

import os
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from pytest_django import DjangoDbBlocker

from liuquan.catalogue import actions
from liuquan.catalogue.types import (
    BasisLevel,
    BasisTerm,
    CaseType,
    DeliveryWay,
    ExerciseLevel,
    HandlingForm,
    ItemDraft,
    ItemType,
    MaterialTerm,
    PowerSource,
    ServiceObject,
    StepKind,
    StepTerm,
)
from liuquan.kernel.home import CHECKOUT
from liuquan.kernel.postgres import Server
from liuquan.kernel.postgres.roles import APPLICATION
from liuquan.organisation import actions as organisation
from liuquan.organisation import types
from liuquan.organisation.types import SYSTEM, Actor, MandateTerm
from liuquan.testing import databases
from liuquan.testing.city import rolled_back

PACK = CHECKOUT / "packs" / "demo"
NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)
BODY = "11990100MB9901024C"
CODE = BODY + "3990131001000"

TABLES: dict[str, tuple[str, type[Any]]] = {
    "division": ("divisions", types.DivisionData),
    "body": ("bodies", types.BodyData),
    "unit": ("units", types.UnitData),
    "post": ("posts", types.PostData),
}


@pytest.fixture(scope="session")
def bodies_of_process(
    postgres_server: Server, template_database: str, django_db_blocker: DjangoDbBlocker
) -> Iterator[str]:
    """This process's database with divisions, bodies and posts of the demo city, and no items."""
    name = f"{databases.PREFIX}_bodies_run_{os.getpid()}"
    with databases._copy(postgres_server, template_database, name):
        with django_db_blocker.unblock(), databases.connected_to(name, APPLICATION):
            _found()
        yield name


@pytest.fixture
def city(
    bodies_of_process: str, django_db_blocker: DjangoDbBlocker, request: pytest.FixtureRequest
) -> Iterator[None]:
    """Divisions, bodies and posts of the demo city, in a transaction that is rolled back."""
    if {"db", "transactional_db", "committed_db", "city_db"} & set(request.fixturenames):
        raise pytest.UsageError("this city excludes db, committed_db and city_db: take one of them")
    with rolled_back(bodies_of_process, django_db_blocker):
        yield


def _found() -> None:
    tables: dict[str, Any] = {}
    for name in ("divisions", "bodies"):
        tables |= tomllib.loads((PACK / f"{name}.toml").read_text(encoding="utf-8"))
    values = {
        field: tuple(
            kind(**{k: tuple(v) if isinstance(v, list) else v for k, v in row.items()})
            for row in tables[table]
        )
        for table, (field, kind) in TABLES.items()
    }
    organisation.load_organisation(types.OrganisationData(source="pack:demo", **values), by=SYSTEM, now=NOW)


@pytest.fixture
def editor() -> Actor:
    """The item editor of the market regulation body."""
    acts = frozenset(
        {"catalogue.draft_item", "catalogue.publish_item", "catalogue.adjust_item", "catalogue.cancel_item"}
    )
    return Actor(
        kind="staff",
        name="演示编辑",
        post_code="SCJG-BJ",
        post_name="市市场监管局事项编辑岗",
        body_code=BODY,
        mandates=(MandateTerm(actions=acts, body_code=BODY),),
    )


def a_step(key: str, *after: str, days: int = 3, post: str = "SCJG-SC1", **changes: Any) -> StepTerm:
    """A complete step."""
    step = StepTerm(
        key=key,
        name=f"{key}环节",
        kind=StepKind.REVIEW,
        task="核对材料",
        standard="写明事实和结论",
        condition="已经受理",
        post_code=post,
        limit_days=days,
        after=after,
    )
    return replace(step, **changes)


@pytest.fixture
def draft() -> ItemDraft:
    """A draft that lacks nothing."""
    return ItemDraft(
        item_code=CODE,
        name="食品经营许可证核发",
        body_code=BODY,
        division_code="990100000000",
        item_type=ItemType.LICENCE,
        source="pack:test",
        exercise_level=ExerciseLevel.CITY,
        power_source=PowerSource.OWN,
        service_objects=(ServiceObject.PERSON, ServiceObject.ENTERPRISE),
        case_type=CaseType.PROMISED,
        acceptance_conditions=("有与经营的食品相适应的场所",),
        procedure_text="受理，现场核查，审查，决定，送达。",
        decision_standards=("符合食品安全法第三十三条的要求",),
        forms=(HandlingForm.WINDOW, HandlingForm.COMPUTER),
        address="政务服务中心一层",
        hours="工作日 09:00—17:00",
        phone="0990-5550200",
        supervise_phone="0990-12345",
        limit_scene_num=0,
        statutory_amount=20,
        statutory_unit="working_day",
        statutory_law_id="licensing.decision",
        statutory_citation="行政许可法 第四十二条第一款",
        promised_amount=8,
        promised_unit="working_day",
        fee_charged=False,
        result_name="食品经营许可证",
        delivery_ways=(DeliveryWay.PICK_UP,),
        deciding_post_code="SCJG-HZ",
        bases=(BasisTerm("食品安全法", "第三十五条", BasisLevel.LAW),),
        materials=(MaterialTerm("form", "食品经营许可申请书", accept_standard="填写完整"),),
        steps=(
            a_step("site", kind=StepKind.SITE_CHECK, officers=2, post="SCJG-SC2"),
            a_step("review", "site"),
        ),
        aliases=("开小餐馆", "开饭店"),
    )


@pytest.fixture
def published(city: None) -> Callable[..., ItemDraft]:
    """Save and publish a draft, in force from a day."""

    def publish(draft: ItemDraft, effective_on: date = date(2026, 1, 5)) -> ItemDraft:
        actions.save_draft(draft, by=SYSTEM, now=NOW)
        actions.publish(draft.item_code, effective_on=effective_on, by=SYSTEM, now=NOW)
        return draft

    return publish
