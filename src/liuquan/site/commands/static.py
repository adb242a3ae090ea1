"""`static`: gather pages' pictures, styles and scripts, compressed and named by content."""

from argparse import Namespace

from django.conf import settings
from django.contrib.staticfiles.management.commands.collectstatic import Command as Collect
from django.core.management import call_command
from django.test.utils import override_settings

from liuquan.site.commands import Answer, Command


def _collect(asked: Namespace) -> Answer:
    hashed = {**settings.STORAGES, "staticfiles": {"BACKEND": settings.HASHED_STORAGE}}
    with override_settings(STORAGES=hashed):
        said = call_command(Collect(), interactive=False, verbosity=0, clear=True)
    return Answer("静态文件已收集，重新启动网站后生效。", {"collected": True, "said": said or ""})


COMMANDS = [
    Command("static", "收集压缩静态文件，供正式运行 / collect static files", _collect, needs_database=False)
]
