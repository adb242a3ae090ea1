"""The portal: every public page, module by module; those of kinds of case before the generic ones."""

from django.urls import URLPattern, URLResolver, include, path

from liuquan.site.portal import verify, views
from liuquan.site.wiring import KINDS

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.home, name="home"),
    path("verify/", verify.verify, name="verify"),
    path("verify/file/", verify.verify_file, name="verify_file"),
    # The address in the QR codes of papers: short, without a trailing slash.
    path("verify/<str:short_code>", verify.verify_paper, name="verify_paper"),
    path("verify/<str:short_code>/receipt.json", verify.verify_receipt, name="verify_receipt"),
    path("help/", views.help_page, name="help"),
    path("", include("liuquan.timekeeping.urls_portal")),
    path("", include("liuquan.catalogue.urls")),
    *(path("", include(kind.portal_urls)) for kind in KINDS if kind.portal_urls),
    path("", include("liuquan.messages.urls_portal")),
    path("", include("liuquan.tracking.urls")),
    path("", include("liuquan.organisation.urls")),
    path("", include("liuquan.journal.urls")),
]
