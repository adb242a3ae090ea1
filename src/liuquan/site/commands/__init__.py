"""The commands of operators and analysts, one file a noun.

Each file of this folder lists its commands in `COMMANDS` and is found automatically. A command reads its
arguments, calls `actions` and `queries`, and returns an `Answer`. Django is set up when a file here is
imported, and the database runs while a command that needs one runs.
"""

from __future__ import annotations

import importlib
import pkgutil
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Answer:
    """What a command says when it is done: one sentence for people, one object, or one list, for programs
    (`--json`).

    `exit_code` 1 is the answer of a check that did its work and found something wrong.
    """

    sentence: str = ""
    data: Mapping[str, Any] | Sequence[Any] = field(default_factory=dict)
    exit_code: int = 0


def _no_arguments(parser: ArgumentParser) -> None:
    """The default for commands without arguments."""


@dataclass(frozen=True)
class Command:
    """One command: its words ("catalogue import"), its help, its arguments and what it does."""

    words: str
    help: str
    run: Callable[[Namespace], Answer]
    arguments: Callable[[ArgumentParser], None] = _no_arguments
    needs_database: bool = True


def all_commands() -> list[Command]:
    """Every command of this folder, by its words."""
    found: list[Command] = []
    for module in pkgutil.iter_modules(__path__):
        found += importlib.import_module(f"{__name__}.{module.name}").COMMANDS
    return sorted(found, key=lambda command: command.words)
