"""Checks before the system starts: tables, procedures, law, items with limits longer than the law."""

from __future__ import annotations

from datetime import datetime

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from liuquan.casework import queries as casework
from liuquan.catalogue import actions as catalogue
from liuquan.journal import queries as journal
from liuquan.kernel import key_custody, moments
from liuquan.kernel.refusals import Unavailable
from liuquan.law import check_calendar, check_law, load_calendar, load_law
from liuquan.organisation.types import SYSTEM


def check(*, now: datetime) -> list[str]:
    """Refuse to start on anything that would lead to wrong decisions; return warnings to be dealt with soon.

    Refuses tables of another version, keys that were made and are not there, open cases whose procedure is
    no longer in the code, and law data with gaps or overlaps. A published item whose limit has become longer
    than the law only gives a sentence: the law's limit governs its new cases meanwhile, and its body is told.
    """
    refuse_unmigrated()
    key_custody.refuse_missing()
    if unknown := casework.unknown_procedures():
        raise Unavailable(
            f"有未办结的案件使用本版本没有的程序：{'、'.join(unknown)}。"
            "请先用原来的版本办结，或者安装包含该程序的版本。",
            code="procedure_missing",
        )
    if wrong := [*check_law(load_law()), *check_calendar(load_calendar())]:
        raise Unavailable(f"法律数据有错误，不能启动：{wrong[0]}", code="law_data")
    changes = catalogue.check_against_law(on=moments.today(now), by=SYSTEM, now=now)
    return [*(change.sentence for change in changes), *filter(None, [journal.quorum_trouble()])]


def refuse_unmigrated() -> None:
    """Refuse to run on tables that are not those of this version."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise Unavailable("数据库的表不是这一版本的：请先运行 `./run liuquan migrate`。", code="not_migrated")
