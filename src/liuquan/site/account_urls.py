"""Signing in: of allauth's pages only these. Accounts are given by the administrator, nobody signs up.

allauth asks for the addresses of its other pages by name; those lead back to signing in.
"""

from django.urls import path
from django.views.generic import RedirectView

from liuquan.site import account_views

_BACK = RedirectView.as_view(pattern_name="account_login")
_CLOSED = ("signup", "email", "reset_password", "set_password", "email_verification_sent")

urlpatterns = [
    path("login/", account_views.login, name="account_login"),
    path("logout/", account_views.logout, name="account_logout"),
    path("inactive/", account_views.inactive, name="account_inactive"),
    path("again/", account_views.reauthenticate, name="account_reauthenticate"),
    path("password/", account_views.password_change, name="account_change_password"),
    *[path(f"closed/{name}/", _BACK, name=f"account_{name}") for name in _CLOSED],
]
