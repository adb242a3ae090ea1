"""House rules about one file, Python or template, each a function from a file to its complaints.

A complaint says where and what to do. `tests/house_rules` runs every rule over the tree and over a good and a
bad sample. There is no list of exceptions.
"""

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath

LONGEST_FILE = 500
LONGEST_FUNCTION = 40
LONGEST_TEMPLATE_LINE = 160
VAGUE = frozenset({"utils", "util", "helpers", "helper", "common", "misc"})
WITH_TABLES = frozenset(
    {
        "organisation",
        "parties",
        "journal",
        "casework",
        "catalogue",
        "timekeeping",
        "applications",
        "caselog",
        "supervision",
        "exchange",
    }
)
PUBLIC = frozenset({"actions", "queries", "events", "types"})
EDGES = frozenset({"views", "api", "jobs", "commands"})
WRITES = frozenset(
    {"create", "bulk_create", "bulk_update", "get_or_create", "update_or_create", "update", "delete"}
)
WRITES_ANYWHERE = frozenset(
    {"save", "bulk_create", "bulk_update", "get_or_create", "update_or_create", "asave", "adelete"}
)
WRITING_SQL = re.compile(r"^\s*(INSERT\s+INTO|UPDATE\s+\w+|DELETE\s+FROM|TRUNCATE)\b", re.IGNORECASE)
RUNS_SQL = frozenset({"run", "run_one", "run_prepared", "execute", "executemany"})
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


@dataclass(frozen=True)
class Source:
    """One Python file or template: its path below `src/liuquan` (below `tests` it begins with `tests/`)."""

    path: PurePosixPath
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """The file's syntax tree."""
        return ast.parse(self.text)

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
        """Whether it is a test or serves tests."""
        return "tests" in self.words or self.module in {"tests", "testing"}

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
    for node in ast.walk(source.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > LONGEST_FUNCTION:
                yield (
                    f"line {node.lineno}: `{node.name}` has {lines} lines, {LONGEST_FUNCTION} at most: "
                    "give its parts names."
                )


def names_say_what_is_inside(source: Source) -> Iterator[str]:
    """No utils, helpers, common, misc."""
    for word in sorted(VAGUE & source.words):
        yield f"`{word}` says nothing: name the file after what it holds."


def only_actions_write(source: Source) -> Iterator[str]:
    """Rows are written in `actions` (and in migrations, the kernel and tests) only."""
    if source.is_test or source.module == "kernel" or {"actions", "migrations"} & source.words:
        return
    for call in _calls(source.tree):
        if not isinstance(call.func, ast.Attribute):
            continue
        name, chain = call.func.attr, _chain(call.func.value)
        writes = name in WRITES_ANYWHERE or (name in WRITES and "objects" in chain)
        if writes or (name == "delete" and not call.args and not call.keywords):
            yield f"line {call.lineno}: `.{name}()` writes: move it to the module's actions."
    for call in _calls(source.tree):
        if _last_name(call.func) in RUNS_SQL and call.args and WRITING_SQL.match(_text_of(call.args[0])):
            yield f"line {call.lineno}: this SQL writes: move it to the module's actions."


def edges_touch_no_tables(source: Source) -> Iterator[str]:
    """Views, API, jobs and commands call queries and actions; they never touch `.objects`."""
    if source.is_test or not source.is_edge:
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute) and node.attr in {"objects", "_default_manager", "_base_manager"}:
            yield f"line {node.lineno}: `.{node.attr}` at an edge: ask the module's queries or actions."


def only_actions_decrypt(source: Source) -> Iterator[str]:
    """Opening a sensitive value is an action, journalled first."""
    if source.is_test or source.module in {"kernel", "sealing"} or "actions" in source.words:
        return
    for call in _calls(source.tree):
        name = _last_name(call.func)
        if name in {"decrypt", "reveal", "open_file", "open_envelope"}:
            yield f"line {call.lineno}: `{name}` opens a sensitive value: do it in an action (journal first)."


