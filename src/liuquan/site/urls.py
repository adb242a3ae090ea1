"""The addresses of the whole site."""

from django.urls import URLPattern, URLResolver, include, path

from liuquan.site.wiring import KINDS

urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/", include("liuquan.site.account_urls")),
    path("api/v1/", include("liuquan.site.api")),
    path("desk/", include("liuquan.site.desk_urls")),
    *(path("board/", include(kind.board_urls)) for kind in KINDS if kind.board_urls),
    path("board/", include("liuquan.supervision.urls")),
    path("", include("liuquan.kernel.urls")),
    path("", include("liuquan.exchange.urls")),
    path("", include("liuquan.site.portal_urls")),
]

handler400 = "liuquan.kernel.problems.bad_request"
handler403 = "liuquan.kernel.problems.permission_denied"
handler404 = "liuquan.kernel.problems.page_not_found"
handler429 = "liuquan.site.account_views.too_many"
handler500 = "liuquan.kernel.problems.server_error"
