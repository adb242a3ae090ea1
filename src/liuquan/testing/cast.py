"""The fixed cast of the tests, living in the demo's city in March 2026. Nobody here is real.

    def test_a_clerk_accepts(city_db: str, cast: Cast) -> None:
        case = cast.applies("food", at=monday)
        casework_actions.perform(case, "accept", by=cast.clerk, now=monday)

Staff are actors of the pack's posts (`cast.clerk`, `cast.examiner` …); `cast.client("clerk")` is a browser
session signed in as the same person. Citizens are parties (`cast.applicant`, `cast.stranger`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import User
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client

from liuquan.applications import actions as applications
from liuquan.casework import actions as casework_actions
from liuquan.casework import queries as casework
from liuquan.casework.types import Upload
from liuquan.catalogue import queries as catalogue
from liuquan.catalogue.types import ItemTerms
from liuquan.organisation import queries as organisation
from liuquan.organisation.types import Actor, party_actor
from liuquan.parties import actions as parties

#: who plays what: word → login of the pack
STAFF = {
    "clerk": "chuangxiaoyun",  # 窗小云, 综合窗口1号
    "second_clerk": "chuangxiaoxi",  # 窗小溪, 综合窗口2号; stands in for the first
    "helper": "cunxiaobang",  # 村小帮, receives only
    "examiner": "shixiaoshen",  # 市小审, SCJG-SC1
    "second_examiner": "shixiaocha",  # 市小查, SCJG-SC2
    "approver": "shixiaohe",  # 市小核, SCJG-HZ
    "chief_rep": "shixiaoqian",  # 市小签, SCJG-SX
    "head": "shixiaoguan",  # 市小管, SCJG-FZ
    "item_editor": "shixiaobian",
    "supervisor": "jianxiaocha",  # 监小察, over the whole city
    "centre_officer": "xiexiaotiao",
    "hall_manager": "tingxiaoguan",
    "sysadmin": "xixiaoguan",
    "leader": "lingxiaodao",
    "overseer": "duxiaoyuan",
    "other_examiner": "guixiaoshen",  # 规小审, ZRZY-SC1, another body
    "other_head": "guixiaoguan",
    "health_examiner": "weixiaoshen",
    "health_second": "weixiaocha",
    "health_approver": "weixiaohe",
    "health_head": "weixiaoguan",
    "operator": "rexiaojie",  # 热小接, RX-JX1
    "dispatcher": "rexiaopai",  # 热小派, RX-PD1
    "unit_contact": "chengxiaore",  # 城小热, CGJ-RX
    "building_examiner": "jianxiaoshen",
    "building_second": "jianxiaochayan",
    "building_approver": "jianxiaohe",
    "building_head": "jianxiaoguan",
}

#: who holds the posts that examine, and the staff number of a colleague who may sign a site check with them
EXAMINERS = {
    "SCJG-SC1": ("examiner", "YX0016"),
    "SCJG-SC2": ("second_examiner", "YX0015"),
    "WJW-SC1": ("health_examiner", "YX0034"),
    "WJW-SC2": ("health_second", "YX0033"),
    "ZJJ-SC1": ("building_examiner", "YX0022"),
    "ZJJ-SC2": ("building_second", "YX0021"),
    "ZRZY-SC1": ("other_examiner", "YX0028"),
}

#: items by word: implementation codes of the pack
ITEMS = {
    "food": "11990100MB9901024C3990131001000",  # 食品经营许可证核发: two officers on site, then review
    "stall": "11990100MB9901024C3990131002000",  # 个体工商户设立登记: decided on the spot
    "device": "11990100MB9901024C3990131003000",  # 特种设备使用登记: one reviewer, one approver
    "reward": "11990100MB9901024C3990831004000",  # 举报奖励: no licence
    "radiology": "11990100MB9901059Y3990134002000",  # 放射诊疗: expert review stops the clock
    "hoarding": "11990100MB990103273990132001000",  # 户外广告: three opinions at once, then a join
}


@dataclass(frozen=True)
class Person:
    """A citizen as written on a form."""

    name: str
    id_number: str
    phone: str


#: numbers of region 99, which is given to no province; the check digits hold
LI_YUNXI = Person("李云溪", "990101199003076548", "19900000001")
WANG_XIPAN = Person("王溪畔", "990101198808126536", "19900000002")
ZHAO_YUANKE = Person("赵远客", "990101197505206518", "19900000003")


class _Played:
    """An actor of the cast as an attribute: `cast.clerk`, `cast.applicant`."""

    def __init__(self, by: str | Person) -> None:
        self.by = by

    def __get__(self, cast: Cast, owner: type[Cast]) -> Actor:
        return cast.staff(self.by) if isinstance(self.by, str) else cast.citizen(self.by)


class Cast:
    """The people, each the same in every test."""

    clerk = _Played("clerk")
    second_clerk = _Played("second_clerk")
    examiner = _Played("examiner")
    second_examiner = _Played("second_examiner")
    approver = _Played("approver")
    chief_rep = _Played("chief_rep")
    head = _Played("head")
    supervisor = _Played("supervisor")
    other_examiner = _Played("other_examiner")
    applicant = _Played(LI_YUNXI)
    agent = _Played(WANG_XIPAN)
    stranger = _Played(ZHAO_YUANKE)

    def __init__(self) -> None:
        self._actors: dict[tuple[str, date], Actor] = {}
        self._parties: dict[str, str] = {}
        self._items: dict[tuple[str, date], ItemTerms] = {}

    def _terms(self, item: str, on: date) -> ItemTerms:
        if (item, on) not in self._items:
            self._items[item, on] = catalogue.terms(ITEMS[item], on=on)
        return self._items[item, on]

    def staff(self, who: str, *, on: date = date(2026, 3, 2), post_code: str | None = None) -> Actor:
        """A member of staff in their post (or one they stand in for) on a day."""
        if post_code is not None:
            return organisation.actor_for(_user(who), on=on, post_code=post_code)
        if (who, on) not in self._actors:
            self._actors[who, on] = organisation.actor_for(_user(who), on=on)
        return self._actors[who, on]

    def client(self, who: str = "") -> Client:
        """A browser session signed in as this member of staff; without a word, of somebody not signed in."""
        client = Client()
        if who:
            client.cookies[settings.SESSION_COOKIE_NAME] = self._session(_user(who))
        return client

    def _session(self, user: User) -> str:
        """A session as signing in makes it, without the writes around it."""
        session = SessionStore()
        session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(user.pk), settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.create()
        return str(session.session_key)

    def citizen(self, person: Person) -> Actor:
        """The party this person is registered as."""
        if person.id_number not in self._parties:
            ref = parties.register_person(
                name=person.name,
                id_number=person.id_number,
                phone=person.phone,
                by=self.clerk,
                now=datetime(2026, 1, 5, 2, tzinfo=UTC),
            )
            self._parties[person.id_number] = ref.number
        return party_actor(self._parties[person.id_number])

    def materials(self, item: str, *, on: date = date(2026, 3, 2)) -> list[str]:
        """Keys of the required materials of an item."""
        return [m.key for m in self._terms(item, on).materials if m.necessity == "required"]

    def standard(self, item: str, *, on: date = date(2026, 3, 2)) -> str:
        """The first decision standard of an item."""
        return self._terms(item, on).decision_standards[0]

    def applies(
        self,
        item: str,
        *,
        at: datetime,
        materials: Sequence[str] | None = None,
        files_given: Sequence[Upload] = (),
        by: Actor | None = None,
        agent: str = "",
    ) -> str:
        """The applicant hands in an application, with all required materials by default; its number."""
        ticked = self.materials(item) if materials is None else materials
        return applications.submit(
            item_code=ITEMS[item],
            applicant=self.applicant.party_number,
            agent=agent,
            by=by or self.clerk,
            now=at,
            channel="window",
            materials=ticked,
            files_given=files_given,
        ).number

    def accepted(self, item: str, *, at: datetime) -> str:
        """A complete application, received and accepted by the clerk at the same moment; its number."""
        number = self.applies(item, at=at)
        casework_actions.perform(number, "accept", by=self.clerk, now=at)
        return number

    def examines(self, number: str, *, at: datetime, result: str = "agree") -> None:
        """Complete every open step of the case by the holder of its post, until none is open."""
        while steps := casework.read(number).open_assignments:
            who, colleague = EXAMINERS[steps[0].post_code]
            data = {
                "assignment": steps[0].id,
                "result": result,
                "opinion": "材料与现场一致，符合要求",
                "second_officer": colleague,
            }
            casework_actions.perform(number, "complete_step", by=self.staff(who), now=at, data=data)

    def examined(self, item: str, *, at: datetime) -> str:
        """An application accepted and examined on one day, which now waits for its decision; its number."""
        number = self.accepted(item, at=at)
        self.examines(number, at=at)
        return number

    def decision(self, item: str) -> dict[str, str]:
        """The data of a decision: reason and standard."""
        return {"reason": "材料齐全，条件全部具备", "standard": self.standard(item)}


@pytest.fixture
def cast(request: pytest.FixtureRequest) -> Cast:
    """The cast, in the city that the test asked for (`city`, `city_db` or `cases_db`)."""
    if not {"city", "city_db", "cases_db"} & set(request.fixturenames):
        raise pytest.UsageError("cast needs city, city_db or cases_db beside it")
    return Cast()


def _user(who: str) -> User:
    """By word or by login."""
    return User.objects.get(username=STAFF.get(who, who))
