"""TOML with line numbers: `tomllib` gives the values, this finds where a table or a key is written."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .values import Complaint

_TABLE = re.compile(r"\s*\[\[?\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"\s*(?:([A-Za-z0-9_-]+)|\"([^\"]+)\")\s*(?:\.[A-Za-z0-9_.-]+\s*)?=")
_ERROR_LINE = re.compile(r"at line (\d+)")
_TEXT = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'[^']*'|#.*$")

Path_ = tuple[str | int, ...]


@dataclass(frozen=True)
class TomlText:
    """One file: its values, and the line of every table and key."""

    file: str
    values: dict[str, Any]
    lines: dict[Path_, int] = field(default_factory=dict)

    def line(self, *path: str | int) -> int:
        """The line of a table or key (`"item", 2, "step", 0, "after"`); of its holder when it is absent."""
        while path:
            if path in self.lines:
                return self.lines[path]
            path = path[:-1]
        return 1

    def complaint(self, sentence: str, *path: str | int, refuses: bool = True) -> Complaint:
        """A complaint about this place."""
        return Complaint(self.file, self.line(*path), sentence, refuses)


def read_toml(path: Path, *, name: str) -> TomlText | Complaint:
    """The file with its lines, or why it cannot be read: missing, not UTF-8, or not TOML."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return Complaint(name, 1, "没有这个文件，请补上。")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        return Complaint(name, line, "不是 UTF-8 文字，请另存为 UTF-8。")
    except OSError as error:
        return Complaint(name, 1, f"打不开：{error.strerror}。")
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = _ERROR_LINE.search(str(error))
        line = int(found[1]) if found else text.count("\n") + 1
        return Complaint(name, line, f"TOML 写法有误：{_in_chinese(str(error))}")
    return TomlText(name, values, locate(text))


def _in_chinese(message: str) -> str:
    """Messages for the most common faults; others keep the parser's own message."""
    known = (
        ("Cannot overwrite a value", "同一个键写了两次。"),
        ("Cannot declare", "同一个表写了两次。"),
        ("Illegal character", "文字里有换行或者不允许的字符，多半是引号没有成对。"),
        ("Unterminated string", "引号没有成对。"),
        ("Invalid value", "等号后面的值不对，文字要加引号。"),
        ("Expected '='", "键的后面应当是等号。"),
        ("Unclosed array", "方括号没有成对。"),
        ("Invalid statement", "这一行看不懂。"),
    )
    return next((sentence for sign, sentence in known if sign in message), message)


def locate(text: str) -> dict[Path_, int]:
    """The line of every table and key. Arrays of tables count from 0, inner ones anew in each outer one."""
    lines: dict[Path_, int] = {}
    here: Path_ = ()
    depth, quoting = 0, ""
    for number, line in enumerate(text.splitlines(), 1):
        if quoting:
            quoting = "" if quoting in line else quoting
            continue
        if depth == 0:
            if (table := _TABLE.match(line)) and not _KEY.match(line):
                here = _enter(lines, table[1].split("."), number, is_array="[[" in line.split("#")[0])
                continue
            if key := _KEY.match(line):
                lines.setdefault((*here, key[1] or key[2]), number)
        depth, quoting = _open_ends(line, depth)
    return lines


def _enter(lines: dict[Path_, int], names: list[str], number: int, *, is_array: bool) -> Path_:
    """The path of a table header: inside the latest element of every outer array."""
    path: Path_ = ()
    for name in names[:-1]:
        path = (*path, name.strip().strip('"'))
        latest = _count(lines, path) - 1
        path = (*path, latest) if latest >= 0 else path
    path = (*path, names[-1].strip().strip('"'))
    if is_array:
        lines.setdefault(path, number)
        path = (*path, _count(lines, path))
    lines[path] = number
    return path


def _count(lines: dict[Path_, int], path: Path_) -> int:
    at = 0
    while (*path, at) in lines:
        at += 1
    return at


def _open_ends(line: str, depth: int) -> tuple[int, str]:
    """How many brackets stay open after this line, and which long quotation mark."""
    for mark in ('"""', "'''"):
        if line.count(mark) % 2:
            return depth, mark
    bare = _TEXT.sub("", line)
    return max(depth + bare.count("[") + bare.count("{") - bare.count("]") - bare.count("}"), 0), ""
