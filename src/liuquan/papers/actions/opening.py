"""Opening papers as they were issued; the reading of each is entered first."""

from __future__ import annotations

import io
import uuid
from collections.abc import Container
from datetime import datetime

from pypdf import PdfReader, PdfWriter
from pypdf.generic import NameObject

from liuquan.casework import actions as casework
from liuquan.casework import queries as cases
from liuquan.casework.events import NOTICE_OPENED
from liuquan.kernel import files
from liuquan.kernel.refusals import NotVisible
from liuquan.kinds import queries as kinds
from liuquan.organisation.types import Actor

_UNKNOWN = "没有找到这份文书，请核对文书编号。"


def open_paper(notice_number: str, *, by: Actor | None, code: str = "", now: datetime) -> tuple[str, bytes]:
    """A paper as issued: for the parties and those who handle the case, or for anyone with its query code.
    Returns its title and the PDF, after the reading has been entered; `by` None: the holder of the slip."""
    case_number, notice = cases.notice(notice_number)
    snapshot = cases.read(case_number)
    if not cases.query_code_fits(case_number, code):
        if by is None or not cases.can_see(snapshot, by):
            raise NotVisible(_UNKNOWN)
        if by.kind == "staff":
            cases.check_handler(snapshot, by)
    party = by.party_number if by else snapshot.applicant
    if (by is None or by.kind == "party") and not cases.sees_paper(snapshot, notice, party=party):
        raise NotVisible(_UNKNOWN)
    title = kinds.paper_title(snapshot, notice.kind)
    public = {"notice": notice.number, "label": title}
    casework.enter_reading(NOTICE_OPENED.name, snapshot, by=by, now=now, public=public)
    return title, files.open_file(uuid.UUID(notice.file))


def open_papers(case_number: str, *, only: Container[str] = (), by: Actor, now: datetime) -> bytes:
    """Papers of a case behind one another in one PDF, to print in one go: those of these numbers, or all; the
    oldest first, erased ones left out. Each is opened, entered and refused as `open_paper` does. It asks
    to be printed on one side, so that no two papers share a sheet. Refuses (404) where none is left."""
    snapshot = cases.visible(case_number, by=by)
    wanted = [
        one.number
        for one in cases.notices(snapshot.number)
        if not one.is_erased and (not only or one.number in only)
    ]
    if not wanted:
        raise NotVisible("没有可以打印的文书，请打开本件核对。")
    writer = PdfWriter()
    for number in wanted:
        writer.append(PdfReader(io.BytesIO(open_paper(number, by=by, now=now)[1])), import_outline=False)
    writer.create_viewer_preferences()[NameObject("/Duplex")] = NameObject("/Simplex")
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()
