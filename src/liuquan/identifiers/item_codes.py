"""Codes of service items, by profile: the national schema, the exchange standard and provinces differ.

National: basic code 12; implementation code 31 = USCC of the body (18) + level of exercise (1) + basic code
(12); handling item 33 = implementation code + 2. GB/T 39046: up to 10 and 24. ``any`` takes what provinces
use (511A0021300001-511602000000-000-11511300MB1A21304N-1-00). A pack names its profile.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from liuquan.identifiers.text import IdentifierError, half_width
from liuquan.identifiers.uscc import parse_uscc


@dataclass(frozen=True, slots=True)
class ItemCodeProfile:
    """A form of item codes: a regular expression for the whole code and the sentence for one that is not so.

    ``uscc``: the code begins with the body's USCC, whose check character is then checked too.
    """

    name: str
    label: str
    pattern: str
    sentence: str
    uscc: bool = False

    def parse(self, text: str) -> str:
        """The code without white space and in half-width characters; letters keep their case."""
        code = half_width(text)
        if not code:
            raise IdentifierError("empty", "没有填写事项编码。")
        if re.fullmatch(self.pattern, code) is None:
            raise IdentifierError("pattern", self.sentence)
        if self.uscc:
            try:
                parse_uscc(code[:18])
            except IdentifierError as error:
                raise IdentifierError(
                    error.fault, f"事项编码前18位应为实施主体代码：{error.sentence}"
                ) from error
        return code


_USCC = r"[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}"

ITEM_CODE_PROFILES: Final[dict[str, ItemCodeProfile]] = {
    profile.name: profile
    for profile in (
        ItemCodeProfile(
            "basic", "基本编码（12位）", r"[0-9A-Z]{12}", "事项基本编码应为12位数字或者大写字母，请核对。"
        ),
        ItemCodeProfile(
            "implementation",
            "实施编码（31位）",
            _USCC + r"\d[0-9A-Z]{12}",
            "事项实施编码应为31位：实施主体代码18位、行使层级1位、基本编码12位，请核对。",
            uscc=True,
        ),
        ItemCodeProfile(
            "handling",
            "业务办理项编码（33位）",
            _USCC + r"\d[0-9A-Z]{12}\d{2}",
            "业务办理项编码应为33位：实施编码31位加2位顺序号，请核对。",
            uscc=True,
        ),
        ItemCodeProfile(
            "any",
            "不限",
            r"[0-9A-Za-z](?:[0-9A-Za-z._-]{0,62}[0-9A-Za-z])?",
            "事项编码只能由字母、数字和 - . _ 组成，不超过64位，首尾为字母或者数字，请核对。",
        ),
    )
}
"""Profiles by name. A province adds its own form as another ``ItemCodeProfile``."""


def parse_item_code(text: str, *, profile: str | ItemCodeProfile = "any") -> str:
    """Read an item code by a profile (a name from ``ITEM_CODE_PROFILES`` or one of your own)."""
    if isinstance(profile, ItemCodeProfile):
        return profile.parse(text)
    known = ITEM_CODE_PROFILES.get(profile)
    if known is None:
        names = "、".join(ITEM_CODE_PROFILES)
        raise IdentifierError("unknown", f"没有名为“{profile}”的事项编码规则，可用：{names}。")
    return known.parse(text)
