"""Faults of SQL, made in its words: a comparison turned, one of several conditions dropped.

SQL stands in files and in texts of Python with gaps in them, so it is not parsed; what is no valid statement
afterwards is noticed by whatever runs it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mutants.faults import Fault

_WORDS = re.compile(
    r"""(?P<skip>--[^\n]*|'(?:[^']|'')*'|"[^"]*"|\$\$.*?\$\$)
      | (?P<sign><>|!=|<=|>=|(?<![<>@|&\-=:!~\#?])[<>=](?![<>@|&\-=~\#?]))
      | (?P<null>\bIS\s+NOT\s+NULL\b|\bIS\s+NULL\b)
      | (?P<exists>\bNOT\s+EXISTS\b|\bNOT\s+IN\b)
      | (?P<open>\()|(?P<close>\))|(?P<comma>[,;])
      | (?P<word>\b[A-Z]{2,}\b)""",
    re.VERBOSE | re.DOTALL,
)
_SQL = re.compile(r"\b(SELECT|INSERT INTO|UPDATE|DELETE FROM|WHERE|JOIN|FROM|AND|OR|WHEN)\b[\s(]")
_TURNED = {"<": "<=", "<=": "<", ">": ">=", ">=": ">", "=": "<>", "<>": "=", "!=": "="}
#: after these words a sign compares; after SET it gives a value
_CLAUSES = re.compile("SET|WHERE|AND|OR|ON|WHEN|HAVING|SELECT|FILTER|NOT|VALUES")
_ENDS = re.compile(
    "AND|OR|WHERE|GROUP|ORDER|HAVING|LIMIT|OFFSET|RETURNING|UNION|EXCEPT|INTERSECT|JOIN|LEFT|RIGHT|INNER|CROSS"
    "|FULL|ON|THEN|WHEN|ELSE|END|SET|FROM|SELECT|INSERT|UPDATE|DELETE|FOR|WINDOW|DO"
)


def is_sql(text: str) -> bool:
    """Whether a text of Python is a statement or a part of one."""
    return bool(_SQL.search(text)) and not re.search(r"[\u4e00-\u9fff]", text.split("'")[0])


def sql_faults(text: str) -> Iterator[Fault]:
    """Every fault of a piece of SQL, with its line in it."""
    words = list(_WORDS.finditer(text))
    clause, between, around = "", False, []
    for at, word in enumerate(words):
        said = word.group()
        match word.lastgroup:
            case "sign" if not (clause == "SET" and said == "="):
                yield _fault(text, word.start(), word.end(), _TURNED[said], f"{said} -> {_TURNED[said]}")
            case "open":
                around.append(clause)
            case "close" if around:
                clause = around.pop()
            case "null":
                to = "IS NULL" if "NOT" in said else "IS NOT NULL"
                yield _fault(text, word.start(), word.end(), to, f"{' '.join(said.split())} -> {to}")
            case "exists":
                to = said.split()[-1]
                yield _fault(text, word.start(), word.end(), to, f"NOT {to} -> {to}")
            case "word":
                clause = said if _CLAUSES.fullmatch(said) else clause
                if said in {"AND", "OR"} and not between:
                    yield _dropped(text, words, at)
                between = said == "BETWEEN" or (between and said != "AND")


def _dropped(text: str, words: list[re.Match[str]], at: int) -> Fault:
    """Without `AND x`: from this word to the next of its own level that ends a condition."""
    begin, depth, between = words[at].start(), 0, False
    end = len(text.rstrip())
    for word in words[at + 1 :]:
        said = word.group()
        if word.lastgroup == "open":
            depth += 1
        elif word.lastgroup == "close":
            depth -= 1
        if depth < 0 or (depth == 0 and word.lastgroup == "comma"):
            end = word.start()
            break
        if depth == 0 and word.lastgroup == "word":
            if _ENDS.fullmatch(said) and not (between and said == "AND"):
                end = word.start()
                break
            between = said == "BETWEEN"
    condition = " ".join(text[begin:end].split())
    return _fault(text, begin, end, "", f"dropped: {condition[:70]}")


def _fault(text: str, begin: int, end: int, new: str, what: str) -> Fault:
    line = text.count("\n", 0, begin) + 1
    if not what.startswith("dropped"):
        what += f": {' '.join(text[max(0, begin - 30) : end + 30].split())}"
    return Fault(line, f"SQL {what}", lambda: text[:begin] + new + text[end:], line, line)
