"""Journal events of the engine itself; the acts of a procedure are declared by its vertical."""

from liuquan.journal.events import declare
from liuquan.journal.types import Event

#: what the engine adds to the public part of any act, beside the row's own values: due days by clock (of a
#: step as `step:<key>`), which of them are provisional, the moment of an act that takes effect earlier, the
#: hash of the terms that the case is opened under, and the moment a filing after hours counts from. The
#: events of every kind of case declare these.
OF_THE_ENGINE = frozenset({"due", "provisional", "acted_at", "terms_sha256", "counts_from"})
#: what the engine adds to an act that corrects an anchor: which clock, from which day to which, the moments
#: of the case that move with it, and the last days as they were
OF_A_CORRECTION = frozenset({"clock", "to", "anchor_at", "anchor_before", "moments", "before"})

(
    NOTICE_ISSUED,
    DEADLINE_NEAR,
    DEADLINE_BREACHED,
    NOTICE_OPENED,
    FILE_OPENED,
    MATERIAL_OPENED,
    DEADLINE_REPROJECTED,
) = declare(
    Event(
        "casework.notice_issued",
        "签发文书",
        "签发《{label}》（{notice}）",
        public=frozenset({"notice", "kind", "label", "sha256"}),
        is_shown=True,
    ),
    Event(
        "casework.deadline_near",
        "期限临近提醒",
        "期限将于{due_on}届满，已提醒承办岗位",
        public=frozenset({"key", "step", "due_on", "posts"}),
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
        public=frozenset({"notice", "label", "post", "purpose"}),
        private=frozenset({"staff"}),
        reads=True,
        opened="文书《{label}》",
    ),
    Event(
        "casework.file_opened",
        "查阅案卷",
        "{post}查阅了案卷",
        public=frozenset({"post", "purpose"}),
        private=frozenset({"staff"}),
        reads=True,
        opened="案卷：姓名、证件号码、电话和所请求的事",
    ),
    Event(
        "casework.material_opened",
        "查看材料",
        "{post}查看了材料“{material}”",
        public=frozenset({"post", "purpose", "material"}),
        private=frozenset({"staff"}),
        reads=True,
        opened="材料“{material}”",
    ),
    Event(
        "casework.deadline_reprojected",
        "期限重新推算",
        "因{reason}，期限重新推算",
        public=frozenset({"reason", "due", "before", "firm"}),
    ),
)
