"""A text as the public may read it: names, numbers of people and their telephones taken out. Pure.

What is known is taken out for certain: the names of the parties, every number that can be a document, a bank
card or a mobile, plates and mail addresses. Other people's names are found by what stands around them, so a
person looks over the text as well before it is public. Every form of digit is read: full width, with blanks
or dashes between.

Cites: 个人信息保护法 第二十八条, 政府信息公开条例 第十五条
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

LONG_NUMBER, PHONE, PLATE, MAIL = "（号码已隐去）", "（电话已隐去）", "（车牌已隐去）", "（邮箱已隐去）"
_GAP: Final = r"[ \-－—·.]?"
#: fifteen digits and more: resident identity numbers old and new, bank cards; what is told apart from the
#: numbers of cases and papers, which are shorter
_LONG: Final = re.compile(rf"(?<![0-9A-Za-z])[0-9](?:{_GAP}[0-9]){{13,18}}(?:{_GAP}[0-9Xx])(?![0-9A-Za-z])")
_MOBILE: Final = re.compile(
    rf"(?<![0-9])(?:\+?86{_GAP})?1[3-9][0-9]{_GAP}[0-9]{{4}}{_GAP}[0-9]{{4}}(?![0-9])|(?<![0-9])1[3-9][0-9]{{9}}(?![0-9])"
)
_LANDLINE: Final = re.compile(r"(?<![0-9])0[0-9]{2,3}[ \-－—]?[0-9]{7,8}(?![0-9])")
_PLATES: Final = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_PLATE: Final = re.compile(rf"[{_PLATES}][A-Z][·• ]?[A-HJ-NP-Z0-9]{{5,6}}(?![A-Z0-9])", re.IGNORECASE)
_MAIL: Final = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
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
    text = _digits_plain(text)
    for pattern, word in ((_MAIL, MAIL), (_LONG, LONG_NUMBER), (_MOBILE, PHONE), (_PLATE, PLATE)):
        text = pattern.sub(word, text)
    if landlines:
        text = _LANDLINE.sub(PHONE, text)
    for name in sorted({one for one in names if len(one) > 1}, key=len, reverse=True):
        text = text.replace(name, _short(name))
    text = _BEFORE_TITLE.sub(lambda found: _hidden(found[1]), text)
    return _AFTER_WORD.sub(_name_hidden, text)


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


def _digits_plain(text: str) -> str:
    """Digits and letters of full width as narrow ones; nothing else changes."""
    return "".join(
        plain
        if len(plain := unicodedata.normalize("NFKC", c)) == 1 and (plain.isdigit() or plain in "Xx@+")
        else c
        for c in text
    )
