"""Checking a paper: by its code, with its place in the record; and a file, byte for byte, by hash or receipt.

The QR of a paper holds the address, the verify code and the number of the entry, which is the number of the
leaf: whoever holds the paper finds the leaf in the published entries without asking the office. An entry in
the QR that is not the code's means that the QR was changed. The opening of the commitment is not in the QR:
one of the values that it opens is the hash of the paper, and its salt is made when the entry is sealed. So
the code fetches it as a receipt, once the entry is sealed. A receipt names no person; it rests on the first
head that the wanted number of witnesses cosigned, and until there is one on the newest signed head.

Everything here is public and shows no name. Files that are brought are checked in memory or in a temporary
file that goes with the request; nothing of them is kept. Cites: 行政许可法 第三十二条, 电子签名法 第八条
"""

from __future__ import annotations

import contextlib
import unicodedata
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from liuquan.identifiers import IdentifierError, parse_verify_code
from liuquan.journal import queries as journal
from liuquan.journal.witness.keys import trust as log_trust
from liuquan.kernel import moments, rate_limits, slip_holders, uploads
from liuquan.kernel.rate_limits import Allowance
from liuquan.kernel.refusals import BadInput, NotVisible, Refusal, TooLarge, TooMany, Unavailable
from liuquan.merkle import MAX_RECEIPT, Receipt, RecordError, detach_receipt
from liuquan.papers import queries as papers
from liuquan.papers.types import IssuedPaper
from liuquan.site.portal.file_check import FileCheck, Known, Published, check_against_issued, check_file

VERIFICATIONS = Allowance("verify", 60, 900, "核验出错的次数太多，请 15 分钟后再试，或者拨打服务电话核实。")
CHECKED_FILES = Allowance(
    "verify_file", 120, 900, "这个网络地址核验的文件太多，请 15 分钟后再试，或者拨打服务电话核实。"
)


@require_safe
def verify(request: HttpRequest) -> HttpResponse:
    """Ask for the verify code printed on a paper. Refuses (422) what can be none, as it was typed."""
    if "code" not in request.GET:
        return render(request, "site/portal/verify.html", {"trail": _trail()})
    typed = request.GET["code"]
    try:
        code = parse_verify_code(_code(typed))
    except IdentifierError as wrong:
        return _missed(request, typed, BadInput(_said(wrong)))
    return HttpResponseRedirect(reverse("verify_paper", args=[code]))


@require_http_methods(["GET", "HEAD", "POST"])
def verify_paper(request: HttpRequest, short_code: str) -> HttpResponse:
    """Whether a paper was issued here, where it stands in the record, and whether a file is that paper."""
    try:
        paper = _paper(request, short_code)
    except (NotVisible, TooMany) as refusal:
        return _missed(request, short_code, refusal)
    receipt, unproven = _receipt(paper)
    context: dict[str, Any] = {
        "paper": paper,
        "code": _code(short_code),
        "trail": _trail(paper.title),
        "strange": _is_strange(request.GET.get("e", ""), paper.record),
        "place": _place(receipt, paper) if receipt else None,
        "unproven": unproven,
        "holds": slip_holders.holds(request, paper.case, now=moments.now()),
    }
    status = 200
    if request.method == "POST":
        try:
            document = _brought(request, "file", "要核验的 PDF 文件", uploads.LIMIT_BYTES)
            context["file_check"] = check_against_issued(
                document, paper.sha256, receipt, log_trust(), _known(paper.title), unproven=unproven
            )
        except Refusal as refusal:
            context["wrong"], status = refusal.sentence, refusal.status
    return render(request, "site/portal/verify_paper.html", context, status=status)


