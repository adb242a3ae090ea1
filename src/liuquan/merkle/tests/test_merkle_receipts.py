"""Commitments, leaves, receipts, attachments and the answer: whatever one character may break."""

from __future__ import annotations

import io
import json
import uuid
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liuquan.kernel import secrecy
from liuquan.merkle import (
    SHA256,
    SM3,
    Advance,
    Answer,
    Leaf,
    Note,
    Opening,
    Receipt,
    RecordError,
    Tree,
    TreeHash,
    Trust,
    TrustedKey,
    attach_receipt,
    canonical_json,
    checkpoint_of,
    consistency_path,
    detach_receipt,
    ed25519_signer,
    inclusion_path,
    parse_leaf,
    parse_receipt,
    verify,
)

AT = datetime(2026, 3, 20, 1, 2, 3, 456789, tzinfo=UTC)
LOG = ed25519_signer("log.example/city", bytes(range(32)))
WITNESSES = [ed25519_signer(f"witness.example/{n}", bytes([n]) * 32, witness=True) for n in (1, 2, 3)]
TRUST = Trust((TrustedKey(LOG.key),), tuple(each.key for each in WITNESSES), quorum=2)


def pdf() -> bytes:
    writer = pypdf.PdfWriter()
    writer.add_blank_page(200, 200)
    content = io.BytesIO()
    writer.write(content)
    return content.getvalue()


DOCUMENT = pdf()
OPENING = Opening(
    bytes(range(32)), {"sha256": SHA256.digest(DOCUMENT).hex(), "label": "受理通知书", "pages": 1}
)


def leaf() -> Leaf:
    return Leaf(
        number=uuid.UUID(int=7 << 76 | 2 << 62),
        event="casework.notice_issued",
        vocabulary=1,
        body="11140000000000001X",
        effective_at=AT,
        recorded_at=AT,
        subject=b"s" * 32,
        public=OPENING.commitment(),
        private=b"p" * 32,
    )


def log(size: int, *, hash: TreeHash = SHA256, at: int = 5, forked: bool = False) -> Tree:
    tree = Tree(hash)
    for place in range(size):
        tree.append(leaf().content() if place == at else b"other" * (1 + forked) + place.to_bytes(4, "big"))
    return tree


def head(tree: Tree, *, witnesses: int = 2) -> Note:
    note = checkpoint_of(tree.hash, origin=LOG.key.name, size=tree.size, root=tree.root()).signed(LOG)
    for each in WITNESSES[:witnesses]:
        note = note.signed(each, at=AT)
    return note


def receipt(size: int = 11, **changed: Any) -> Receipt:
    tree = log(size, hash=changed.pop("hash", SHA256), forked=changed.pop("forked", False))
    note = head(tree, witnesses=changed.pop("witnesses", 2))
    whole = Receipt(5, leaf(), inclusion_path(tree, 5, size), note, {"public": OPENING})
    return replace(whole, **changed)


def failed(answer: Answer) -> list[str]:
    assert answer.passed == all(check.passed is not False for check in answer.checks)
    return [check.name for check in answer.checks if check.passed is False]


def test_a_commitment_is_the_one_that_the_journal_makes() -> None:
    salt = bytes(range(32))
    for values in ({}, {"b": [1, None, True, "二"], "a": {"c": -1}}, {"理由": "符合\u2028条件\n"}):
        assert Opening(salt, values).commitment() == secrecy.commitment(values, salt)


@pytest.mark.parametrize("values", [{"a": 1.5}, {"a": b""}, {1: 2}, {"a": [{"b": {1}}]}, {"a": "\ud800"}])
def test_what_has_more_than_one_spelling_is_not_committed_to(values: dict[Any, Any]) -> None:
    with pytest.raises(RecordError):
        canonical_json(values)


def test_values_nested_without_end_are_refused() -> None:
    deep: dict[str, Any] = {}
    for _ in range(100):
        deep = {"a": deep}
    with pytest.raises(RecordError, match="层次过深"):
        canonical_json(deep)


