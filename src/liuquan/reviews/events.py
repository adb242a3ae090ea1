"""The journal events of reviews. Who said it and in which words stays private."""

from liuquan.casework.events import OF_THE_ENGINE
from liuquan.journal.events import declare
from liuquan.journal.types import Event


def _event(name: str, label: str, sentence: str, *private: str) -> Event:
    return Event(
        f"rectification.{name}",
        label,
        sentence,
        public=frozenset({"item", "channel", "about"} | OF_THE_ENGINE),
        private=frozenset({"staff", *private}),
    )


(GIVEN, OPENED, VERIFIED, GROUNDLESS, RECTIFIED, TOLD) = declare(
    Event(
        "review.given",
        "评价",
        "评价“{service}”：{grade_label}",
        public=frozenset({"service", "grade", "grade_label"}),
        private=frozenset({"words"}),
        is_shown=True,
    ),
    _event("opened", "差评核实", "收到差评，由办理单位核实"),
    _event("verified", "核实属实", "核实属实，进行整改", "finding"),
    _event("groundless", "核实不属实", "核实不属实", "finding"),
    _event("rectified", "整改完成", "已经整改", "measures"),
    _event("told", "反馈", "向评价人反馈结果", "reply"),
)
