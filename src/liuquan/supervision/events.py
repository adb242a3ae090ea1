"""What can happen to a finding. The subject of each entry is the finding's number."""

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
    ),
)

FINDING_RAISED, FINDING_LIFTED, EXPLANATION_ASKED, EXPLANATION_GIVEN, EXPLANATION_OPENED, FINDING_CLOSED = (
    declare(
        Event(
            "supervision.finding_raised",
            "发现",
            "{case}：{label}",
            public=frozenset({"case", "label", "rule", "rule_version", "severity", "since", "key"}),
        ),
        Event(
            "supervision.finding_lifted", "自动解除", "情形消失，自动解除", public=frozenset({"case", "rule"})
        ),
        Event(
            "supervision.explanation_asked",
            "要求说明",
            "要求责任单位最迟于{due_on}说明：{points_label}",
            public=frozenset({"case", "due_on", "points", "points_label"}),
            private=frozenset({"staff"}),
        ),
        Event(
            "supervision.explanation_given",
            "提交说明",
            "责任单位提交了说明{late_label}",
            public=frozenset({"case", "late_label"}),
            private=frozenset({"staff", "text"}),
        ),
        Event(
            "supervision.explanation_opened",
            "查看说明",
            "{post}查看了说明原文",
            public=frozenset({"post"}),
            private=frozenset({"staff"}),
            reads=True,
        ),
        Event(
            "supervision.finding_closed",
            "作出认定",
            "认定：{verdict_label}",
            public=frozenset({"case", "verdict", "verdict_label", "ground"}),
            private=frozenset({"staff", "note"}),
        ),
    )
)
