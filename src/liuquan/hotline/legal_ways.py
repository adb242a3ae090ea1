"""What the hotline does not decide: which legal channel a request belongs to, and by when that answers. Pure.

The hotline tells the way and the limits that the law in force on the day sets for it. Where the limits of an
instrument that has been replaced are not known to us, the way is told without a day count.

Cites: 国办函〔2025〕66号, 信访工作条例 第二十二条, 第三十四条, 第三十六条,
市场监督管理投诉举报处理暂行办法 第十四条
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from liuquan.clock import Limit
from liuquan.law import LawBook, LawError


@dataclass(frozen=True)
class LegalWay:
    """A legal channel. `to`: whom to go to, in words; `limits`: ids in the law book of what the person is
    told, in their order; `ends`: what the law says of its end, told with the limits."""

    key: str
    label: str
    to: str
    limits: tuple[str, ...] = ()
    ends: str = ""


WAYS: Final[Mapping[str, LegalWay]] = {
    one.key: one
    for one in (
        LegalWay(
            "petition",
            "信访",
            "信访部门",
            (
                "petitions.transfer",
                "petitions.told",
                "petitions.handling",
                "petitions.review_request",
                "petitions.review",
                "petitions.recheck_request",
                "petitions.recheck",
            ),
            "对复核意见不服，仍然以同一事实和理由提出的，不再受理。",
        ),
        LegalWay("reconsideration", "行政复议", "行政复议机关"),
        LegalWay("litigation", "诉讼", "人民法院"),
        LegalWay("disclosure", "政府信息公开申请", "掌握该信息的行政机关"),
        LegalWay(
            "market",
            "市场监管投诉举报",
            "市场监督管理部门",
            (
                "market_complaints.acceptance",
                "market_complaints.mediation",
                "market_complaints.clue_check",
                "market_complaints.filing_told",
            ),
        ),
        LegalWay("labour", "劳动争议仲裁或者劳动保障监察", "劳动争议仲裁委员会、劳动保障监察机构"),
        LegalWay("mediation", "人民调解", "人民调解委员会"),
        LegalWay("police", "公安机关处理", "公安机关"),
    )
}


def told(way: str, law: LawBook, *, on: date) -> str:
    """What the person is told of this way, with the limits in force on this day, in one sentence or two."""
    one = WAYS[way]
    said = [_said(limit, law) for limit in _in_force(one, law, on)]
    limits = f"法定期限——{'；'.join(said)}。{one.ends}" if said else ""
    return f"请向{one.to}提出。{limits}"


def _said(limit: Limit, law: LawBook) -> str:
    """A limit in words, with what may be added to it and whose time is not counted in it."""
    more = limit.extension
    added = f"，可以延长{more.amount}{more.unit.label}" if more else ""
    grounds = [law.ground(limit.source.partition(".")[0], name).label for name in limit.excludes or ()]
    left_out = f"，{'、'.join(grounds)}所需时间不计算在内" if grounds else ""
    return f"{limit.label}：{limit.text}{added}{left_out}"


def _in_force(way: LegalWay, law: LawBook, on: date) -> list[Limit]:
    found: list[Limit] = []
    for name in way.limits:
        try:
            found.append(law.limit(name, on=on))
        except LawError:
            continue  # replaced by an instrument whose numbers are not known: no day count is told
    return found
