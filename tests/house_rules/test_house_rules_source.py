"""Every rule about one file and about a commit: with a good and a bad sample, then over the whole tree."""

from pathlib import Path, PurePosixPath

import pytest

from liuquan.testing import commits, house_rules, tree_files
from liuquan.testing.house_rules import RULES, SQL_RULES, TEMPLATE_RULES, Rule, Source

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
        house_rules.only_actions_write,
        "casework/queries.py",
        "Case.objects.select_related('terms')",
        "Case.objects.select_for_update().get(number=number)",
    ),
    (
        house_rules.only_actions_write,
        "casework/rules/late.sql",
        "SELECT number FROM caselog.cases",
        "WITH gone AS (\n  DELETE FROM casework_case RETURNING number\n) SELECT number FROM gone",
    ),
    (
        house_rules.tables_are_named_by_their_owner,
        "applications/queries.py",
        "f'SELECT c.number FROM applications_application a JOIN {casework.CASES} c ON c.id = a.case_id'",
        "run('SELECT a.matter FROM applications_application a JOIN casework_case c ON c.id = a.case_id')",
    ),
    (
        house_rules.tables_are_named_by_their_owner,
        "casework/queries.py",
        "run('WITH post AS (SELECT 1 AS id) SELECT p.id FROM post p')\nsay('from post to post')",
        "run('SELECT c.id FROM casework_case c, post p WHERE p.code = c.post_code')",
    ),
    (
        house_rules.tables_are_named_by_their_owner,
        "supervision/rules/late.sql",
        "SELECT w.ordinal FROM caselog.workday w",
        "SELECT w.ordinal FROM workday w",
    ),
    (
        house_rules.tables_are_named_by_their_owner,
        "supervision/migrations/0002_guards.py",
        "SQL = 'CREATE FUNCTION f() RETURNS trigger AS $$ BEGIN PERFORM 1 FROM journal_entry; END $$;'",
        "SQL = 'CREATE VIEW v AS SELECT number FROM journal_entry'",
    ),
    (
        house_rules.the_formatter_is_off_in_tables_only,
        "casework/rules.py",
        "words = 'x  # fmt: skip'  # fmt is a word",
        "x = [1,2]  # fmt: skip",
    ),
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
        house_rules.stored_terms_are_read_where_they_are_declared,
        "applications/papers.py",
        "fee = case.own(ApplicationTerms).fee_text\nself.extra.get('fee_text')\nsay(extra='kept')",
        "fee = case.terms.extra.get('fee_text', '')",
    ),
    (
        house_rules.stored_terms_are_read_where_they_are_declared,
        "casework/queries/holdings.py",
        "names = [one.name for one in case.materials]",
        "names = [m['name'] for m in case.terms.extra['materials']]",
    ),
    (
        house_rules.stored_terms_are_read_where_they_are_declared,
        "applications/promises.py",
        "f'SELECT c.body_name, terms FROM {casework.CASES} c, extra'",
        "f\"SELECT c.extra->>'body_name' FROM {casework.CASES} c\"",
    ),
    (
        house_rules.stored_terms_are_read_where_they_are_declared,
        "supervision/rules/late.sql",
        "SELECT body_name FROM caselog.cases",
        "SELECT terms #>> '{extra,body_name}' FROM caselog.cases",
    ),
    (
        house_rules.templates_read_no_stored_terms,
        "applications/templates/applications/case.html",
        "<p>{{ values.fee_text }}</p>{% block head_extra %}{% endblock %}",
        "<p>{{ case.terms.extra.fee_text }}</p>",
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


# What writes or locks, each however it is written down.
WRITING = (
    "X = 'INSERT INTO casework_case DEFAULT VALUES'",
    "X = 'insert into casework_case default values'",
    "X = 'WITH g AS (SELECT 1), d AS (DELETE FROM casework_case) SELECT 1'",
    "X = 'WITH m AS (UPDATE casework_case c SET state = g.state FROM g) SELECT 1'",
    "X = 'UPDATE ONLY casework_case AS c SET state = 1'",
    "X = 'MERGE INTO casework_case USING g ON true WHEN MATCHED THEN DELETE'",
    "X = 'TRUNCATE casework_case'",
    "X = 'COPY casework_case (id, number) FROM STDIN (FORMAT BINARY)'",
    "X = 'SELECT id FROM casework_case FOR UPDATE SKIP LOCKED'",
    "X = 'SELECT id FROM casework_case FOR NO KEY UPDATE'",
    "X = 'SELECT id FROM casework_case FOR SHARE'",
    "X = \"SELECT nextval('casework_case_serial')\"",
    "X = \"SELECT pg_notify('cases', '')\"",
    "X = 'SELECT pg_advisory_xact_lock(7)'",
    "X = b'DELETE FROM casework_case'",
    "class Sql:\n    MOVE = 'DELETE FROM casework_case'",
    "PARTS = {'gone': 'DELETE FROM casework_case'}",
    "X = f'UPDATE {table} SET {column} = 1'",
    "X = f'WITH m AS ({move}) {\"DELETE FROM casework_case\"}'",
    "VERB = 'DELETE'\nX = f'{VERB} FROM casework_case'",
    "X = 'DELETE ' + 'FROM casework_case'",
    "X = 'DELETE ' + FROM + ' casework_case'\nFROM = 'FROM'",
    "X = ' '.join(['DELETE', 'FROM', table])",
    "PARTS = ('DELETE', 'FROM')\nX = ' '.join(PARTS)",
    "X = '{} FROM {}'.format('DELETE', table)",
    "X = 'DELETE FROM %s' % table",
    "X = 'DELETE'\nX += ' FROM casework_case'",
    "def f():\n    return run(said('DELETE FROM casework_case'))",
)
READING = (
    '"""UPDATE casework_case SET is what actions do."""',
    "X = 'SELECT updated_at FROM casework_case ORDER BY deleted_from'",
    "X = 'COPY (SELECT 1) TO STDOUT'",
    "say('Copy the paper from the desk, insert it, update what differs')",
)


@pytest.mark.parametrize("text", WRITING)
def test_sql_that_writes_is_found_however_it_is_written_down(text: str) -> None:
    for where in ("casework/queries.py", "casework/statements.py", "site/commands/pack.py"):
        assert len(complaints(house_rules.only_actions_write, where, text)) == 1
    for where in ("casework/actions/statements.py", "journal/log/actions/sealing.py", "kernel/jobs.py"):
        assert complaints(house_rules.only_actions_write, where, text) == []


@pytest.mark.parametrize("text", READING)
def test_words_that_only_look_like_writing_pass(text: str) -> None:
    assert complaints(house_rules.only_actions_write, "casework/queries.py", text) == []


def test_the_case_log_and_tests_may_name_every_table() -> None:
    text = "run('SELECT number FROM casework_case')"
    for where in ("caselog/migrations/0001_views.py", "site/tests/test_site_api.py", "testing/city.py"):
        assert complaints(house_rules.tables_are_named_by_their_owner, where, text) == []
    assert complaints(house_rules.tables_are_named_by_their_owner, "site/commands/pack.py", text)


def test_stored_terms_are_read_by_the_class_that_holds_them_and_in_the_fragments_of_their_tables() -> None:
    rule = house_rules.stored_terms_are_read_where_they_are_declared
    text = "CASES = \"SELECT terms->'extra'->>'body_name' AS body_name FROM casework_case\""
    assert complaints(rule, "casework/queries/fragments.py", text) == []
    assert complaints(rule, "casework/tests/test_casework_terms.py", "old = terms.extra") == []
    for where in ("casework/queries/lists.py", "desk/queries/fragments.py"):
        assert len(complaints(rule, where, text)) == 1


@pytest.mark.parametrize(
    ("subject", "said"),
    [
        ("casework: Keep the terms.", ""),
        ("casework, journal: Bring entries together.", ""),
        ("casework: " + "A" * 61 + ".", ""),
        ("casework: " + "A" * 62 + ".", "73 characters"),
        ("casework: Keep the terms", "form"),
        ("casework: keep the terms.", "form"),
        ("Keep the terms.", "form"),
        ("Merge branch 'casework'", "form"),
        ("house rules: Keep the terms.", "form"),
        ("casework: Kept and added terms.", ""),
        ("casework: Added the terms.", "imperative"),
        ("casework: Keeps the terms.", "imperative"),
    ],
)
def test_the_subject_of_a_commit_is_checked(subject: str, said: str) -> None:
    found = list(commits.subject_complaints(subject))
    assert bool(found) == bool(said)
    assert said in "".join(found)


def test_every_commit_since_the_rule_has_a_good_subject() -> None:
    said = [
        f"{short} “{subject}”: {complaint}"
        for short, subject in commits.checked_commits()
        for complaint in commits.subject_complaints(subject)
    ]
    assert not said, "\n".join(["", *said])


def test_the_history_is_left_alone_where_it_is_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commits, "CHECKOUT", tmp_path)
    assert commits.checked_commits() == []
    (tmp_path / ".git").mkdir()
    assert commits.checked_commits() == []
    monkeypatch.undo()
    monkeypatch.setattr(commits, "LAST_UNCHECKED", "0" * 40)
    assert commits.checked_commits() == []
    monkeypatch.setenv("PATH", str(tmp_path))
    assert commits.checked_commits() == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_whole_tree_keeps_the_rule(rule: Rule, sources: list[Source]) -> None:
    said = [f"{source.path}: {complaint}" for source in sources for complaint in rule(source)]
    assert not said, "\n".join(["", *said])


@pytest.mark.parametrize("rule", TEMPLATE_RULES, ids=lambda rule: rule.__name__)
def test_every_template_keeps_the_rule(rule: Rule) -> None:
    templates = tree_files.sources(".html")
    assert len(templates) > 20
    said = [f"{source.path}:{complaint}" for source in templates for complaint in rule(source)]
    assert not said, "\n".join(["", *said])


@pytest.mark.parametrize("rule", SQL_RULES, ids=lambda rule: rule.__name__)
def test_every_sql_file_keeps_the_rule(rule: Rule) -> None:
    files = tree_files.sources(".sql")
    assert files
    said = [f"{source.path}: {complaint}" for source in files for complaint in rule(source)]
    assert not said, "\n".join(["", *said])


def test_the_formatter_is_seldom_off(sources: list[Source]) -> None:
    places = [
        f"{source.path}:{line}" for source in sources for line in house_rules.lines_without_formatter(source)
    ]
    assert len(places) <= house_rules.MOST_FORMATTER_OFF, places


@pytest.fixture(scope="module")
def sources() -> list[Source]:
    """Every Python file of the checkout; each is parsed and walked once."""
    found = tree_files.sources(".py")
    assert len(found) > 20
    return found
