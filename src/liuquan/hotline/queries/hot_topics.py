"""Hot topics as they were found and kept: the topics of a search, with the tickets in a reader's reach."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from liuquan.casework import queries as cases
from liuquan.hotline import models
from liuquan.hotline.queries.heat import Received, named_rows
from liuquan.hotline.queries.sight import IN_REACH, check_watches, reach
from liuquan.hotline.signs import against, change_words
from liuquan.hotline.types import RequestKind
from liuquan.kernel import moments, sql
from liuquan.kernel.refusals import NotVisible
from liuquan.organisation import queries as organisation
from liuquan.organisation.types import Actor

#: days that a search may look at, in words
SPANS: Final = {1: "近1天", 7: "近7天", 30: "近30天"}
#: after which a search that is not done has failed
STUCK: Final = timedelta(minutes=15)
_EARLIER: Final = 14  #: searches that are offered


@dataclass(frozen=True)
class Source:
    """A ticket that is read for topics."""

    number: str
    case_id: int
    received_at: datetime


def sources(*, since: datetime, now: datetime, most: int) -> list[Source]:
    """The tickets since then, the newest first, without those that were withdrawn and without reports, which
    accuse somebody by name."""
    rows = sql.run(
        f"""
        SELECT c.number, t.case_id, t.received_at FROM hotline_ticket t
        JOIN {cases.CASES} c ON c.id = t.case_id
        WHERE t.received_at >= %(since)s AND t.received_at < %(now)s AND t.request_kind <> %(report)s
            AND c.outcome <> 'withdrawn'
        ORDER BY t.received_at DESC, c.number LIMIT %(most)s
        """,
        {"since": since, "now": now, "most": most, "report": RequestKind.REPORT.value},
    )
    return [Source(**row) for row in rows]


def on_its_way(days: int, *, now: datetime) -> models.TopicSearch | None:
    """A search over these days that was asked for and is not over."""
    found = models.TopicSearch.objects.filter(
        days=days, state__in=["asked", "running"], asked_at__gt=now - STUCK
    )
    return found.order_by("-asked_at").first()


@dataclass(frozen=True)
class Searches:
    """What there is for these days: the search to show, the one on its way, why the last one failed, and
    those before."""

    shown: models.TopicSearch | None
    waiting: models.TopicSearch | None
    failed: str
    earlier: tuple[models.TopicSearch, ...]


def searches(by: Actor, *, days: int, now: datetime, key: int = 0) -> Searches:
    """The newest search over these days that is done, or the one with this key. Refuses (403) who neither
    supervises nor dispatches, (404) a key that is none of these."""
    check_watches(by)
    done = tuple(models.TopicSearch.objects.filter(days=days, state="done").order_by("-asked_at")[:_EARLIER])
    shown = done[0] if done else None
    if key:
        shown = models.TopicSearch.objects.filter(pk=key, days=days, state="done").first()
        if shown is None:
            raise NotVisible("没有这一次的结果，可能已经过了保存的时间，请选择列出的日期。")
    last = models.TopicSearch.objects.filter(days=days).order_by("-asked_at", "-pk").first()
    waiting = on_its_way(days, now=now)
    failed = ""
    if last is not None and last.state != "done" and waiting is None:
        failed = last.reason or "上一次没有算完，请再算一次；还不行的，请管理员查看后台任务。"
    return Searches(shown, waiting, failed, done)


@dataclass(frozen=True)
class TopicLine:
    """A topic with its tickets in the last days and in as many days before. `by_day`: oldest first."""

    key: int
    rank: int
    words: tuple[str, ...]
    place: str
    size: int
    before: int
    first_on: date
    last_on: date
    by_day: tuple[int, ...]

    @property
    def name(self) -> str:
        return "、".join(self.words) or "说的是同一件事"

    @property
    def change(self) -> str:
        """Against the days before, in words."""
        return change_words(self.size, against(self.size, self.before))


_OF_TOPICS: Final = f"""
FROM hotline_topic p JOIN hotline_topic_ticket m ON m.topic_id = p.id
JOIN hotline_ticket t ON t.case_id = m.case_id JOIN {cases.CASES} c ON c.id = t.case_id
WHERE {IN_REACH}
"""
_LOCAL_DAY: Final = "(t.received_at AT TIME ZONE 'Asia/Shanghai')::date"


def topic_lines(by: Actor, search: models.TopicSearch) -> list[TopicLine]:
    """The topics of a search with tickets in reach in its last days, the hottest first. Refuses as
    `searches`."""
    check_watches(by)
    params = {**reach(by), **_span(search)}
    rows = sql.run(
        f"""
        SELECT p.id, p.rank, p.words, p.place, {_LOCAL_DAY} AS day, count(*)::int AS n,
            count(*) FILTER (WHERE t.received_at >= %(since)s)::int AS recent
        {_OF_TOPICS} AND p.search_id = %(search)s GROUP BY 1, 2, 3, 4, 5 ORDER BY p.rank, day
        """,
        params,
    )
    found: dict[int, list[sql.Row]] = {}
    for row in rows:
        found.setdefault(row["id"], []).append(row)
    lines = [_line(days, search) for days in found.values()]
    return [one for one in lines if one.size]


def _line(days: list[sql.Row], search: models.TopicSearch) -> TopicLine:
    head, size = days[0], sum(row["recent"] for row in days)
    last = moments.today(search.until) if search.until else head["day"]
    counts = {row["day"]: row["n"] for row in days}
    listed = [last - timedelta(days=at) for at in reversed(range(2 * search.days + 1))]
    return TopicLine(
        key=head["id"],
        rank=head["rank"],
        words=tuple(head["words"]),
        place=head["place"],
        size=size,
        before=sum(row["n"] for row in days) - size,
        first_on=head["day"],
        last_on=days[-1]["day"],
        by_day=tuple(counts.get(day, 0) for day in listed),
    )


def _span(search: models.TopicSearch) -> dict[str, Any]:
    until = search.until or search.asked_at
    return {"search": search.pk, "since": until - timedelta(days=search.days), "until": until}


def tickets_of(by: Actor, topic: int, *, limit: int = 500) -> tuple[TopicLine, list[Received]]:
    """A topic and its tickets in reach, the newest first. Refuses as `searches`, (404) a topic of which none
    is."""
    row = models.HotTopic.objects.select_related("search").filter(pk=topic).first()
    lines = topic_lines(by, row.search) if row else []
    line = next((one for one in lines if one.key == topic), None)
    if line is None:
        raise NotVisible("没有这个热点事项，可能已经过了保存的时间，请从热点事项打开。")
    rows = sql.run(
        f"""
        SELECT c.number, t.class_code, t.division, c.body_name, t.received_at, c.state
        {_OF_TOPICS} AND p.id = %(topic)s ORDER BY t.received_at DESC, c.number LIMIT %(limit)s
        """,
        {**reach(by), "topic": topic, "limit": limit},
    )
    return line, named_rows(rows)


@dataclass(frozen=True)
class PlaceLine:
    """How many requests a division had in the last days and in as many days before."""

    code: str
    name: str
    size: int
    before: int

    @property
    def change(self) -> str:
        return change_words(self.size, against(self.size, self.before))


def place_lines(by: Actor, search: models.TopicSearch) -> list[PlaceLine]:
    """Where the requests of the search's days came from, the most first. Refuses as `searches`."""
    check_watches(by)
    rows = sql.run(
        f"""
        SELECT t.division, count(*) FILTER (WHERE t.received_at >= %(since)s)::int AS size,
            count(*) FILTER (WHERE t.received_at < %(since)s)::int AS before
        FROM hotline_ticket t JOIN {cases.CASES} c ON c.id = t.case_id
        WHERE {IN_REACH} AND t.received_at >= %(first)s AND t.received_at < %(until)s
        GROUP BY 1 ORDER BY 2 DESC, 3 DESC, 1
        """,
        {**reach(by), **_span(search), "first": _span(search)["since"] - timedelta(days=search.days)},
    )
    names = {one.code: one.name for one in organisation.divisions()}
    return [
        PlaceLine(row["division"], names.get(row["division"]) or row["division"], row["size"], row["before"])
        for row in rows
        if row["size"]
    ]


def tickets_in(by: Actor, search: models.TopicSearch, division: str, *, limit: int = 500) -> list[Received]:
    """The tickets of a division in the search's last days, the newest first. Refuses as `searches`."""
    check_watches(by)
    rows = sql.run(
        f"""
        SELECT c.number, t.class_code, t.division, c.body_name, t.received_at, c.state
        FROM hotline_ticket t JOIN {cases.CASES} c ON c.id = t.case_id
        WHERE {IN_REACH} AND t.division = %(division)s
            AND t.received_at >= %(since)s AND t.received_at < %(until)s
        ORDER BY t.received_at DESC, c.number LIMIT %(limit)s
        """,
        {**reach(by), **_span(search), "division": division, "limit": limit},
    )
    return named_rows(rows)
