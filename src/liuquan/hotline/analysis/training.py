"""A model from labelled messages, and what it would reach on messages it has not seen.

Two parts are mixed: weights of runs of characters in subject and body (a support vector machine on log-count
ratios, "NB-SVM"), and weights of the listed words of each class. Both are made anew in every fold of the
cross-validation, with rarity counted on that fold's own rows, beside a plain baseline on the same folds.
The same file gives the same model: order and seeds are fixed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from statistics import mean, pstdev
from typing import Any, Final

from liuquan.hotline.analysis.grams import WordList, grams, halves, listed
from liuquan.hotline.analysis.messages import Message
from liuquan.hotline.analysis.model import Block, Classifier, mixed
from liuquan.kernel.refusals import BadInput

FOLDS, REPEATS = 5, 5
#: rows in which a run of characters must stand to be kept, in subject and body
LEAST_ROWS: Final = (1, 2)
_SMOOTH: Final = 0.1
#: how freely the word weights follow the labelled rows: small, because there are few rows
WORD_C: Final = 0.3
#: beyond it the runs of characters are kept that stand in most rows
MOST_GRAMS: Final = 400_000

Silent: Callable[[int], object] = lambda _: None  # noqa: E731


@dataclass(frozen=True)
class Trained:
    """A model, and its macro F1 over all folds of all repeats: ours, the plain baseline's, and how far the
    repeats lie apart (standard deviation of their means). Nothing is measured where `repeats` was 0."""

    model: Classifier
    labels: dict[str, int]
    macro_f1: float | None = None
    spread: float | None = None
    baseline_macro_f1: float | None = None


def train(
    messages: Sequence[Message],
    labels: Sequence[str],
    *,
    repeats: int = REPEATS,
    about: dict[str, Any] | None = None,
    least_writers: int = 0,
    on_fold: Callable[[int], object] = Silent,
) -> Trained:
    """Cross-validate, then train on all rows. Rows without a label or without any text are left out. A run of
    characters that fewer than `least_writers` people wrote is not kept, so that nobody can be told from the
    model; a message without a writer is one's own. Refuses fewer than two labels and a label of one row
    only."""
    rows = [
        (*halves(message.subject, message.body), label.strip(), message.writer)
        for message, label in zip(messages, labels, strict=True)
        if label.strip() and message.text
    ]
    counts = dict(Counter(row[2] for row in rows).most_common())
    _check(counts)
    subjects, bodies, classes, writers = zip(*rows, strict=True)
    found = _Rows(subjects, bodies, classes, _Voices(writers, least_writers))
    scores = list(_cross_validated(found, min(FOLDS, *counts.values()), repeats, on_fold))
    figures: dict[str, float] = {}
    if scores:
        by_repeat = [mean(score[1] for score in scores if score[0] == one) for one in range(repeats)]
        figures = {
            "macro_f1": round(mean(by_repeat), 4),
            "spread": round(pstdev(by_repeat), 4),
            "baseline_macro_f1": round(mean(score[2] for score in scores), 4),
        }
    model = found.fitted({"rows": len(rows), "rows_by_label": counts, **(about or {}), **figures})
    return Trained(model, counts, **figures)


def _check(counts: dict[str, int]) -> None:
    if not counts:
        raise BadInput("没有既有正文又有类别的行，请核对列名和文件。", code="no_rows")
    if len(counts) < 2:
        raise BadInput(f"只有一个类别“{next(iter(counts))}”，至少要两个类别才能训练。", code="one_label")
    if few := [label for label, many in counts.items() if many < 2]:
        raise BadInput(f"类别“{few[0]}”只有一条留言，每个类别至少要两条，请补充或者合并。", code="few_rows")


class _Voices:
    """Who wrote each row, and how many people must have written what is kept."""

    def __init__(self, writers: Sequence[str], least: int) -> None:
        self.least = least
        order: dict[object, int] = {}
        self.of_row = [order.setdefault(name or (at,), len(order)) for at, name in enumerate(writers)]
        self.many = len(order)

    def enough(self, counts: Any) -> Any:
        """For each run of characters whether enough people wrote it."""
        import numpy as np
        from scipy.sparse import csr_matrix

        if self.least < 2:
            return np.ones(counts.shape[1], bool)
        rows = np.arange(len(self.of_row))
        wrote = csr_matrix((np.ones(len(rows)), (self.of_row, rows)), shape=(self.many, len(rows)))
        return np.asarray(((wrote @ counts) > 0).sum(axis=0)).ravel() >= self.least


class _Rows:
    """The labelled rows as matrices, counted once; rarity and weights belong to the rows of a fold."""

    def __init__(
        self, subjects: Sequence[str], bodies: Sequence[str], labels: Sequence[str], voices: _Voices
    ) -> None:
        import numpy as np

        self.names = sorted(set(labels))
        self.label = np.array([self.names.index(label) for label in labels])
        self.blocks = [
            _Counted(texts, least, voices=voices)
            for texts, least in zip((subjects, bodies), LEAST_ROWS, strict=True)
        ]
        whole = [f"{one} {other}" for one, other in zip(subjects, bodies, strict=True)]
        self.plain = _Counted(whole, 2, damped=False)
        self.words = WordList(listed("words"))
        pairs = zip(subjects, bodies, strict=True)
        self.by_words = np.array([self.words.features(subject, body) for subject, body in pairs])

    def fitted(self, about: dict[str, Any]) -> Classifier:
        """The model of all rows."""
        import numpy as np

        every = np.arange(len(self.label))
        parts = _Fit(self, every)
        sides, at = [], 0
        for counted, (kept, idf) in zip(self.blocks, parts.kept, strict=True):
            weights = parts.weights[at : at + len(kept)]
            names = [counted.names[place] for place in kept]
            sides.append(Block(names, idf.astype("f4"), weights.astype("f4")))
            at += len(kept)
        return Classifier(
            labels=self.names,
            subject=sides[0],
            body=sides[1],
            base=parts.base.astype("f4"),
            words=self.words,
            word_weights=parts.word_weights.astype("f4"),
            word_base=parts.word_base.astype("f4"),
            about=about,
        )


class _Counted:
    """How often each run of characters stands in each text: as 1 + log(count) where `damped`."""

    def __init__(
        self, texts: Sequence[str], least: int, *, damped: bool = True, voices: _Voices | None = None
    ) -> None:
        import numpy as np
        from sklearn.feature_extraction.text import CountVectorizer

        counter = CountVectorizer(analyzer=grams, min_df=1, max_features=MOST_GRAMS)
        self.counts = counter.fit_transform(texts).astype(np.float64).tocsr()
        if damped:
            self.counts.data = 1 + np.log(self.counts.data)
        self.names: Sequence[str] = counter.get_feature_names_out().tolist()
        self.least = least
        self.kept = voices.enough(self.counts) if voices else True

    def rarity(self, rows: Any) -> tuple[Any, Any]:
        """Which runs stand in enough of these rows, and how rare each is there."""
        import numpy as np

        often = np.asarray((self.counts[rows] > 0).sum(axis=0)).ravel()
        kept = np.flatnonzero((often >= self.least) & self.kept)
        return kept, np.log((1 + len(rows)) / (1 + often[kept])) + 1

    def weighed(self, kept: Any, idf: Any) -> Any:
        """Every row by the kept runs, of length one."""
        from scipy.sparse import diags
        from sklearn.preprocessing import normalize

        return normalize(self.counts[:, kept] @ diags(idf)).tocsr()


class _Fit:
    """Weights from some of the rows."""

    def __init__(self, found: _Rows, rows: Any) -> None:
        import numpy as np
        from scipy.sparse import hstack
        from sklearn.linear_model import LogisticRegression

        self.kept = [counted.rarity(rows) for counted in found.blocks]
        sides = [counted.weighed(*kept) for counted, kept in zip(found.blocks, self.kept, strict=True)]
        self.matrix = hstack(sides).tocsr()
        label = found.label[rows]
        pairs = [_one_label(self.matrix[rows], label == place) for place in range(len(found.names))]
        self.weights = np.array([weights for weights, _ in pairs]).T
        self.base = np.array([base for _, base in pairs])
        by_words = LogisticRegression(C=WORD_C, class_weight="balanced", max_iter=1000)
        by_words.fit(found.by_words[rows], label)
        # Of two labels scikit-learn keeps one row of weights, for the second: the first is its opposite.
        two = len(found.names) == 2
        weights, base = by_words.coef_, by_words.intercept_
        self.word_weights = (np.vstack([-weights, weights]) / 2 if two else weights).T
        self.word_base = np.concatenate([-base, base]) / 2 if two else base

    def scores(self, found: _Rows, rows: Any) -> Any:
        """The score of every label for these rows."""
        margins = 2.0 * (self.matrix[rows] @ self.weights + self.base)
        return mixed(margins, found.by_words[rows] @ self.word_weights + self.word_base)


def _one_label(matrix: Any, is_it: Any) -> tuple[Any, float]:
    """The weight of each run for one label: log-count ratio times the support vector machine's weight."""
    import numpy as np
    from scipy.sparse import diags
    from sklearn.svm import LinearSVC

    inside = np.asarray(matrix[is_it].sum(axis=0)).ravel() + _SMOOTH
    outside = np.asarray(matrix[~is_it].sum(axis=0)).ravel() + _SMOOTH
    ratio = np.log(inside / inside.sum()) - np.log(outside / outside.sum())
    machine = LinearSVC(class_weight="balanced", random_state=0, max_iter=5000)
    machine.fit(matrix @ diags(ratio), is_it)
    return machine.coef_[0] * ratio, float(machine.intercept_[0])


def _cross_validated(
    found: _Rows, folds: int, repeats: int, on_fold: Callable[[int], object]
) -> Iterator[tuple[int, float, float]]:
    """Repeat, our macro F1 and the baseline's, fold by fold."""
    from sklearn.metrics import f1_score
    from sklearn.model_selection import StratifiedKFold
    from sklearn.svm import LinearSVC

    for repeat in range(repeats):
        split = StratifiedKFold(folds, shuffle=True, random_state=repeat)
        for rows, held in split.split(found.label, found.label):
            ours = _Fit(found, rows).scores(found, held).argmax(axis=1)
            plain = found.plain.weighed(*found.plain.rarity(rows))
            machine = LinearSVC(class_weight="balanced", random_state=0).fit(plain[rows], found.label[rows])
            truth = found.label[held]
            yield (
                repeat,
                float(f1_score(truth, ours, average="macro")),
                float(f1_score(truth, machine.predict(plain[held]), average="macro")),
            )
            on_fold(1)
