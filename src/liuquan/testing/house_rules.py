"""House rules about one file, Python, SQL or template, each a function from a file to its complaints.

A complaint says where and what to do. `tests/house_rules` runs every rule over the tree and over a good and a
bad sample. There is no list of exceptions.
"""

import ast
import io
import re
import tokenize
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import PurePosixPath
from typing import TypeVar, cast

from django.apps import apps

from liuquan import layers
from liuquan.testing import sql_text

LONGEST_FILE = 500
LONGEST_FUNCTION = 40
LONGEST_TEMPLATE_LINE = 160
VAGUE = frozenset({"utils", "util", "helpers", "helper", "common", "misc"})
#: of these others use only what is in `PUBLIC`
BUSINESS = frozenset(module.name for module in layers.modules(layers.Kind.BUSINESS))
PUBLIC = frozenset({"actions", "queries", "events", "types", "schemas", "effects"})
EDGES = frozenset({"views", "api", "jobs", "commands"})
#: these write when they are called on a manager
WRITES = frozenset({"create", "acreate", "update", "aupdate", "delete"})
#: these write, or lock what is to be written, wherever they stand
WRITES_ANYWHERE = frozenset(
    {
        "save",
        "asave",
        "adelete",
        "bulk_create",
        "abulk_create",
        "bulk_update",
        "abulk_update",
        "get_or_create",
        "aget_or_create",
        "update_or_create",
        "aupdate_or_create",
        "select_for_update",
    }
)
#: where the formatter may be told to leave a table as it is written
FORMATTER_MAY_BE_OFF = re.compile(
    r"(.+/)?procedure\.py|law/.+|tests/law/.+|testing/kinds\.py|.+/tests/\w+_kind\.py"
)
FORMATTER_OFF = re.compile(r"#\s*(?:fmt:\s*(?:skip|off)|yapf:\s*disable)\b")
MOST_FORMATTER_OFF = 40
#: SQL that looks below the key: "extra->>'body_name'", "terms->'extra'->'bases'", "terms #>> '{extra,bases}'"
_IN_STORED_TERMS = re.compile(r"\bextra['\"]?\s*(?:->|#>|@>|\?)|['{]extra\s*,|'extra'\s*[,\]]")
CLOCKS = frozenset(
    {
        ("datetime", "now"),
        ("datetime", "today"),
        ("datetime", "utcnow"),
        ("date", "today"),
        ("timezone", "now"),
        ("timezone", "localdate"),
        ("time", "time"),
        ("moments", "now"),
    }
)


Function = ast.FunctionDef | ast.AsyncFunctionDef
_Node = TypeVar("_Node", bound=ast.AST)


@dataclass(frozen=True)
class Source:
    """One file: its path below `src/liuquan`, or from the checkout on (`tests/`, `bench/`, `verifier/`)."""

    path: PurePosixPath
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """The syntax tree of a Python file."""
        return ast.parse(self.text)

    @cached_property
    def all_nodes(self) -> list[ast.AST]:
        """Its syntax tree as one list, parents first, in the order of the text; walked once for all rules."""
        found: list[ast.AST] = []
        waiting: list[ast.AST] = [self.tree] if self.path.suffix == ".py" else []
        while waiting:
            node = waiting.pop()
            found.append(node)
            for name in reversed(node._fields):
                below = getattr(node, name, None)
                if isinstance(below, list):
                    waiting += [one for one in reversed(below) if isinstance(one, ast.AST)]
                elif isinstance(below, ast.AST) and not isinstance(below, ast.expr_context):
                    waiting.append(below)
        return found

    @cached_property
    def _by_kind(self) -> dict[type[ast.AST], list[ast.AST]]:
        found: dict[type[ast.AST], list[ast.AST]] = {}
        for node in self.all_nodes:
            found.setdefault(type(node), []).append(node)
        return found

    def nodes(self, *kinds: type[_Node]) -> Iterator[_Node]:
        """All nodes of these kinds."""
        return (cast(_Node, node) for kind in kinds for node in self._by_kind.get(kind, ()))

    @property
    def calls(self) -> Iterator[ast.Call]:
        """All calls."""
        return self.nodes(ast.Call)

    @cached_property
    def texts(self) -> list[sql_text.Text]:
        """What its strings say; an SQL file is one text."""
        if self.path.suffix == ".sql":
            return [sql_text.Text(1, self.text)]
        return sql_text.texts(self.all_nodes)

    @property
    def module(self) -> str:
        """The first folder: which module of the tree this is."""
        return self.path.parts[0]

    @property
    def words(self) -> frozenset[str]:
        """Its folders and its own name without ending: "casework", "actions", "opening"."""
        return frozenset([*self.path.parent.parts, self.path.stem])

    @property
    def is_test(self) -> bool:
        """Whether it is a test, serves tests or measures."""
        return "tests" in self.words or self.module in {"tests", "testing", "bench"}

    @property
    def is_edge(self) -> bool:
        """Whether it is an adapter: views, API, jobs or commands."""
        return bool(EDGES & self.words) or self.path.stem.endswith(("_views", "_api"))


