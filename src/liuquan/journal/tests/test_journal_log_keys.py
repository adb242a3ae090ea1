"""Keys of the log: generations, overlap, theft, loss, both profiles; and this office's key as a witness."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pytest_django import Settings

from liuquan.journal import actions, queries
from liuquan.journal.log import keys
from liuquan.journal.log.actions import key_changes
from liuquan.journal.log.files import log_files
from liuquan.journal.types import NewEntry
from liuquan.journal.witness.actions import own_key
from liuquan.journal.witness.actions.own_key import announce_witness_key, use_witness_key
from liuquan.journal.witness.keys import trust, witness_signer
from liuquan.kernel import key_files, secrecy, sm_crypto
from liuquan.kernel.refusals import Unavailable, WrongState
from liuquan.merkle import (
    Algorithm,
    RecordError,
    Signer,
    Trust,
    checkpoint_of,
    ed25519_signer,
    parse_trust,
    verify,
)

NOW = datetime(2026, 3, 9, 2, tzinfo=UTC)
Seal = Callable[[datetime], int]
NEEDS_PACKAGE = pytest.mark.skipif(not sm_crypto.installed(), reason="the 国密 package is not installed")


def enter(number: int) -> list[NewEntry]:
    entries = [
        NewEntry("casework.file_opened", "A-1", "B", "P", "staff", NOW, public={"post": "审查岗"})
        for _ in range(number)
    ]
    actions.append_durably(*entries)
    return entries


def signed_by(size: int) -> list[str]:
    """The keys whose signatures stand under our checkpoint of this size."""
    (view,) = queries.checkpoints(limit=1, before=size + 1)
    return [key.text for key in trust().open(view.note).signed_by]


def forged(signer: Signer, size: int) -> str:
    """A checkpoint of any size that whoever has this key could sign."""
    root = b"\7" * 32
    return str(checkpoint_of(keys.tree_hash(), origin=keys.origin(), size=size, root=root).signed(signer))


def said() -> list[str]:
    return [entry.event for entry in queries.entries_of("log") if "key" in entry.event]


def test_both_keys_sign_until_the_rotation_is_finished_and_then_the_new_one_alone(seal_all: Seal) -> None:
    enter(3)
    seal_all(NOW)
    (old,) = keys.register().keys
    key_changes.rotate_log_key(reason=key_changes.ROTATED, now=NOW)
    new = keys.register().keys[-1]
    assert (old.from_size, new.from_size, new.generation) == (0, 3, 2)
    overlap = seal_all(NOW)
    assert set(signed_by(overlap)) == {old.key.text, new.key.text}
    key_changes.finish_log_rotation(now=NOW)
    after = seal_all(NOW)
    assert signed_by(after) == [new.key.text]
    assert [each.until_size for each in keys.register().keys] == [overlap, None]
    assert said() == ["journal.log_key_added", "journal.log_key_ended"]


def test_a_checkpoint_of_an_old_key_beyond_its_size_is_refused(seal_all: Seal) -> None:
    enter(3)
    seal_all(NOW)
    (old,) = keys.log_signers()
    key_changes.rotate_log_key(reason=key_changes.ROTATED, now=NOW)
    trust().open(forged(old, 10))  # the overlap
    key_changes.finish_log_rotation(now=NOW)
    with pytest.raises(RecordError, match="不在使用期"):
        trust().open(forged(old, 4))
    assert trust().open(forged(old, 3)).checkpoint.size == 3
    (new,) = keys.log_signers()
    with pytest.raises(RecordError, match="不在使用期"):
        trust().open(forged(new, 2))


def test_a_key_that_may_be_stolen_ends_at_once_at_the_last_published_size(seal_all: Seal) -> None:
    enter(5)
    seal_all(NOW)
    (stolen,) = keys.log_signers()
    key_changes.rotate_log_key(reason=key_changes.COMPROMISED, now=NOW)
    with pytest.raises(RecordError, match="不在使用期"):
        trust().open(forged(stolen, 6))
    seal_all(NOW)
    assert len(keys.log_signers()) == 1
    assert not key_files.path_of("log", 1).exists()
    assert said() == ["journal.log_key_added", "journal.log_key_ended"]


def test_receipts_from_before_a_rotation_stay_good(seal_all: Seal) -> None:
    (entry,) = enter(1)
    seal_all(NOW)
    receipt = queries.receipt_of(entry.number)
    key_changes.rotate_log_key(reason=key_changes.COMPROMISED, now=NOW)
    seal_all(NOW)
    assert receipt is not None
    assert verify(receipt, trust()).passed
    published = parse_trust(str(trust()))
    assert verify(receipt, published).passed


def test_a_lost_key_is_replaced_and_the_loss_is_on_record(seal_all: Seal) -> None:
    enter(2)
    seal_all(NOW)
    key_files.path_of("log", 1).unlink()
    secrecy.forget()
    enter(1)
    with pytest.raises(Unavailable, match="缺少密钥文件 log-00001"):
        actions.seal(now=NOW)
    with pytest.raises(WrongState, match="--lost"):
        key_changes.rotate_log_key(reason=key_changes.ROTATED, now=NOW)
    key_changes.rotate_log_key(reason=key_changes.LOST, now=NOW)
    size = seal_all(NOW)
    assert size == 5
    assert [(each.generation, each.from_size, each.until_size) for each in keys.register().keys] == [
        (1, 0, 2),
        (2, 2, None),
    ]
    assert key_files.missing_keys() == []
    assert actions.audit(now=NOW).ok


def test_a_key_that_is_there_cannot_be_called_lost(seal_all: Seal) -> None:
    before = keys.register()
    with pytest.raises(WrongState, match="没有遗失"):
        key_changes.rotate_log_key(reason=key_changes.LOST, now=NOW)
    assert keys.register() == before


def test_one_rotation_at_a_time_and_none_is_finished_that_was_not_begun(seal_all: Seal) -> None:
    with pytest.raises(WrongState, match="没有未完成"):
        key_changes.finish_log_rotation(now=NOW)
    key_changes.rotate_log_key(reason=key_changes.ROTATED, now=NOW)
    before = keys.register()
    with pytest.raises(WrongState, match="还没有完成"):
        key_changes.rotate_log_key(reason=key_changes.ROTATED, now=NOW)
    assert keys.register() == before


def test_a_key_changes_only_between_two_rounds_of_the_sealer(seal_all: Seal) -> None:
    before = keys.register()
    with log_files().sole_sealer() as mine:
        assert mine
        with pytest.raises(Unavailable, match="正在入册"):
            key_changes.rotate_log_key(reason=key_changes.ROTATED, now=NOW)
    assert keys.register() == before


@NEEDS_PACKAGE
def test_in_the_national_profile_the_log_is_hashed_with_sm3_and_signed_with_both(
    seal_all: Seal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(sm_crypto.VARIABLE, "1")
    (entry, *_) = enter(3)
    size = seal_all(NOW)
    (view,) = queries.checkpoints(limit=1)
    opened = trust().open(view.note)
    assert {key.algorithm for key in opened.signed_by} == {Algorithm.ED25519, Algorithm.SM2}
    assert opened.checkpoint.hash.name == "sm3"
    sm2_alone = Trust(tuple(each for each in keys.log_keys() if each.key.algorithm is Algorithm.SM2))
    assert sm2_alone.open(view.note).checkpoint.size == size
    receipt = queries.receipt_of(entry.number)
    assert receipt is not None
    assert verify(receipt, sm2_alone).passed
    assert actions.audit(now=NOW).ok


@NEEDS_PACKAGE
def test_the_profile_set_later_adds_sm2_at_the_next_rotation_and_keeps_the_hash(
    seal_all: Seal, monkeypatch: pytest.MonkeyPatch
) -> None:
    enter(1)
    seal_all(NOW)
    monkeypatch.setenv(sm_crypto.VARIABLE, "1")
    assert keys.tree_hash().name == "sha256"
    assert [signer.key.algorithm for signer in keys.log_signers()] == [Algorithm.ED25519]
    key_changes.rotate_log_key(reason=key_changes.ROTATED, now=NOW)
    key_changes.finish_log_rotation(now=NOW)
    seal_all(NOW)
    assert [signer.key.algorithm for signer in keys.log_signers()] == [Algorithm.ED25519, Algorithm.SM2]
    assert queries.checkpoints(limit=1)[0].note.count("\n— ") == 2
    monkeypatch.delenv(sm_crypto.VARIABLE)
    key_changes.rotate_log_key(reason=key_changes.ROTATED, now=NOW)
    assert len(keys.log_signers()) == 3
    key_changes.finish_log_rotation(now=NOW)
    assert [signer.key.algorithm for signer in keys.log_signers()] == [Algorithm.ED25519]


def test_the_name_of_a_log_is_for_ever(log_home: Path, settings: Settings) -> None:
    assert keys.register().origin == "localhost/log"
    settings.LIUQUAN_LOG_ORIGIN = "elsewhere/log"
    with pytest.raises(Unavailable, match="不能改为“elsewhere/log”"):
        keys.log_signers()


def test_a_lost_register_is_not_made_anew_when_keys_were_rotated(seal_all: Seal) -> None:
    key_changes.rotate_log_key(reason=key_changes.ROTATED, now=NOW)
    keys.register_path().unlink()
    with pytest.raises(Unavailable, match="缺少日志公钥登记"):
        keys.register()
    assert not keys.register_path().exists()


def test_a_first_start_that_was_killed_goes_on_with_the_key_it_made(log_home: Path) -> None:
    first = keys.log_keys()
    keys.register_path().unlink()
    assert keys.log_keys() == first


def test_a_secret_that_is_not_the_registered_key_signs_nothing(log_home: Path) -> None:
    keys.register()
    key_files.path_of("log", 1).write_text("ab" * 32 + "\n")
    secrecy.forget()
    with pytest.raises(Unavailable, match="不是本系统的密钥"):
        keys.log_signers()


def test_no_secret_is_in_what_is_public(log_home: Path) -> None:
    keys.log_signers()
    witness_signer()
    public = keys.register_path().read_text() + key_files.list_path().read_text()
    for path in (log_home / "keys").iterdir():
        assert path.stat().st_mode & 0o777 == 0o600
        assert path.read_text().strip() not in public


def test_a_new_witness_key_is_announced_before_it_signs(seal_all: Seal) -> None:
    old = witness_signer().key
    with pytest.raises(WrongState, match="没有待启用"):
        use_witness_key(now=NOW)
    announced = announce_witness_key(now=NOW).witness[-1].key
    assert witness_signer().key == old
    with pytest.raises(WrongState, match="已有一个"):
        announce_witness_key(now=NOW)
    use_witness_key(now=NOW + timedelta(hours=1))
    assert witness_signer().key == announced != old
    assert said() == ["journal.witness_key_changed"] * 2
    assert key_files.missing_keys() == []
    assert not key_files.path_of("witness", 1).exists()  # the old secret is out of use
    assert key_files.path_of("witness", 2).exists()


def test_no_key_signs_and_none_ends_without_its_entry(
    seal_all: Seal, monkeypatch: pytest.MonkeyPatch, log_home: Path
) -> None:
    def killed(*_: object) -> None:
        raise RuntimeError("killed")

    def is_refused_whole(change: Callable[[], object]) -> None:
        before, told = keys.register(), said()
        secrets = sorted(path.name for path in key_files.folder().iterdir())
        with monkeypatch.context() as broken:
            for module in (key_changes, own_key):
                broken.setattr(module, "append_durably", killed)
            with pytest.raises(RuntimeError, match="killed"):
                change()
        assert keys.register().keys == before.keys
        assert [each.state for each in keys.register().witness] in ([], ["in_use"])
        assert said() == told
        # no secret goes that still signs: whatever was made for the change may stay, and never signs
        assert set(secrets) <= {path.name for path in key_files.folder().iterdir()}

    enter(2)
    seal_all(NOW)
    for beginning in (
        lambda: key_changes.rotate_log_key(reason=key_changes.ROTATED, now=NOW),
        lambda: key_changes.rotate_log_key(reason=key_changes.COMPROMISED, now=NOW),
        lambda: announce_witness_key(now=NOW),
    ):
        is_refused_whole(beginning)
    key_changes.rotate_log_key(reason=key_changes.ROTATED, now=NOW)
    is_refused_whole(lambda: key_changes.finish_log_rotation(now=NOW))
    overlap = seal_all(NOW)
    assert len(signed_by(overlap)) == 2  # the ending was not entered, so the older key signs on
    key_changes.finish_log_rotation(now=NOW)
    assert said()[-1] == "journal.log_key_ended"
    assert len(signed_by(seal_all(NOW))) == 1
    assert actions.audit(now=NOW).ok


def test_a_key_written_into_the_register_by_hand_is_reported_by_the_audit(
    seal_all: Seal, log_home: Path
) -> None:
    enter(2)
    seal_all(NOW)
    found = keys.register()
    theirs = keys.LogKey(7, ed25519_signer(keys.origin(), b"9" * 32).key, 0, 10**9)
    keys.write_register(replace(found, keys=(*found.keys, theirs)))
    told = actions.audit(now=NOW).problems
    assert [("启用" in each, "停用" in each) for each in told] == [(True, False), (False, True)]
    keys.write_register(replace(found, keys=(replace(found.keys[0], until_size=2),)))
    assert "停用没有记录" in str(actions.audit(now=NOW).problems)
    keys.write_register(found)
    assert actions.audit(now=NOW).ok
