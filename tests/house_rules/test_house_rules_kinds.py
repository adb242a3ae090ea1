"""House rule about kinds of case: who serves every kind names none."""

from pathlib import PurePosixPath

import pytest

from liuquan.testing import kind_names, tree_files
from liuquan.testing.house_rules import Source
from liuquan.testing.kind_names import Kind

PERMIT = Kind("permit", "permits", "permits")


@pytest.fixture(scope="module")
def files() -> list[Source]:
    return kind_names.files_for_every_kind(tree_files.sources(".py"))


def test_few_files_outside_its_folder_name_a_kind(files: list[Source]) -> None:
    kinds = kind_names.kinds(files)
    assert Kind("application", "applications", "applications") in kinds
    assert Kind("disposal", "supervision", "supervision.disposal") in kinds
    for kind in kinds:
        found = kind_names.naming(kind, files)
        assert len(found) <= kind_names.MOST_FILES, "\n".join(
            [f"these name {kind.key}: let the kind say it of itself, in {kind.module}", *found]
        )


def test_kinds_are_those_of_the_procedures_in_the_tree() -> None:
    files = [
        Source(PurePosixPath("permits/procedure.py"), "KIND = 'permit'\nP = Procedure(kind=KIND, version=1)"),
        Source(PurePosixPath("hotline/procedure.py"), "P = Procedure(kind='call', version=1)"),
        Source(PurePosixPath("casework/registry.py"), "offer = Offer(kind='none')"),
    ]
    assert kind_names.kinds(files) == [Kind("call", "hotline", "hotline"), PERMIT]
    assert kind_names.figures(files) == [
        f"0 files outside hotline name the kind call, {kind_names.MOST_FILES} at most",
        f"0 files outside permits name the kind permit, {kind_names.MOST_FILES} at most",
    ]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("desk/views.py", "from liuquan.permits import queries"),
        ("desk/views.py", "from liuquan import permits"),
        ("desk/views.py", "import liuquan.permits.queries"),
        ("desk/urls.py", "path('', include('liuquan.permits.urls'))"),
        ("desk/views.py", "registry.newest('permit')"),
        ("desk/queries.py", "sql = f\"SELECT 1 FROM {CASES} WHERE kind = 'permit'\""),
        ("supervision/rules/late.sql", "WHERE event = 'permit.granted'"),
        ("desk/templates/desk/case.html", '{% if case.kind == "permit" %}'),
        ("organisation/actions.py", "def f():\n    '''Such as `permit.grant`.'''"),
    ],
)
def test_a_file_that_names_a_kind_is_counted_but_in_the_folder_of_the_kind(path: str, text: str) -> None:
    assert kind_names.naming(PERMIT, [Source(PurePosixPath(path), text)]) == [path]
    own = PurePosixPath("permits", PurePosixPath(path).name)
    assert kind_names.naming(PERMIT, [Source(own, text)]) == []


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("desk/views.py", "permit = permit.newest('a permit')  # a permit.granted one"),
        ("desk/views.py", "from liuquan.permits_of_old import permit"),
        ("desk/views.py", "say('test.permit.granted', 'permits.granted', 'A permit. And no more.')"),
        ("desk/templates/desk/case.html", '<p class="permit-list">{{ old.permit.number }}</p>'),
    ],
)
def test_the_word_alone_names_no_kind(path: str, text: str) -> None:
    assert kind_names.naming(PERMIT, [Source(PurePosixPath(path), text)]) == []
