"""What the pages of applying show: who and what, the materials, and that a draft is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from liuquan.applications.forms.portal import ApplicantForm
from liuquan.applications.types import Before
from liuquan.applications.views.online_items import applicant_kinds
from liuquan.catalogue.types import ItemView
from liuquan.kernel import drafts, held_drafts, moments
from liuquan.kernel.held_drafts import Held
from liuquan.kernel.received_files import CODE, ReceivedFiles, input_name

CHANGED: Final = (
    "您存草稿以后，这个事项改过，还没有提交。下面是现在的要求，请核对：仍然要交的材料，存好的文件都还在；"
    "不再要的，列在最后，不会交上。"
)
UNTICKED: Final = "还没有提交：请先在下面打勾，说明您知道还缺什么；或者选好缺的文件，再提交。"


@dataclass(frozen=True)
class Question:
    """What is asked before an application goes in. `lacking`: required materials that do not come with it;
    `unticked`: the complaint that nobody said yes. `before`: open cases of the same person about the same
    item; `known_lacking` is what was answered to the first question."""

    lacking: Sequence[str] = ()
    unticked: str = ""
    before: Sequence[Before] = ()
    known_lacking: str = ""

    @property
    def title(self) -> str:
        """The question in a few words; nothing where nothing is asked."""
        if self.before:
            return "已经交过一件，确定再交？"
        return f"还缺 {len(self.lacking)} 份，确定先交？" if self.lacking else ""


def who(
    request: HttpRequest,
    item: ItemView,
    form: ApplicantForm,
    *,
    status: int = 200,
    draft: str = "",
    held: Sequence[Held] = (),
) -> HttpResponse:
    """Page 1. `draft`: the code that the form carries on; by default the one that was posted. `held`: what
    this browser may go on with instead."""
    code = draft or request.POST.get(CODE, "")
    context = _context(item, form, step=1)
    context |= {
        "kinds": applicant_kinds(item),
        "kind": form.kind,
        "draft": code,
        "held": held,
        "key": form.key,
        "address": _address(request, item, code, "?at=who"),
    }
    return render(request, "applications/portal/who.html", context, status=status)


def materials(
    request: HttpRequest,
    item: ItemView,
    form: ApplicantForm,
    received: ReceivedFiles,
    now: datetime,
    *,
    changed: bool = False,
    alert: str = "",
    asked: Question | None = None,
    status: int = 200,
) -> HttpResponse:
    """Page 2. `changed`: the item has another version than when the draft was written. `asked`: what is to be
    answered before the application goes in."""
    known = {m.key for m in item.terms.materials}
    rows = [
        {
            "material": m,
            "input": input_name(m.key),
            "wrong": received.wrong.get(m.key, ""),
            "kept": received.kept.get(m.key, ()),
        }
        for m in item.terms.materials
    ]
    context = _context(item, form, step=2) | _draft(received.code, now)
    context |= {
        "rows": rows,
        "alert": CHANGED if changed else alert,
        "wrong": bool(received.wrong),
        "key": form.key,
        "asked": asked or Question(),
        "address": _address(request, item, received.code),
        "unfit": [one for key, kept in received.kept.items() if key not in known for one in kept],
    }
    return render(request, "applications/portal/materials.html", context, status=status)


def kept(request: HttpRequest, item: ItemView, code: str, now: datetime) -> HttpResponse:
    """What to note down to go on later: the code, and until when."""
    context = {"item": item, "terms": item.terms, "trail": _trail(item)} | _draft(code, now)
    context["address"] = _address(request, item, code)
    return render(request, "applications/portal/draft_kept.html", context)


def sent(request: HttpRequest, item_code: str, number: str) -> HttpResponse:
    """Whoever comes back to a draft that was handed in is led to its case."""
    context = {"item_code": item_code, "number": number, "trail": [("首页", reverse("home")), ("申请", "")]}
    return render(request, "applications/portal/draft_sent.html", context)


def _address(request: HttpRequest, item: ItemView, code: str, at: str = "") -> str:
    """Where the draft is found again instead of the answer to a form; nothing without a draft."""
    handle = held_drafts.handle(request, code)
    return reverse("apply_draft", args=[item.terms.item_code, handle]) + at if handle else ""


def _draft(code: str, now: datetime) -> dict[str, Any]:
    """The code as it is carried and as it is read, and the last moment; as of now: each page writes anew."""
    found: Sequence[drafts.KeptFile] = ()
    draft = drafts.find(code, place="apply/", now=now)
    shown, until = "", None
    if draft is not None:
        found, shown, until = draft.files, draft.grouped, draft.kept_until.astimezone(moments.LOCAL)
    return {"draft": code, "draft_shown": shown, "kept_until": until, "kept_files": found}


def _context(item: ItemView, form: ApplicantForm, *, step: int) -> dict[str, Any]:
    return {
        "step": step,
        "item": item,
        "terms": item.terms,
        "form": form,
        "required": [m for m in item.terms.materials if m.necessity == "required"],
        "trail": _trail(item),
    }


def _trail(item: ItemView) -> list[tuple[str, str]]:
    return [
        ("首页", reverse("home")),
        (item.terms.item_name, reverse("item_guide", args=[item.terms.item_code])),
        ("申请", ""),
    ]
