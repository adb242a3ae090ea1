"""Pure rules of names: what may stand in one, and how it is shown masked. No Django.

Chinese names have one to dozens of characters, rare ones from every extension, a dot between the parts of
Uighur or Tibetan names, Latin letters and spaces in foreign ones. People with such names must be able to
apply; characters that cannot be read or printed are refused with their position.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from liuquan.kernel.refusals import BadInput

LONGEST_PERSON: Final = 50
LONGEST_ORGANISATION: Final = 200
_DOTS: Final = dict.fromkeys(map(ord, "•・‧∙⋅・．"), "·")
_LABELS: Final = {"person": "姓名", "organisation": "名称"}
_MOST_STARS: Final = 3
_ANGLES: Final = frozenset("<>＜＞‹›〈〉")


def clean_name(text: str, kind: str) -> str:
    """The name as it is kept: outer and double spaces gone, every kind of dot made ``·``.

    Refuses (422): nothing, no letter or character at all, control and invisible characters, characters made
    up on one's own computer (private use), half of a character, emoji and other signs, angle brackets, more
    than 50 characters of a person or 200 of an organisation.
    """
    label = _LABELS[kind]
    name = re.sub(r"\s*·\s*", "·", " ".join(text.replace("\u3000", " ").split(" ")).translate(_DOTS))
    name = re.sub(r" +", " ", name).strip()
    if not name:
        raise _refusal(f"没有填写{label}，请填写证件上的{label}。")
    for place, character in enumerate(name, 1):
        if _is_sign(character):
            raise _refusal(f"{label}第{place}个字是符号或者表情，请只填写证件上的{label}。")
        if not _is_allowed(character):
            raise _refusal(f"{label}第{place}个字无法识别，请改用输入法重新录入证件上的{label}。")
    if not any(unicodedata.category(c).startswith(("L", "Cn")) for c in name):
        raise _refusal(f"{label}中没有文字，请填写证件上的{label}。")
    longest = LONGEST_PERSON if kind == "person" else LONGEST_ORGANISATION
    if len(name) > longest:
        raise _refusal(f"{label}超过{longest}个字，请核对是否填错了位置。")
    return name


def mask_name(name: str, kind: str) -> str:
    """张三 → 张*, 张小三 → 张*三; organisations keep two at each end. Marks stay on their letter."""
    letters = _letters(name)
    keep = 2 if kind == "organisation" and len(letters) >= 6 else 1
    if len(letters) == 1:
        return "*"
    if len(letters) == 2:
        return f"{letters[0]}*"
    hidden = min(len(letters) - 2 * keep, _MOST_STARS)
    return "".join(letters[:keep]) + "*" * hidden + "".join(letters[-keep:])


def mask_uscc(code: str) -> str:
    """The first two places and the last four."""
    return f"{code[:2]}{'*' * 12}{code[-4:]}"


def mask_phone(phone: str) -> str:
    """138****0000."""
    return f"{phone[:3]}****{phone[-4:]}" if phone else ""


def _is_sign(character: str) -> bool:
    """Whether a name may contain the character: no emoji, signs or angle brackets, but 《》 and （） are
    allowed."""
    return unicodedata.category(character) in ("So", "Sk") or character in _ANGLES


def _is_allowed(character: str) -> bool:
    category = unicodedata.category(character)
    if category == "Cn":  # this Python may be older than the character: the ideographic planes are taken
        return 0x20000 <= ord(character) <= 0x3FFFD
    return category[0] != "C" and category not in ("Zl", "Zp")


def _letters(name: str) -> list[str]:
    """Characters with their combining marks and variation selectors."""
    letters: list[str] = []
    for character in name:
        if letters and unicodedata.category(character) in ("Mn", "Mc", "Me"):
            letters[-1] += character
        else:
            letters.append(character)
    return letters


def _refusal(sentence: str) -> BadInput:
    return BadInput(sentence, fields={"name": sentence})