@require_safe
def verify_receipt(request: HttpRequest, short_code: str) -> HttpResponse:
    """The receipt of a paper, to keep beside it. Refuses (409) while the paper is not yet sealed."""
    paper = _paper(request, short_code)
    receipt = papers.paper_receipt(paper.record)
    response = HttpResponse(str(receipt), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{_code(short_code)}.receipt.json"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def verify_file(request: HttpRequest) -> HttpResponse:
    """Check a PDF: with the receipt carried in it or brought with it, else as the paper whose hash it has.
    What neither knows is asked for its code."""
    context: dict[str, Any] = {"trail": _trail("用文件核验")}
    if request.method != "POST":
        return _file_page(request, context)
    try:
        context["file_check"] = _check_uploaded(request)
    except Refusal as refusal:
        context["wrong"] = refusal.sentence
        return rate_limits.say_wait(_file_page(request, context, status=refusal.status), refusal)
    return _file_page(request, context)


def _file_page(request: HttpRequest, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    return render(request, "site/portal/verify_file.html", context, status=status)


def _missed(request: HttpRequest, typed: str, refusal: Refusal) -> HttpResponse:
    """The field again, with what was typed and what is wrong with it."""
    context = {"sentence": refusal.sentence, "code": typed, "trail": _trail()}
    page = render(request, "site/portal/verify.html", context, status=refusal.status)
    return rate_limits.say_wait(page, refusal)


def _said(wrong: IdentifierError) -> str:
    return wrong.sentence + ("编号和查询码请到“查进度”填写。" if wrong.fault == "length" else "")


def _known(*more: str) -> Known:
    return Known((*papers.titles(), *more), papers.code_of_file)


def _check_uploaded(request: HttpRequest) -> FileCheck:
    slot = CHECKED_FILES.take(rate_limits.address_of(request))
    document = _brought(request, "file", "要核验的 PDF 文件", uploads.LIMIT_BYTES)
    receipt = None
    if request.FILES.get("receipt"):
        receipt = _brought(request, "receipt", "核验凭证文件", MAX_RECEIPT)
    checked = _checked(document, receipt)
    if checked.passed:
        rate_limits.give_back(slot)
    return checked


def _checked(document: bytes, receipt: bytes | None) -> FileCheck:
    head = journal.latest_checkpoint()
    published = Published(head.note, journal.log_file) if head else None
    trust, known = log_trust(), _known()
    code = "" if receipt or detach_receipt(document)[1] else known.code_of(document)
    if not code:
        return check_file(document, receipt, trust, known, published=published)
    paper = papers.issued_paper(code)
    proof, unproven = _receipt(paper)
    checked = check_against_issued(
        document, paper.sha256, proof, trust, known, unproven=unproven, published=published
    )
    return replace(checked, facts=_facts(paper)) if checked.passed else checked


def _facts(paper: IssuedPaper) -> tuple[tuple[str, str], ...]:
    """What the file is, to be compared with what its bearer says; no names."""
    at = paper.issued_at.astimezone(moments.LOCAL)
    facts = (
        ("结果", paper.result),
        ("文书", paper.title),
        ("文书编号", paper.number),
        ("签发机关", paper.body),
        ("事项", paper.item),
        ("签发时间", f"{at:%Y年%-m月%-d日 %H:%M}"),
    )
    return tuple((label, value) for label, value in facts if value)


def _brought(request: HttpRequest, name: str, what: str, most: int) -> bytes:
    """The bytes of one file of the form. Refuses none (422) and one too large to be ours (413)."""
    given: UploadedFile[bytes] | None = request.FILES.get(name)
    if given is None or not given.size:
        raise BadInput(f"没有选择文件，请选择{what}。")
    if given.size > most:
        size = f"{most // 1024 // 1024} MB" if most >= 1024 * 1024 else f"{most // 1024} KB"
        raise TooLarge(f"{what}超过 {size}，不会是本站签发的，请核对。")
    content: bytes = given.read(most)
    return content


def _paper(request: HttpRequest, short_code: str) -> IssuedPaper:
    """The paper of a code; wrong codes are rate-limited, so that none can be found by guessing."""
    slot = VERIFICATIONS.take(rate_limits.address_of(request))
    paper = papers.issued_paper(_code(short_code))
    rate_limits.give_back(slot)
    return paper


def _is_strange(text: str, record: UUID) -> bool:
    """Whether the QR names a different entry than the code: then one of the two was changed."""
    if not text:
        return False
    with contextlib.suppress(ValueError):
        return UUID(text) != record
    return True


def _receipt(paper: IssuedPaper) -> tuple[Receipt | None, str]:
    """The receipt, or none; if it should exist, also the reason why it does not."""
    try:
        return journal.receipt_of(paper.record), ""
    except Unavailable as refused:
        return None, refused.sentence


def _place(receipt: Receipt, paper: IssuedPaper) -> dict[str, Any]:
    """Where the paper stands in the record, as its receipt proves it."""
    head, trouble, waits = receipt.checkpoint, "", False
    witnesses: list[tuple[str, datetime]] = []
    shown = {each.name: each.shown for each in journal.witnesses()}
    try:
        trust = log_trust()
        opened = trust.open(receipt.note)
        witnesses = [(shown.get(each.key.name, each.key.name), each.at) for each in opened.cosigned]
        waits = not trust.has_quorum(opened)
    except (RecordError, Unavailable) as refused:
        trouble = refused.sentence
    if receipt.openings["public"].values.get("sha256") != paper.sha256:
        trouble = "下面的文件指纹与入册的不同：本站的数据被改动过，请向签发机关核实。"
    return {
        "position": receipt.index + 1,
        "size": head.size,
        "origin": head.origin,
        "root": head.root.hex(),
        "signed_at": _signed_at(head.size),
        "witnesses": witnesses,
        "wanted": journal.quorum(),
        "waits": waits,
        "trouble": trouble,
    }


def _signed_at(size: int) -> datetime | None:
    found = journal.checkpoints(limit=1, before=size + 1)
    return found[0].signed_at if found and found[0].size == size else None


def _code(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", text).upper() if c.isalnum())


def _trail(*more: str) -> list[tuple[str, str]]:
    first = ("核验文书", reverse("verify") if more else "")
    return [("首页", reverse("home")), first, *((label, "") for label in more)]
