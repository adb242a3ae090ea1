"""The 国密 profile: SM4 beside AES, SM2 signatures that anybody can check, and the self-check."""

from __future__ import annotations

import importlib.util
from datetime import UTC, datetime
from pathlib import Path

import pytest

from liuquan.kernel import ciphers, files, known_answers, secrecy, sm2_signing, sm_crypto
from liuquan.kernel.models import StoredFile
from liuquan.kernel.refusals import Unavailable
from liuquan.merkle import Algorithm, VerifierKey

NOW = datetime(2026, 3, 20, 1, tzinfo=UTC)
NEEDS_PACKAGE = pytest.mark.skipif(not sm_crypto.installed(), reason="the 国密 package is not installed")


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LIUQUAN_HOME", str(tmp_path))
    return tmp_path


def test_values_of_both_profiles_open_whichever_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    international = secrecy.encrypt("张三", purpose="party.name")
    monkeypatch.setenv(sm_crypto.VARIABLE, "1")
    chinese = secrecy.encrypt("张三", purpose="party.name")
    assert (international[0], chinese[0]) == (1, 2)
    for value in (international, chinese):
        assert secrecy.decrypt(value, purpose="party.name") == "张三"
    monkeypatch.delenv(sm_crypto.VARIABLE)
    assert secrecy.decrypt(chinese, purpose="party.name") == "张三"


def test_a_changed_sm4_value_does_not_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(sm_crypto.VARIABLE, "1")
    value = bytearray(secrecy.encrypt("张三", purpose="party.name"))
    value[-1] ^= 1
    with pytest.raises(Unavailable, match="无法用现有密钥打开"):
        secrecy.decrypt(bytes(value), purpose="party.name")
    with pytest.raises(Unavailable, match="无法用现有密钥打开"):
        secrecy.decrypt(bytes([1]) + bytes(value[1:]), purpose="party.name")


def test_a_file_stored_under_sm4_opens_after_the_profile_is_unset(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(sm_crypto.VARIABLE, "1")
    stored = files.store(scope="A-1", name="证明.pdf", content=b"%PDF", media_type="application/pdf", now=NOW)
    row = StoredFile.objects.get(number=stored.number)
    assert row.wrapped_key is not None
    assert len(secrecy.decrypt_bytes(row.wrapped_key, purpose="stored_file.key")) == ciphers.SM4_KEY_BYTES
    monkeypatch.delenv(sm_crypto.VARIABLE)
    assert files.open_file(stored.number) == b"%PDF"


@NEEDS_PACKAGE
def test_an_sm2_signature_of_the_package_passes_our_own_verification() -> None:
    private, public = sm2_signing.new_pair()
    key = VerifierKey("log", Algorithm.SM2, public)
    signature = sm2_signing.sign(private, public, b"checkpoint")
    assert key.verifies("checkpoint", signature)
    assert not key.verifies("checkpoint!", signature)


def test_signing_without_the_package_is_refused_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(Unavailable, match=r"liuquan\[guomi\]"):
        sm2_signing.new_pair()


@NEEDS_PACKAGE
def test_every_algorithm_in_use_gives_its_published_answer() -> None:
    outcomes = known_answers.check_algorithms()
    assert len(outcomes) == 12
    assert [outcome.algorithm for outcome in outcomes if not outcome.right] == []


def test_the_self_check_notices_a_library_that_computes_wrongly(monkeypatch: pytest.MonkeyPatch) -> None:
    class Careless(ciphers.Sm4Gcm):
        def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes, /) -> bytes:
            return bytes(len(data) - ciphers.TAG_BYTES)

    def raising(data: bytes) -> bytes:
        raise RuntimeError

    monkeypatch.setattr(ciphers, "Sm4Gcm", Careless)
    monkeypatch.setattr(known_answers.SM3, "digest", raising)
    wrong = {outcome.algorithm for outcome in known_answers.check_algorithms() if outcome.right is False}
    assert {"SM4-GCM", "SM3"} <= wrong
    assert not wrong & {"AES-256-GCM", "SM4"}


def test_without_the_package_sm2_signing_fails_the_check_only_where_the_profile_is_set(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sm_crypto, "installed", lambda: False)
    unset = {each.algorithm: each.right for each in known_answers.check_algorithms()}
    monkeypatch.setenv(sm_crypto.VARIABLE, "1")
    set_ = {each.algorithm: each.right for each in known_answers.check_algorithms()}
    assert (unset["SM2 签名"], set_["SM2 签名"]) == (None, False)
    assert unset["SM2 验签"] is True
