"""Canonical JSON: each value has one text, with sorted keys and no spaces; the reader is strict.

Another program in another language must reach the same bytes, so there are no fractions, no whole numbers
beyond 53 bits, no key twice, and all text is in Unicode normal form C.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

from liuquan.draw.profiles import Profile
from liuquan.draw.refusals import DrawRefused

LARGEST_WHOLE = 2**53 - 1
LARGEST_TEXT = 128 * 1024 * 1024
DEEPEST = 12


def canonical(value: object) -> bytes:
    """The canonical text of the value. Refused: values that another program could write differently."""
    _check(value, DEEPEST)
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest_of(profile: Profile, what: str, value: object) -> str:
    """Hash of the value under a word that says what it is, in hex: no hash of one kind serves as another."""
    return profile.digest(f"liuquan.draw.{what}.v1\0".encode() + canonical(value)).hex()


def read(text: str | bytes) -> dict[str, Any]:
    """The JSON object in the text. Refused: too long or deep, a key twice, fractions, no JSON."""
    if len(text) > LARGEST_TEXT:
        raise DrawRefused("size", "文件过大，不像一份抽取记录：请确认选对了文件。")
    try:
        value = json.loads(
            text, object_pairs_hook=_once, parse_float=_no_number, parse_constant=_no_number, parse_int=_whole
        )
    except DrawRefused:
        raise
    except (ValueError, RecursionError) as error:
        raise DrawRefused("json", "文件不是完整的抽取记录（JSON 格式有误）：请重新下载后再验证。") from error
    if not isinstance(value, dict):
        raise DrawRefused("json", "文件不是一份抽取记录：请确认选对了文件。")
    _check(value, DEEPEST)
    return value


def _check(value: object, depth: int) -> None:
    if depth < 0:
        raise DrawRefused("json", "抽取记录的层次过深，不予读取：请重新下载后再验证。")
    if isinstance(value, str):
        _check_text(value)
    elif isinstance(value, bool) or value is None:
        return
    elif isinstance(value, int):
        if abs(value) > LARGEST_WHOLE:
            _no_number("")
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            if not isinstance(key, str):
                raise TypeError("the keys of a canonical value are text")
            _check_text(key)
            _check(inner, depth - 1)
    elif isinstance(value, Sequence):
        for inner in value:
            _check(inner, depth - 1)
    else:
        raise TypeError(f"a canonical value holds text, whole numbers, lists and objects, not {type(value)}")


def _check_text(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise DrawRefused("text", "抽取记录中有不完整的字符：请重新录入该项。") from error
    if not unicodedata.is_normalized("NFC", text):
        raise DrawRefused("text", "抽取记录中有写法不统一的字符（非 NFC）：请规范后再提交。")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise DrawRefused("json", "抽取记录中同一项目出现两次，无法认定以哪个为准：请重新下载后再验证。")
    return found


def _whole(digits: str) -> int:
    if len(digits) > 17:
        _no_number(digits)
    return int(digits)


def _no_number(_: str) -> NoReturn:
    raise DrawRefused("number", "抽取记录中只能有不过大的整数：请改正后再提交。")
