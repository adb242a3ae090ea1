"""Answers for programs: plain text and bytes, without session, cookie or page.

`PlainAnswers` gives them before the site's own middleware runs, so that any cache between here and the
reader may keep them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.views.decorators.csrf import csrf_exempt

from liuquan.kernel.refusals import Refusal

TEXT: Final = "text/plain; charset=utf-8"
BYTES: Final = "application/octet-stream"
CACHE_FOR_EVER: Final = "public, max-age=31536000, immutable"
CACHE_BRIEFLY: Final = "public, max-age=3"
NO_CACHE: Final = "no-store"
PREFIXES: Final = ("/log/", "/witness/")

View = Callable[..., HttpResponse]


def plain(view: View) -> View:
    """Answer for programs: refusals as one line of text, and no session before or after."""

    def answer(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            response = view(request, **kwargs)
        except Refusal as refusal:
            response = line_answer(refusal.sentence, refusal.status)
        response.headers.setdefault("Cache-Control", NO_CACHE)
        response["Access-Control-Allow-Origin"] = "*"
        response["X-Content-Type-Options"] = "nosniff"
        return response

    answer.__doc__ = view.__doc__
    exempt: View = csrf_exempt(answer)
    exempt.__dict__["plain_answer"] = True
    return exempt


class PlainAnswers:
    """Middleware before the sessions: answers what is marked `plain`, and passes everything else on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(PREFIXES):
            try:
                found = resolve(request.path_info)
            except Resolver404:
                return self.get_response(request)
            if getattr(found.func, "plain_answer", False):
                answered: HttpResponse = found.func(request, *found.args, **found.kwargs)
                return answered
        return self.get_response(request)


def text_answer(text: str, cache: str) -> HttpResponse:
    """A text, with how long it may be cached."""
    return HttpResponse(text, content_type=TEXT, headers={"Cache-Control": cache})


def line_answer(sentence: str, status: int) -> HttpResponse:
    """One line of text."""
    return HttpResponse(f"{sentence}\n", status=status, content_type=TEXT)
