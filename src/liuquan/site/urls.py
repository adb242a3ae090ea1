"""The addresses of the whole site."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

# (prefix, the module whose `urlpatterns` answer there). The portal is last: its prefix is empty.
PARTS = (
    ("accounts/", "allauth.urls"),
    ("desk/", "liuquan.site.desk_urls"),
    ("board/", "liuquan.supervision.urls"),
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
