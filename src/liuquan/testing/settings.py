"""The settings of the tests: the site's own, with quick passwords."""

from liuquan.site.settings import *  # noqa: F403
from liuquan.site.settings import DATABASES

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
DATABASES["default"]["OPTIONS"].pop("pool", None)
