"""Verifying papers: which was issued under a code, and its receipt. Anyone may ask; no names."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.contrib import messages

from liuquan.casework import queries as casework
from liuquan.casework.types import notice_record
from liuquan.identifiers import IdentifierError, parse_verify_code
from liuquan.journal import queries as journal
from liuquan.kernel import moments, sql
from liuquan.kernel.refusals import NotVisible, WrongState
from liuquan.kinds import queries as kinds
from liuquan.kinds.types import remedy_text
from liuquan.merkle import Receipt
from liuquan.organisation import queries as organisation
from liuquan.papers.types import Issued, IssuedPaper


def issued_paper(short_code: str) -> IssuedPaper:
    """The paper with this verify code: which, whose, when, and the hash of its bytes; no names.

    Anyone may ask. Refuses an unknown code (404), a mistyped one with what is wrong about it.

    Cites: 行政许可法 第三十二条, 电子签名法 第八条
    """
    row = sql.run_one(
        f"""
        SELECT n.number, n.kind, n.entry, n.sha256, n.issued_at, c.number AS "case",
            coalesce((e.public->>'acted_at')::timestamptz, e.effective_at, n.issued_at) AS acted_at,
            c.subject_name AS item
        FROM {casework.NOTICES} n JOIN {casework.CASES} c ON c.id = n.case_id
        LEFT JOIN {journal.ENTRIES} e ON e.number = n.entry
        WHERE n.short_code = %(code)s ORDER BY n.id LIMIT 1
        """,
        {"code": short_code},
    )
    if row is None:
        try:
            parse_verify_code(short_code)
        except IdentifierError as mistyped:
            raise NotVisible(mistyped.sentence, code="verify_code_mistyped") from mistyped
        raise NotVisible("没有签发过这个核验码的文书，请对照文书下方重新填写；仍查不到的，请向签发机关核实。")
    kind, entry = row.pop("kind"), row.pop("entry")
    case, acted_at = casework.read(row["case"]), row.pop("acted_at")
    body_code = case.lead_at(acted_at)
    paper = kinds.kind_of(case).paper(kind)
    is_adverse = paper is not None and paper.is_adverse
    heard = organisation.remedy_bodies(body_code, on=moments.today(acted_at)) if is_adverse else None
    return IssuedPaper(
        title=kinds.paper_title(case, kind),
        body=case.name_of_body(body_code),
        record=notice_record(entry, kind),
        result=paper.result if paper else "",
        remedy=remedy_text(heard) if heard else "",
        **row,
    )


def code_of_file(sha256: str) -> str:
    """The verify code of the paper whose bytes have this hash (hexadecimal); empty where none was issued."""
    notices = f"SELECT n.short_code FROM {casework.NOTICES} n WHERE n.sha256 = %(hash)s ORDER BY n.id LIMIT 1"
    row = sql.run_one(notices, {"hash": sha256})
    return str(row["short_code"]) if row else ""


def titles() -> tuple[str, ...]:
    """How the papers of every kind of case are called, without what one case makes of it."""
    return tuple(sorted({paper.title for kind in kinds.kinds() for paper in kind.papers}))


def said(done: str, issued: Sequence[Issued], *, to: str) -> list[tuple[int, str]]:
    """What to tell staff after an act: what was done with how many papers, and which could not be issued; as
    levels and sentences of Django's messages. `to`: what the kind calls whom the papers are for."""
    count = sum(len(one.numbers) for one in issued)
    papers = f"，出具文书{count}份，请打印交给{to}" if count else ""
    troubles = [one.trouble for one in issued if one.trouble]
    return [
        (messages.SUCCESS, f"已办理“{done}”{papers}。"),
        *((messages.WARNING, f"有文书暂时没有出成：{trouble}") for trouble in troubles),
    ]


def paper_receipt(record: UUID) -> Receipt:
    """The receipt of a paper, from the entry that issued it. Refuses (409) while that is not yet sealed."""
    receipt = journal.receipt_of(record)
    if receipt is None:
        raise WrongState(
            "这份文书刚签发，正在写入公开日志，请过一分钟再下载核验凭证；一直没有的，请向签发机关核实。",
            code="not_sealed",
        )
    return receipt
