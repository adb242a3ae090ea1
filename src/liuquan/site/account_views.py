"""Signing in and out in the site's layout, and the messages of refusals there."""

from __future__ import annotations

from typing import Any, ClassVar

from allauth.account import views
from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest, HttpResponse

from liuquan.kernel import problems
from liuquan.kernel.refusals import TooMany

_LOCKED = "连续输错多次，本账号暂停登录5分钟；请稍后再试，忘记口令的请找系统管理员重设。"
_WAIT_SECONDS = 60


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are given by the administrator: nobody signs up, and every refusal says what to do."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "too_many_login_attempts": _LOCKED,
        "username_password_mismatch": "用户名或者口令不对，请核对大小写后重新输入。",
        "rate_limited": "操作过于频繁，请一分钟后再试。",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: nobody can sign up."""
        return False

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Add no message: the user sees that signing in or out has worked."""


login = views.LoginView.as_view(template_name="site/account/login.html")
logout = views.LogoutView.as_view(template_name="site/account/logout.html")
inactive = views.AccountInactiveView.as_view(template_name="site/account/inactive.html")
reauthenticate = views.ReauthenticateView.as_view(template_name="site/account/reauthenticate.html")
password_change = views.PasswordChangeView.as_view(template_name="site/account/password.html")


def too_many(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The site's handler429: too many tries from one address."""
    return problems.answer(
        request, TooMany("操作过于频繁，请一分钟后再试。", details={"retry_after": _WAIT_SECONDS})
    )
