"""Backup and restore: the database and the files in one archive, the keys apart in another.

The database is dumped first and the files are copied after it, so that every file a row names is in the
archive. Files are encrypted, and useless without the keys: keep the two archives with different people. What
is public about the keys (the list of those that were made, the log's public keys) goes with the data.
"""

import hashlib
import io
import json
import os
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath

import psycopg

from liuquan.kernel import key_custody, key_files
from liuquan.kernel.home import Home
from liuquan.kernel.postgres import Server
from liuquan.kernel.postgres.cluster import SUPERUSER
from liuquan.kernel.postgres.programs import complaint, run_program
from liuquan.kernel.postgres.roles import DATABASE
from liuquan.kernel.refusals import Refusal, Unavailable

FORMAT = 1
MANIFEST = "manifest.json"
DUMP = "database.dump"
FILES = "files"
ABOUT_KEYS = (key_files.LIST, "log-keys.json")
MADE_BY_DJANGO = "django.txt"


@dataclass(frozen=True)
class Manifest:
    """What an archive says about itself."""

    format: int
    made_at: str
    dump_sha256: str
    dump_bytes: int
    files: int


def make(home: Home, server: Server, target: Path, *, keys: Path | None, now: datetime) -> Manifest:
    """Write the archive, and the keys to their own if asked. Refuses to write over anything."""
    for path in filter(None, (target, keys)):
        if path.exists():
            raise Unavailable(f"{path} 已经存在：请换一个文件名，备份不覆盖旧文件。", code="exists")
    with tempfile.TemporaryFile() as dump:
        words = ("--format=custom", "--no-password", "-h", server.host, "-U", SUPERUSER, DATABASE)
        done = run_program(server.place, "pg_dump", *words, stdout=dump)
        if done.returncode != 0:
            raise Unavailable(f"数据库没有导出：{complaint(done)}。", code="dump_failed")
        size = dump.tell()
        dump.seek(0)
        digest = hashlib.file_digest(dump, "sha256").hexdigest()
        stored = sorted(path for path in home.files.rglob("*") if path.is_file())
        manifest = Manifest(FORMAT, now.isoformat(), digest, size, len(stored))
        with _written_whole(target) as archive:
            _add(archive, MANIFEST, io.BytesIO(json.dumps(asdict(manifest)).encode()))
            dump.seek(0)
            _add(archive, DUMP, dump)
            for path in (home.root / name for name in ABOUT_KEYS):
                if path.exists():
                    with path.open("rb") as content:
                        _add(archive, path.name, content)
            for path in stored:
                with path.open("rb") as content:
                    _add(archive, f"{FILES}/{path.relative_to(home.files).as_posix()}", content)
    if keys is not None:
        with _written_whole(keys) as archive:
            for path in sorted(home.keys.iterdir()):
                with path.open("rb") as content:
                    _add(archive, path.name, content)
    return manifest


def restore(home: Home, server: Server, source: Path, *, keys: Path | None) -> Manifest:
    """Bring an archive into an empty home: all of it, or nothing. Refuses a home that holds anything."""
    _refuse_full(home, server, keys)
    with tempfile.TemporaryDirectory(dir=home.root) as drafts:
        draft = Path(drafts)
        manifest = _unpack(source, draft)
        if keys is not None:
            _unpack_keys(keys, draft / "keys")
            files = {path.name: path.read_bytes() for path in (draft / "keys").iterdir()}
            key_custody.refuse_other_keys(files, key_files.read_list(draft / key_files.LIST))
        _load(server, draft / DUMP)
        for name in ABOUT_KEYS:
            if (draft / name).exists():
                (draft / name).replace(home.root / name)
        (draft / FILES).mkdir(exist_ok=True)
        for path in list((draft / FILES).iterdir()):
            path.rename(home.files / path.name)
        if keys is not None:
            for path in (draft / "keys").iterdir():
                path.chmod(0o600)
                path.replace(home.keys / path.name)
    return manifest


def _refuse_full(home: Home, server: Server, keys: Path | None) -> None:
    with psycopg.connect(server.dsn(DATABASE)) as connection:
        row = connection.execute(
            "SELECT count(*) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
        ).fetchone()
    other_keys = [path for path in home.keys.iterdir() if path.name != MADE_BY_DJANGO]
    if row != (0,) or any(home.files.iterdir()) or (keys is not None and other_keys):
        raise Unavailable(
            f"{home.root} 已有数据：只能恢复到空的 LIUQUAN_HOME，请另指定一个再运行。", code="not_empty"
        )


def _unpack(source: Path, draft: Path) -> Manifest:
    with _opened(source) as archive:
        try:
            content = archive.extractfile(MANIFEST)
            manifest = Manifest(**json.load(content)) if content else None
        except (KeyError, ValueError, TypeError):
            manifest = None
        if manifest is None or manifest.format != FORMAT:
            raise Unavailable(f"{source} 不是本版本的备份：请核对文件。", code="not_a_backup")
        _take_out(archive, draft)
    with (draft / DUMP).open("rb") as dump:
        if hashlib.file_digest(dump, "sha256").hexdigest() != manifest.dump_sha256:
            raise Unavailable(f"{source} 已损坏：请换另一份备份。", code="damaged")
    return manifest


def _unpack_keys(source: Path, draft: Path) -> None:
    draft.mkdir(mode=0o700)
    with _opened(source) as archive:
        _take_out(archive, draft)


def _load(server: Server, dump: Path) -> None:
    words = ("--exit-on-error", "--single-transaction", "-h", server.host, "-U", SUPERUSER, "-d", DATABASE)
    with dump.open("rb") as content:
        done = run_program(server.place, "pg_restore", *words, stdin=content)
    if done.returncode != 0:
        raise Unavailable(f"数据库没有恢复：{complaint(done)}。", code="restore_failed")


def _take_out(archive: tarfile.TarFile, folder: Path) -> None:
    """Write the archive's files below the folder; refuse anything that is not a file or would leave it."""
    for entry in archive:
        name = PurePosixPath(entry.name)
        content = archive.extractfile(entry) if entry.isfile() else None
        if content is None or name.is_absolute() or ".." in name.parts:
            raise Unavailable(f"备份里有不该有的条目“{entry.name}”：请换另一份备份。", code="damaged")
        target = folder / name
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with content, os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            shutil.copyfileobj(content, file)


@contextmanager
def _opened(source: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(source, "r:") as archive:
            yield archive
    except FileNotFoundError:
        raise Unavailable(f"没有找到 {source}：请核对文件名。", code="no_file") from None
    except (tarfile.TarError, OSError) as error:
        if isinstance(error, Refusal):
            raise
        raise Unavailable(f"{source} 不能读取：请换另一份备份。", code="damaged") from error


@contextmanager
def _written_whole(target: Path) -> Iterator[tarfile.TarFile]:
    """The archive appears under its name only when it is complete, readable by its owner alone."""
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            with tarfile.open(fileobj=file, mode="w") as archive:
                yield archive
            file.flush()
            os.fsync(file.fileno())
        draft.rename(target)
    finally:
        draft.unlink(missing_ok=True)


def _add(archive: tarfile.TarFile, name: str, content: io.BufferedIOBase | io.BytesIO) -> None:
    entry = tarfile.TarInfo(name)
    entry.mode = 0o600
    content.seek(0, io.SEEK_END)
    entry.size = content.tell()
    content.seek(0)
    archive.addfile(entry, content)
