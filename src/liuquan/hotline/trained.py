"""The model in use: its file in the home of this place, loaded once by each process and anew once replaced.

While it is loaded the one before it goes on suggesting. A damaged file, or an installation without the
libraries of `analysis`, suggests by words."""

from __future__ import annotations

import hashlib
import logging
import os
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from liuquan.kernel.home import current_home
from liuquan.kernel.refusals import BadInput

if TYPE_CHECKING:
    from liuquan.hotline.analysis import Classifier

CODE_LENGTH: Final = 12  #: characters of the file's SHA-256 by which a model is called
_FILE: Final = "hotline-classes.model"
_Mark = tuple[int, int, int]
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class InUse:
    """A model with its code."""

    code: str
    classifier: Classifier


def path() -> Path:
    """Where the model in use lies."""
    return current_home().models / _FILE


def code_of(file: Path) -> str:
    """What a model file is called."""
    return hashlib.sha256(file.read_bytes()).hexdigest()[:CODE_LENGTH]


def install(file: Path) -> None:
    """Put this file into use, at once and whole."""
    beside = path().with_suffix(".new")
    beside.write_bytes(file.read_bytes())
    os.replace(beside, path())


def in_use() -> InUse | None:
    """The model in use; nothing where there is none that can be read."""
    return _HELD.model()


class _Held:
    """What this process has loaded, and of which file."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._now: tuple[Path, _Mark, InUse | None] | None = None

    def model(self) -> InUse | None:
        file = path()
        try:
            stat = file.stat()
        except FileNotFoundError:
            return None
        mark = (stat.st_mtime_ns, stat.st_size, stat.st_ino)
        held = self._now
        if held and held[:2] == (file, mark):
            return held[2]
        if not self._lock.acquire(blocking=held is None):
            return held[2] if held else None
        try:
            if self._now is None or self._now[:2] != (file, mark):
                self._now = (file, mark, _loaded(file))
            return self._now[2]
        finally:
            self._lock.release()


def _loaded(file: Path) -> InUse | None:
    from liuquan.hotline.analysis import Classifier  # its dictionary takes a moment to load

    try:
        return InUse(code_of(file), Classifier.load(file))
    except (BadInput, ModuleNotFoundError) as error:
        logger.warning("suggesting by words, the model cannot be used: %s", error)
        return None


_HELD: Final = _Held()
