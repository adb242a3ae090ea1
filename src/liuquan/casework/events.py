"""Journal events of the engine itself; the acts of a procedure are declared by its vertical."""

from liuquan.journal.events import declare
from liuquan.journal.types import Event

#: what the engine adds to the public part of any act, beside the row's own values: due days by clock (of a
#: step as `step:<key>`), which of them are provisional, the moment of an act that takes effect earlier, and
#: the hash of the terms that the case is opened under. The events of every kind of case declare these.
OF_THE_ENGINE = frozenset({"due", "provisional", "acted_at", "terms_sha256"})

NOTICE_ISSUED, DEADLINE_BREACHED, NOTICE_OPENED, DEADLINE_REPROJECTED = declare(
    Event(
        "casework.notice_issued",
        "签发文书",
        "签发《{label}》（{notice}）",
        public=frozenset({"notice", "kind", "label", "sha256"}),
    ),
    Event(
        "casework.deadline_breached",
        "期限届满未办",
        "期限于{due_on}届满，尚未办理",
        public=frozenset({"key", "step", "due_on"}),
    ),
    Event(
        "casework.notice_opened",
        "查看文书",
        "查看了《{label}》",
        public=frozenset({"notice", "label", "purpose"}),
        private=frozenset({"staff"}),
        reads=True,
    ),
    Event(
        "casework.deadline_reprojected",
        "期限重新推算",
        "因{reason}，期限重新推算",
        public=frozenset({"reason", "due", "before", "firm"}),
    ),
)