def test_a_leaf_is_read_back_from_its_bytes_and_only_from_those() -> None:
    content = leaf().content()
    assert parse_leaf(content) == leaf()
    for wrong in (
        content.replace(b":", b": ", 1),
        content.replace(b'"v":1', b'"v":2'),
        content[:-1],
        b"[]",
        b"",
        content.replace(b".456789Z", b".456789"),
        content.replace(b"2026-03", b"2026-13"),
        content.replace(b'"vocabulary":1', b'"vocabulary":true'),
        content.replace(b"7373", b"73Z3", 1),
        content.replace(b'"body"', b'"Body"'),
        content.replace(b"00000000-", b"00000000", 1),
        content.replace(b'"v":1', b'"v":1,"v":1'),
        content.replace(b'"v":1', b'"v":1,"w":1'),
    ):
        assert wrong != content
        with pytest.raises(RecordError):
            parse_leaf(wrong)


def test_a_leaf_with_a_short_digest_or_a_naive_moment_is_refused() -> None:
    with pytest.raises(RecordError):
        replace(leaf(), subject=b"short")
    with pytest.raises(ValueError, match="aware"):
        replace(leaf(), effective_at=AT.replace(tzinfo=None))


@pytest.mark.parametrize("hash", [SHA256, SM3], ids=["sha256", "sm3"])
def test_a_receipt_is_read_back_and_answers_yes(hash: TreeHash) -> None:
    whole = receipt(hash=hash)
    assert parse_receipt(str(whole)) == whole
    answer = verify(whole, TRUST, document=DOCUMENT)
    assert answer.passed
    assert [check.name for check in answer.checks] == ["文书", "承诺", "入册", "签名", "见证"]
    assert all(check.passed for check in answer.checks)
    assert answer.sentence == "核验通过。"
    assert "2026-03-20 09:02:03" in answer.checks[2].sentence


@given(st.integers(0, len(DOCUMENT) - 1), st.integers(0, 7))
@settings(max_examples=50, deadline=None)
def test_one_changed_bit_of_the_document_answers_no(place: int, bit: int) -> None:
    changed = bytearray(DOCUMENT)
    changed[place] ^= 1 << bit
    answer = verify(receipt(), TRUST, document=bytes(changed))
    assert failed(answer) == ["文书"]
    assert answer.sentence == "核验不通过：文书不符。"


def test_bytes_behind_the_document_answer_no() -> None:
    for more in (b"\n", b" ", b"%%EOF", b"\n1 0 obj <<>> endobj\nstartxref\n0\n%%EOF\n"):
        assert failed(verify(receipt(), TRUST, document=DOCUMENT + more)) == ["文书"]


RECEIPT_TEXT = str(receipt())


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_one_changed_character_of_the_receipt_is_refused_or_answers_no(data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(RECEIPT_TEXT) - 1))
    other = data.draw(st.sampled_from('0aZ+ "{,受\n=\\'))
    changed = RECEIPT_TEXT[:place] + other + RECEIPT_TEXT[place + 1 :]
    try:
        read = parse_receipt(changed)
    except RecordError:
        return
    # White space and the case of an escape may change without a change of meaning; a cosignature may turn
    # into a stranger's, which is ignored, so that the quorum is missed.
    assert read == receipt() or not verify(read, TRUST, document=DOCUMENT).passed


