"""The operators: source in, faults out."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from mutants.faults import Fault, mutants_of
from mutants.python_faults import python_faults
from mutants.sql_faults import is_sql, sql_faults
from mutants.template_faults import template_faults

from liuquan.kernel.home import CHECKOUT


def made(faults: Iterator[Fault]) -> set[str]:
    return {fault.make() for fault in faults}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("late = due < now", "late = due <= now"),
        ("late = due is None", "late = due is not None"),
        ("total = days + more", "total = days - more"),
        ("last = first + 1", "last = first + 2"),
        ("open = True", "open = False"),
        ("both = a and b", "both = a or b"),
        ("none = not a", "none = a"),
        ("end = min(a, b)", "end = max(a, b)"),
        ("if a:\n    b()", "if not a:\n    b()"),
        ("if a:\n    b()", "if a:\n    pass"),
        ("for a in b:\n    continue", "for a in b:\n    break"),
        ("kept = [a for a in b if a.open]", "kept = [a for a in b]"),
        ("if a:\n    raise Refused('x')", "if a:\n    pass"),
        ("def f():\n    yield Lack('x')", "def f():\n    pass"),
        ("row = Row(guards=(first, second))", "row = Row(guards=(second,))"),
        ("row = Row(guards=(first, second))", "row = Row(guards=(first,))"),
        ("ROWS = (Row(1), Row(2))", "ROWS = (Row(2),)"),
        ("CODES = frozenset({'a', 'b'})", "CODES = frozenset({'b'})"),
        ("def f():\n    return [*a(), *b()]", "def f():\n    return [*b()]"),
        ("view = Guide(phone=body.phone)", "view = Guide(phone='')"),
        ("view = Guide(title='指南')", "view = Guide(title='')"),
        ("other = replace(view, phone=phone)", "other = replace(view, phone='')"),
    ],
)
def test_each_small_fault_of_python_is_made(before: str, after: str) -> None:
    assert ast.unparse(ast.parse(after)) in {
        ast.unparse(ast.parse(one)) for one in made(python_faults(before))
    }


@pytest.mark.parametrize(
    "text",
    [
        '"""A docstring with 1 < 2."""',
        "__all__ = ['a', 'b']",
        "value: Literal[1, 2]",
        "def f(a: tuple[int, 3]) -> None: ...",
        "from a import b",
        "class A:\n    class Meta:\n        ordering = ['a', 'b']",
        "@dataclass(frozen=True)\nclass A:\n    pass",
    ],
)
def test_what_is_no_behaviour_is_left_alone(text: str) -> None:
    assert made(python_faults(text)) == set()


def test_values_are_emptied_only_where_pages_are_made() -> None:
    text = "def show():\n    return render(request, page, {'phone': phone})"
    emptied = "def show():\n    return render(request, page, {'phone': ''})"
    assert emptied in made(python_faults(text, page=True))
    assert emptied not in made(python_faults(text))


def test_columns_of_tables_are_left_alone_but_not_what_their_methods_do() -> None:
    column = "    number = CharField(max_length=30)"
    text = f"class Case(Model):\n{column}\n\n    def is_late(self):\n        return self.a < 1"
    assert {fault.line for fault in python_faults(text, tables=True)} == {5}


def test_a_fault_knows_its_line_its_statement_and_when_it_works() -> None:
    text = "LIMIT = 5\n\n\ndef late(a):\n    return (\n        a\n        > LIMIT + 1\n    )\n"
    found = {fault.what: fault for fault in python_faults(text)}
    constant = found["5 -> 6"]
    assert (constant.line, constant.at_import) == (1, True)
    added = found["1 -> 2: LIMIT + 1"]
    assert (added.line, added.first, added.last, added.at_import) == (7, 5, 8, False)
    assert text.splitlines()[:3] == added.make().splitlines()[:3]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("WHERE a < b", "WHERE a <= b"),
        ("WHERE a = %(b)s", "WHERE a <> %(b)s"),
        ("WHERE a IS NULL", "WHERE a IS NOT NULL"),
        ("WHERE NOT EXISTS (SELECT 1)", "WHERE EXISTS (SELECT 1)"),
        ("WHERE a = b AND c IS NULL ORDER BY d", "WHERE a = b ORDER BY d"),
        ("(SELECT 1 WHERE a AND b = (c)) AND d", "(SELECT 1 WHERE a ) AND d"),
        ("WHERE a AND b BETWEEN c AND d AND e", "WHERE a AND e"),
        ("UPDATE t SET a = b WHERE c = d", "UPDATE t SET a = b WHERE c <> d"),
    ],
)
def test_each_small_fault_of_sql_is_made(before: str, after: str) -> None:
    assert after in made(sql_faults(before))


@pytest.mark.parametrize(
    "text",
    [
        "UPDATE t SET a = b",
        "SELECT a->>'b', c::text, f(d => 1), e @> f -- a < b",
        "SELECT '<', \"a = b\"",
        "WHERE a BETWEEN b AND c",
    ],
)
def test_signs_of_sql_that_compare_nothing_are_left_alone(text: str) -> None:
    assert made(sql_faults(text)) == set()


def test_sql_in_python_is_found_and_named_by_its_own_line() -> None:
    text = 'def f():\n    run("""\n        SELECT 1 FROM a\n        WHERE b > c\n    """)\n'
    (turned,) = [fault for fault in python_faults(text) if fault.what.startswith("SQL")]
    assert turned.line == 4
    assert "b >= c" in turned.make()
    assert not is_sql("请填写 WHERE 之后的内容")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<p>{{ terms.name }}</p>", "<p></p>"),
        ("{% if a %}x{% elif b %}y{% else %}z{% endif %}", "{% if a %}{% elif b %}y{% else %}z{% endif %}"),
        ("{% if a %}x{% elif b %}y{% else %}z{% endif %}", "{% if a %}x{% elif b %}y{% else %}{% endif %}"),
        ("{% if a %}{% if b %}x{% endif %}{% endif %}", "{% if a %}{% endif %}"),
        ('<dl><c-fact label="a">b</c-fact></dl>', "<dl></dl>"),
        ('a<c-lamp colour="red" />b', "ab"),
        ('a<c-fact :label="x > 1">b<c-fact>c</c-fact></c-fact>', "a"),
        ('{% include "a.html" %}b', "b"),
    ],
)
def test_each_small_fault_of_a_template_is_made(before: str, after: str) -> None:
    assert after in made(template_faults(before))


def test_comments_of_templates_are_left_alone() -> None:
    text = (
        "{# {{ a }} #}{% comment %}{% if a %}b{% endif %}<c-fact>x</c-fact>{% endcomment %}<!-- {{ b }} -->"
    )
    assert made(template_faults(text)) == set()


@pytest.mark.parametrize("module", ["catalogue", "supervision"])
def test_every_fault_of_python_in_a_module_is_python_and_a_change(module: str) -> None:
    package = CHECKOUT / "src" / "liuquan"
    found = list(mutants_of(package, module))
    assert {Path(mutant.file).suffix for mutant in found} >= {".py", ".html"}
    for mutant in found[::50]:
        before, after = (package / mutant.file).read_text(), mutant.fault.make()
        assert before != after, mutant
        if mutant.file.endswith(".py"):
            assert ast.dump(ast.parse(before)) != ast.dump(ast.parse(after)), mutant


def test_only_some_files_may_be_chosen() -> None:
    package = CHECKOUT / "src" / "liuquan"

    def chosen(only: str) -> set[str]:
        return {mutant.file for mutant in mutants_of(package, "clock", only)}

    assert chosen("ends.py") == {"clock/ends.py"}
    assert not any("tests" in name for name in chosen(""))
