"""The log as files under the home's `log` folder: what everybody may read, and only the sealer writes.

A file is written under another name, synced, renamed, and its folder synced: nobody ever reads half of one,
and what a checkpoint names is on the disk before the checkpoint. A full disk changes nothing.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from liuquan.kernel.home import current_home
from liuquan.merkle import (
    CHECKPOINT_PATH,
    HASH_BYTES,
    WIDTH,
    RecordError,
    Tile,
    pack_entries,
    parse_path,
    unpack_entries,
)

_DRAFT = ".draft"
_LOCK = ".sealing"


class LogFiles:
    """The files of one installation's log."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def fetch(self, path: str) -> bytes | None:
        """The content of a published path; None when there is none, or the path is no path of the log."""
        if path != CHECKPOINT_PATH:
            try:
                parse_path(path)
            except RecordError:
                return None
        try:
            return (self.root / path).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None

    def tile(self, tile: Tile) -> bytes | None:
        """The hashes of a tile; of a partial one also when the full one has already replaced it."""
        content = self.fetch(tile.path)
        if content is not None or tile.full:
            return content
        full = self.fetch(Tile(tile.level, tile.index).path)
        return None if full is None else full[: tile.width * HASH_BYTES]

    def bundle(self, tile: Tile) -> bytes | None:
        """The entries of a tile of level 0, packed; of a partial one also from the full one."""
        content = self.fetch(tile.entries_path)
        if content is not None or tile.full:
            return content
        full = self.fetch(Tile(0, tile.index).entries_path)
        return None if full is None else pack_entries(unpack_entries(full)[: tile.width])

    def checkpoint(self) -> str | None:
        """The published checkpoint."""
        content = self.fetch(CHECKPOINT_PATH)
        return None if content is None else content.decode("utf-8", "replace")

    @contextlib.contextmanager
    def sole_sealer(self) -> Iterator[bool]:
        """Whether this process alone may write now. The lock ends with the process, however that ends."""
        descriptor = os.open(self.root / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
                return
            yield True
        finally:
            os.close(descriptor)

    def write(self, contents: Mapping[str, bytes]) -> None:
        """Put these files in place, durably, in their order. Only inside `sole_sealer`."""
        folders = set()
        for path, content in contents.items():
            target = self.root / path
            if target.parent not in folders:
                folders |= self._make_folder(target.parent)
            self._replace(target, content)
        for folder in folders:
            _sync_folder(folder)

    def publish(self, note: str) -> None:
        """Put the checkpoint in place; all tiles and bundles under it have been written before."""
        self.write({CHECKPOINT_PATH: note.encode()})

    def remove_replaced_partials(self, old: int, new: int) -> None:
        """Remove the partial tiles that full ones have replaced. A missing one is no error."""
        level = 0
        while new >= WIDTH:
            for index in range(max(old // WIDTH - 1, 0), new // WIDTH):
                full = Tile(level, index)
                for path in (full.path, *((full.entries_path,) if level == 0 else ())):
                    shutil.rmtree(self.root / f"{path}.p", ignore_errors=True)
            old, new, level = old // WIDTH, new // WIDTH, level + 1

    def _replace(self, target: Path, content: bytes) -> None:
        draft = self.root / _DRAFT
        try:
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o644)
            try:
                rest = memoryview(content)
                while rest:
                    rest = rest[os.write(descriptor, rest) :]
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
            os.replace(draft, target)
        except OSError:
            draft.unlink(missing_ok=True)
            raise

    def _make_folder(self, folder: Path) -> set[Path]:
        """Make a folder and those above it; returns the folders whose content changes."""
        changed = {folder}
        missing = folder
        while not missing.is_dir():
            changed.add(missing.parent)
            missing = missing.parent
        folder.mkdir(mode=0o755, parents=True, exist_ok=True)
        return changed


def log_files() -> LogFiles:
    """The files of this installation's log."""
    return LogFiles(current_home().log)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
