"""Keys, signed notes, checkpoints, cosignatures and the rules of going forward."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liuquan.merkle import (
    SHA256,
    SM3,
    Advance,
    Algorithm,
    Checkpoint,
    Note,
    RecordError,
    Signature,
    Signer,
    Tree,
    Trust,
    TrustedKey,
    VerifierKey,
    check_advance,
    checkpoint_of,
    consistency_path,
    ed25519_signer,
    open_checkpoint,
    parse_advance,
    parse_checkpoint,
    parse_key,
    parse_note,
    parse_signatures,
    parse_trust,
    sm2,
)
from liuquan.merkle.keys import key_id

#: The worked example of Go's sumdb/note: key, secret and signed note.
NEUMANN = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
NEUMANN_NOTE = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN"
    "1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
#: The example of C2SP's tlog-cosignature.
SOFA = (
    "example.com/behind-the-sofa\n"
    "20852163\n"
    "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    "\n"
    "— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGz"
    "Gku9nTo+zyWE+xeMcTOAYQ8=\n"
    "— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZ"
    "qhf5nNo0xUe+mbIUBkBIfZ+qnA==\n"
)
#: GB/T 32918.5 annex A: private and public key, message, random number and signature.
GB_SECRET = 0x3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8
GB_PUBLIC = bytes.fromhex(
    "09F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020"
    "CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13"
)
GB_RANDOM = 0x59276E27D506861A16680F3AD9C02DCCEF3CC1FA3CDBE4CE6D54B80DEAC1BC21
GB_SIGNATURE = bytes.fromhex(
    "F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3"
    "B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA"
)
AT = datetime(2026, 3, 20, 1, 2, 3, tzinfo=UTC)
LOG = ed25519_signer("log.example/city", bytes(range(32)))
ONE = ed25519_signer("witness.example/province", b"\1" * 32, witness=True)
TWO = ed25519_signer("witness.example/county", b"\2" * 32, witness=True)


def gb_sign(message: bytes) -> bytes:
    """SM2 signing with the standard's secret and random number: for tests only."""
    e = sm2.digest_to_sign(GB_PUBLIC, message)
    x, _, z = sm2._sum_of_products(GB_RANDOM, 0, GB_PUBLIC_POINT)
    r = (e + x * pow(z, -2, sm2.P) % sm2.P) % sm2.N
    s = pow(1 + GB_SECRET, -1, sm2.N) * (GB_RANDOM - r * GB_SECRET) % sm2.N
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


GB_PUBLIC_POINT = (int.from_bytes(GB_PUBLIC[:32], "big"), int.from_bytes(GB_PUBLIC[32:], "big"))


def tree(size: int, *, other_from: int = 10**9) -> Tree:
    found = Tree(SHA256)
    found.extend(SHA256.leaves(f"{p}{'x' * (p >= other_from)}".encode() for p in range(size)))
    return found


def head(size: int, *, other_from: int = 10**9) -> Checkpoint:
    root = tree(size, other_from=other_from).root()
    return checkpoint_of(SHA256, origin=LOG.key.name, size=size, root=root)


def test_the_note_of_the_go_example_is_read_and_its_signature_holds() -> None:
    key, note = parse_key(NEUMANN), parse_note(NEUMANN_NOTE)
    assert key.text == NEUMANN
    assert str(note) == NEUMANN_NOTE
    assert list(note.of([key])) == [key]
    with pytest.raises(RecordError, match="PeterNeumann"):
        Note(note.text + "x\n", note.signatures).of([key])


def test_the_checkpoint_of_the_c2sp_example_is_read_to_the_byte() -> None:
    note = parse_note(SOFA.encode())
    found = parse_checkpoint(note.text)
    assert (found.origin, found.size) == ("example.com/behind-the-sofa", 20852163)
    assert (found.text, str(note), found.hash) == (note.text, SOFA, SHA256)
    witness = VerifierKey("witness.example.com/w1", Algorithm.COSIGNATURE, bytes(32))
    assert witness.signed_at(note.signatures[1].value) == datetime.fromtimestamp(1679315147, UTC)


@pytest.mark.parametrize(
    "text",
    [
        "TEST+7997405c+AQcC+FTVKf0jlTdHDY3rbevmnKxxPjigCXlVtGe6RIr6",
        "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2",
        "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8",
    ],
)
def test_keys_of_other_logs_and_witnesses_have_the_id_they_say(text: str) -> None:
    key = parse_key(f" {text}\n")
    assert key.text == text
    assert key.algorithm.timestamped == text.startswith("remora")


