"""The exclusions that law itself sets for members of a bid evaluation committee, as rules of a draw.

Cites: 招标投标法 第三十七条; 招标投标法实施条例 第四十六条; 评标委员会和评标方法暂行规定 第十一条、第十二条.

The facts each expert's row must hold: `years` in the field (whole years), `senior_title` or equal level
(true/false), `specialities` (list), `employers` now and, where declared, before (list of credit codes),
`kin_of` (bidders whose leaders are close relatives; list of credit codes), `interest_in` (bidders with an
economic tie; list), `punished` for misconduct in tendering (true/false).
"""

from __future__ import annotations

from collections.abc import Sequence

from liuquan.draw.exclusions import Rule
from liuquan.draw.refusals import DrawRefused

YEARS_IN_FIELD = 8


def evaluation_rules(
    *, bidders: Sequence[str], supervising_bodies: Sequence[str], specialities: Sequence[str]
) -> tuple[Rule, ...]:
    """The rules for one lot. Bodies and bidders by credit code; `supervising_bodies` names the department in
    charge of the project and the one that supervises the tender.

    Refused: no bidder, no supervising body or no speciality named, since the rules would then exclude nobody
    or everybody without anyone noticing.
    """
    if not bidders or not supervising_bodies or not specialities:
        raise DrawRefused("rules", "抽取评标专家前，请先填明投标人、行政监督部门和所需专业，缺一不可。")
    kin = "评标委员会和评标方法暂行规定 第十二条"
    law = "招标投标法 第三十七条"
    who, bodies = tuple(sorted(set(bidders))), tuple(sorted(set(supervising_bodies)))
    return (
        Rule("years", f"从事相关领域工作不满{YEARS_IN_FIELD}年", "is_below", "years", (YEARS_IN_FIELD,), law),
        Rule("title", "不具有高级职称或者同等专业水平", "is_false", "senior_title", (), law),
        Rule(
            "speciality",
            "专业与本项目不符",
            "is_not_one_of",
            "specialities",
            tuple(sorted(set(specialities))),
            law,
        ),
        Rule("bidder", "在投标人处任职", "is_one_of", "employers", who, law),
        Rule(
            "supervisor",
            "项目主管部门或者行政监督部门的人员",
            "is_one_of",
            "employers",
            bodies,
            "招标投标法实施条例 第四十六条",
        ),
        Rule("kin", "投标人或者投标人主要负责人的近亲属", "is_one_of", "kin_of", who, kin),
        Rule("interest", "与投标人有经济利益关系，可能影响公正评审", "is_one_of", "interest_in", who, kin),
        Rule("punished", "曾因招标投标活动中的违法行为受过处罚", "is_true", "punished", (), kin),
    )
