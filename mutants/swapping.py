"""Putting a fault into a running process: the functions of a file that is loaded get other code.

Only what is in the body of a function can be changed so; a file has done its other work when it was loaded.
Names that others imported still mean the same function, so nothing need be loaded again.
"""

from __future__ import annotations

import gc
import inspect
import sys
from collections.abc import Iterator
from types import CodeType, FunctionType

Functions = dict[tuple[str, int, str], list[FunctionType]]


def functions_below(folder: str) -> Functions:
    """Every function made from files of a folder, by file, first line and name."""
    found: Functions = {}
    for one in gc.get_objects():
        if type(one) is FunctionType and one.__code__.co_filename.startswith(folder):
            code = one.__code__
            found.setdefault((code.co_filename, code.co_firstlineno, code.co_qualname), []).append(one)
    return found


def swap(path: str, before: str, after: str, functions: Functions) -> bool:
    """Whether the functions of the file now do what `after` says. Nothing is changed when that cannot be."""
    if path not in {getattr(module, "__file__", None) for module in list(sys.modules.values())}:
        return True  # it is not loaded yet, and will be from the disk
    pairs = list(_pairs(compile(before, path, "exec"), compile(after, path, "exec")))
    if not all(_may_replace(old, new) for old, new in pairs):
        return False
    for old, new in pairs:
        for function in functions.get((path, old.co_firstlineno, old.co_qualname), ()):
            function.__code__ = new
    return True


def _pairs(old: CodeType, new: CodeType) -> Iterator[tuple[CodeType, CodeType]]:
    """The code of both, function by function; an unequal pair where one has fewer."""
    yield old, new
    ours = [one for one in old.co_consts if isinstance(one, CodeType)]
    theirs = [one for one in new.co_consts if isinstance(one, CodeType)]
    if [one.co_name for one in ours] != [one.co_name for one in theirs]:
        yield old, (lambda: None).__code__
        return
    for one, other in zip(ours, theirs, strict=True):
        yield from _pairs(one, other)


def _may_replace(old: CodeType, new: CodeType) -> bool:
    if old.co_name != new.co_name or old.co_freevars != new.co_freevars:
        return False
    return bool(old.co_flags & inspect.CO_OPTIMIZED) or _same(old, new)


def _same(old: CodeType, new: CodeType) -> bool:
    """Whether the body of a file or class itself, without its functions, does the same."""
    return (
        old.co_code == new.co_code
        and old.co_names == new.co_names
        and old.co_varnames == new.co_varnames
        and old.co_cellvars == new.co_cellvars
        and _values(old) == _values(new)
    )


def _values(code: CodeType) -> list[str]:
    return [repr(one) for one in code.co_consts if not isinstance(one, CodeType)]
