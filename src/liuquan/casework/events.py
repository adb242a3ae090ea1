"""Journal events of the engine itself; the acts of a procedure are declared by its vertical."""

from typing import Final

from liuquan.journal.events import declare
from liuquan.journal.types import Event

#: in the entry of what a party did, the role in which it did it
ACTED_AS: Final = "acted_as"
#: what the engine adds to the public part of any act, beside the row's own values: due days by clock (of a
#: step as `step:<key>`, of a part as `key/part`), which of them are provisional, the moment of an act that
#: takes effect earlier, the hash of the terms that the case is opened under, the moment a filing after hours
#: counts from, the role of a party that acted, and what the act changed (`structure`). The events of every
#: kind of case declare these.
OF_THE_ENGINE = frozenset(
    {"due", "provisional", "acted_at", "terms_sha256", "counts_from", ACTED_AS, "structure"}
)
#: what the engine adds to an act that corrects an anchor: which clock, from which day to which, the moments
#: of the case that move with it, and the last days as they were
OF_A_CORRECTION = frozenset({"clock", "to", "anchor_at", "anchor_before", "moments", "before"})
#: what it adds to an act by which a party joins or leaves, whose field has the usual name
OF_A_PARTY = frozenset({"party", "party_role"})
#: what the engine adds to an act that hands the case to another body: to which, from which
OF_A_MOVE = frozenset({"body", "body_from", "taken_back"})
#: what it adds to an act that puts steps into other hands: which post of which body has them by step, and
#: which steps ended undone
OF_AN_ASSIGNMENT = frozenset({"assigned", "taken_back", "step", "step_name"})
#: what the engine adds where cases open others: the numbers of the children to the act that opens them, the
#: number of the parent to the first entry of each child
OF_CHILDREN = frozenset({"children", "parent"})

(
    NOTICE_ISSUED,
    DEADLINE_NEAR,
    DEADLINE_BREACHED,
    NOTICE_OPENED,
    FILE_OPENED,
    MATERIAL_OPENED,
    TEXTS_OPENED,
    MATTERS_OPENED,
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
        public=frozenset({"key", "step", "part", "due_on", "posts"}),
    ),
    Event(
        "casework.deadline_breached",
        "期限届满未办",
        "期限于{due_on}届满，尚未办理",
        public=frozenset({"key", "step", "part", "due_on"}),
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
        "casework.texts_opened",
        "查看告知的内容",
        "查看了“{act}”告知的内容",
        public=frozenset({"act", "post", "purpose"}),
        reads=True,
        opened="“{act}”告知的内容",
    ),
    Event(
        "casework.matters_opened",
        "系统通读诉求内容",
        "系统通读{count}件的内容：{purpose}",
        public=frozenset({"count", "purpose"}),
        reads=True,
        opened="系统通读的内容",
    ),
    Event(
        "casework.deadline_reprojected",
        "期限重新推算",
        "因{reason}，期限重新推算",
        public=frozenset({"reason", "due", "before", "firm"}),
    ),
)
