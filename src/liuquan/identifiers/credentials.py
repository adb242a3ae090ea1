"""The document by which a person proves who they are, and its number, by kind of document.

A number of another kind of document than a resident's has no check digit that is published: only its shape is
checked, so that 123 or a number of the wrong card is noticed while the card is still on the counter.

Cites: 居民身份证法 第三条, 护照法 第七条, 中国公民因私事往来香港地区或者澳门地区的暂行管理办法
"""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from liuquan.identifiers.residents import parse_resident_id
from liuquan.identifiers.text import IdentifierError, plain

RESIDENT: Final = "resident"

CREDENTIAL_LABELS: Final = {
    RESIDENT: "居民身份证",
    "residence_permit": "港澳台居民居住证",
    "foreign_permanent": "外国人永久居留身份证",
    "passport": "护照",
    "hong_kong_macao_pass": "港澳居民来往内地通行证",
    "taiwan_pass": "台湾居民来往大陆通行证",
    "military": "军人、武警证件",
}

#: cards whose numbers are built like those of residents, by what the number says it is
_LIKE_RESIDENTS: Final = {
    RESIDENT: ("resident", "fictional"),
    "residence_permit": ("hong_kong_permit", "macao_permit", "taiwan_permit"),
    "foreign_permanent": ("foreign_permanent",),
}

#: the shape of a number, and that shape in words
_SHAPES: Final = {
    "passport": (r"(?=.*[0-9])[A-Z0-9]{6,12}", "护照号码为6至12位字母和数字"),
    "hong_kong_macao_pass": (r"[HM][0-9]{8}([0-9]{2})?", "通行证号码为字母H或者M加8位数字（旧证10位）"),
    "taiwan_pass": (r"[0-9]{8}([0-9]{2})?", "通行证号码为8位数字（旧证10位）"),
    "military": (r"[\u4e00-\u9fff]+字第[0-9]{4,8}号?", "证件号码写成“某字第1234567号”"),
}


def parse_credential(kind: str, text: str, *, today: date | None = None) -> str:
    """The number of a document of this kind, normalised. Refuses an unknown kind, and what cannot be a number
    of that kind; a card built like a resident's is checked to its last digit."""
    if kind in _LIKE_RESIDENTS:
        read = parse_resident_id(text, today=today)
        if read.kind not in _LIKE_RESIDENTS[kind]:
            raise IdentifierError("pattern", "这个号码不是所选证件的号码，请核对证件种类和号码。")
        return read.number
    if kind not in _SHAPES:
        raise IdentifierError("unknown", "不认识这种证件，请从列出的证件中选择。")
    shape, words = _SHAPES[kind]
    number = plain(text)
    if not number:
        raise IdentifierError("empty", "没有填写证件号码，请照证件原件填写。")
    if not re.fullmatch(shape, number):
        raise IdentifierError("pattern", f"{words}，请照证件原件核对。")
    return number