def modules_are_met_at_their_face(source: Source) -> Iterator[str]:
    """Of another module with tables only `actions`, `queries`, `events` and `types` are imported."""
    if source.module in {"site", "testing", "tests"}:
        return
    for line, module, name in _imports(source.tree):
        parts = [*module.split("."), name]
        if parts[0] != "liuquan" or len(parts) < 3 or parts[1] not in WITH_TABLES - {source.module}:
            continue
        if parts[2] not in PUBLIC:
            yield (
                f"line {line}: `{parts[1]}.{parts[2]}` is private: use its actions, queries, events or types"
                " (a foreign key names its table as text)."
            )


def only_edges_read_the_clock(source: Source) -> Iterator[str]:
    """`now` enters at the edge (request, job, command) and is handed down."""
    edge_files = {"moments", "pages", "middleware"}
    if source.is_edge or source.is_test or source.module == "site":
        return
    if source.module == "kernel" and source.path.stem in edge_files:
        return
    for call in _calls(source.tree):
        if tuple(_chain(call.func)[-2:]) in CLOCKS:
            yield f"line {call.lineno}: reads the clock: take `now` as a keyword argument."
        for keyword in call.keywords:
            if keyword.arg in {"auto_now", "auto_now_add"}:
                yield f"line {call.lineno}: `{keyword.arg}` reads the clock: let the action set the field."


def markers_name_known_kinds_of_ids(source: Source) -> Iterator[str]:
    """`requirement("CASE-04")` and `fact("L-04")`: an id of the written kind, or the marker means nothing."""
    kinds = {"requirement": re.compile(r"[A-Z]{3,5}-\d{2}"), "fact": re.compile(r"[A-Z]-\d{2}")}
    for call in _calls(source.tree):
        if not isinstance(call.func, ast.Attribute) or call.func.attr not in kinds:
            continue
        if _chain(call.func.value)[-1:] != ["mark"]:
            continue
        for argument in call.args:
            known = not isinstance(argument, ast.Constant) or (
                isinstance(argument.value, str) and kinds[call.func.attr].fullmatch(argument.value)
            )
            if not known:
                yield f"line {call.lineno}: no such id form: write it as the list of ids does."


def template_lines_are_short(source: Source) -> Iterator[str]:
    """A line of a template has at most 160 characters."""
    for number, line in enumerate(source.text.split("\n"), start=1):
        if len(line) > LONGEST_TEMPLATE_LINE:
            yield (
                f"{number}: {len(line)} characters, {LONGEST_TEMPLATE_LINE} at most: break between blocks, "
                "at a blank or between attributes, where no gap shows, never inside {% … %} or {{ … }}."
            )


RULES: tuple[Rule, ...] = (
    files_are_short,
    functions_are_short,
    names_say_what_is_inside,
    only_actions_write,
    edges_touch_no_tables,
    only_actions_decrypt,
    modules_are_met_at_their_face,
    only_edges_read_the_clock,
    markers_name_known_kinds_of_ids,
)
#: their complaints begin with the number of the line, to stand after the path
TEMPLATE_RULES: tuple[Rule, ...] = (template_lines_are_short,)


def _calls(tree: ast.Module) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def _chain(node: ast.expr) -> list[str]:
    """The names along `Case.objects.filter(...)`, in order: ["Case", "objects", "filter"]."""
    if isinstance(node, ast.Call):
        return _chain(node.func)
    if isinstance(node, ast.Attribute):
        return [*_chain(node.value), node.attr]
    return [node.id] if isinstance(node, ast.Name) else []


def _last_name(node: ast.expr) -> str:
    return (_chain(node) or [""])[-1]


def _text_of(node: ast.expr) -> str:
    if isinstance(node, ast.JoinedStr):
        return _text_of(node.values[0]) if node.values else ""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _imports(tree: ast.Module) -> Iterator[tuple[int, str, str]]:
    """Every import as (line, module, name); `import a.b.c` counts as `from a.b import c`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                yield node.lineno, node.module, alias.name
        elif isinstance(node, ast.Import):
            for alias in node.names:
                module, _, name = alias.name.rpartition(".")
                yield node.lineno, module, name
