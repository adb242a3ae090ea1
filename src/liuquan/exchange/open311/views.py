"""Open311 GeoReport v2: services, requests and one request, as XML or JSON; writing wants a key.

Standards: Open311 GeoReport v2, Open311 Service Discovery
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from liuquan.casework import queries as casework
from liuquan.exchange import queries as keys
from liuquan.exchange.open311 import documents
from liuquan.exchange.open311.asked import MOST, asked, sent
from liuquan.exchange.open311.encoding import as_json, as_xml
from liuquan.exchange.source import UNFILED, actions, queries
from liuquan.kernel import moments
from liuquan.kernel.pages import site_words
from liuquan.kernel.rate_limits import Allowance, give_back
from liuquan.kernel.refusals import BadInput, NotAllowed, NotVisible, Refusal
from liuquan.organisation import queries as organisation
from liuquan.organisation.types import BodyView

View = Callable[..., HttpResponse]
#: requests of one outside system: it may speak for a whole city's app
SENT: Final = Allowance("open311", 600, 3600, "这个密钥一小时内提交的诉求太多，请过一会儿再提交。")
SAME: Final = Allowance("open311_same", 1, 86_400, "同样的诉求今天已经提交过，已经登记，不用再提交。")


def speaking(view: View) -> View:
    """A view that answers in the form of the address, refusals too. The jurisdiction may be left out; one
    that is not ours is not found (404)."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, form: str, **more: Any) -> HttpResponse:
        try:
            if form not in documents.FORMATS:
                raise NotVisible("只有 json 和 xml 两种格式。")
            said = request.POST if request.method == "POST" else request.GET
            wanted = said.get("jurisdiction_id", "")
            if wanted and wanted != _centre().division_code:
                raise NotVisible("没有这个 jurisdiction_id；本接口只有一个，可以不写。")
            return view(request, *args, form=form, **more)
        except Refusal as refusal:
            status = 400 if isinstance(refusal, BadInput) else refusal.status
            fields = " ".join(dict.fromkeys(refusal.fields.values())) if isinstance(refusal, BadInput) else ""
            line = documents.error(status, fields or refusal.sentence)
            return _answer(form, "errors", [line], status=status)

    exempt: View = csrf_exempt(answered)  # no cookie is read: whoever writes shows a key
    return exempt


@speaking
@require_safe
def discovery(request: HttpRequest, *, form: str) -> HttpResponse:
    """Where what is spoken."""
    words = site_words()
    contact = f"{words.get('site_name', '')} {words.get('site_phone', '')}".strip()
    found = documents.discovery(
        settings.LIUQUAN_PUBLIC_URL, contact=contact, is_demo=not organisation.is_real_place()
    )
    return _answer(form, "discovery", found)


@speaking
@require_safe
def services(_request: HttpRequest, *, form: str) -> HttpResponse:
    """The classes of requests."""
    return _answer(form, "services", documents.services(queries.classes()))


@speaking
@require_safe
def definition(_request: HttpRequest, code: str, *, form: str) -> HttpResponse:
    """What else may be said of a request of this class."""
    found = queries.class_of(code)
    if found is None or found.is_top or code == UNFILED:
        raise NotVisible("没有这个 service_code，请先读 services。")
    divisions = {one.code: one.name for one in organisation.divisions(under=_centre().division_code)}
    return _answer(form, "service_definition", documents.definition(code, divisions))


@speaking
@require_http_methods(["GET", "HEAD", "POST"])
def requests(request: HttpRequest, *, form: str) -> HttpResponse:
    """Requests that may be told, the newest first, at most a thousand of at most ninety days; by POST a new
    one, with a key."""
    if request.method == "POST":
        return _sent(request, form)
    wanted = asked(request.GET, now=moments.now())
    found = queries.shown_requests(
        from_at=wanted.from_at,
        to_at=wanted.to_at,
        numbers=wanted.numbers,
        class_codes=wanted.codes,
        statuses=wanted.statuses,
        limit=MOST,
    )
    return _answer(form, "service_requests", [documents.request(one) for one in found])


@speaking
@require_safe
def one(request: HttpRequest, number: str, *, form: str) -> HttpResponse:
    """One request, or those of several numbers with commas between. Refuses (404) what is not told."""
    narrowed = request.GET.copy()
    narrowed["service_request_id"] = number
    wanted = asked(narrowed, now=moments.now())
    found = queries.shown_requests(
        from_at=wanted.from_at, to_at=wanted.to_at, numbers=wanted.numbers, limit=MOST
    )
    if not found:
        raise NotVisible("没有这个 service_request_id，或者它不公开。")
    return _answer(form, "service_requests", [documents.request(each) for each in found])


@speaking
@require_safe
def token(_request: HttpRequest, token: str, *, form: str) -> HttpResponse:
    """No request gets a token: each has its number at once."""
    del token, form
    raise NotVisible("没有这个 token：本接口提交后马上给 service_request_id。")


def _sent(request: HttpRequest, form: str) -> HttpResponse:
    """Register a request. Refuses (403) without a key, (400) what the hotline refuses."""
    now, given = moments.now(), request.POST
    holder = keys.holder_of(given.get("api_key", ""))
    if not holder:
        raise NotAllowed("没有写 api_key，或者密钥不对、已经收回；请向本站申请。")
    read = sent(given, city=_centre().division_code)
    if queries.class_of(read.ticket.class_code) is None:
        raise BadInput("没有这个 service_code，请先读 services。")
    slots = [SENT.take(holder), SAME.take(holder, read.phone, read.ticket.text, read.ticket.place)]
    try:
        done = actions.submit(read.ticket, name=read.name, phone=read.phone, now=now)
    except Refusal:
        give_back(*slots)
        raise
    code = casework.query_code(done.number)
    where = f"{settings.LIUQUAN_PUBLIC_URL}{reverse('track')}"
    notice = f"已登记。查进度、补充、撤回用编号和查询码{code[:5]}-{code[5:]}：{where}"
    return _answer(form, "service_requests", [documents.created(done.number, notice)], status=201)


def _centre() -> BodyView:
    return organisation.body(queries.centre(), on=moments.today(moments.now()))


def _answer(form: str, root: str, document: Any, *, status: int = 200) -> HttpResponse:
    """In the form of the address; where that is none, in JSON."""
    text = as_xml(root, document) if form == "xml" else as_json(document)
    kind = documents.FORMATS.get(form, documents.FORMATS["json"])
    response = HttpResponse(text, status=status, content_type=f"{kind}; charset=utf-8")
    response["Access-Control-Allow-Origin"] = "*"
    return response