Rule = Callable[[Source], Iterator[str]]


def files_are_short(source: Source) -> Iterator[str]:
    """A file written by hand has at most 500 lines."""
    lines = source.text.count("\n")
    if lines > LONGEST_FILE and "migrations" not in source.words:  # those are generated
        yield f"{lines} lines, {LONGEST_FILE} at most: make it a folder of files named by nouns."


def functions_are_short(source: Source) -> Iterator[str]:
    """A function has at most 40 lines."""
    for function in functions(source):
        lines = length(function)
        if lines > LONGEST_FUNCTION:
            yield (
                f"line {function.lineno}: `{function.name}` has {lines} lines, {LONGEST_FUNCTION} at most: "
                "give its parts names."
            )


def functions(source: Source) -> Iterator[Function]:
    """All functions of a file, methods and inner ones too."""
    return source.nodes(ast.FunctionDef, ast.AsyncFunctionDef)


def length(function: Function) -> int:
    """How many lines a function has, its decorators apart."""
    return (function.end_lineno or function.lineno) - function.lineno + 1


def names_say_what_is_inside(source: Source) -> Iterator[str]:
    """No utils, helpers, common, misc."""
    for word in sorted(VAGUE & source.words):
        yield f"`{word}` says nothing: name the file after what it holds."


def only_actions_write(source: Source) -> Iterator[str]:
    """Rows are written and locked in `actions` only, and SQL that does so stands there only.

    Migrations, the kernel, tests and measurements are free to. What is put together at run time is not seen.
    """
    if source.is_test or source.module == "kernel" or {"actions", "migrations"} & source.words:
        return
    for call in source.calls:
        if not isinstance(call.func, ast.Attribute):
            continue
        name, chain = call.func.attr, _chain(call.func.value)
        writes = name in WRITES_ANYWHERE or (name in WRITES and "objects" in chain)
        if writes or (name == "delete" and not call.args and not call.keywords):
            yield f"line {call.lineno}: `.{name}()` writes: move it to the module's actions."
    for line in sorted({text.line for text in source.texts if sql_text.writes(text.words)}):
        yield f"line {line}: this SQL writes or locks: move it to the module's actions."


def tables_are_named_by_their_owner(source: Source) -> Iterator[str]:
    """SQL names tables of its own module only; of another it takes the fragments and queries that it offers.

    The case log reads all tables (its views are the contract). A trigger of a migration may look into the
    record: it holds a row against its entry.
    """
    if source.is_test or source.module == "caselog":
        return
    seen = set()
    for text in source.texts:
        words = sql_text.without_guards(text.words) if "migrations" in source.words else text.words
        for table in sql_text.tables(words, owners_of_tables()):
            owner = owners_of_tables()[table]
            if owner != source.module and (text.line, table) not in seen:
                seen.add((text.line, table))
                yield (
                    f"line {text.line}: `{table}` belongs to {owner}: take a fragment or a query that its "
                    "`queries` or `actions` offer."
                )


