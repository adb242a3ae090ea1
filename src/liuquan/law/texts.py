"""The imported texts of the law, kept as files: a citation opens the article's own words.

`import_folder` reads statute markdown and keeps each version as one JSON file; `Texts` finds the article of a
citation in the version in force on a day. The software works without any text: then the answer is `None`.
"""

import json
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from liuquan.law.citations import Citation, parse_citation
from liuquan.law.statutes import LARGEST, Article, Statute, read_statute
from liuquan.law.types import LawError

MOST_FILES = 5_000


@dataclass(frozen=True)
class ImportReport:
    """The result of an import: how many texts are new, changed or unchanged, and each refusal."""

    new: int
    changed: int
    unchanged: int
    articles: int
    refused: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Texts:
    """The texts kept in a folder. Reads a file when one of its articles is asked for."""

    folder: Path

    @classmethod
    def load(cls, folder: Path) -> "Texts":
        """The texts of this folder; one that does not exist holds none."""
        return cls(folder)

    def versions(self, instrument: str) -> tuple[Statute, ...]:
        """Every imported version of this instrument, by its short name or its full title, oldest first."""
        found = [_read(path) for path in self._files(instrument)]
        return tuple(sorted(found, key=lambda one: (one.in_force_on, one.version_on)))

    def in_force(self, instrument: str, on: date) -> Statute | None:
        """The imported version in force on this day."""
        fitting = [one for one in self.versions(instrument) if one.in_force_on <= on]
        return fitting[-1] if fitting else None

    def article(self, citation: Citation | str, on: date) -> Article | None:
        """The cited article in the version in force on this day; `None` when its text is not imported.

        Refuses a citation that is not well formed.
        """
        cited = parse_citation(citation) if isinstance(citation, str) else citation
        statute = self.in_force(cited.instrument, on)
        if statute is None or cited.article is None:
            return None
        key = f"{cited.article}-{cited.suffix}" if cited.suffix else str(cited.article)
        if key not in statute.articles:
            return None
        return Article(
            statute.name, statute.title, statute.version_on, statute.in_force_on, key, statute.articles[key]
        )

    def names(self) -> tuple[str, ...]:
        """The instruments of which a text is imported, by their short names."""
        return tuple(sorted({path.name.rpartition("(")[0] for path in self._all()}))

    def _all(self) -> list[Path]:
        return sorted(self.folder.glob("*(*).json")) if self.folder.is_dir() else []

    def _files(self, instrument: str) -> list[Path]:
        short = instrument.removeprefix("中华人民共和国")
        return [path for path in self._all() if path.name.rpartition("(")[0] in (instrument, short)]


def import_folder(
    source: Path, target: Path, *, progress: Callable[[int], object] = lambda count: None
) -> ImportReport:
    """Read every statute below `source` and keep it in `target`. Refuses a folder without any, or too full.

    A file that is no statute is refused alone, by name and reason; the others are kept. Run twice it changes
    nothing.
    """
    files = _statute_files(source)
    counts = {"new": 0, "changed": 0, "unchanged": 0}
    refused: list[tuple[str, str]] = []
    seen: dict[str, Path] = {}
    articles = 0
    for path in files:
        progress(1)
        try:
            statute = read_statute(path.name, _content(path))
            if statute.file in seen:
                raise LawError(f"{path.name}：与 {seen[statute.file].relative_to(source)} 是同一版本")
        except LawError as refusal:
            refused.append((str(path.relative_to(source)), str(refusal)))
            continue
        seen[statute.file] = path
        articles += len(statute.articles)
        counts[_keep(statute, target)] += 1
    if not seen:
        first = f"，例如 {refused[0][1]}" if refused else ""
        raise LawError(f"“{source}”里没有可以导入的法律文本{first}")
    return ImportReport(**counts, articles=articles, refused=tuple(refused))


def _statute_files(source: Path) -> list[Path]:
    if not source.is_dir():
        raise LawError(f"没有文件夹“{source}”，请给出法律文本所在的文件夹")
    files: list[Path] = []
    for path in source.rglob("*.md"):
        files.append(path)
        if len(files) > MOST_FILES:
            raise LawError(f"“{source}”里超过 {MOST_FILES} 个文件，请分批导入")
    return sorted(files)


def _content(path: Path) -> bytes:
    """The file's bytes. Refuses links (they may lead anywhere), what is no file, and what is too large."""
    if path.is_symlink() or not path.is_file():
        raise LawError(f"{path.name}：不是普通文件")
    try:
        with path.open("rb") as file:
            return file.read(LARGEST + 1)
    except OSError as error:
        raise LawError(f"{path.name}：打不开（{error.strerror}）") from error


def _keep(statute: Statute, target: Path) -> str:
    """Write one text whole or not at all; says whether it was new, changed or unchanged."""
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = target / statute.file
    content = json.dumps(
        {
            "name": statute.name,
            "title": statute.title,
            "version_on": statute.version_on.isoformat(),
            "in_force_on": statute.in_force_on.isoformat(),
            "articles": {key: list(lines) for key, lines in statute.articles.items()},
        },
        ensure_ascii=False,
        indent=1,
    )
    known = path.read_text(encoding="utf-8") if path.is_file() else None
    if known == content:
        return "unchanged"
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=target, suffix=".part", delete=False) as file:
        file.write(content)
    os.replace(file.name, path)
    return "new" if known is None else "changed"


def _read(path: Path) -> Statute:
    return _read_version(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=512)
def _read_version(path: Path, changed_ns: int) -> Statute:
    """A kept text; read again when its file has changed."""
    try:
        data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return Statute(
            data["name"],
            data["title"],
            date.fromisoformat(data["version_on"]),
            date.fromisoformat(data["in_force_on"]),
            {key: tuple(lines) for key, lines in data["articles"].items()},
        )
    except (ValueError, KeyError, TypeError, AttributeError, OSError) as error:
        raise LawError(f"{path.name}：已导入的文本损坏，请重新运行 liuquan law import（{error}）") from error