@pytest.mark.parametrize(
    "text",
    [
        NEUMANN.replace("c74f20a3", "c74f20a4"),
        NEUMANN.replace("Peter", "Petra"),
        NEUMANN[:-1],
        NEUMANN[:-4],
        NEUMANN.replace("ARpc", "Axpc"),
        NEUMANN.replace("ARpc", "ARpd"),
        "PeterNeumann",
        "a+b",
        "+c74f20a3+AQ==",
        "a b" + NEUMANN,
        "",
        "x+00000000+!",
        "x+00000000+",
        "\udcff" + NEUMANN,
    ],
)
def test_a_mistyped_key_is_refused(text: str) -> None:
    with pytest.raises(RecordError) as refused:
        parse_key(text)
    assert refused.value.fault == "format"


def test_the_sm2_signature_of_the_standard_holds_and_no_other() -> None:
    assert sm2.verify(GB_PUBLIC, b"message digest", GB_SIGNATURE)
    assert gb_sign(b"message digest") == GB_SIGNATURE
    assert not sm2.verify(GB_PUBLIC, b"message digesT", GB_SIGNATURE)
    for place in (0, 31, 32, 63):
        changed = bytearray(GB_SIGNATURE)
        changed[place] ^= 1
        assert not sm2.verify(GB_PUBLIC, b"message digest", bytes(changed))
    assert not sm2.verify(GB_PUBLIC, b"", bytes(64))
    assert not sm2.verify(bytes(64), b"message digest", GB_SIGNATURE)
    assert not sm2.verify(GB_PUBLIC, b"message digest", GB_SIGNATURE[:63])


@pytest.mark.parametrize("algorithm", [Algorithm.SM2, Algorithm.SM2_COSIGNATURE])
def test_sm2_signs_notes_under_its_own_labelled_algorithm(algorithm: Algorithm) -> None:
    key = VerifierKey("log.example/国密", algorithm, GB_PUBLIC)
    assert parse_key(key.text) == key
    assert (algorithm.value + GB_PUBLIC)[0] == 0xFF
    note = Note("正文\n").signed(Signer(key, gb_sign), at=AT if algorithm.timestamped else None)
    assert list(parse_note(str(note)).of([key])) == [key]
    with pytest.raises(RecordError, match="系伪造"):
        Note("正 文\n", note.signatures).of([key])
    with pytest.raises(RecordError):
        VerifierKey("x", algorithm, GB_PUBLIC[:-1] + b"\0")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "text\n",
        "text\n\n",
        "text\n\nno dash\n",
        NEUMANN_NOTE[:-1],
        NEUMANN_NOTE.replace("— ", "- "),
        NEUMANN_NOTE.replace("=\n", "\n"),
        NEUMANN_NOTE.replace("think", "th\tink"),
        NEUMANN_NOTE + "\n",
        NEUMANN_NOTE.replace("x08g", "x08 g"),
        "t\n\n— a x08gow==\n",
        "t\n\n— a\n",
        "t\n\n— a+b x08go/ZJ\n",
        "t\n\n" + "— a x08go/ZJ\n" * 101,
        "t" * 1_000_001,
        "t\ud800\n\n— a x08go/ZJ\n",
    ],
)
def test_what_is_not_a_signed_note_is_refused(text: str) -> None:
    with pytest.raises(RecordError) as refused:
        parse_note(text)
    assert refused.value.fault == "format"


def test_a_note_that_is_not_utf8_is_refused() -> None:
    with pytest.raises(RecordError):
        parse_note(NEUMANN_NOTE.encode() + b"\xff")


def test_an_empty_line_in_the_text_stays_in_the_text() -> None:
    note = Note("one\n\ntwo\n").signed(LOG)
    assert parse_note(str(note)) == note
    assert list(note.of([LOG.key])) == [LOG.key]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "log\n1\n",
        "log\n01\n{r}\n",
        "log\n-1\n{r}\n",
        "log\n1\n{r}",
        "\n1\n{r}\n",
        "log\n1\nAAAA\n",
        "log\n1\n{r}\n\n",
        "log\n99999999999999999999\n{r}\n",
        "log\n9223372036854775808\n{r}\n",
        "log\n0\n{r}\n",
        "log\n１\n{r}\n",
        "log\n1\n{r}\nliuquan/tree-hash md5\n",
        "log\n1\n{r}\nliuquan/tree-hash sm3\nliuquan/tree-hash sha256\n",
    ],
)
def test_what_is_not_a_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(RecordError) as refused:
        _ = parse_checkpoint(text.replace("{r}", "A" * 43 + "=")).hash
    assert refused.value.fault == "format"


def test_a_log_over_sm3_says_so_under_its_signature() -> None:
    root = SM3.leaf(b"one")
    note = checkpoint_of(SM3, origin=LOG.key.name, size=1, root=root).signed(LOG)
    opened = open_checkpoint(str(note), log_keys=[LOG.key])
    assert (opened.checkpoint.hash, opened.checkpoint.root) == (SM3, root)
    without = Note(note.text.replace("liuquan/tree-hash sm3\n", ""), note.signatures)
    with pytest.raises(RecordError, match="系伪造"):
        open_checkpoint(without, log_keys=[LOG.key])


