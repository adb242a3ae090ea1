"""`migrate`: bring the tables to this version."""

from argparse import Namespace

from django.core.management import call_command
from django.db import connection

from liuquan.kernel.postgres import roles
from liuquan.site.commands import Answer, Command
from liuquan.site.settings_database import as_owner


def migrate(asked: Namespace | None = None) -> Answer:
    """Make or change the tables, as their owner; run twice it changes nothing."""
    application = connection.settings_dict["USER"]
    with as_owner():
        connection.ensure_connection()
        owner = connection.settings_dict["USER"]
        raw = connection.connection
        roles.make_extensions(raw)
        roles.check_chinese(raw)
        if application != owner:
            for statement in roles.default_privileges(owner, application):
                raw.execute(statement)
        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
    return Answer("数据库的表已是这一版本。", {"migrated": True})


COMMANDS = [Command("migrate", "把数据库的表更新到这一版本 / bring the tables to this version", migrate)]
