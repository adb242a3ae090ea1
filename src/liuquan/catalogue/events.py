"""The journal events of the catalogue: acts of posts on items. Free text is private."""

from liuquan.journal.events import declare
from liuquan.journal.types import Event

IMPORTED, LOADED, PUBLISHED, ADJUSTED, CANCELLED, LAW_SHORTENED = declare(
    Event(
        "catalogue.imported",
        "事项导入",
        "从文件“{file}”导入事项{rows}行：新增{created}、更新{updated}、未变{unchanged}、未收{rejected}",
        public=frozenset({"file", "rows", "created", "updated", "unchanged", "rejected"}),
    ),
    Event(
        "catalogue.loaded",
        "事项装载",
        "从数据包“{pack}”装载事项：新增{created}、更新{updated}、未变{unchanged}、发布{published}",
        public=frozenset({"pack", "created", "updated", "unchanged", "published"}),
    ),
    Event(
        "catalogue.published",
        "事项发布",
        "发布“{name}”第{version}版，自{from_on}起施行，承诺{promised}，法定{statutory}",
        public=frozenset({"name", "version", "from_on", "promised", "statutory", "bases", "words_sha256"}),
    ),
    Event(
        "catalogue.adjusted",
        "事项调整",
        "着手调整“{name}”，起草第{version}版",
        public=frozenset({"name", "version"}),
    ),
    Event(
        "catalogue.cancelled",
        "事项取消",
        "“{name}”自{from_on}起不再办理",
        public=frozenset({"name", "version", "from_on"}),
        private=frozenset({"reason"}),
    ),
    Event(
        "catalogue.law_shortened",
        "法定时限缩短",
        "“{name}”第{version}版的法定时限{stored}长于现行法律规定的{law}，新收办件按法律执行",
        public=frozenset({"name", "version", "stored", "law", "citation"}),
    ),
)
