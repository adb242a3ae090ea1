"""What must hold of the values given with an act of a disposal. Pure: values in, a refusal or nothing out."""

from __future__ import annotations

from collections.abc import Iterable

from liuquan.casework.types import LONGEST_TEXT, Given
from liuquan.clock import short_date
from liuquan.kernel.refusals import BadInput, WrongState
from liuquan.supervision.disposal.terms import ANSWER, MOST_DAYS
from liuquan.supervision.types import EXCUSES, POINTS, Ruling

_SHORTEST, _LONGEST = 10, LONGEST_TEXT


def check_points(given: Given) -> None:
    """Refuse (422) a request that names nothing to be explained, or something unknown."""
    points(given.data.get("points", ()))


def check_text(given: Given) -> None:
    """Refuse (422) an empty or overlong text."""
    words(str(given.data["text"]), "text", "说明")


def check_note(given: Given) -> None:
    """Refuse (422) a verdict without its reason."""
    words(str(given.data["note"]), "note", "认定的理由")


def check_ruling(given: Given) -> None:
    """Refuse (422) an unknown ruling, and an excuse without its ground."""
    ruling(str(given.data["ruling"]), str(given.data.get("ground") or ""))


def check_heard(given: Given) -> None:
    """Refuse (409) a verdict before the unit was heard: it answered, or the last day to answer has passed. A
    false alarm may be closed at once."""
    if given.data.get("ruling") == Ruling.UNFOUNDED or given.snapshot.state == "explained":
        return
    clock = given.snapshot.deadline(ANSWER)
    if clock is not None and given.now < clock.due_at:
        raise WrongState(f"责任单位的说明期限到{short_date(clock.due_on)}，请收到说明后或者期满后再认定。")


def points(asked: Iterable[str]) -> list[str]:
    """What is asked, in the order of the list. Refuses (422) nothing, and a point that is not on it."""
    given = set(asked)
    if not given or given - POINTS.keys():
        raise BadInput("请选择要求说明的内容。", fields={"points": "请至少选择一项。"})
    return [point for point in POINTS if point in given]


def days(asked: int) -> int:
    """How many working days there are to answer. Refuses (422) fewer than 1 and more than 15."""
    if not 1 <= asked <= MOST_DAYS:
        sentence = f"答复期限应当在1至{MOST_DAYS}个工作日之间。"
        raise BadInput(sentence, fields={"days": sentence})
    return asked


def words(text: str, name: str, label: str) -> str:
    """A text without the blanks around it. Refuses (422) one too short to say anything, or too long."""
    said = text.strip()
    if not _SHORTEST <= len(said) <= _LONGEST:
        sentence = f"请把{label}写清楚，十个字以上，{_LONGEST}字以内。"
        raise BadInput(sentence, fields={name: sentence})
    return said


def ruling(name: str, ground: str) -> Ruling:
    """The ruling of this name. Refuses (422) an unknown one, an excuse without a listed ground, and a ground
    that excuses nothing."""
    try:
        chosen = Ruling(name)
    except ValueError:
        raise BadInput("请选择认定结果。", fields={"ruling": "请选择认定结果。"}) from None
    if chosen is Ruling.EXCUSED and ground not in EXCUSES:
        raise BadInput("依法免责须选择免责事由。", fields={"ground": "请选择免责事由。"})
    if chosen is not Ruling.EXCUSED and ground:
        raise BadInput("只有依法免责才填免责事由，请清空该项。", fields={"ground": "请清空该项。"})
    return chosen
