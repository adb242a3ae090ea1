"""The settings of the tests: the site's own, with quick passwords."""

from liuquan.site.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
