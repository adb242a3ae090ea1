"""Every rule about one file: with a good and a bad sample, then over the whole tree."""

from pathlib import PurePosixPath

import pytest

from liuquan.kernel.home import CHECKOUT
from liuquan.testing import house_rules
from liuquan.testing.house_rules import RULES, TEMPLATE_RULES, Rule, Source

# (rule, where the sample stands, good, bad)
SAMPLES: list[tuple[Rule, str, str, str]] = [
    (house_rules.files_are_short, "casework/rules.py", "x = 1\n" * 500, "x = 1\n" * 501),
    (
        house_rules.functions_are_short,
        "casework/rules.py",
        "def f():\n" + "    x = 1\n" * 39,
        "def f():\n" + "    x = 1\n" * 40,
    ),
    (
        house_rules.only_actions_write,
        "casework/queries.py",
        "words.update(a=1)\nCase.objects.filter(a=1)\nrun('SELECT 1')",
        "Case.objects.filter(a=1).update(a=2)",
    ),
    (house_rules.only_actions_write, "casework/views.py", "form.clean()", "case.save(update_fields=['a'])"),
    (
        house_rules.only_actions_write,
        "casework/jobs.py",
        "run('SELECT 1')",
        "run('UPDATE casework_case SET a = 1')",
    ),
    (house_rules.only_actions_write, "casework/queries.py", "words.delete(1)", "case.delete()"),
    (
        house_rules.edges_touch_no_tables,
        "casework/views.py",
        "queries.case(number)",
        "Case.objects.get(number=number)",
    ),
    (house_rules.edges_touch_no_tables, "site/commands/pack.py", "actions.load()", "Body.objects.all()"),
    (
        house_rules.only_actions_decrypt,
        "casework/queries.py",
        "mask(party.label)",
        "secrecy.decrypt(value, purpose='name')",
    ),
    (
        house_rules.modules_are_met_at_their_face,
        "casework/actions.py",
        "from liuquan.journal import actions\nfrom liuquan.journal.queries import entries\n"
        "from liuquan.casework.models import Case",
        "from liuquan.journal.models import Entry",
    ),
    (
        house_rules.modules_are_met_at_their_face,
        "casework/actions.py",
        "import liuquan.journal.queries",
        "from liuquan.journal import models",
    ),
    (
        house_rules.only_edges_read_the_clock,
        "casework/rules.py",
        "def due(*, now): return now",
        "from datetime import datetime\nat = datetime.now(UTC)",
    ),
    (
        house_rules.only_edges_read_the_clock,
        "casework/models.py",
        "models.DateTimeField()",
        "models.DateTimeField(auto_now_add=True)",
    ),
    (
        house_rules.markers_name_known_kinds_of_ids,
        "casework/tests/test_casework_rules.py",
        "@pytest.mark.requirement('CASE-04')\ndef test(): ...",
        "@pytest.mark.requirement('case 4')\ndef test(): ...",
    ),
    (
        house_rules.template_lines_are_short,
        "casework/templates/casework/case.html",
        "<p>\n  " + "字" * 158 + "\n</p>\n",
        "<p>\n  " + "字" * 159 + "\n</p>\n",
    ),
]


def complaints(rule: Rule, where: str, text: str) -> list[str]:
    return list(rule(Source(PurePosixPath(where), text)))


@pytest.mark.parametrize(
    ("rule", "where", "good", "bad"), SAMPLES, ids=lambda value: getattr(value, "__name__", "")
)
def test_a_rule_lets_the_good_sample_pass_and_says_what_to_do_about_the_bad_one(
    rule: Rule, where: str, good: str, bad: str
) -> None:
    assert complaints(rule, where, good) == []
    said = complaints(rule, where, bad)
    assert len(said) == 1
    assert ": " in said[0]


def test_a_file_with_a_vague_name_is_told_to_say_what_it_holds() -> None:
    assert complaints(house_rules.names_say_what_is_inside, "casework/deadlines.py", "") == []
    assert complaints(house_rules.names_say_what_is_inside, "casework/utils.py", "")
    assert complaints(house_rules.names_say_what_is_inside, "casework/common/deadlines.py", "")


def test_writing_is_allowed_where_it_belongs() -> None:
    text = "Case.objects.create(a=1)"
    for where in ("casework/actions.py", "casework/actions/opening.py", "casework/migrations/0001_first.py"):
        assert complaints(house_rules.only_actions_write, where, text) == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_whole_tree_keeps_the_rule(rule: Rule, sources: list[Source]) -> None:
    said = [f"{source.path}: {complaint}" for source in sources for complaint in rule(source)]
    assert not said, "\n".join(["", *said])


@pytest.mark.parametrize("rule", TEMPLATE_RULES, ids=lambda rule: rule.__name__)
def test_every_template_keeps_the_rule(rule: Rule) -> None:
    package = CHECKOUT / "src" / "liuquan"
    templates = [
        Source(PurePosixPath(path.relative_to(package)), path.read_text(encoding="utf-8"))
        for path in sorted(package.rglob("*.html"))
    ]
    assert len(templates) > 20
    said = [f"{source.path}:{complaint}" for source in templates for complaint in rule(source)]
    assert not said, "\n".join(["", *said])


@pytest.fixture(scope="module")
def sources() -> list[Source]:
    """Every Python file of the package and of the common tests."""
    package, common = CHECKOUT / "src" / "liuquan", CHECKOUT / "tests"
    found = [
        Source(PurePosixPath(path.relative_to(package)), path.read_text()) for path in package.rglob("*.py")
    ]
    found += [
        Source(PurePosixPath("tests", path.relative_to(common)), path.read_text())
        for path in common.rglob("*.py")
    ]
    assert len(found) > 20
    return sorted(found, key=lambda source: source.path)
