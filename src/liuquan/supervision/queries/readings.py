"""Who opened what, for the auditor: by body, post, period and record, within the supervised divisions.

Cites: 个人信息保护法 第五十四条
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from liuquan.clock import day_end, day_start
from liuquan.journal import queries as record
from liuquan.journal.types import Entry, ReadingFilter
from liuquan.kernel import shares
from liuquan.kernel.refusals import BadInput, NotVisible
from liuquan.organisation import queries as organisation
from liuquan.organisation.types import Actor
from liuquan.supervision import guards


@dataclass(frozen=True)
class ReadingLine:
    """One opening as the auditor sees it: no officer's name, no data of the person concerned."""

    number: str
    at: datetime
    body_name: str
    post_name: str
    what: str
    purpose: str
    subject: str


@dataclass(frozen=True)
class PostCount:
    """How often a post opened something, how many records, and this as percent of the most active post."""

    body_name: str
    post_name: str
    post_code: str
    times: int
    subjects: int
    share: str


@dataclass(frozen=True)
class Names:
    """Bodies within reach and all posts, by code, as they are called today; `own_posts`: those of these
    bodies, each with the name of its body, in the order of these words."""

    bodies: dict[str, str]
    posts: dict[str, str]
    own_posts: dict[str, str]

    def posts_to_choose(self, chosen: str) -> list[tuple[str, str]]:
        """The posts that a list can be narrowed to, as code and words; the chosen one among them, even if it
        is no more."""
        gone = {chosen: self.posts.get(chosen, chosen)} if chosen and chosen not in self.own_posts else {}
        return [*self.own_posts.items(), *gone.items()]


def reach(by: Actor, *, on: date) -> Names:
    """The bodies whose openings this post may audit. Refuses (403) a post without audit rights."""
    guards.check_audits(by)
    bodies = {
        body.code: body.name for body in organisation.bodies(on=on) if by.supervises(body.division_path)
    }
    posts = organisation.posts(on=on)
    own = [(f"{bodies[one.body_code]} {one.name}", one.code) for one in posts if one.body_code in bodies]
    return Names(bodies, {one.code: one.name for one in posts}, {code: words for words, code in sorted(own)})


def reading_filter(
    names: Names, *, from_on: date, to_on: date, body: str = "", post: str = "", subject: str = ""
) -> ReadingFilter:
    """The filter, limited to what the post may audit. Refuses (422) an end before the start; (404) another
    body."""
    if to_on < from_on:
        sentence = "结束日期早于开始日期，请重新选择。"
        raise BadInput(sentence, fields={"to_on": sentence})
    if body and body not in names.bodies:
        raise NotVisible("没有这个机关，或者不在您的监察范围内，请重新选择。")
    return ReadingFilter(
        from_at=day_start(from_on),
        to_at=day_end(to_on),
        post=post,
        subject=subject,
        staff_only=True,
        bodies=frozenset({body} if body else names.bodies),
    )


def reading_lines(asked: ReadingFilter, names: Names, *, offset: int, limit: int) -> list[ReadingLine]:
    """One page of openings, the newest first."""
    return [line_of(entry, names) for entry in record.readings(asked, offset=offset, limit=limit)]


def count_readings(asked: ReadingFilter) -> int:
    """How many openings there are."""
    return record.count_readings(asked)


def readings_by_post(asked: ReadingFilter, names: Names) -> list[PostCount]:
    """How often each post opened something, the most first."""
    rows = record.readings_by_post(asked)
    most = max((row.times for row in rows), default=1)
    return [
        PostCount(
            names.bodies.get(row.body_code, row.body_code),
            names.posts.get(row.post_code, row.post_code),
            row.post_code,
            row.times,
            row.subjects,
            shares.percent(row.times, most) or "0",
        )
        for row in rows
    ]


def reading(number: str, names: Names) -> ReadingLine:
    """One opening. Refuses (404) an unknown one and one outside the post's divisions."""
    entry = record.reading(number)
    if entry is None or entry.actor_kind != "staff" or entry.body_code not in names.bodies:
        raise NotVisible("没有找到这次查看，请从列表中选择。")
    return line_of(entry, names)


def line_of(entry: Entry, names: Names) -> ReadingLine:
    """An entry in words."""
    return ReadingLine(
        str(entry.number),
        entry.effective_at,
        names.bodies.get(entry.body_code, entry.body_code),
        str(entry.public.get("post") or names.posts.get(entry.post_code, entry.post_code)),
        record.opened_words(entry),
        str(entry.public.get("purpose", "")),
        entry.subject,
    )