@cache
def owners_of_tables() -> dict[str, str]:
    """The module of each of our tables, by Django's registry."""
    return {
        model._meta.db_table: model._meta.app_label
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_config.name.startswith("liuquan.")
    }


def edges_touch_no_tables(source: Source) -> Iterator[str]:
    """Views, API, jobs and commands call queries and actions; they never touch `.objects`."""
    if source.is_test or not source.is_edge:
        return
    for node in source.nodes(ast.Attribute):
        if node.attr in {"objects", "_default_manager", "_base_manager"}:
            yield f"line {node.lineno}: `.{node.attr}` at an edge: ask the module's queries or actions."


def only_actions_decrypt(source: Source) -> Iterator[str]:
    """Opening a sensitive value is an action, journalled first."""
    if source.is_test or source.module in {"kernel", "sealing"} or "actions" in source.words:
        return
    for call in source.calls:
        name = _last_name(call.func)
        if name in {"decrypt", "reveal", "open_file", "open_envelope"}:
            yield f"line {call.lineno}: `{name}` opens a sensitive value: do it in an action (journal first)."


def modules_are_met_at_their_face(source: Source) -> Iterator[str]:
    """Of another business module only `actions`, `queries`, `events` and `types` are imported."""
    if source.module in {"site", "testing", "tests", "bench"}:
        return
    for line, module, name in _imports(source):
        parts = [*module.split("."), name]
        if parts[0] != "liuquan" or len(parts) < 3 or parts[1] not in BUSINESS - {source.module}:
            continue
        if parts[2] not in PUBLIC:
            yield (
                f"line {line}: `{parts[1]}.{parts[2]}` is private: use its actions, queries, events or types"
                " (a foreign key names its table as text)."
            )


def only_edges_read_the_clock(source: Source) -> Iterator[str]:
    """`now` is read at the edge (request, job, command) and passed down."""
    edge_files = {"moments", "pages", "middleware"}
    if source.is_edge or source.is_test or source.module == "site":
        return
    if source.module == "kernel" and source.path.stem in edge_files:
        return
    for call in source.calls:
        if tuple(_chain(call.func)[-2:]) in CLOCKS:
            yield f"line {call.lineno}: reads the clock: take `now` as a keyword argument."
        for keyword in call.keywords:
            if keyword.arg in {"auto_now", "auto_now_add"}:
                yield f"line {call.lineno}: `{keyword.arg}` reads the clock: let the action set the field."


def markers_name_known_kinds_of_ids(source: Source) -> Iterator[str]:
    """`requirement("CASE-04")` and `fact("L-04")`: an id of the written kind, or the marker means nothing."""
    kinds = {"requirement": re.compile(r"[A-Z]{3,5}-\d{2}"), "fact": re.compile(r"[A-Z]-\d{2}")}
    for call in source.calls:
        kind = next((kind for kind in kinds if is_mark(call, kind)), None)
        for argument in call.args if kind else ():
            known = not isinstance(argument, ast.Constant) or (
                isinstance(argument.value, str) and kinds[kind or ""].fullmatch(argument.value)
            )
            if not known:
                yield f"line {call.lineno}: no such id form: write it as the list of ids does."


def stored_terms_are_read_where_they_are_declared(source: Source) -> Iterator[str]:
    """What is stored under keys of a kind's own is read by these keys in one place each: Python by the class
    that holds it (`self.extra`), SQL in the fragments that `casework` offers."""
    if source.is_test or source.path.as_posix() == "casework/queries/fragments.py":
        return
    lines = {
        n.lineno for n in source.nodes(ast.Attribute) if n.attr == "extra" and _chain(n.value) != ["self"]
    }
    lines |= {text.line for text in source.texts if _IN_STORED_TERMS.search(text.words)}
    for line in sorted(lines):
        yield f"line {line}: reads stored terms by keys: name them in the kind's `OwnTerms` and ask `own()`."


