"""Are replies complete, do they explain, are they on time? Each answer with the sentence that decided it.

- complete: the reply speaks of the matter, in more than a receipt or a promise to look into it;
- explains: it gives a ground, a finding or a rule;
- on time: answered by the last of `limit` working days after the day of the message (民法典 第二百零一条).
  Where a day between has no announced calendar the question stays open: nothing is guessed.

A pointer for whoever reads the replies; no verdict on an official. Cites: 国办发〔2020〕53号
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

import rjieba

from liuquan.clock import Calendar, Limit, Unit, deadline
from liuquan.hotline.analysis.grams import listed, tidy
from liuquan.hotline.analysis.messages import Message

_SENTENCE: Final = re.compile(r"[^。！？!?；;\n]+[。！？!?；;]?")
#: how a reply begins: "Dear …, your message has come in, now we answer as follows:" says nothing itself
_PREAMBLES: Final = (
    re.compile(r"^.*?(?:收悉|您好|你好)[\s,，!！:：。]*", re.DOTALL),
    re.compile(r"^.*?(?:如下|答复|回复)[:：]", re.DOTALL),
    re.compile(r"^现将网友.*", re.DOTALL),
)
_CLOSING: Final = re.compile(
    r"^(特此|此复|感谢您|谢谢您|祝您?|\d{4}年\d{1,2}月\d{1,2}日$)|(理解|关心).{0,6}支持"
)
#: received, passed on, to be looked into: no answer yet
_RECEIPT: Final = re.compile(
    r"(已|将|正在?)(及时)?(转|移交|批转|交由|交办)|(正在|将)(进一步|抓紧|尽快|充分|认真|派|对)?.{0,10}"
    r"(调查|核实|了解|研究|论证|考虑|调研|处理中)|(请您?)?耐心等待|已收集|已收到"
)
_GROUND: Final = re.compile(
    r"根据|依据|依照|按照|参照|《[^》]{2,40}》|第[一二三四五六七八九十百零\d]+条|〔\d{4}〕|"
    r"[经据](?:现场|进一步|实地|.{2,12})?(?:核实|调查|核查|查|了解|勘查|调取)|"
    r"由于|因(?!此)|鉴于|属于|不符合|符合|规定|政策|为了"
)
_SHORTEST: Final = 20  #: characters of a sentence or sentences that answer something
_READ: Final = 400  #: characters of the message's body that are compared
_GENERAL: Final = frozenset(listed("places")["general"])

Silent: Callable[[int], object] = lambda _: None  # noqa: E731


@dataclass(frozen=True)
class Judgement:
    """One reply judged. What could not be judged is nothing, and its sentence says why."""

    message: str
    complete: bool | None
    complete_because: str
    explains: bool | None
    explains_because: str
    on_time: bool | None
    on_time_because: str
    due_on: date | None = None

    @property
    def is_late(self) -> bool:
        """Answered after its last day, or not answered at all."""
        return self.on_time is False


def judge_replies(
    messages: Iterable[Message], *, limit: int, calendar: Calendar, on_row: Callable[[int], object] = Silent
) -> list[Judgement]:
    """Every reply judged, in the order of the file."""
    found = []
    for message in messages:
        found.append(judge_reply(message, limit=limit, calendar=calendar))
        on_row(1)
    return found


def judge_reply(message: Message, *, limit: int, calendar: Calendar) -> Judgement:
    """One reply judged."""
    on_time, when, due_on = _timely(message, limit, calendar)
    said = judge_words(message)
    return Judgement(message.number, *said, on_time, when, due_on)


def judge_words(message: Message) -> tuple[bool | None, str, bool | None, str]:
    """What the reply says, whenever it was given: complete and why, explains and why."""
    if not message.reply:
        return None, "没有答复。", None, "没有答复。"
    sentences = [_without_preamble(found.group()) for found in _SENTENCE.finditer(message.reply)]
    own = [one for one in sentences if len(one) > 3 and not _CLOSING.search(one)]
    return *_complete(message, own), *_explains(own)


def _without_preamble(sentence: str) -> str:
    for preamble in _PREAMBLES:
        sentence = preamble.sub("", sentence)
    return sentence.strip()


def _complete(message: Message, own: list[str]) -> tuple[bool, str]:
    """Whether what is left without receipts and promises is long enough and speaks of the matter: shares a
    word with the subject, or two with the body."""
    if not own:
        return False, "只有问候和结尾，没有答复内容。"
    answers = [one for one in own if not _RECEIPT.search(one) or _GROUND.search(one)]
    if sum(map(len, answers)) < _SHORTEST:
        return False, (answers or own)[0]
    subject = _content(message.subject)
    body = _content(message.body[:_READ])
    said = [tidy(one) for one in answers]
    shared = [3 * sum(word in one for word in subject) + sum(word in one for word in body) for one in said]
    of_subject = any(word in one for one in said for word in subject)
    of_body = sum(any(word in one for one in said) for word in body)
    nearest = answers[shared.index(max(shared))]
    return of_subject or of_body >= 2 or not (subject or body), nearest


def _content(text: str) -> set[str]:
    return {word for word in rjieba.cut(tidy(text)) if len(word) > 1} - _GENERAL


def _explains(own: list[str]) -> tuple[bool, str]:
    grounds = [(len(set(_GROUND.findall(one))), one) for one in own if _GROUND.search(one)]
    if grounds:
        most = max(count for count, _ in grounds)
        return True, next(one for count, one in grounds if count == most)
    return False, own[0] if own else "没有说明理由或者依据的句子。"


def _timely(message: Message, limit: int, calendar: Calendar) -> tuple[bool | None, str, date | None]:
    asked, answered = message.written_on, message.replied_on
    if asked is None:
        return None, "留言时间读不出日期，没有判断。", None
    if answered is None:
        return None, "答复时间读不出日期，没有判断。", None
    if answered < asked:
        return None, f"答复时间{answered}早于留言时间{asked}，请核对，没有判断。", None
    found = deadline(Limit(limit, Unit.WORKING_DAY), asked, calendar)
    if unknown := calendar.unannounced_between(asked, min(answered, found.due_on)):
        return None, f"{unknown[0]}的放假安排没有公布，没有判断。", None
    told = f"{asked}留言，{limit}个工作日到{found.due_on}为止，{answered}答复。"
    return answered <= found.due_on, told, found.due_on
