"""What the desk enters in the record beside the acts of cases: identity documents checked at the window, and
people looked for there."""

from liuquan.journal.events import declare
from liuquan.journal.types import Event

IDENTITY_VERIFIED, IDENTITY_CORRECTED, PARTY_CHECKED = declare(
    Event(
        "desk.identity_verified",
        "核验身份",
        "窗口核对了{document}原件",
        frozenset({"document", "cases"}),
        frozenset({"staff"}),
    ),
    Event(
        "desk.identity_corrected",
        "更正身份信息",
        "窗口核对{document}原件，更正了{fields}",
        frozenset({"document", "cases", "fields"}),
        frozenset({"staff", "reason", "name_before", "name_after", "phone_before", "phone_after"}),
    ),
    Event(
        "desk.party_checked",
        "核对证件",
        "窗口核对了当事人的{document}原件，{what}",
        frozenset({"document", "what"}),
        frozenset({"staff"}),
        is_shown=True,
    ),
)

PEOPLE_OPENED, PERSON_OPENED = declare(
    Event(
        "desk.people_opened",
        "找人",
        "{post}按{way}找人，看到{cases}件",
        frozenset({"post", "way", "purpose", "cases"}),
        frozenset({"staff"}),
        reads=True,
        opened="按{way}找人，看到{cases}件",
    ),
    Event(
        "desk.person_opened",
        "按当事人找到本件",
        "{post}按当事人的{way}找到本件",
        frozenset({"post", "way", "purpose"}),
        frozenset({"staff"}),
        reads=True,
        opened="按{way}找到：姓名的一部分和案件状态",
    ),
)
