"""A trained model: its file, and suggesting a class for one text.

The file is a zip of JSON and of plain arrays; nothing in it can run. Each part has its SHA-256 in
`model.json`, so that a damaged file is noticed before it is used. A person decides; this only suggests.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

from liuquan.hotline.analysis.grams import WordList, halves, weighed
from liuquan.kernel.refusals import BadInput

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FORMAT: Final = "liuquan-hotline-model"
VERSION: Final = 1
_HEAD: Final = "model.json"
_MOST_UNPACKED: Final = 500_000_000
_FLOOR: Final = 1e-3  #: no part of the model rules a class out alone
_SHARP: Final = 2.0  #: margins of a support vector machine as probabilities: softmax of twice the margin


@dataclass(frozen=True)
class Block:
    """Runs of characters of the subject or the body: their places, their rarity, and their weight for each
    label (`weights[place, label]`)."""

    grams: Sequence[str]
    idf: NDArray[np.float32]
    weights: NDArray[np.float32]
    places: Mapping[str, int] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "places", {gram: place for place, gram in enumerate(self.grams)})

    def margins(self, text: str) -> Any:
        """What this text's runs say for each label."""
        places, values = weighed(text, self.places, self.idf)
        return values @ self.weights[places] if places else 0.0


@dataclass(frozen=True)
class Classifier:
    """Suggests a class. `about` is what the file says of itself: rows, hash of the data, figures."""

    labels: Sequence[str]
    subject: Block
    body: Block
    base: NDArray[np.float32]
    words: WordList
    word_weights: NDArray[np.float32]
    word_base: NDArray[np.float32]
    about: Mapping[str, Any]

    def suggest(self, text: str, *, subject: str = "") -> list[tuple[str, float]]:
        """Every label with its score, the likeliest first; the scores add up to 1. Where only one text is
        given, its first line is the subject. Nothing for an empty text."""
        import numpy as np

        subject, body = halves(subject, text)
        if not subject:
            return []
        margins = self.subject.margins(subject) + self.body.margins(body) + self.base
        by_words = np.asarray(self.words.features(subject, body)) @ self.word_weights + self.word_base
        scores = mixed(_SHARP * margins, by_words)
        return [(self.labels[place], float(scores[place])) for place in np.argsort(-scores, kind="stable")]

    def write(self, path: Path) -> None:
        """Write the file; the same model gives the same bytes."""
        parts = {
            "subject.json": _json(list(self.subject.grams)),
            "body.json": _json(list(self.body.grams)),
            "words.json": _json(self.words.words),
            **{f"{name}.npy": _packed(array) for name, array in self._arrays().items()},
        }
        head = {
            "format": FORMAT,
            "version": VERSION,
            "labels": list(self.labels),
            "about": dict(self.about),
            "parts": {name: hashlib.sha256(content).hexdigest() for name, content in parts.items()},
        }
        try:
            with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as packed:
                for name, content in {_HEAD: _json(head), **parts}.items():
                    packed.writestr(
                        zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED
                    )
        except OSError as error:
            raise BadInput(f"写不了“{path}”：{error.strerror}，请核对路径。", code="no_file") from error

    def _arrays(self) -> dict[str, NDArray[np.float32]]:
        return {
            "subject_idf": self.subject.idf,
            "subject_weights": self.subject.weights,
            "body_idf": self.body.idf,
            "body_weights": self.body.weights,
            "base": self.base,
            "word_weights": self.word_weights,
            "word_base": self.word_base,
        }

    @classmethod
    def load(cls, path: Path | str) -> Self:
        """Read a model file. Refuses what is none, a damaged one, and one of another version."""
        path = Path(path)
        try:
            with zipfile.ZipFile(path) as packed:
                return cls._of(*_checked(packed, path.name))
        except OSError as error:
            raise BadInput(f"打不开“{path}”：{error.strerror}，请核对路径。", code="no_file") from error
        except (zipfile.BadZipFile, zlib.error, EOFError) as error:
            raise BadInput(
                f"“{path.name}”不是热线模型文件，或者已损坏，请重新训练。", code="bad_model"
            ) from error
        except (KeyError, TypeError, ValueError, IndexError, NotImplementedError, RuntimeError) as error:
            raise BadInput(f"“{path.name}”的内容不完整，请重新训练。", code="bad_model") from error

    @classmethod
    def _of(cls, head: Mapping[str, Any], parts: Mapping[str, bytes]) -> Self:
        array = {name[:-4]: _unpacked(content) for name, content in parts.items() if name.endswith(".npy")}
        words = WordList(json.loads(parts["words.json"]))
        subject, body = (
            Block(json.loads(parts[f"{name}.json"]), array[f"{name}_idf"], array[f"{name}_weights"])
            for name in ("subject", "body")
        )
        found = cls(
            labels=head["labels"],
            subject=subject,
            body=body,
            base=array["base"],
            words=words,
            word_weights=array["word_weights"],
            word_base=array["word_base"],
            about=head["about"],
        )
        if not found._fits():
            raise ValueError("arrays that do not fit each other")
        return found

    def _fits(self) -> bool:
        wide = len(self.labels)
        return (
            wide > 1
            and self.base.shape == self.word_base.shape == (wide,)
            and self.word_weights.shape == (2 * len(self.words.words), wide)
            and all(
                block.weights.shape == (len(block.grams), wide) and block.idf.shape == (len(block.grams),)
                for block in (self.subject, self.body)
            )
        )


def mixed(margins: Any, by_words: Any) -> Any:
    """Both parts of the model together, as scores of each row that add up to 1."""
    import numpy as np

    both = np.log(softmax(margins) + _FLOOR) + np.log(softmax(by_words) + _FLOOR)
    return softmax(both)


def softmax(values: Any) -> Any:
    """Scores that add up to 1, row by row."""
    import numpy as np

    raised = np.exp(values - np.max(values, axis=-1, keepdims=True))
    return raised / raised.sum(axis=-1, keepdims=True)


def _checked(packed: zipfile.ZipFile, name: str) -> tuple[Mapping[str, Any], dict[str, bytes]]:
    if sum(one.file_size for one in packed.infolist()) > _MOST_UNPACKED:
        raise BadInput(f"“{name}”解开后太大，不是热线模型文件。", code="bad_model")
    head = json.loads(packed.read(_HEAD)) if _HEAD in packed.namelist() else {}
    if not isinstance(head, dict) or head.get("format") != FORMAT:
        raise BadInput(f"“{name}”不是热线模型文件，请用 hotline train 训练得到的文件。", code="bad_model")
    if head.get("version") != VERSION:
        raise BadInput(
            f"“{name}”是第{head.get('version')}版模型，本系统用第{VERSION}版，请重新训练。",
            code="model_version",
        )
    parts = {part: packed.read(part) for part in head["parts"]}
    if any(hashlib.sha256(content).hexdigest() != head["parts"][part] for part, content in parts.items()):
        raise BadInput(f"“{name}”已损坏：内容和校验值不符，请重新训练。", code="bad_model")
    return head, parts


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def _packed(array: Any) -> bytes:
    import numpy as np

    into = io.BytesIO()
    np.lib.format.write_array(into, np.ascontiguousarray(array, dtype="<f4"), allow_pickle=False)
    return into.getvalue()


def _unpacked(content: bytes) -> NDArray[np.float32]:
    import numpy as np

    found: NDArray[np.float32] = np.load(io.BytesIO(content), allow_pickle=False)
    return found
