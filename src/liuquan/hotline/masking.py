"""A text as the public may read it: names, numbers of people and their telephones taken out. Pure.

What is known is taken out for certain: the names of the parties, every number that can be a document, a bank
card or a mobile, plates and mail addresses. Other people's names are found by what stands around them, so a
person looks over the text as well before it is public. Every form of digit is read: full width, of another
script, said in words, with blanks or dashes between. The code of a firm stays: it is public.

Cites: 个人信息保护法 第二十八条, 政府信息公开条例 第十五条
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from typing import Final

from liuquan.identifiers import IdentifierError, parse_resident_id, parse_uscc

_PHONE_AT_MOST: Final = 14  #: digits said in words that can be a telephone
LONG_NUMBER, PHONE, PLATE, MAIL = "（号码已隐去）", "（电话已隐去）", "（车牌已隐去）", "（邮箱已隐去）"
#: what people put between the digits of one number; nothing that can be seen is among the last five
_GAP: Final = r"[ \t\n\u3000\-－–—·._\u00ad\u200b-\u200d\ufeff]{0,3}"
_ALONE, _ENDS = r"(?<![0-9A-Za-z])", r"(?![0-9A-Za-z])"


def _spaced(*parts: str) -> str:
    return _GAP.join(parts)


_D: Final = "[0-9]"
#: a resident's number of eighteen, told by the year in it, also where letters stand against it (no code of a
#: firm has eighteen digits and a letter more), and the old one of fifteen, by month and day
_RESIDENT: Final = re.compile(
    "(?<![0-9])" + _spaced("[1-9]", *[_D] * 5, "(?:1", "[89]|2", "0)", *[_D] * 9, "[0-9Xx]") + "(?![0-9])"
)
_OLD_RESIDENT: Final = re.compile(
    rf"{_ALONE}[1-9][0-9]{{5}}{_GAP}[0-9]{{2}}(?:0[1-9]|1[0-2])[0-3][0-9]{_GAP}[0-9]{{3}}{_ENDS}"
)
#: a bank card as it is printed: in groups of four
_CARD: Final = re.compile(rf"{_ALONE}[3-9][0-9]{{3}}(?:{_GAP}[0-9]{{4}}){{3}}(?:{_GAP}[0-9]{{1,3}})?{_ENDS}")
#: any other number so long in one piece; those of cases and papers are shorter or begin with letters
_LONG: Final = re.compile(rf"{_ALONE}[0-9]{{14,19}}[0-9Xx]{_ENDS}")
#: in the groups in which people say one
_MOBILE: Final = re.compile(
    rf"(?<![0-9])(?:\+?86{_GAP})?1[3-9][0-9](?:{_GAP}[0-9]{{4}}{_GAP}[0-9]{{4}}|[0-9]{_GAP}[0-9]{{3}}{_GAP}[0-9]{{4}}"
    rf"|{_GAP}[0-9]{{3}}{_GAP}[0-9]{{5}}|[0-9]{_GAP}[0-9]{{4}}{_GAP}[0-9]{{3}})(?![0-9])"
)
_LANDLINE: Final = re.compile(r"(?<![0-9])0[0-9]{2,3}[ \-－—]?[0-9]{7,8}(?![0-9])")
_PLATES: Final = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼滬雲遼魯蘇贛晉陝閩貴粵寧瓊"
_PLATE: Final = re.compile(
    rf"[{_PLATES}] ?[A-Z][·•\- ]?(?:[A-HJ-NP-Z0-9]{{5,6}}|[A-HJ-NP-Z0-9]{{4}}[警学學挂港澳领領])(?![A-Z0-9])",
    re.IGNORECASE,
)
_MAIL: Final = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
#: a number said digit by digit: no amount and no day is so long without 十, 百, 年
_IN_WORDS: Final = re.compile("[〇零○一二三四五六七八九幺两兩壹贰貳叁參肆伍陆陸柒捌玖]{11,20}")
_COMPOUND: Final = (
    "欧阳",
    "司马",
    "上官",
    "诸葛",
    "东方",
    "皇甫",
    "尉迟",
    "公孙",
    "慕容",
    "令狐",
    "司徒",
    "端木",
)
_SURNAMES: Final = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏"
    "钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文樊兰殷施陶洪翟安颜倪严"
    "牛温芦季俞章鲁葛伍韦申尤毕聂丛焦向柳邢骆岳齐梅莫庄辛管祝左涂谷祁耿牟卜路詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查"
    "屈鲍位覃霍翁隋甘景薄单包司柏宁柯阮桂闵解强柴华车冉房边辜吉饶刁瞿戚丘古米池滕晋苑邬臧畅宫来嵺苟全褚廉简娄盖符奚木"
    "劉張陳楊趙黃吳孫馬羅鄭謝韓馮蕭許傅鄧蔣葉閻鐘範譚鄒陸賈"
)
_HAN: Final = r"[\u3400-\u9fff]"
_NAME: Final = rf"(?:{'|'.join(_COMPOUND)}|[{_SURNAMES}]){_HAN}{{1,2}}"
_TITLE: Final = "先生|女士|小姐|老师|老師|师傅|師傅|同志|大爷|大娘|大妈|阿姨|经理|老板"
_BEFORE_TITLE: Final = re.compile(rf"({_NAME})(?={_TITLE})")
_SAID: Final = "|".join(
    ("姓名(?:是|为|叫)?", "我叫", "我名叫", "名叫", "名字叫", "叫做", "联系人", "举报人", "投诉人", "诉求人")
    + ("当事人", "户主", "业主", "房东", "患者", "学生")
)
_AFTER_WORD: Final = re.compile(
    rf"(?:{_SAID})[:： ]{{0,2}}({_NAME})(?=$|[\s，。、；：,.;:！？!?（）()“”])"
    rf"|(?:我叫|名叫|姓名[是为:： ]{{1,2}})({_NAME})"
)
#: what looks like a name before a title and is none
_NO_NAMES: Final = frozenset(
    {
        "高中",
        "安全",
        "马上",
        "方便",
        "金融",
        "白天",
        "平时",
        "高级",
        "广大",
        "全部",
        "包括",
        "成为",
        "向各",
        "单位",
    }
)


def masked(text: str, *, names: Iterable[str] = (), landlines: bool = True) -> str:
    """The text without what says who somebody is. `names`: of the parties, taken out wherever they stand.
    `landlines`: also telephones with an area code, which in an answer are those of offices."""
    text = without_numbers(_MAIL.sub(MAIL, _plain(text)), landlines=landlines)
    for name in sorted({one for one in names if len(one) > 1}, key=len, reverse=True):
        text = text.replace(name, _short(name))
    text = _BEFORE_TITLE.sub(lambda found: _hidden(found[1]), text)
    return _AFTER_WORD.sub(_name_hidden, text)


def without_numbers(text: str, *, landlines: bool = False) -> str:
    """The text without documents, bank cards, mobiles and plates of people; names, mail addresses and, unless
    asked for, telephones with an area code stay: in what an office writes they are those of offices."""
    text = _plain(text)
    for pattern in (_RESIDENT, _OLD_RESIDENT, _CARD):
        text = pattern.sub(_number_hidden, text)
    if landlines:
        text = _LANDLINE.sub(PHONE, text)
    text = _LONG.sub(_number_hidden, text)
    text = _IN_WORDS.sub(lambda found: LONG_NUMBER if len(found[0]) > _PHONE_AT_MOST else PHONE, text)
    return _PLATE.sub(PLATE, _MOBILE.sub(PHONE, text))


def _number_hidden(found: re.Match[str]) -> str:
    """Nothing is hidden of a firm's code, which is public; where it can be a person's as well, it is."""
    if re.fullmatch(r"[0-9Xx]{18}", found[0]) and _holds(parse_uscc, found[0]):
        may_be_born = _RESIDENT.fullmatch(found[0]) and _holds(parse_resident_id, found[0])
        return LONG_NUMBER if may_be_born else found[0]
    return LONG_NUMBER


def _holds(parse: Callable[[str], object], said: str) -> bool:
    try:
        parse(said)
    except IdentifierError:
        return False
    return True


def _name_hidden(found: re.Match[str]) -> str:
    name = found[1] or found[2]
    return found[0].replace(name, _hidden(name))


def _hidden(name: str) -> str:
    return name if name[:2] in _NO_NAMES else _short(name)


def _short(name: str) -> str:
    """李云溪 → 李某; a name in letters by its first one."""
    if name[:2] in _COMPOUND and len(name) > 2:
        return f"{name[:2]}某"
    return f"{name[0]}某"


def _plain(text: str) -> str:
    """Digits of every script and letters of full width as narrow ones; nothing else changes."""
    return "".join(_narrow(c) for c in text)


def _narrow(c: str) -> str:
    if c.isascii():
        return c
    plain = unicodedata.normalize("NFKC", c)
    if len(plain) == 1 and plain.isascii() and (plain.isalnum() or plain in "@+"):
        return plain
    digit = unicodedata.decimal(c, None)
    return c if digit is None else str(digit)