@pytest.mark.parametrize(
    ("changed", "names"),
    [
        ({"openings": {"public": replace(OPENING, salt=b"\1" * 32)}}, ["承诺"]),
        ({"openings": {"public": Opening(OPENING.salt, {**OPENING.values, "label": "不予受理"})}}, ["承诺"]),
        ({"openings": {"private": OPENING}}, ["承诺"]),
        ({"openings": {"public": OPENING, "private": Opening(b"\1" * 32, {"reason": "x"})}}, ["承诺"]),
        ({"openings": {}}, ["文书"]),
        ({"openings": {"public": Opening(OPENING.salt, {"label": "x"})}}, ["文书", "承诺"]),
        ({"index": 4}, ["入册"]),
        ({"path": ()}, ["入册"]),
        ({"leaf": replace(leaf(), body="别的机关")}, ["入册"]),
        ({"leaf": replace(leaf(), public=b"x" * 32)}, ["承诺", "入册"]),
        ({"note": head(log(12))}, ["入册"]),
        ({"witnesses": 1}, ["见证"]),
        ({"witnesses": 0}, ["见证"]),
        ({"note": Note(head(log(11)).text).signed(WITNESSES[0], at=AT)}, ["签名", "见证"]),
        ({"note": Note(head(log(12)).text, head(log(11)).signatures)}, ["入册", "签名", "见证"]),
    ],
)
def test_each_thing_that_is_wrong_is_named(changed: dict[str, Any], names: list[str]) -> None:
    answer = verify(receipt(**changed), TRUST, document=DOCUMENT)
    assert failed(answer) == names
    assert not answer.passed


def test_a_receipt_whose_head_an_old_key_signed_answers_no() -> None:
    old = Trust((TrustedKey(LOG.key, until_size=10),), TRUST.witnesses, 2)
    answer = verify(receipt(), old, document=DOCUMENT)
    assert failed(answer) == ["签名", "见证"]
    assert "停用的密钥" in answer.checks[3].sentence
    other = Trust((TrustedKey(ed25519_signer(LOG.key.name, b"n" * 32).key),))
    assert failed(verify(receipt(), other, document=DOCUMENT)) == ["签名"]


def test_without_witnesses_to_trust_none_is_asked_for_and_that_is_said() -> None:
    answer = verify(receipt(), Trust((TrustedKey(LOG.key),)), document=DOCUMENT)
    assert answer.passed
    assert (answer.checks[-1].passed, answer.checks[-1].sentence) == (
        None,
        "没有给出见证方公钥，未核对见证。",
    )


def test_without_a_document_only_the_entry_is_proven() -> None:
    answer = verify(receipt(openings={}), TRUST)
    assert answer.passed
    assert [check.passed for check in answer.checks] == [None, True, True, True]


def test_a_head_seen_elsewhere_must_belong_to_the_same_history() -> None:
    later = head(log(30))
    path = consistency_path(log(30), 11, 30)
    good = verify(receipt(), TRUST, seen=later, advance=Advance(11, path, later))
    assert good.passed
    assert good.checks[-1].passed
    back = verify(receipt(size=30), TRUST, seen=head(log(11)), advance=Advance(11, path, later))
    assert back.passed
    assert verify(receipt(), TRUST, seen=head(log(11))).checks[-1].passed
    unproven = verify(receipt(), TRUST, seen=later)
    assert unproven.checks[-1].passed is None
    assert unproven.passed


def test_a_rewound_or_forked_log_is_caught_by_a_head_seen_elsewhere() -> None:
    forked = head(log(11, forked=True))
    answer = verify(receipt(), TRUST, seen=forked)
    assert failed(answer) == ["历史"]
    assert "分叉" in answer.checks[-1].sentence
    later = head(log(30, forked=True))  # the log went back below 11 and grew another way
    path = consistency_path(log(30, forked=True), 11, 30)
    assert failed(verify(receipt(), TRUST, seen=later, advance=Advance(11, path, later))) == ["历史"]
    honest = head(log(30))
    wrong = Advance(10, path, honest)
    assert failed(verify(receipt(), TRUST, seen=honest, advance=wrong)) == ["历史"]
    elsewhere = ed25519_signer("log.example/other", b"o" * 32)
    other = checkpoint_of(SHA256, origin=elsewhere.key.name, size=30, root=log(30).root()).signed(elsewhere)
    both = Trust((TrustedKey(LOG.key), TrustedKey(elsewhere.key)))
    assert failed(verify(receipt(), both, seen=other)) == ["历史"]
    assert failed(verify(receipt(), TRUST, seen=other)) == ["历史"]


