"""Pages: one helper for full page or fragment, paging, and what every page shows about itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import urlencode

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from liuquan.kernel import moments
from liuquan.kernel.refusals import Malformed

SIZE_COOKIE: Final = "liuquan_size"
OWNER: Final = "menu_path"  #: of a request: the address of the entry that its page belongs to
_PAGE_LIMIT: Final = 100_000


def page(
    request: HttpRequest, template: str, context: Mapping[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """The page, or for an HTMX request only its fragment, ``folder/_name.html`` for ``folder/name.html``."""
    chosen = fragment_name(template) if wants_fragment(request) else template
    response = render(request, chosen, dict(context or {}), status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def wants_fragment(request: HttpRequest) -> bool:
    """Whether HTMX asks for a part of a page (not for a whole one: boosted, or restored from history)."""
    headers = request.headers
    return (
        headers.get("HX-Request") == "true"
        and headers.get("HX-Boosted") != "true"
        and headers.get("HX-History-Restore-Request") != "true"
    )


def fragment_name(template: str) -> str:
    """``applications/list.html`` → ``applications/_list.html``."""
    folder, slash, name = template.rpartition("/")
    return f"{folder}{slash}_{name}"


@dataclass(frozen=True)
class PageLink:
    """One entry of a pager; ``href`` is empty for a gap."""

    label: str
    href: str
    current: bool = False


@dataclass(frozen=True)
class Paging:
    """Which rows of a long list are shown: page ``number`` from 1, ``size`` rows a page, ``total`` in all,
    ``among`` so many if the list was narrowed.

    ``Paging.asked(request)`` before the query (``offset``, ``limit``), ``.of(total)`` after it: our queries
    give rows and their number together, Django's paginator wants the number first. It counts the pages.
    """

    number: int = 1
    size: int = 20
    total: int = 0
    among: int = 0
    query: tuple[tuple[str, str], ...] = ()

    @classmethod
    def asked(cls, request: HttpRequest, *, size: int = 20) -> Paging:
        """The page that ``?page=`` asks for. Refuses (400) what is not a page number."""
        asked = request.GET.get("page", "1") or "1"
        if not asked.isascii() or not asked.isdigit() or not 1 <= int(asked[:9]) <= _PAGE_LIMIT:
            raise Malformed("页码不正确，请从列表第一页重新翻起。")
        query = tuple(
            (key, value) for key, values in request.GET.lists() if key != "page" for value in values
        )
        return cls(number=int(asked), size=size, query=query)

    def of(self, total: int, *, among: int = 0) -> Paging:
        """The same paging once the number of all rows is known, and of those it was narrowed from."""
        return replace(self, total=total, among=among)

    @property
    def offset(self) -> int:
        """Rows to leave out before the first one shown."""
        return (self.number - 1) * self.size

    @property
    def limit(self) -> int:
        """Rows to show."""
        return self.size

    @property
    def pages(self) -> int:
        """Number of pages, at least one."""
        return self._paginator.num_pages

    @property
    def previous(self) -> str:
        """Address of the page before, or empty."""
        return self._href(min(self.number - 1, self.pages)) if self.number > 1 else ""

    @property
    def next(self) -> str:
        """Address of the page after, or empty."""
        return self._href(self.number + 1) if self.number < self.pages else ""

    @property
    def links(self) -> list[PageLink]:
        """First, last and the pages around this one; gaps have no address."""
        shown = self._paginator.get_elided_page_range(min(self.number, self.pages), on_each_side=1, on_ends=1)
        return [
            PageLink(str(one), self._href(one), one == self.number)
            if isinstance(one, int)
            else PageLink(str(one), "")
            for one in shown
        ]

    @property
    def _paginator(self) -> Paginator[int]:
        return Paginator(range(self.total), self.size)

    def _href(self, number: int) -> str:
        return "?" + urlencode([*self.query, ("page", str(number))])


def look(request: HttpRequest) -> dict[str, Any]:
    """Context processor: what the base templates show on every page.

    ``site_name site_phone site_body`` from settings, ``actor_label`` (who is working), ``large_type``,
    ``demo`` and ``demo_on`` (the day the demo plays); ``staff_url``, where staff sign in and begin;
    ``nav_portal``, ``nav_staff`` and ``nav_actor`` (the page behind who is working) from settings
    ``LIUQUAN_NAV``: face → list of (label, URL name, key, then the roles and ".acts" of which a post needs
    one to see it; none: everybody). Nothing asks the database before it is shown.
    """
    demo = bool(getattr(settings, "LIUQUAN_DEMO", False))
    return {
        **site_words(),
        "actor_label": _label_of(request),
        "large_type": request.COOKIES.get(SIZE_COOKIE) == "large",
        "staff_url": getattr(settings, "LOGIN_REDIRECT_URL", ""),
        "demo": demo,
        "demo_on": moments.today(moments.now()) if demo else None,
        **{f"nav_{face}": _nav(request, rows) for face, rows in getattr(settings, "LIUQUAN_NAV", {}).items()},
    }


@dataclass(frozen=True)
class NavLink:
    """One entry of a navigation; ``key`` is its keyboard shortcut, empty for none."""

    label: str
    href: str
    key: str
    current: bool


def _nav(request: HttpRequest, rows: Iterable[tuple[str, ...]]) -> list[NavLink]:
    """The entries whose address exists, those of roles and acts for posts that have one of them; the longest
    one that begins this page's path is the current one, or the one that it belongs to (`belongs_to`)."""
    actor = getattr(request, "actor", None)
    acts = (act for term in getattr(actor, "mandates", ()) for act in term.actions)
    held = {*getattr(actor, "roles", ()), *(f".{act.partition('.')[2]}" for act in acts)}
    found = []
    for label, name, key, *only in rows:
        if only and held.isdisjoint(only):
            continue
        try:
            found.append((label, reverse(name), key))
        except NoReverseMatch:
            continue
    hrefs = {href for _, href, _ in found}
    owner = getattr(request, OWNER, "")
    path = owner if owner in hrefs and request.path not in hrefs else request.path
    begin = (href for href in hrefs if path == href or (href != "/" and path.startswith(href)))
    here = max(begin, key=len, default="")
    return [NavLink(label, href, key, href == here) for label, href, key in found]


