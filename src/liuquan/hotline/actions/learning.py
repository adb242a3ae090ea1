"""The model that suggests classes: learnt from the centre's own tickets, or trained on a file and put to use.

The texts are read by the machine alone, masked first, and stay in this place. The model file keeps runs of at
most three characters that at least `LEAST_WRITERS` different people wrote, with their weights, and no text.
Cites: 个人信息保护法 第六条, 第五十一条"""

from __future__ import annotations

import hashlib
import json
import logging
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction

from liuquan.casework import actions as casework
from liuquan.casework.types import OpenedMatter
from liuquan.hotline import events, models, trained
from liuquan.hotline.masking import LONG_NUMBER, MAIL, PHONE, PLATE, masked
from liuquan.hotline.queries import catalogue, learnable
from liuquan.journal import actions as journal
from liuquan.journal.types import NewEntry
from liuquan.kernel import moments
from liuquan.kernel.refusals import BadInput

if TYPE_CHECKING:
    from liuquan.hotline.analysis import Classifier, Message

LEAST_WRITERS: Final = 5  #: people who must have written a run of characters
LEAST_OF_CLASS: Final = 5  #: tickets of a class
LEAST_NIGHTLY: Final = 200  #: tickets before the nightly job learns from them
MOST: Final = 5_000  #: tickets, the newest
TEXTS: Final = "hotline.texts"  #: the subject of readings of many texts by the machine
_PLACE: Final = "地点："
logger = logging.getLogger(__name__)


def learn(
    *, now: datetime, repeats: int = 1, on_fold: Callable[[int], object] = lambda _: None
) -> models.TrainedModel:
    """Learn from the newest dispatched and closed tickets, labelled by the class they are filed under now,
    and put the model to use. What was learnt already from the same tickets is not learnt again. Refuses (400)
    where fewer than two classes have enough tickets. The reading is entered first."""
    from liuquan.hotline.analysis import train

    labels = dict(learnable.tickets(most=MOST))
    opened = casework.open_matters(list(labels), subject=TEXTS, purpose="训练归类建议的模型", now=now)
    many = Counter(labels[number] for number in opened)
    kept = [one for one in opened.values() if many[labels[one.number]] >= LEAST_OF_CLASS]
    if len({labels[one.number] for one in kept}) < 2:
        sentence = f"归了类的工单还不够：至少要有两类、每类{LEAST_OF_CLASS}件，请积累以后再学。"
        raise BadInput(sentence, code="few_tickets")
    read = [message_of(one) for one in kept]
    classes = [labels[one.number] for one in kept]
    content = _sha256([(one.text, label) for one, label in zip(read, classes, strict=True)])
    same = models.TrainedModel.objects.filter(in_use=True, data_sha256=content).first()
    if same is not None and trained.path().is_file():
        return same
    about = {"data_sha256": content, "source": "tickets", "trained_on": f"{moments.today(now)}"}
    found = train(read, classes, repeats=repeats, about=about, least_writers=LEAST_WRITERS, on_fold=on_fold)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "learnt.model"
        found.model.write(file)
        return put_to_use(file, now=now)


def learn_nightly(*, now: datetime) -> models.TrainedModel | None:
    """The same each night, where there are tickets enough and nobody chose a model from a file: that one
    stays until somebody has it learnt anew. Nothing where the libraries are not installed."""
    using = models.TrainedModel.objects.filter(in_use=True).first()
    if using is not None and using.source == "file":
        return None
    if learnable.count(most=LEAST_NIGHTLY) < LEAST_NIGHTLY:
        return None
    try:
        return learn(now=now)
    except (BadInput, ModuleNotFoundError) as error:
        logger.warning("nothing was learnt from the tickets: %s", error)
        return None


def put_to_use(file: Path, *, now: datetime, called: Mapping[str, str] | None = None) -> models.TrainedModel:
    """Suggest by this model from now on. `called`: labels of the file with the class of ours that each means.
    Refuses (400) what is no model, a label that it has not, and one of which no label is a class of ours, by
    code or by name."""
    from liuquan.hotline.analysis import Classifier

    found = Classifier.load(file)
    if called:
        with tempfile.TemporaryDirectory() as folder:
            renamed = Path(folder) / "renamed.model"
            _renamed(found, called).write(renamed)
            return put_to_use(renamed, now=now)
    ours = {text for one in catalogue.classes() for text in (one.code, one.name)}
    if not ours & set(found.labels):
        listed = "、".join(found.labels[:8])
        raise BadInput(
            f"模型的类别（{listed}）没有一个是本地的归类，请用 --as 类别=归类 说明各是哪一类。",
            code="no_class",
        )
    about, code = found.about, trained.code_of(file)
    values: dict[str, Any] = {
        "source": "tickets" if about.get("source") == "tickets" else "file",
        "data_name": str(about.get("data", ""))[:120],
        "data_sha256": str(about.get("data_sha256", ""))[:64],
        "rows": int(about.get("rows", 0)),
        "labels": about.get("rows_by_label") or dict.fromkeys(found.labels, 0),
        "macro_f1": about.get("macro_f1"),
        "used_at": now,
        "in_use": True,
    }
    with transaction.atomic(durable=True):
        models.TrainedModel.objects.filter(in_use=True).update(in_use=False)
        row, _ = models.TrainedModel.objects.update_or_create(code=code, defaults=values)
        journal.append(_entry(row, len(found.labels), now))
    trained.install(file)
    return row


def _renamed(found: Classifier, called: Mapping[str, str]) -> Classifier:
    if strange := [label for label in called if label not in found.labels]:
        listed = "、".join(found.labels)
        raise BadInput(f"模型里没有类别“{strange[0]}”，有的是：{listed}。", code="no_label")
    rows: Counter[str] = Counter()
    for label, many in dict(found.about.get("rows_by_label", {})).items():
        rows[called.get(label, label)] += many
    labels = [called.get(label, label) for label in found.labels]
    return replace(found, labels=labels, about={**found.about, "rows_by_label": dict(rows)})


def message_of(one: OpenedMatter) -> Message:
    """The matter of a case as the analysis reads it: its first line is the subject, without who is named."""
    from liuquan.hotline.analysis import Message

    text = masked(one.text)
    for mark in (LONG_NUMBER, PHONE, PLATE, MAIL):
        text = text.replace(mark, " ")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith(_PLACE)]
    return Message(one.number, lines[0] if lines else "", "\n".join(lines[1:]), "、".join(one.parties[:1]))


def _sha256(rows: list[tuple[str, str]]) -> str:
    return hashlib.sha256(json.dumps(sorted(rows), ensure_ascii=False).encode()).hexdigest()


def _entry(row: models.TrainedModel, labels: int, now: datetime) -> NewEntry:
    public = {
        "source_label": {"file": "文件", "tickets": "本中心的工单"}[row.source],
        "data_sha256": row.data_sha256,
        "rows": row.rows,
        "labels": labels,
        "macro_f1": "" if row.macro_f1 is None else f"{row.macro_f1:.4f}",
    }
    return NewEntry(events.MODEL_USED.name, f"hotline-model-{row.code}", "", "", "system", now, public)