def edited(change: Any) -> str:
    values = json.loads(RECEIPT_TEXT)
    change(values)
    return json.dumps(values)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        "{",
        "{}",
        "NaN",
        '{"kind": "liuquan.receipt"}',
        RECEIPT_TEXT + "x",
        "[" * 100_000,
        '{"kind": ' + "9" * 5000 + "}",
        " " * 262_145,
        RECEIPT_TEXT.replace('"index": 5', '"index": 5.0'),
        RECEIPT_TEXT.replace('"index": 5', '"index": true'),
        RECEIPT_TEXT.replace('"index": 5', '"index": -5'),
        RECEIPT_TEXT.replace('"index": 5', '"index": 5, "index": 5'),
        edited(lambda v: v.update(note="x")),
        edited(lambda v: v.update(kind="x")),
        edited(lambda v: v.update(version=2)),
        edited(lambda v: v.update(index=2**63)),
        edited(lambda v: v.update(path="x")),
        edited(lambda v: v.update(path=[1])),
        edited(lambda v: v.update(path=["AAAA"])),
        edited(lambda v: v.update(path=v["path"][:1] * 64)),
        edited(lambda v: v.update(checkpoint="x")),
        edited(lambda v: v.update(entry=[])),
        edited(lambda v: v["entry"].update(name="张三")),
        edited(lambda v: v["entry"].pop("event")),
        edited(lambda v: v.update(openings=[])),
        edited(lambda v: v["openings"].update(secret={})),
        edited(lambda v: v["openings"].update(public=1)),
        edited(lambda v: v["openings"]["public"].update(salt="AA")),
        edited(lambda v: v["openings"]["public"].update(salt="Z" * 64)),
        edited(lambda v: v["openings"]["public"].update(more=1)),
        edited(lambda v: v.update(checkpoint=v["checkpoint"].replace("\n11\n", "\n011\n"))),
    ],
)
def test_what_is_not_a_receipt_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(RecordError) as refused:
        parse_receipt(text)
    assert refused.value.fault == "format"
    assert refused.value.sentence.endswith("。")


@given(st.binary(max_size=300))
def test_no_bytes_do_anything_but_be_refused(junk: bytes) -> None:
    with pytest.raises(RecordError):
        parse_receipt(junk)


def test_a_receipt_travels_in_its_pdf_without_changing_what_was_hashed() -> None:
    carried = attach_receipt(DOCUMENT, RECEIPT_TEXT)
    assert detach_receipt(carried) == (DOCUMENT, RECEIPT_TEXT)
    assert detach_receipt(DOCUMENT) == (DOCUMENT, None)
    assert len(pypdf.PdfReader(io.BytesIO(carried), strict=True).pages) == 1
    assert attach_receipt(carried, "later") == attach_receipt(DOCUMENT, "later")
    assert verify(receipt(), TRUST, document=carried).passed


def test_nothing_else_passes_for_an_attached_receipt() -> None:
    carried = attach_receipt(DOCUMENT, RECEIPT_TEXT)
    for forged in (
        carried + b"\n",
        carried.replace(b"\n%%EOF\n", b"\n9 0 obj (x) endobj\n%%EOF\n"),
        carried[:-2],
        carried.replace(b"%LiuquanReceipt-1\n%", b"%LiuquanReceipt-1\n 9 0 obj (x) endobj %"),
        carried[:-40] + b"startxref\n0\n%%EOF\n",
        b"%PDF-" + carried,
        carried.replace(b"%LiuquanReceipt-1\n%", b"%LiuquanReceipt-1\n%%"),
        DOCUMENT + b"\n%LiuquanReceipt-1\n" + b"\xff",
    ):
        assert forged != carried
        assert failed(verify(receipt(), TRUST, document=forged)) == ["文书"]


@pytest.mark.parametrize("content", [b"", b"text", DOCUMENT[:-20], b"\n%LiuquanReceipt-1\n"])
def test_a_receipt_is_not_put_behind_what_is_no_whole_pdf(content: bytes) -> None:
    with pytest.raises(RecordError, match="不是完整的 PDF"):
        attach_receipt(content, RECEIPT_TEXT)
