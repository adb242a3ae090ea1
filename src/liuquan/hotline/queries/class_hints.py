"""What is suggested for a text, what was suggested for a ticket, and how often that was right."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from liuquan.clock import day_start
from liuquan.hotline import models, suggesting, trained
from liuquan.hotline.queries import catalogue
from liuquan.hotline.queries.figures import SUGGESTIONS, month_after, month_before
from liuquan.hotline.queries.sight import check_watches, reach
from liuquan.hotline.suggesting import Meant, Shown
from liuquan.hotline.types import UNFILED, RequestClass
from liuquan.kernel import sql
from liuquan.kernel.shares import percent
from liuquan.organisation.types import Actor

#: what a model is called that is none
BY_WORDS: Final = "按常用说法"


def meant(
    title: str, text: str, place: str = "", *, on: date, classes: tuple[RequestClass, ...] | None = None
) -> Meant:
    """The classes in force that a text may belong to: by the model in use, where it names none by words."""
    every = catalogue.classes(on=on) if classes is None else classes
    said = f"{title}{text}{place}"
    model = trained.in_use() if said.strip() else None
    if model is not None:
        found = suggesting.by_model(model.classifier.suggest(text, subject=title), said, every)
        if found:
            return Meant(model.code, found)
    return Meant("", suggesting.by_words(said, every))


def shown_on(case: int) -> Shown | None:
    """What was suggested for the ticket of this case."""
    row = models.SuggestionShown.objects.filter(case_id=case).first()
    if row is None:
        return None
    return Shown(row.model, row.class_code, row.score, row.second_code, row.body_code, row.seen)


@dataclass(frozen=True)
class ModelLine:
    """A model, or suggesting by words, and how often it was right. `months`: by first day, how many of the
    suggestions that are decided were right, and how many are."""

    code: str
    name: str
    model: models.TrainedModel | None
    months: tuple[tuple[date, int, int], ...]

    @property
    def right(self) -> int:
        return sum(right for _, right, _ in self.months)

    @property
    def decided(self) -> int:
        return sum(decided for _, _, decided in self.months)

    @property
    def percent(self) -> str | None:
        return percent(self.right, self.decided)

    @property
    def by_month(self) -> list[tuple[date, str | None, int, int]]:
        return [(month, percent(right, decided), right, decided) for month, right, decided in self.months]


def model_lines(by: Actor, *, last: date, now: datetime, many: int = 6) -> list[ModelLine]:
    """Every model that was put to use and suggesting by words, the one in use first, each with its months up
    to this one. Refuses (403) a post that neither supervises nor dispatches."""
    check_watches(by)
    listed = _months(last, many)
    counted: dict[str, dict[date, tuple[int, int]]] = {}
    for row in sql.run(
        f"""
        SELECT f.model, date_trunc('month', f.at AT TIME ZONE 'Asia/Shanghai')::date AS month,
            count(*) FILTER (WHERE f.part = 'right') AS right,
            count(*) FILTER (WHERE f.part IN ('right', 'second', 'other')) AS decided
        FROM ({SUGGESTIONS}) AS f WHERE f.part <> 'nothing' GROUP BY 1, 2
        """,
        {
            **reach(by),
            "since": day_start(listed[0]),
            "until": day_start(month_after(last)),
            "now": now,
        },
    ):
        counted.setdefault(row["model"], {})[row["month"]] = (row["right"], row["decided"])
    known: dict[str, models.TrainedModel | None] = {
        one.code: one for one in models.TrainedModel.objects.order_by("-in_use", "-used_at")
    }
    return [
        ModelLine(
            code,
            code or BY_WORDS,
            known.get(code),
            tuple((month, *counted.get(code, {}).get(month, (0, 0))) for month in listed),
        )
        for code in (*known, *(counted.keys() - known.keys() - {""}), "")
    ]


def _months(last: date, many: int) -> list[date]:
    found = [last]
    while len(found) < many:
        found.insert(0, month_before(found[0]))
    return found


@dataclass(frozen=True)
class Suggested:
    """A ticket with what was suggested for it and what became of it."""

    number: str
    at: datetime
    model: str
    score: int | None
    suggested: str
    filed: str
    final: str
    body_code: str
    part: str

    @property
    def percent(self) -> str | None:
        return None if self.score is None else percent(self.score, suggesting.WHOLE)


def suggested(
    by: Actor, *, month: date, model: str, now: datetime, part: str = "", limit: int = 500
) -> list[Suggested]:
    """The tickets of a month for which this model (empty: the words) suggested a class, the newest first; of
    one part of the figure or all. Refuses as `model_lines`."""
    check_watches(by)
    rows = sql.run(
        f"""
        SELECT f.* FROM ({SUGGESTIONS}) AS f
        WHERE f.model = %(model)s AND f.part <> 'nothing' AND (%(part)s = '' OR f.part = %(part)s)
        ORDER BY f.at DESC, f.number LIMIT %(limit)s
        """,
        {
            **reach(by),
            "since": day_start(month),
            "until": day_start(month_after(month)),
            "now": now,
            "model": model,
            "part": part,
            "limit": limit,
        },
    )
    names = {one.code: one.name for one in catalogue.classes()} | {UNFILED: "未归类"}
    return [
        Suggested(
            row["number"],
            row["at"],
            row["model"],
            row["score"],
            names.get(row["suggested"]) or row["suggested"],
            names.get(row["filed"]) or row["filed"],
            names.get(row["final"]) or row["final"],
            row["body_code"],
            row["part"],
        )
        for row in rows
    ]


def model_in_use() -> models.TrainedModel | None:
    """What the model in use was made from, if there is one."""
    return models.TrainedModel.objects.filter(in_use=True).first()
