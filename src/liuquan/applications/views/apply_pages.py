"""What the pages of applying show: who and what, the materials, and that a draft is kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from liuquan.applications.forms.portal import ApplicantForm
from liuquan.applications.views.online_items import applicant_kinds
from liuquan.catalogue.types import ItemView
from liuquan.kernel import drafts, moments
from liuquan.kernel.received_files import CODE, ReceivedFiles, input_name

CHANGED: Final = (
    "您存草稿以后，这个事项改过，还没有提交。下面是现在的要求，请核对：仍然要交的材料，存好的文件都还在；"
    "不再要的，列在最后，不会交上。"
)


def who(
    request: HttpRequest, item: ItemView, form: ApplicantForm, *, status: int = 200, draft: str = ""
) -> HttpResponse:
    """Page 1. `draft`: the code that the form carries on; by default the one that was posted."""
    context = _context(item, form, step=1)
    context |= {
        "kinds": applicant_kinds(item),
        "kind": form.kind,
        "draft": draft or request.POST.get(CODE, ""),
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
    lacking: Sequence[str] = (),
    status: int = 200,
) -> HttpResponse:
    """Page 2. `changed`: the item has another version than when the draft was written. `lacking`: required
    materials, about which it is asked before the application goes in without them."""
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
        "lacking": lacking,
        "unfit": [one for key, kept in received.kept.items() if key not in known for one in kept],
    }
    return render(request, "applications/portal/materials.html", context, status=status)


def kept(request: HttpRequest, item: ItemView, code: str, now: datetime) -> HttpResponse:
    """What to note down to go on later: the code, and until when."""
    context = {"item": item, "terms": item.terms, "trail": _trail(item)} | _draft(code, now)
    return render(request, "applications/portal/draft_kept.html", context)


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
