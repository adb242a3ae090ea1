"""From `elsewhere.toml` to what this centre does not do: words people use, who does it, how to reach them."""

from __future__ import annotations

from typing import Any

from liuquan.catalogue.types import PackElsewhere

from .toml_text import TomlText
from .values import Complaint

FILE = "elsewhere.toml"
_TEXTS = ("matter", "body", "reach")


def read_elsewhere(text: TomlText) -> tuple[tuple[PackElsewhere, ...], list[Complaint]]:
    """The rows of `[[elsewhere]]`, and each that lacks something or has an unknown key."""
    rows = text.values.get("elsewhere", [])
    wrong = [
        text.complaint(f"不认识的表“{key}”，请核对拼写。", key) for key in text.values if key != "elsewhere"
    ]
    found: list[PackElsewhere] = []
    for at, row in enumerate(rows if isinstance(rows, list) else []):
        unknown = set(row) - {*_TEXTS, "words"}
        wrong += [text.complaint(f"不认识的键“{key}”，请核对拼写。", "elsewhere", at, key) for key in unknown]
        lacks = [key for key in _TEXTS if not _is_text(row.get(key))]
        lacks += [] if _are_words(row.get("words")) else ["words"]
        if lacks:
            wrong.append(text.complaint(f"没有写 {'、'.join(lacks)}，或者写法不对。", "elsewhere", at))
        else:
            found.append(PackElsewhere(tuple(row["words"]), **{key: row[key].strip() for key in _TEXTS}))
    return tuple(found), wrong


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _are_words(value: Any) -> bool:
    """One word or more of at least two characters: one character stands in too many questions."""
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(one, str) and 2 <= len(one.strip()) <= 30 for one in value)
    )
