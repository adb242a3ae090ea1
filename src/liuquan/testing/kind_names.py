"""Which files name a kind of case outside its own folder. They should be few: a kind is one folder, and what
serves every kind knows none by name."""

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from liuquan.testing.house_rules import Source
from liuquan.testing.tree_files import sources

#: files that may name one kind: its line in the wiring, and the law that is about it
MOST_FILES = 4
BESIDE_PYTHON = (".sql", ".html", ".toml")


@dataclass(frozen=True)
class Kind:
    """A kind of case, the module whose procedure it is, and the folder of the procedure, with dots."""

    key: str
    module: str
    folder: str

    def is_named_by(self, source: Source) -> bool:
        """Whether the file imports from the kind's folder, or says the kind's key: in quotes, or before the
        name of an act or event. Of Python the imports and the strings are read, of all else the text."""
        if source.path.suffix != ".py":
            return bool(self._said.search(source.text))
        return self._is_imported(source) or any(
            node.value == self.key or self._said.search(node.value)
            for node in source.nodes(ast.Constant)
            if isinstance(node.value, str)
        )

    @property
    def _said(self) -> re.Pattern[str]:
        key, folder = re.escape(self.key), re.escape(self.folder)
        return re.compile(rf"""(["'`]){key}\1|(?<![\w.]){key}\.[a-z]\w*\b|\bliuquan\.{folder}\b""")

    def _is_imported(self, source: Source) -> bool:
        whole = f"liuquan.{self.folder}"
        names = [alias.name for node in source.nodes(ast.Import) for alias in node.names]
        for node in source.nodes(ast.ImportFrom):
            names += [node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)]
        return any(name == whole or name.startswith(f"{whole}.") for name in names)


def files_for_every_kind(python: Sequence[Source]) -> list[Source]:
    """All files of the package but tests, and what serves tests or measures: of these Python files, and what
    else says what happens to a case."""
    files = [*python, *(one for suffix in BESIDE_PYTHON for one in sources(suffix))]
    return [one for one in files if one.module != "verifier" and not one.is_test]


def kinds(files: Sequence[Source]) -> list[Kind]:
    """The kinds of the procedures in these files."""
    found = {
        Kind(key, source.module, source.path.parent.as_posix().replace("/", "."))
        for source in files
        for call in source.calls
        for key in _kind(call, source, files)
    }
    return sorted(found, key=lambda kind: kind.key)


def naming(kind: Kind, files: Sequence[Source]) -> list[str]:
    """The paths of the files outside the kind's folder that name it."""
    return [str(one.path) for one in files if one.module != kind.module and kind.is_named_by(one)]


def figures(files: Sequence[Source]) -> list[str]:
    """How many files name each kind, a sentence each."""
    found = [(kind, len(naming(kind, files))) for kind in kinds(files)]
    return [
        f"{number} files outside {kind.module} name the kind {kind.key}, {MOST_FILES} at most"
        for kind, number in found
    ]


def _kind(call: ast.Call, source: Source, files: Sequence[Source]) -> Iterator[str]:
    """What a call of `Procedure` says as its kind: the text itself, or a constant of its module."""
    if not (isinstance(call.func, ast.Name) and call.func.id == "Procedure"):
        return
    for keyword in call.keywords:
        if keyword.arg == "kind":
            value = keyword.value
            name = value.id if isinstance(value, ast.Name) else ""
            for one in (value, *_constants(name, source, files)):
                if isinstance(one, ast.Constant) and isinstance(one.value, str):
                    yield one.value


def _constants(name: str, source: Source, files: Sequence[Source]) -> Iterator[ast.expr | None]:
    """What a module's files assign to this name."""
    for one in files:
        if name and one.module == source.module:
            for plain in one.nodes(ast.Assign):
                if any(isinstance(target, ast.Name) and target.id == name for target in plain.targets):
                    yield plain.value
            for typed in one.nodes(ast.AnnAssign):
                if isinstance(typed.target, ast.Name) and typed.target.id == name:
                    yield typed.value
