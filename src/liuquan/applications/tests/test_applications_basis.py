"""法无授权不可为: an item whose legal basis is gone is neither submitted nor accepted (CAT-03)."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest
from django.test import Client
from django.urls import reverse

from liuquan.casework import actions as casework_actions
from liuquan.casework import queries as cases
from liuquan.catalogue import actions as catalogue
from liuquan.journal import queries as journal
from liuquan.kernel import sql
from liuquan.kernel.refusals import WrongState
from liuquan.organisation.types import SYSTEM
from liuquan.testing.browsers import SetNow
from liuquan.testing.cast import ITEMS, LI_YUNXI, Cast

NOW = datetime(2026, 3, 3, 2, tzinfo=UTC)
TODAY = date(2026, 3, 3)
CODE = ITEMS["device"]


def lose_the_basis() -> None:
    """Make a version in force from today on without a legal basis. No act of the catalogue can do this, but a
    direct change of the tables can."""
    catalogue.adjust(CODE, by=SYSTEM, now=NOW)
    versions = "item_id = (SELECT id FROM catalogue_serviceitem WHERE implementation_code = %(code)s)"
    given = {"code": CODE, "on": TODAY, "now": NOW}
    sql.run(
        "DELETE FROM catalogue_legalbasis WHERE version_id = "
        f"(SELECT id FROM catalogue_itemversion WHERE state = 'draft' AND {versions})",
        given,
    )
    sql.run(
        "UPDATE catalogue_itemversion SET state = 'superseded', "
        f"validity = daterange(lower(validity), %(on)s) WHERE state = 'published' AND {versions}",
        given,
    )
    sql.run(
        "UPDATE catalogue_itemversion SET state = 'published', validity = daterange(%(on)s, NULL), "
        f"published_at = %(now)s WHERE state = 'draft' AND {versions}",
        given,
    )


def count() -> int:
    return int(sql.run("SELECT count(*) AS n FROM casework_case")[0]["n"])


@pytest.mark.requirement("CAT-03")
def test_an_item_without_a_basis_is_not_received_at_the_window_on_the_web_or_by_api(
    city_db: str, cast: Cast, set_now: SetNow
) -> None:
    set_now(NOW)
    cast.materials("device")  # known from before
    lose_the_basis()
    before, entered = count(), sql.run("SELECT count(*) AS n FROM journal_entry")
    for by in (cast.clerk, cast.applicant):
        with pytest.raises(WrongState, match="没有设定依据，不得受理") as refused:
            cast.applies("device", at=NOW, by=by)
        assert (refused.value.code, refused.value.citation) == ("item_without_basis", "行政许可法 第四条")
    person = {"kind": "person", "name": LI_YUNXI.name, "id_number": LI_YUNXI.id_number}
    body = json.dumps({"item_code": CODE, "applicant": person})
    answer = Client().post("/api/v1/applications", body, "application/json")
    assert (answer.status_code, "没有设定依据" in answer.json()["detail"]) == (409, True)
    page = Client().get(reverse("apply", args=[CODE]))
    assert (page.status_code, "没有设定依据" in page.content.decode()) == (409, True)
    assert count() == before
    assert sql.run("SELECT count(*) AS n FROM journal_entry") == entered


@pytest.mark.requirement("CAT-03")
@pytest.mark.parametrize("action", ["accept", "accept_corrected"])
def test_an_application_whose_item_has_no_basis_is_not_accepted(
    city_db: str, cast: Cast, action: str
) -> None:
    number = cast.applies("device", at=NOW)
    assert action in {o.action for o in cases.offers(cases.read(number), by=cast.clerk, now=NOW)}
    sql.run(
        "UPDATE casework_case SET terms = jsonb_set(terms, '{extra,bases}', '[]') WHERE number = %(n)s",
        {"n": number},
    )
    before, entries = cases.read(number), len(journal.entries_of(number))
    data = {"materials": cast.materials("device"), "corrections": "改正一处"}
    with pytest.raises(WrongState, match="没有设定依据，不得受理") as refused:
        casework_actions.perform(number, action, by=cast.clerk, now=NOW, data=data)
    assert refused.value.citation == "行政许可法 第四条"
    assert action not in {o.action for o in cases.offers(before, by=cast.clerk, now=NOW)}
    assert (cases.read(number), len(journal.entries_of(number))) == (before, entries)
    # the alternative that the refusal names
    reason = {"reason": "没有法律规定这项许可"}
    casework_actions.perform(number, "refuse_not_needed", by=cast.clerk, now=NOW, data=reason)
    assert cases.read(number).state == "not_accepted"
