"""How a decision is worded, and which bodies it names for those who do not accept it."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from liuquan.applications.papers import PAPERS
from liuquan.casework import queries as cases
from liuquan.kernel import sql
from liuquan.kinds.types import Context
from liuquan.organisation import queries as organisation
from liuquan.organisation.types import RemedyBodies
from liuquan.testing.cast import Cast


def at(day: int) -> datetime:
    """A moment of March 2026."""
    return datetime(2026, 3, day, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("standard", "reason"),
    [
        ("符合国家标准的要求", "检验结论不合格"),
        ("由单位承担举证责任。", "单位没有举证。"),
        ("条件全部具备", "少一台设备；"),
    ],
)
def test_a_decision_is_written_in_whole_sentences_whatever_the_standard_and_the_reason_are_like(
    city_db: str, cast: Cast, standard: str, reason: str
) -> None:
    number = cast.examined("device", at=at(2))
    snapshot = cases.read(number)
    given = Context(
        snapshot=snapshot,
        event="application.refused",
        acted_on=at(4).date(),
        public={"standard": standard},
        private={"reason": reason},
        addressee="",
        code="ABCDEFGHJK",
    )
    for kind in ("grant", "refusal"):
        paper = next(one for one in PAPERS if one.kind == kind)
        told = paper.write(given)["paragraphs"]
        whole = [one for one in told if not one.endswith("：")]
        assert all(re.fullmatch(r"[^。]+。([^。]+。)*", one) for one in whole), told
        assert f"理由：{reason.rstrip('。；')}。" in told
        assert "”的要求" not in "".join(told)
        said = "".join(told)
        assert ("决定准予" in said) is (kind == "grant")
        assert (f"审查所依据的标准：{standard.rstrip('。')}。" in told) is (kind == "grant")
        assert (f"1. {standard.rstrip('。')}。" in told) is (kind == "refusal")


def test_a_refusal_says_which_conditions_are_not_met_and_what_was_found_about_each(
    city_db: str, cast: Cast
) -> None:
    number = cast.examined("device", at=at(2))
    given = Context(
        snapshot=cases.read(number),
        event="application.refused",
        acted_on=at(4).date(),
        public={"standard": "许可条件全部具备", "unmet": ["许可条件全部具备", "检验结论合格。"]},
        private={"reason": "整改前不具备条件", "found": {"检验结论合格。": "出厂检验报告缺第3项"}},
        addressee="",
        code="ABCDEFGHJK",
    )
    told = next(one for one in PAPERS if one.kind == "refusal").write(given)["paragraphs"]
    assert told[0].endswith("：")
    assert "经审查，不符合下列条件（依据：" in told[0]
    assert told[1:4] == [
        "1. 许可条件全部具备。",
        "2. 检验结论合格。经查明：出厂检验报告缺第3项。",
        "理由：整改前不具备条件。",
    ]
    assert told[4] == "根据《中华人民共和国行政许可法》第三十八条第二款，本机关决定不予行政许可。"
    assert "行政复议" in told[5] or "申请" in told[5]


def test_a_body_of_a_county_names_the_bodies_of_its_own_county_and_a_town_those_above_it(
    city_db: str,
) -> None:
    assert remedies_in("990121000000") == ("云上县人民政府", "云上县人民法院")
    assert remedies_in("990121200201") == ("云上县人民政府", "云上县人民法院")
    assert remedies_in("990100000000") == ("云溪市人民政府", "云溪市溪南区人民法院")
    assert organisation.remedy_bodies("没有的机关", on=at(2).date()) == RemedyBodies()


def remedies_in(division: str) -> tuple[str, str]:
    """Who hears complaints against the decisions of a body that sits there."""
    sql.run(
        "UPDATE body_record SET division_id = (SELECT id FROM division WHERE code = %(code)s) "
        "WHERE name = '云溪市市场监督管理局' RETURNING id",
        {"code": division},
    )
    body = organisation.body_named("云溪市市场监督管理局", on=at(2).date())
    assert body is not None
    heard = organisation.remedy_bodies(body.code, on=at(2).date())
    return heard.reconsidered_by, heard.court
