"""Pages for the holder of a slip: everybody else is asked for the code first."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Final
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.cache import never_cache

from liuquan.kernel import moments, problems
from liuquan.kernel.refusals import Refusal
from liuquan.kernel.slip_holders import holds

ASK_AGAIN: Final = "为保护您的信息，请重新填写查询码。"
View = Callable[..., HttpResponse]


def holders_only(view: View) -> View:
    """A page about the case `number`, for whoever has shown its code; others are asked for the code, whether
    or not there is such a case. No browser and no proxy keeps it. What it refuses leads back to the case."""

    @wraps(view)
    def guarded(request: HttpRequest, number: str, *args: Any, **more: Any) -> HttpResponse:
        if not holds(request, number, now=moments.now()):
            messages.info(request, ASK_AGAIN)
            typed = "".join(c for c in number if c.isalnum())[:40]
            return HttpResponseRedirect(f"{reverse('track')}?{urlencode({'number': typed})}")
        case_page = reverse("track_case", args=[number])
        try:
            return view(request, number, *args, **more)
        except Refusal as refusal:
            return problems.answer(request, refusal, case_page="" if request.path == case_page else case_page)

    shown: View = never_cache(guarded)
    return shown
