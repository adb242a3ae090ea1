"""What both checks share: reading files of strangers, the answer on the screen or as JSON, the exit codes."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any, Final, NoReturn

YES: Final = 0
NO: Final = 1
NOT_CHECKED: Final = 2
_MAX_FILE: Final = 200 * 1024 * 1024


class NotChecked(Exception):
    """Nothing could be checked; the sentence says what to give."""


class Parser(argparse.ArgumentParser):
    """Says in Chinese that it was called wrongly."""

    def error(self, message: str) -> NoReturn:
        """Leaves with 2, as `NotChecked` does."""
        self.print_usage(sys.stderr)
        self.exit(NOT_CHECKED, f"未能核验：参数不对，请用 {self.prog} --help 查看用法（{message}）。\n")


def read(path: str, what: str) -> bytes:
    """The bytes of a file. Refuses one that is missing or larger than any paper."""
    try:
        if Path(path).stat().st_size > _MAX_FILE:
            raise NotChecked(f"{what}过大，请核对文件：{path}")
        return Path(path).read_bytes()
    except (OSError, ValueError) as error:
        raise NotChecked(f"无法读取{what}，请核对文件名：{path}") from error


def not_checked(sentence: str, *, as_json: bool) -> int:
    """Say that nothing could be checked, and why."""
    values: dict[str, Any] = {"passed": None, "sentence": f"未能核验：{sentence}", "checks": []}
    if as_json:
        say_json(values)
    else:
        say_line(values["sentence"])
    return NOT_CHECKED


def say_json(values: dict[str, Any]) -> None:
    """The answer for programs; ASCII, so that no console can spoil it."""
    sys.stdout.write(json.dumps(values, ensure_ascii=True, indent=1) + "\n")


def say_line(text: object) -> None:
    """A line without characters that could move the cursor or reverse the line of a terminal."""
    line = "".join(c if c.isprintable() or c == "　" else "?" for c in str(text))
    sys.stdout.write(line + "\n")
