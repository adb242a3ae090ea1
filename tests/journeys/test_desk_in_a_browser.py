"""Every desk page as it looks in a browser: open to assistive technology, quiet, and whole on a phone."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from liuquan.applications import actions
from liuquan.testing.browsers import SetNow
from liuquan.testing.cast import Cast

pytestmark = pytest.mark.browser

MONDAY = datetime(2026, 3, 2, 2, tzinfo=UTC)


def sit(page: Page, site: str, cast: Cast, who: str) -> None:
    session = cast.client(who).cookies["sessionid"].value
    page.context.clear_cookies()
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": site}])


def addresses(number: str, waiting: str, party: str) -> dict[str, tuple[str, ...]]:
    """Whose page is where: of a case in examination, of one that waits at the window, of a person."""
    return {
        "clerk": (
            "/desk/",
            "/desk/cases/",
            "/desk/post/",
            "/desk/intake/?q=开餐馆",
            f"/desk/intake/{waiting}/",
            f"/desk/cases/{waiting}/",
            f"/desk/cases/{waiting}/notify_supplement/",
            f"/desk/cases/{waiting}/history/?on=2026-03-02&axis=law",
            "/desk/identity/",
            f"/desk/identity/{party}/",
        ),
        "building_examiner": (
            f"/desk/cases/{number}/",
            f"/desk/cases/{number}/print/",
            f"/desk/cases/{number}/complete_step/",
            f"/desk/cases/{number}/start_special/",
            f"/desk/cases/{number}/what-if/",
        ),
        "supervisor": ("/board/readings/", "/desk/service-defaults/"),
        "": ("/accounts/login/",),
    }


def test_every_desk_page_can_be_read_by_all_and_fits_a_phone(
    live_city: str, cast: Cast, page: Page, set_now: SetNow
) -> None:
    set_now(MONDAY)
    number = cast.applies("hoarding", at=MONDAY)
    actions.act(number, "accept", by=cast.clerk, now=MONDAY, data={})
    waiting = cast.applies("food", at=MONDAY, materials=())
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    for who, theirs in addresses(number, waiting, cast.applicant.party_number).items():
        if who:
            sit(page, live_city, cast, who)
        else:
            page.context.clear_cookies()
        for address in theirs:
            page.set_viewport_size({"width": 1366, "height": 768})
            page.goto(live_city + address)
            found = Axe().run(page).response["violations"]
            complaints += [f"{address}: {one['id']} {one['nodes'][0]['html'][:120]}" for one in found]
            page.set_viewport_size({"width": 360, "height": 740})
            wider = page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            complaints += [f"{address}: {wider} px too wide"] if wider else []
    assert not complaints, "\n".join(complaints)
