"""The settings of the tests: the site's own, with quick passwords, and static files from where they lie."""

from liuquan.site.settings import *  # noqa: F403
from liuquan.site.settings import MIDDLEWARE as _MIDDLEWARE

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Nothing is collected for tests; the live server of browser tests finds static files itself.
MIDDLEWARE = [name for name in _MIDDLEWARE if not name.startswith("whitenoise.")]
