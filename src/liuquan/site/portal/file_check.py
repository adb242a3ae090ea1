"""The check of an uploaded file, yes or no and why: by the hash of a paper issued here, and by the rules of
the stand-alone verifier."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from liuquan.kernel import moments
from liuquan.kernel.refusals import BadInput
from liuquan.merkle import (
    Answer,
    Check,
    Fetch,
    Receipt,
    RecordError,
    TiledTree,
    Trust,
    beijing,
    check_advance,
    consistency_path,
    detach_receipt,
    parse_checkpoint,
    parse_note,
    parse_receipt,
    verify,
)

_HISTORY: Final = "历史"
_DOCUMENT: Final = "文书"
_LOG_CHECKS: Final = frozenset({"入册", "签名"})
_SHORTER_NOW: Final = (
    "核验凭证依据的日志比本站现在公布的还长：本站的日志被回退过，请向见证机关和签发机关核实。"
)
_UNREADABLE: Final = "本站日志的文件缺失或者损坏，这一项没有核对；文件和核验凭证本身的核验不受影响。"
_NO_WITNESS: Final = "还没有别的机关见证这份日志，没有核对见证。"
_PASSED: Final = "核验通过：这个文件与签发时逐字节相同，并且记在公开日志里。"
_UNWITNESSED: Final = (
    "这个文件与签发时逐字节相同，也记在日志里，但是见证的机关还不够。"
    "刚签发的，请过几分钟再核验；核验凭证下载得早的，请用核验码重新下载。"
)
_NOT_PDF: Final = "选的文件不是 PDF。请选择签发机关给您的 PDF 原件，不要选照片、截图或者打印后扫描的文件。"
_ANOTHER: Final = "这个文件是本站签发的另一份文书，不是要核验的这一份。请重新选择文件，或者填它自己的核验码。"
_FOREIGN: Final = (
    "可能选错了文件：这个文件不是本中心签发的文书。请选择签发机关给您的 PDF 原件；"
    "有人说它就是这份文书的，请不要相信。"
)
_NOT_OURS: Final = (
    "这个文件不是本中心签发的 PDF 原件。别人凭它让您交钱、办事的，请先不要相信。"
    "它是照片、截图或者扫描件的，请填纸上的核验码。"
)
_UNCLEAR: Final = (
    "这个文件写着本中心文书的名称，但是与签发过的每一份都不是逐字节相同：可能被改动过，也可能只是另存、转发时变了。"
    "请填文书左下角的12位核验码，与查到的内容逐项对照。"
)


@dataclass(frozen=True)
class FileCheck:
    """The answer on a file. `passed` None: nothing is wrong with it, but witnesses are still missing.
    `facts` repeat what is proven, and only that. `mistaken`: a heading for a file that is not the paper at
    all, changed or not. `asks_code`: the file cannot answer; the code printed on the paper can."""

    passed: bool | None
    sentence: str
    checks: tuple[Check, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    mistaken: str = ""
    asks_code: bool = False

    @property
    def heading(self) -> str:
        """The answer as the heading and the title of its page."""
        if self.passed:
            return "这份文件是真的"
        if self.mistaken:
            return self.mistaken
        if self.passed is None:
            return "这份文件没有被改动过，还在等核验凭证或者见证"
        failed = {check.name for check in self.checks if check.passed is False}
        return "这份文件被改动过" if failed <= {_DOCUMENT} else "这份文件不能认定"


@dataclass(frozen=True)
class Published:
    """The head of our log now, and its files."""

    note: str
    fetch: Fetch


@dataclass(frozen=True)
class Known:
    """What is known of the papers issued here: how they are called, and the verify code of the one with a
    hash (SHA-256, hexadecimal), empty where none has it."""

    titles: tuple[str, ...]
    code_of_hash: Callable[[str], str]

    def code_of(self, document: bytes) -> str:
        """The verify code of the paper that these bytes are, a receipt behind them aside."""
        return self.code_of_hash(hashlib.sha256(detach_receipt(document)[0]).hexdigest())

    def names(self, document: bytes) -> bool:
        """Whether a title of ours stands in it. Ours carry it as it is, in the description that the standard
        of papers (PDF/A) wants uncompressed: one that was changed still does."""
        return any(title.encode() in document for title in self.titles)


def check_file(
    document: bytes,
    separate_receipt: bytes | None,
    trust: Trust,
    known: Known,
    *,
    published: Published | None = None,
) -> FileCheck:
    """Check a PDF against the receipt uploaded with it, else the one in it; and that the log of the receipt
    is the beginning of the one published now. Without a receipt only the code on the paper can answer: said
    is then whether the file looks like ours at all. Refuses (422) what is no PDF.
    """
    _refuse_no_pdf(document)
    text = separate_receipt if separate_receipt is not None else detach_receipt(document)[1]
    if text is None:
        if known.names(document):
            return FileCheck(None, _UNCLEAR, mistaken="从文件本身看不出真假", asks_code=True)
        return FileCheck(False, _NOT_OURS, mistaken="不是本中心签发的文件", asks_code=True)
    try:
        receipt = parse_receipt(text)
    except RecordError as refused:
        return FileCheck(False, refused.sentence, (Check("凭证", False, refused.sentence),))
    return _answer(document, receipt, trust, known, published=published)


def check_against_issued(
    document: bytes,
    sha256: str,
    receipt: Receipt | None,
    trust: Trust,
    known: Known,
    *,
    unproven: str = "",
    published: Published | None = None,
) -> FileCheck:
    """Check a PDF against the paper we issued: with its receipt, or by its hash alone while it has none.

    `unproven`: why there is no receipt although the paper is not new; then a file of the same hash does not
    pass.
    """
    _refuse_no_pdf(document)
    if receipt is not None:
        return _answer(document, receipt, trust, known, published=published)
    issued = detach_receipt(document)[0]
    if hashlib.sha256(issued).hexdigest() == sha256:
        if unproven:
            return FileCheck(None, f"这个文件与本站存的逐字节相同，但是现在没有核验凭证可以证明。{unproven}")
        sentence = "这个文件与签发时逐字节相同。它刚签发，正在写入公开日志，请过一分钟再核验一次。"
        return FileCheck(True, sentence)
    changed = FileCheck(False, "这个文件不是签发时的那一份：被改动过。")
    return _mistaken(document, known) or changed


def _refuse_no_pdf(document: bytes) -> None:
    if not document.startswith(b"%PDF-"):
        raise BadInput(_NOT_PDF)


def _mistaken(document: bytes, known: Known) -> FileCheck | None:
    """What is said of a file that is another paper of ours, or none."""
    if known.code_of(document):
        return FileCheck(False, _ANOTHER, mistaken="选成了另一份文书")
    if not known.names(document):
        return FileCheck(False, _FOREIGN, mistaken="可能选错了文件")
    return None


def _answer(
    document: bytes, receipt: Receipt, trust: Trust, known: Known, *, published: Published | None = None
) -> FileCheck:
    checks = tuple(
        replace(check, sentence=_NO_WITNESS) if check.name == "见证" and check.passed is None else check
        for check in verify(receipt, trust, document=document, moved=moments.offset()).checks
    )
    if published is not None and all(check.passed for check in checks if check.name in _LOG_CHECKS):
        checks = (*checks, _history(receipt, published))
    answer = Answer(checks)
    failed = {check.name for check in checks if check.passed is False}
    if failed == {_DOCUMENT} and (mistaken := _mistaken(document, known)):
        return mistaken
    passed = None if failed == {"见证"} else answer.passed
    sentence = {True: _PASSED, False: answer.sentence, None: _UNWITNESSED}[passed]
    return FileCheck(passed, sentence, checks, _facts(receipt) if passed else ())


def _history(receipt: Receipt, published: Published) -> Check:
    """Whether the published log continues the receipt's head, which the log's key signed."""
    old, now = receipt.checkpoint, parse_checkpoint(parse_note(published.note).text)
    if old.size > now.size:
        return Check(_HISTORY, False, _SHORTER_NOW)
    try:
        tree = TiledTree(now.hash, now.size, published.fetch)
        check_advance(old, now, consistency_path(tree, old.size, now.size))
    except RecordError as refused:
        if refused.fault == "tile":
            return Check(_HISTORY, None, _UNREADABLE)
        return Check(_HISTORY, False, refused.sentence)
    return Check(_HISTORY, True, f"与本站现在公布的日志（{now.size} 条）是同一部历史。")


def _facts(receipt: Receipt) -> tuple[tuple[str, str], ...]:
    opened = receipt.openings.get("public")
    values = opened.values if opened else {}
    facts = (("文书", values.get("label")), ("文书编号", values.get("notice")))
    return (
        *((label, value) for label, value in facts if isinstance(value, str)),
        ("签发时间", beijing(receipt.leaf.effective_at)),
        ("日志", receipt.checkpoint.origin),
    )
