"""What is public about the keys goes with the data; keys that do not belong to the data are not restored."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from liuquan.kernel import backup, key_custody, key_files, secrecy
from liuquan.kernel.home import Home
from liuquan.kernel.postgres import Server
from liuquan.kernel.refusals import Unavailable, WrongState

Restore = Callable[[Path | None], backup.Manifest]


def archive(path: Path, files: dict[str, bytes]) -> Path:
    with tarfile.open(path, "w") as made:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            made.addfile(entry, io.BytesIO(content))
    return path


@pytest.fixture
def value(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> bytes:
    """A value of the old home, whose data and keys lie in two archives; then the home is a new one."""
    monkeypatch.setenv("LIUQUAN_HOME", str(tmp_path / "old"))
    made = secrecy.encrypt("张三", purpose="party.name")
    manifest = {
        "format": 1,
        "made_at": "",
        "dump_sha256": hashlib.sha256(b"dump").hexdigest(),
        "dump_bytes": 4,
        "files": 0,
    }
    about = {key_files.LIST: key_files.list_path().read_bytes(), "log-keys.json": b"{}\n"}
    archive(
        tmp_path / "data.tar",
        {"manifest.json": json.dumps(manifest).encode(), "database.dump": b"dump", **about},
    )
    archive(
        tmp_path / "keys.tar",
        {path.name: path.read_bytes() for path in (tmp_path / "old" / "keys").iterdir()},
    )
    monkeypatch.setenv("LIUQUAN_HOME", str(tmp_path / "new"))
    (tmp_path / "new").mkdir()
    return made


@pytest.fixture
def restore(
    value: bytes, tmp_path: Path, postgres_server: Server, monkeypatch: pytest.MonkeyPatch
) -> Restore:
    """Restore into the new home; the database's part is left out."""
    monkeypatch.setattr(backup, "_load", lambda server, dump: None)
    monkeypatch.setattr(backup, "_refuse_full", lambda home, server, keys: None)
    return lambda keys: backup.restore(
        Home(tmp_path / "new"), postgres_server, tmp_path / "data.tar", keys=keys
    )


def test_with_its_keys_everything_opens(restore: Restore, value: bytes, tmp_path: Path) -> None:
    restore(tmp_path / "keys.tar")
    assert key_files.missing_keys() == []
    assert secrecy.decrypt(value, purpose="party.name") == "张三"
    assert (tmp_path / "new" / "log-keys.json").read_text() == "{}\n"


def test_without_its_keys_nothing_starts_until_they_are_brought_back(
    restore: Restore, value: bytes, tmp_path: Path
) -> None:
    restore(None)
    with pytest.raises(Unavailable, match="缺少密钥 field-00001：请先用 `keys import`"):
        key_custody.refuse_missing()
    with pytest.raises(Unavailable, match="缺少密钥文件"):
        secrecy.encrypt("李四", purpose="party.name")
    key_custody.bring_back(key_custody.read_archive((tmp_path / "keys.tar").read_bytes()))
    key_custody.refuse_missing()
    assert secrecy.decrypt(value, purpose="party.name") == "张三"


def test_the_keys_of_another_installation_are_refused_and_nothing_is_restored(
    restore: Restore, tmp_path: Path
) -> None:
    foreign = archive(tmp_path / "foreign.tar", {"field-00001.key": b"ab" * 32 + b"\n"})
    with pytest.raises(WrongState, match="不是本系统的密钥"):
        restore(foreign)
    assert not list((tmp_path / "new" / "keys").glob("*.key"))
    assert not (tmp_path / "new" / key_files.LIST).exists()


@pytest.mark.parametrize("name", ["../climbed.key", ".hidden", "folder/x.key"])
def test_an_archive_of_keys_with_other_things_in_it_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(Exception, match="不该有的条目"):
        key_custody.read_archive(archive(tmp_path / "odd.tar", {name: b"x"}).read_bytes())
    with pytest.raises(Exception, match="不能读取"):
        key_custody.read_archive(b"no archive")