def test_a_checkpoint_with_several_cosignatures_is_opened_with_their_moments() -> None:
    note = head(9).signed(LOG).signed(ONE, at=AT).signed(TWO, at=AT)
    stranger = ed25519_signer("stranger.example", b"\3" * 32, witness=True)
    note = note.signed(stranger, at=AT)
    opened = open_checkpoint(str(note), log_keys=[LOG.key], witnesses=[ONE.key, TWO.key])
    assert opened.checkpoint == head(9)
    assert opened.signed_by == (LOG.key,)
    assert [(each.key, each.at) for each in opened.cosigned] == [(ONE.key, AT), (TWO.key, AT)]


def test_a_witness_that_signs_again_replaces_its_cosignature() -> None:
    later = datetime(2026, 3, 20, 5, tzinfo=UTC)
    note = head(9).signed(LOG).signed(ONE, at=AT).signed(ONE, at=later)
    opened = open_checkpoint(note, log_keys=[LOG.key], witnesses=[ONE.key])
    assert [each.at for each in opened.cosigned] == [later]


def test_a_note_that_carries_a_keys_signature_twice_is_refused() -> None:
    note = head(9).signed(LOG)
    with pytest.raises(RecordError, match="有两行"):
        Note(note.text, note.signatures * 2).of([LOG.key])


def test_a_changed_moment_or_text_of_a_cosignature_is_refused() -> None:
    note = head(9).signed(LOG).signed(ONE, at=AT)
    log_line, cosignature = note.signatures
    changed = Signature(ONE.key.name, ONE.key.key_id, b"\0" * 7 + b"\1" + cosignature.value[8:])
    for value in (changed, Signature(ONE.key.name, ONE.key.key_id, b"\xff" * 72)):
        with pytest.raises(RecordError, match="province"):
            open_checkpoint(Note(note.text, (log_line, value)), log_keys=[LOG.key], witnesses=[ONE.key])


def test_a_witness_does_not_stand_in_for_the_log_nor_another_log_for_it() -> None:
    only_witness = Note(head(9).text).signed(ONE, at=AT)
    elsewhere = ed25519_signer("log.example/other", b"\7" * 32)
    foreign = Note(head(9).text).signed(elsewhere)
    for note in (only_witness, foreign, Note(head(9).text)):
        with pytest.raises(RecordError) as refused:
            open_checkpoint(note, log_keys=[LOG.key, elsewhere.key, ONE.key], witnesses=[ONE.key, LOG.key])
        assert refused.value.fault == "signature"
    with pytest.raises(ValueError, match="own key"):
        head(9).signed(elsewhere)
    with pytest.raises(ValueError, match="own key"):
        head(9).signed(ONE)
    with pytest.raises(ValueError, match="aware"):
        Note(head(9).text).signed(ONE)
    with pytest.raises(ValueError, match="no moment"):
        Note(head(9).text).signed(LOG, at=AT)


def test_a_key_that_was_replaced_counts_for_its_own_time_only() -> None:
    new = ed25519_signer(LOG.key.name, b"\5" * 32)
    trust = Trust((TrustedKey(LOG.key, until_size=100), TrustedKey(new.key, from_size=90)))
    assert trust.open(head(100).signed(LOG)).signed_by == (LOG.key,)
    assert trust.open(head(101).signed(new)).signed_by == (new.key,)
    assert set(trust.open(head(95).signed(LOG).signed(new)).signed_by) == {LOG.key, new.key}
    for size, signer in ((101, LOG), (89, new)):
        with pytest.raises(RecordError, match="停用的密钥") as refused:
            trust.open(head(size).signed(signer))
        assert refused.value.fault == "signature"


def test_k_of_n_witnesses_are_counted_once_each() -> None:
    trust = Trust((TrustedKey(LOG.key),), (ONE.key, TWO.key), quorum=2)
    note = head(9).signed(LOG).signed(ONE, at=AT)
    assert not trust.has_quorum(trust.open(note))
    assert not trust.has_quorum(trust.open(note.signed(ONE, at=AT)))
    assert trust.has_quorum(trust.open(note.signed(TWO, at=AT)))


def test_a_trust_that_cannot_be_meant_is_refused() -> None:
    log = (TrustedKey(LOG.key),)
    twin = VerifierKey("witness.example/twin", Algorithm.COSIGNATURE, ONE.key.public)
    itself = VerifierKey("witness.example/self", Algorithm.COSIGNATURE, LOG.key.public)
    for make in (
        lambda: Trust(()),
        lambda: Trust((TrustedKey(ONE.key),)),
        lambda: Trust(log, (LOG.key,)),
        lambda: Trust(log, (ONE.key, twin)),
        lambda: Trust(log, (itself,)),
        lambda: Trust(log, (ONE.key,), 2),
        lambda: Trust(log, (), -1),
    ):
        with pytest.raises(RecordError):
            make()


