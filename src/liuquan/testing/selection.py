"""Which tests are asked for: everything, some modules, some paths, or what a change can have touched."""

import ast
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from liuquan.kernel.home import CHECKOUT
from liuquan.testing.modules import ACROSS, beside, closest, folders_of, layers

#: options of pytest that are followed by a value
VALUED = frozenset(
    {"-c", "-k", "-m", "-n", "-o", "-p", "-W", "--deselect", "--dist", "--durations", "--ignore"}
)
TABLES = ("addresses.csv", "transitions.csv")
PAGES = "pages.csv"
#: files outside the modules that decide what every test sees
FOR_ALL = ("packs/", "pyproject.toml", "constraints.txt", "run", "src/liuquan/testing/")


class NoSuchTests(Exception):
    """A word that names no module and no path; the message suggests similar names."""


@dataclass(frozen=True)
class Selection:
    """Modules and paths to run. Neither: everything."""

    modules: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()

    @property
    def is_everything(self) -> bool:
        """Whether nothing was chosen."""
        return not (self.modules or self.paths)

    def arguments(self) -> list[str]:
        """What pytest is given: folders of the modules, their tables of permissions, the paths."""
        folders = [str(folder) for module in self.modules for folder in folders_of(module)]
        tried = [name for table in TABLES for name in beside(table, self._layers)] if self._layers else []
        tables = [str(ACROSS / "permissions")] if tried and "permissions" not in self.modules else []
        return [*folders, *tables, *self._narrowed(), *self.paths]

    def browser_arguments(self) -> list[str]:
        """The same for the part with a browser: files with such tests, and the modules' lists of pages."""
        if self.paths:
            return list(self.paths)
        if not self.modules:
            return browser_files([CHECKOUT / "src", ACROSS])
        files = browser_files([folder for module in self.modules for folder in folders_of(module)])
        pages = [str(ACROSS / "pages")] if self._layers and beside(PAGES, self._layers) else []
        return [*files, *pages, *self._narrowed()] if files or pages else []

    @property
    def _layers(self) -> list[str]:
        return [module for module in self.modules if module in layers()]

    def _narrowed(self) -> list[str]:
        return ["--modules=" + ",".join(self._layers)] if self._layers else []


def sort_out(words: Iterable[str]) -> tuple[Selection, list[str]]:
    """Modules and paths among the words, and the rest, which is pytest's. Refuses what is neither."""
    modules, paths, rest = [], [], []
    value_follows = False
    for word in words:
        if value_follows or word.startswith("-"):
            rest.append(word)
            value_follows = not value_follows and word in VALUED
        elif folders_of(word):
            modules.append(word)
        elif Path(word.partition("::")[0]).exists():
            paths.append(word)
        else:
            raise NoSuchTests(
                f"There is no module and no path '{word}'. Did you mean '{closest(word)}'? "
                f"Modules: {', '.join(module for module in layers() if folders_of(module))}."
            )
    return Selection(tuple(dict.fromkeys(modules)), tuple(paths)), rest


def changed_files(revision: str) -> list[str]:
    """Paths that differ from a revision, and those that git does not know yet."""

    def git(*words: str) -> list[str]:
        done = subprocess.run(
            ["git", "-C", str(CHECKOUT), *words],  # noqa: S607 - whichever git the developer uses
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise NoSuchTests(f"git cannot say what changed since '{revision}': {done.stderr.strip()}")
        return [path for path in done.stdout.split("\0") if path]

    listed = git("diff", "--name-only", "-z", revision, "--")
    return sorted({*listed, *git("ls-files", "--others", "--exclude-standard", "-z")})


def touched_by(files: Iterable[str]) -> tuple[Selection, str]:
    """What a change of these files can have touched, and a sentence that says so.

    Code of a module: the module, whatever imports it, and the parts of `tests/` that use one of these. Its
    tests: the module. What every test sees: everything.
    """
    files = list(files)
    if not files:
        return Selection(), "Nothing has changed."
    for file in files:
        if file.startswith(FOR_ALL):
            return Selection(), f"{file} is part of every test: everything."
    parts = [Path(file).parts for file in files]
    own = {part[2] for part in parts if part[:2] == ("src", "liuquan") and part[2] in layers()}
    code = {
        part[2] for part in parts if part[:2] == ("src", "liuquan") and part[2] in own and part[3] != "tests"
    }
    above = importers(code)
    across = {part[1] for part in parts if part[0] == "tests" and len(part) > 2}
    across |= {"verifier"} if any(part[0] == "verifier" for part in parts) else set()
    across |= _parts_using(code | above) | {"house_rules"}
    names = [module for module in layers() if module in own | above]
    chosen = tuple(name for name in [*names, *sorted(across)] if folders_of(name))
    said = f"Changed: {', '.join(sorted(own)) or 'no module'}."
    said += f" Above: {', '.join(module for module in names if module not in own)}." if above - own else ""
    return Selection(chosen), f"{said} Chosen: {', '.join(dict.fromkeys(chosen))}."


def importers(modules: Iterable[str]) -> set[str]:
    """The modules that import one of these modules, directly or indirectly."""
    from liuquan.testing.fingerprints import graph

    modules = set(modules)
    found = {
        name.split(".")[1]
        for module in modules
        for name in graph().find_downstream_modules(f"liuquan.{module}", as_package=True)
        if name.count(".")
    }
    return (found & set(layers())) - modules


def browser_files(folders: Iterable[Path]) -> list[str]:
    """The files of tests that need a browser."""
    every = (path for folder in folders for path in sorted(folder.rglob("test_*.py")))
    return [str(path) for path in every if "pytest.mark.browser" in path.read_text(encoding="utf-8")]


def _parts_using(modules: set[str]) -> set[str]:
    """The parts of `tests/` whose files import one of these modules."""
    return {
        path.parent.name
        for path in ACROSS.glob("*/*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("liuquan.")
        if (node.module or "").split(".")[1] in modules
    }
