"""What can happen to a finding. The subject of an entry is the finding's number, or
that of its disposal."""

from liuquan.casework.events import OF_THE_ENGINE
from liuquan.journal.events import declare
from liuquan.journal.types import Event

READINGS_EXPORTED, READER_OPENED = declare(
    Event(
        "supervision.readings_exported",
        "下载查看记录",
        "{post}下载了{from_on}至{to_on}的查看记录{count}次",
        public=frozenset({"post", "from_on", "to_on", "count"}),
        private=frozenset({"staff"}),
    ),
    Event(
        "supervision.reader_opened",
        "查明查看人",
        "{post}查明了一次查看是谁做的",
        public=frozenset({"post", "reading", "purpose"}),
        private=frozenset({"staff", "reason"}),
        reads=True,
        opened="查看人姓名",
    ),
)

FINDING_RAISED, FINDING_LIFTED, EXPLANATION_OPENED, FINDING_CLOSED = declare(
    Event(
        "supervision.finding_raised",
        "发现",
        "{case}：{label}",
        public=frozenset({"case", "label", "rule", "rule_version", "severity", "since", "key"}),
    ),
    Event("supervision.finding_lifted", "自动解除", "情形消失，自动解除", public=frozenset({"case", "rule"})),
    Event(
        "supervision.explanation_opened",
        "查看说明",
        "{post}查看了说明原文",
        public=frozenset({"post"}),
        private=frozenset({"staff"}),
        reads=True,
        opened="监察说明",
    ),
    Event(
        "supervision.finding_closed",
        "作出认定",
        "认定：{verdict_label}",
        public=frozenset({"case", "verdict", "verdict_label", "ground"}),
        private=frozenset({"staff", "note"}),
    ),
)

_ASKED = OF_THE_ENGINE | {"item", "channel", "points", "points_label"}
#: acts on a disposal; the subject of each entry is the number of its case
ASKED, ASKED_AGAIN, EXPLAINED, JUDGED, CORRECTION_ORDERED, CORRECTED = declare(
    Event("disposal.asked", "要求说明", "要求责任单位说明：{points_label}", _ASKED, frozenset({"staff"})),
    Event(
        "disposal.asked_again",
        "再次要求说明",
        "再次要求责任单位说明：{points_label}",
        _ASKED,
        frozenset({"staff"}),
    ),
    Event(
        "disposal.explained",
        "提交说明",
        "责任单位提交了说明{late_label}",
        OF_THE_ENGINE | {"late_label"},
        frozenset({"staff", "text"}),
    ),
    Event(
        "disposal.judged",
        "作出认定",
        "认定：{verdict_label}",
        OF_THE_ENGINE | {"verdict", "verdict_label", "ground"},
        frozenset({"staff", "note"}),
    ),
    Event(
        "disposal.correction_ordered",
        "责令改正",
        "认定情况属实，责令{days}个工作日内改正并报告",
        OF_THE_ENGINE | {"days"},
        frozenset({"staff", "note"}),
    ),
    Event(
        "disposal.corrected",
        "报告改正情况",
        "责任单位报告了改正情况",
        OF_THE_ENGINE,
        frozenset({"staff", "text"}),
    ),
)