def test_a_trust_file_is_read_and_junk_refused() -> None:
    text = (
        f'{{"kind":"liuquan.trust","version":1,"log":[{{"key":"{LOG.key.text}","until_size":7}}],'
        f'"witnesses":["{ONE.key.text}"],"quorum":1}}'
    )
    assert parse_trust(text) == Trust((TrustedKey(LOG.key, until_size=7),), (ONE.key,), 1)
    assert parse_trust(str(parse_trust(text))) == parse_trust(text)
    for wrong in (
        "",
        "[]",
        "{}",
        text.replace("trust", "toast"),
        text.replace('"quorum":1', '"quorum":1.0'),
        text.replace('"quorum":1', '"quorum":true'),
        text.replace('"quorum":1', '"quorum":2'),
        text.replace("until_size", "until"),
        text.replace('"version":1', '"version":2'),
        text.replace(f'["{ONE.key.text}"]', "[1]"),
        text.replace('"quorum":1', '"quorum":1,"quorum":0'),
    ):
        with pytest.raises(RecordError):
            parse_trust(wrong)


def test_a_log_that_only_grew_may_go_forward() -> None:
    path = consistency_path(tree(30), 9, 30)
    steps = ((head(9), path), (head(30), ()), (head(0), ()), (None, ()))
    for known, proof in steps:
        assert check_advance(known, head(30), proof) is None
    # the proof is what lets it go on: another one, or one too many, does not
    for known, wrong in ((head(9), path[:-1]), (head(9), (b"\7" * 32, *path[1:])), (None, path)):
        with pytest.raises(RecordError) as refused:
            check_advance(known, head(30), wrong)
        assert refused.value.fault == "proof"


@pytest.mark.parametrize(
    ("fault", "known", "offered"),
    [
        ("rewind", head(30), head(9)),
        ("fork", head(30), head(30, other_from=29)),
        ("proof", head(9), head(30, other_from=3)),
        ("origin", head(9), Checkpoint("log.example/other", 30, head(30).root)),
        ("fork", head(9), checkpoint_of(SM3, origin=LOG.key.name, size=30, root=head(30).root)),
    ],
)
def test_a_rewind_a_fork_and_a_rewritten_past_are_told_apart(
    fault: str, known: Checkpoint, offered: Checkpoint
) -> None:
    path = consistency_path(tree(30, other_from=3), 9, 30) if fault == "proof" else ()
    with pytest.raises(RecordError) as refused:
        check_advance(known, offered, path)
    assert refused.value.fault == fault


def test_a_replayed_proof_for_other_heads_does_not_hold() -> None:
    with pytest.raises(RecordError):
        check_advance(head(9), head(30), consistency_path(tree(30), 10, 30))
    with pytest.raises(RecordError):
        check_advance(None, head(30), consistency_path(tree(30), 9, 30))


def test_what_a_log_hands_a_witness_is_read_back() -> None:
    advance = Advance(9, consistency_path(tree(30), 9, 30), head(30).signed(LOG))
    assert parse_advance(str(advance).encode()) == advance
    first = Advance(0, (), head(30).signed(LOG))
    assert str(first).startswith("old 0\n\nlog.example/city\n30\n")
    assert parse_advance(str(first)) == first
    for wrong in (
        "",
        "old 01\n\n" + str(head(30).signed(LOG)),
        "old 9\nx\n\n" + str(head(30).signed(LOG)),
        "old 9\n",
        "old 9\n" + "AAAA\n" * 64 + "\n" + str(head(30).signed(LOG)),
    ):
        with pytest.raises(RecordError):
            parse_advance(wrong)
    with pytest.raises(RecordError):
        parse_advance(b"\xff")


def test_a_witnesss_answer_is_added_to_the_checkpoint() -> None:
    note = head(9).signed(LOG)
    answer = "".join(each.line for each in note.signed(ONE, at=AT).signatures[1:])
    joined = note.with_signatures(parse_signatures(answer))
    assert open_checkpoint(joined, log_keys=[LOG.key], witnesses=[ONE.key]).cosigned[0].at == AT


def test_a_key_id_is_the_hash_the_standard_says() -> None:
    assert key_id("PeterNeumann", b"\x01" + parse_key(NEUMANN).public).hex() == "c74f20a3"
    with pytest.raises(RecordError):
        ed25519_signer("a", b"short")


@given(st.binary(max_size=400))
def test_no_bytes_do_anything_but_parse_or_be_refused(junk: bytes) -> None:
    for parse in (parse_note, parse_advance, parse_trust):
        with pytest.raises(RecordError):
            parse(junk)
