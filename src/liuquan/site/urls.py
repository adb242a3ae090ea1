"""The addresses of the whole site."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

# (prefix, the module whose `urlpatterns` answer there), asked in this order.
PARTS = (
    ("accounts/", "liuquan.site.account_urls"),
    ("api/v1/", "liuquan.site.api"),
    ("desk/", "liuquan.site.desk_urls"),
    ("board/", "liuquan.supervision.urls"),
    ("", "liuquan.kernel.urls"),
    ("", "liuquan.site.portal_urls"),
)


def _there(module: str) -> bool:
    """Whether the module exists yet (goes when all parts do)."""
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False


urlpatterns: list[URLPattern | URLResolver] = [
    path(prefix, include(module)) for prefix, module in PARTS if _there(module)
]

handler400 = "liuquan.kernel.problems.bad_request"
handler403 = "liuquan.kernel.problems.permission_denied"
handler404 = "liuquan.kernel.problems.page_not_found"
handler429 = "liuquan.site.account_views.too_many"
handler500 = "liuquan.kernel.problems.server_error"