def belongs_to(request: HttpRequest, name: str) -> None:
    """Say which entry of the menu this page belongs to, by its URL name, where it has none of its own."""
    setattr(request, OWNER, reverse(name))


def site_words() -> dict[str, str]:
    """Name, responsible body and telephone of this installation, for pages that have no request."""
    return {
        "site_name": getattr(settings, "LIUQUAN_SITE_NAME", "政务服务中心"),
        "site_body": getattr(settings, "LIUQUAN_SITE_BODY", ""),
        "site_phone": getattr(settings, "LIUQUAN_SITE_PHONE", "12345"),
    }


def _label_of(request: HttpRequest) -> Callable[[], str]:
    """Called by a template only where it is shown: "name · post", else the account's name, else empty."""

    def label() -> str:
        actor = getattr(request, "actor", None)
        if actor is not None and getattr(actor, "kind", "") == "staff":
            return " · ".join(part for part in (actor.name, actor.post_name) if part)
        user = getattr(request, "user", None)
        return str(user.get_username()) if user is not None and user.is_authenticated else ""

    return label


@require_POST
def type_size(request: HttpRequest) -> HttpResponse:
    """Remember large or normal type in a cookie for a year and go back to the page it was asked on."""
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        back = "/"
    response = HttpResponseRedirect(back)
    large = request.POST.get("size") == "large"
    response.set_cookie(
        SIZE_COOKIE,
        "large" if large else "normal",
        max_age=365 * 86400,
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )
    return response
