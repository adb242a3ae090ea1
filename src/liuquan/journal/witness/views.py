"""The public page of the witness: whose logs we cosign, up to where, and what we refused."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from liuquan.journal.log.views import trail
from liuquan.journal.witness import queries
from liuquan.journal.witness.keys import witness_signer


@require_safe
def witness(request: HttpRequest) -> HttpResponse:
    """Whose logs we cosign, up to where, and what we refused."""
    context = {
        "logs": queries.known_logs(),
        "refused": queries.refused_heads(),
        "key": witness_signer().key,
        "site_url": settings.LIUQUAN_PUBLIC_URL,
        "trail": [*trail(), ("为别的机关作见证", "")],
    }
    return render(request, "journal/witness.html", context)
