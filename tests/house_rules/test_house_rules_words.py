"""House rules about words: what serves every kind of case speaks of cases and parties, not of applications;
and what a person is handed has one name."""

from collections.abc import Iterable
from pathlib import PurePosixPath

import pytest

from liuquan.kernel.home import CHECKOUT
from liuquan.testing import tree_files
from liuquan.testing.house_rules import Source

#: what a case and the party who brings it are called by one kind alone; other kinds have words of their own,
#: and pages take them from the kind (`CaseKind.label`, `CaseKind.applicant`)
WORDS = ("办件", "申请人")
#: the kind itself, the service items that people apply for, the articles of law
OWN = frozenset({"applications", "catalogue", "law"})
#: the line of that kind in the map; the duty of an article, in its words (行政许可法 第四十五条), and a point
#: of supervision, as entries and the record of the engine's answers (`tests/engine/golden`) keep them
NAMED = {
    "layers.py": 'Module("applications", "办件: applications for service items")',
    "casework/effects/complete_step.py": "须先书面告知申请人所需时间",
    "clock/changes.py": "所需时间须书面告知申请人",
    "supervision/types.py": '"public": "是否已向申请人公开说明"',
}
#: the page of all that one person has under way, of whatever kind, by the name that every portal gives it
PAGE = "我的办件"
SUFFIXES = (".py", ".html", ".sql", ".toml", ".typ", ".js", ".csv")
BESIDE = frozenset({"tests", "bench", "verifier"})


def speaking(files: Iterable[Source]) -> list[str]:
    """Every line for all kinds that says the word of one, by file and line."""
    return [
        f"{one.path}:{number}: {line.strip()}"
        for one in files
        if not one.is_test and one.module not in OWN | BESIDE
        for number, line in enumerate(one.text.splitlines(), 1)
        if any(word in _unnamed(line, one.path) for word in WORDS)
    ]


def _unnamed(line: str, path: PurePosixPath) -> str:
    """The line without what it may say."""
    line = line.replace(PAGE, "")
    named = NAMED.get(str(path))
    return line.replace(named, "") if named else line


def test_what_serves_every_kind_says_no_word_of_one() -> None:
    found = speaking(source for suffix in SUFFIXES for source in tree_files.sources(suffix))
    assert not found, "\n".join(["say 案件 and 当事人, or ask the kind for its word:", *found])


#: other names that 接收凭证 and 受理通知书 had (`docs/glossary.md`)
OTHER_NAMES = ("回执单", "受理单", "收件凭证", "单子")


def test_the_paper_that_a_person_is_handed_has_one_name() -> None:
    pages = [one for suffix in SUFFIXES for one in tree_files.sources(suffix) if not one.is_test]
    texts = {str(one.path): one.text for one in pages}
    texts |= {str(path): path.read_text(encoding="utf-8") for path in CHECKOUT.glob("docs/manual/*.md")}
    texts |= {str(path): path.read_text(encoding="utf-8") for path in CHECKOUT.glob("packs/**/*.toml")}
    found = [f"{path}: {name}" for path, text in texts.items() for name in OTHER_NAMES if name in text]
    assert not found, "\n".join(["say 接收凭证 or 受理通知书:", *found])


def test_each_named_line_is_still_there_once() -> None:
    said = {str(one.path): one.text.count(NAMED[str(one.path)]) for one in _named_files()}
    assert said == dict.fromkeys(NAMED, 1)


def _named_files() -> list[Source]:
    return [one for one in tree_files.sources(".py") if str(one.path) in NAMED]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("casework/effects/complete_step.py", "raise WrongState('请告知申请人。')"),
        ("casework/effects/stop.py", "raise WrongState('请先告知申请人。')"),
        ("casework/queries/lists.py", "def f():\n    '''办件 of a body.'''"),
        ("kinds/words.py", "who = '申请人'"),
        ("desk/templates/desk/cases.html", "<h1>本单位办件</h1>"),
        ("tracking/forms.py", "number = _line('办件编号')"),
        ("papers/actions/issuing.py", "said = '请申请人核对'"),
        ("supervision/rules/late.sql", "-- owes: 尽快告知申请人。"),
        ("supervision/templates/supervision/_facts.html", '<c-fact label="办件编号">'),
        ("site/settings.py", "('本单位办件', 'desk-cases', 'c')"),
        ("tracking/views/mine.py", "title = '我的办件：办件详情'"),
        ("layers.py", "(Module('desk', '办件'),)"),
    ],
)
def test_a_line_with_the_word_of_one_kind_is_found_outside_its_folders(path: str, text: str) -> None:
    where = PurePosixPath(path)
    assert [one.split(":")[0] for one in speaking([Source(where, text)])] == [path]
    for module in OWN:
        assert speaking([Source(PurePosixPath(module, where.name), text)]) == []
    assert speaking([Source(PurePosixPath("desk/tests", where.name), text)]) == []


def test_neutral_words_pass() -> None:
    text = "label = '案件编号'  # 当事人 申请材料 即办理 我的办件"
    assert speaking([Source(PurePosixPath("desk/views/case.py"), text)]) == []
