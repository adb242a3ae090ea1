"""The office that is measured: a home of its own on the embedded server, one item, six posts, some people.

Everything is made anew in a temporary folder with the server's durable settings, and removed afterwards.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import django
import psycopg

NOW = datetime(2026, 3, 9, 2, 0, tzinfo=UTC)
BODY = "11990100MB9901024C"
OTHER = "11990100MB99010327"
WINDOW = "11990100MB9901016H"
PATH = "r990000.r990100"
ITEM = "11990100MB9901024C4000131001001"
MATERIALS = ("application_form", "identity", "premises")
EXAMINERS = ("A-1", "A-2", "A-3", "A-4")


@contextlib.contextmanager
def temporary_home() -> Iterator[Path]:
    """A home for one run of the bench. The server in it syncs to disk as a real one does."""
    folder = Path(tempfile.mkdtemp(prefix="liuquan-bench-"))
    folder.chmod(0o711)
    os.environ["LIUQUAN_HOME"] = str(folder)
    from liuquan.kernel.home import Home
    from liuquan.kernel.postgres.place import ELSEWHERE, place_of

    place = place_of(Home(folder))
    try:
        yield folder
    finally:
        if place.folder.parent.parent == ELSEWHERE:
            shutil.rmtree(place.folder.parent, ignore_errors=True)
        if place.sockets.parent == Path(tempfile.gettempdir()):
            shutil.rmtree(place.sockets, ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def opened() -> Iterator[Any]:
    """The server of a home of its own, with Django set up; both go in the end."""
    with temporary_home():
        set_up()
        from django.db import connections

        from liuquan.kernel.home import current_home
        from liuquan.kernel.postgres import serving

        with serving(current_home()) as server:
            try:
                yield server
            finally:
                connections.close_all()


def set_up() -> None:
    """Django for this process, in the home that the environment names."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "liuquan.site.settings"
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "LIUQUAN_CLOCK_OFFSET_SECONDS", "LIUQUAN_POOL_SIZE"):
        os.environ.pop(name, None)
    django.setup()


def furnish() -> list[str]:
    """Make the tables, the calendar and some applicants; return the applicants' numbers."""
    from liuquan.organisation import actions as organisation
    from liuquan.organisation.types import SYSTEM
    from liuquan.site.commands.database import migrate

    migrate()
    organisation.load_calendar(by=SYSTEM, now=NOW)
    return [_applicant(serial) for serial in range(1, 21)]


TABLES = (
    "casework_case",
    "casework_case_party",
    "casework_case_body",
    "casework_assignment",
    "casework_deadline",
    "casework_count_delta",
    "journal_entry",
    "journal_private",
    "applications_application",
    "casework_material",
    "procrastinate_jobs",
)


def rows_written(server: Any, work: Callable[[], object]) -> dict[str, int]:
    """How many rows each table has more after the work."""
    before = _counts(server)
    work()
    return {table: number - before[table] for table, number in _counts(server).items()}


def _counts(server: Any) -> dict[str, int]:
    with psycopg.connect(server.dsn("liuquan")) as connection:
        found = {}
        for table in TABLES:
            row = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
            found[table] = row[0] if row else 0
        return found


def _applicant(serial: int) -> str:
    from liuquan.kernel import secrecy, sql

    # Straight into the table: the place that would allow fictional identity numbers is not loaded here.
    values = {
        "name": secrecy.encrypt(f"测小{serial}", purpose="party.name"),
        "name_index": secrecy.blind_index(f"测小{serial}", purpose="party.name"),
        "id": secrecy.encrypt(str(serial), purpose="party.id"),
        "now": NOW,
    }
    row = sql.run_one(
        "INSERT INTO party (kind, name_enc, name_index, id_enc, name_masked, id_masked, phone_masked, "
        "phone_standing, registered_at) "
        "VALUES ('person', %(name)s, %(name_index)s, %(id)s, '测**', '', '', 'claimed', %(now)s) "
        "RETURNING number",
        values,
    )
    return str(row["number"]) if row else ""


