"""A reply is held against the request before it is sent: what misses it is asked about once more.

A pointer for whoever answers, and no verdict: with a reason the reply is sent as it is, and the reason stays
with it for the call-back. Cites: 国办发〔2020〕53号"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from liuquan.casework import actions as casework
from liuquan.casework import queries as cases
from liuquan.hotline import events
from liuquan.hotline.terms import HANDLING_CLOCK
from liuquan.journal import actions as journal
from liuquan.journal.types import NewEntry
from liuquan.organisation.types import Actor

_PLACE: Final = "地点："
_SHOWN: Final = 60  #: characters of the sentence that decided


def question_reply(number: str, typed: Mapping[str, Any], by: Actor, now: datetime) -> str:
    """What is asked before this reply is sent: where it does not speak of the matter, or gives no ground
    though nothing was put right, with the sentence that decided; empty where it may go. Opening the request
    is entered first; so is a question, with what it found and not with the words. Refuses as
    `open_case_file` does."""
    reply = str(typed.get("reply") or "").strip()
    if not reply:
        return ""
    found = _misses(number, f"{reply}\n{typed.get('why') or ''}".strip(), by, now)
    if typed.get("fixed") == "fixed":
        found.pop("explains", None)
    if not found:
        return ""
    late = _is_late(number, now)
    public = {"complete": "complete" not in found, "explains": "explains" not in found, "on_time": not late}
    journal.append_durably(
        NewEntry(
            event=events.REPLY_QUESTIONED.name,
            subject=number,
            body_code=by.body_code,
            post_code=by.post_code,
            actor_kind=by.kind,
            effective_at=now,
            public=public,
            private={"staff": by.staff_id},
        )
    )
    ends = "办理时限已过，请一并说明。" if late else ""
    return f"{'；'.join(found.values())}。{ends}请改写答复；确实不用改的，写明理由再发送。"


def _misses(number: str, reply: str, by: Actor, now: datetime) -> dict[str, str]:
    """What the words of a reply lack, each with the sentence that decided."""
    from liuquan.hotline.analysis import Message, judge_words  # its dictionary takes a moment to load

    file = casework.open_case_file(number, by=by, now=now)
    lines = [line for line in file.matter.splitlines() if line.strip()]
    heading = next((line for line in lines if not line.startswith(_PLACE)), "")
    added = [said["more"] for said in file.texts.values() if said.get("more")]
    asked = "\n".join((*lines, *added)).replace(_PLACE, "")
    complete, whole, explains, why = judge_words(Message(number, heading, asked, reply=reply))
    found = {}
    if complete is False:
        found["complete"] = f"答复看起来没有答到诉求上，依据是“{_short(whole)}”"
    if explains is False:
        found["explains"] = f"答复看起来没有说明理由或者依据，依据是“{_short(why)}”"
    return found


def _is_late(number: str, now: datetime) -> bool:
    clock = cases.read(number).deadline(HANDLING_CLOCK)
    return clock is not None and now >= clock.due_at


def _short(sentence: str) -> str:
    plain = sentence.strip().rstrip("。；;")
    return plain if len(plain) <= _SHOWN else f"{plain[:_SHOWN]}……"