def templates_read_no_stored_terms(source: Source) -> Iterator[str]:
    """A template shows typed values: a key that it misspells would be left blank without a word."""
    for number, line in enumerate(source.text.split("\n"), start=1):
        if re.search(r"\.extra\b", line):
            yield f"{number}: reads stored terms by key: give it the value of the kind's `OwnTerms`."


def template_lines_are_short(source: Source) -> Iterator[str]:
    """A line of a template has at most 160 characters."""
    for number, line in enumerate(source.text.split("\n"), start=1):
        if len(line) > LONGEST_TEMPLATE_LINE:
            yield (
                f"{number}: {len(line)} characters, {LONGEST_TEMPLATE_LINE} at most: break between blocks, "
                "at a blank or between attributes, where no gap shows, never inside {% … %} or {{ … }}."
            )


def is_mark(call: ast.Call, kind: str) -> bool:
    """Whether the call is `pytest.mark.<kind>(…)`."""
    return _chain(call.func)[-2:] == ["mark", kind]


def the_formatter_is_off_in_tables_only(source: Source) -> Iterator[str]:
    """Lines are kept from the formatter only where a row of law or procedure is read as one line."""
    if FORMATTER_MAY_BE_OFF.fullmatch(source.path.as_posix()):
        return
    for line in lines_without_formatter(source):
        yield f"line {line}: the formatter is told to leave this: let it format, or name the parts."


def lines_without_formatter(source: Source) -> list[int]:
    """The lines that tell the formatter to leave something as it is."""
    if not FORMATTER_OFF.search(source.text):
        return []
    tokens = tokenize.generate_tokens(io.StringIO(source.text).readline)
    return [
        token.start[0]
        for token in tokens
        if token.type == tokenize.COMMENT and FORMATTER_OFF.match(token.string)
    ]


RULES: tuple[Rule, ...] = (
    files_are_short,
    functions_are_short,
    names_say_what_is_inside,
    only_actions_write,
    tables_are_named_by_their_owner,
    edges_touch_no_tables,
    only_actions_decrypt,
    modules_are_met_at_their_face,
    only_edges_read_the_clock,
    markers_name_known_kinds_of_ids,
    stored_terms_are_read_where_they_are_declared,
    the_formatter_is_off_in_tables_only,
)
SQL_RULES: tuple[Rule, ...] = (
    only_actions_write,
    tables_are_named_by_their_owner,
    stored_terms_are_read_where_they_are_declared,
)
#: their complaints begin with the number of the line, to stand after the path
TEMPLATE_RULES: tuple[Rule, ...] = (template_lines_are_short, templates_read_no_stored_terms)


def _chain(node: ast.expr) -> list[str]:
    """The names along `Case.objects.filter(...)`, in order: ["Case", "objects", "filter"]."""
    if isinstance(node, ast.Call):
        return _chain(node.func)
    if isinstance(node, ast.Attribute):
        return [*_chain(node.value), node.attr]
    return [node.id] if isinstance(node, ast.Name) else []


def _last_name(node: ast.expr) -> str:
    return (_chain(node) or [""])[-1]


def _imports(source: Source) -> Iterator[tuple[int, str, str]]:
    """Every import as (line, module, name); `import a.b.c` counts as `from a.b import c`."""
    for node in source.nodes(ast.ImportFrom):
        if node.module and not node.level:
            for alias in node.names:
                yield node.lineno, node.module, alias.name
    for plain in source.nodes(ast.Import):
        for alias in plain.names:
            module, _, name = alias.name.rpartition(".")
            yield plain.lineno, module, name
