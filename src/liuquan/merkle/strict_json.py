"""Reading JSON from an untrusted source: no key twice, no fraction, no excessive depth or size."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final, NoReturn, TypeVar

from liuquan.merkle.errors import RecordError

MAX_BYTES: Final = 262_144
_T = TypeVar("_T", str, int, list[Any], dict[str, Any])


def parse_object(text: str | bytes, what: str) -> dict[str, Any]:
    """The members of a JSON object. `what` names it in the refusal."""
    if len(text) > MAX_BYTES:
        raise RecordError("format", f"{what}超过 {MAX_BYTES // 1024} KB，不会是本系统签发的，请核对文件。")

    def refuse_number(_: str) -> NoReturn:
        raise RecordError("format", f"{what}中出现了小数，不会是本系统签发的，请核对文件。")

    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs):
            raise RecordError("format", f"{what}中有重复的项目，请重新下载。")
        return found

    try:
        value = json.loads(
            text.decode() if isinstance(text, bytes) else text,
            object_pairs_hook=members,
            parse_float=refuse_number,
            parse_constant=refuse_number,
        )
    except RecordError:
        raise
    except (ValueError, RecursionError) as error:  # broken JSON or UTF-8, numbers of thousands of digits
        raise RecordError("format", f"{what}不是完整的 JSON 文本，请重新下载。") from error
    if not isinstance(value, dict):
        raise RecordError("format", f"{what}应为一个 JSON 对象，请重新下载。")
    return value


def member(values: Mapping[str, Any], key: str, kind: type[_T], what: str) -> _T:
    """A member of this type. Refuses a missing or other one; true and false are not numbers."""
    value = values.get(key)
    if not isinstance(value, kind) or isinstance(value, bool):
        raise RecordError("format", f"{what}缺少项目“{key}”或其类型不对，请重新下载。")
    return value


def refuse_other_members(values: Mapping[str, Any], known: Iterable[str], what: str) -> None:
    """Refuse members that nobody asked for: they would look as if they had been checked."""
    others = set(values) - set(known)
    if others:
        raise RecordError("format", f"{what}中有不认识的项目，请使用新版核验程序，或者重新下载。")