def terms() -> Any:
    """The terms of a licence as the catalogue and the law would give them: three opinions, then a review."""
    from liuquan.applications.terms import case_terms
    from liuquan.casework.types import Counting
    from liuquan.law import load_law

    posts = {"A-1": BODY, "A-2": BODY, "A-3": OTHER, "A-4": BODY, "D-1": BODY}
    return case_terms(
        _item(),
        load_law(),
        on=NOW.date(),
        body_of_post=posts,
        body_key="SCJG",
        warn_share="0.9",
        counting=Counting(region=BODY),
    )


def stored_terms() -> str:
    """These terms as a case keeps them."""
    try:
        from liuquan.casework.stored_terms import to_json
    except ImportError:  # a commit before they had a file of their own, when it is compared
        from liuquan.casework.snapshots import terms_to_json as to_json
    return json.dumps(to_json(terms()), ensure_ascii=False)


def _item() -> Any:
    from liuquan.catalogue import types as catalogue
    from liuquan.clock import Unit

    return catalogue.ItemTerms(
        item_code=ITEM,
        version_id=1,
        version_no=1,
        item_name="食品经营许可（餐饮服务）",
        item_type=catalogue.ItemType.LICENCE,
        case_type=catalogue.CaseType.PROMISED,
        body_code=BODY,
        body_name="云溪市市场监督管理局",
        division_code="990100000000",
        promised=catalogue.LimitTerm(10, Unit.WORKING_DAY, "", "承诺办结时限"),
        statutory=catalogue.LimitTerm(20, Unit.WORKING_DAY, "行政许可法 第四十二条", "法定办结时限"),
        statutory_law_id="licensing.decision",
        statutory_was_shortened=False,
        deciding_post_code="D-1",
        result_name="食品经营许可证",
        steps=_steps(),
        materials=_materials(),
        bases=(
            catalogue.BasisTerm("食品安全法", "第三十五条", catalogue.BasisLevel.LAW),
            catalogue.BasisTerm("行政许可法", "第三十四条", catalogue.BasisLevel.LAW),
        ),
        decision_standards=("申请材料和现场核查符合规定的条件",),
    )


def _steps() -> tuple[Any, ...]:
    from liuquan.catalogue.types import StepKind, StepTerm

    opinions = tuple(
        StepTerm(
            key=f"opinion_{number}",
            name=f"征求意见之{number}",
            kind=StepKind.OPINION,
            task="按本单位职责提出书面意见",
            standard="意见写明事实、条款和结论",
            post_code=f"A-{number}",
            limit_days=2,
        )
        for number in (1, 2, 3)
    )
    review = StepTerm(
        key="review",
        name="汇总审查",
        kind=StepKind.REVIEW,
        task="汇总各方意见，写出审查意见",
        standard="意见写明事实、条款和结论",
        post_code="A-4",
        limit_days=3,
        after=tuple(step.key for step in opinions),
    )
    return (*opinions, review)


def _materials() -> tuple[Any, ...]:
    from liuquan.catalogue.types import MaterialTerm

    names = ("食品经营许可申请书", "申请人身份证明", "经营场所平面布局图")
    return tuple(
        MaterialTerm(key, name, accept_standard="填写完整，签名或者盖章清晰")
        for key, name in zip(MATERIALS, names, strict=True)
    )


def staff(staff_id: int, post: str, body: str, actions: tuple[str, ...], *, of: str = "") -> Any:
    """A member of staff in a post that is mandated for these acts on applications for the items of a body."""
    from liuquan.organisation.types import Actor, MandateTerm

    return Actor(
        kind="staff",
        staff_id=staff_id,
        name="测小员",
        post_code=post,
        post_name="岗位",
        body_code=body,
        mandates=(MandateTerm(frozenset(f"application.{act}" for act in actions), ("*",), of or body),),
    )
