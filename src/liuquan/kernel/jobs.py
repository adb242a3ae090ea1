"""Jobs: what follows soon after, outside the request, done by the worker.

    @job("journal.seal", every="*/5 * * * * *")
    def seal() -> None: ...

A job is deferred inside the transaction that makes it necessary (`defer`, or `defer_cte` within the very same
statement): if that is rolled back, there is no job. A job may run twice (its worker may be killed after the
work and before the tick), so every job must be idempotent.
"""

import json
import logging
from collections.abc import Callable, Iterable, Mapping
from typing import Any, ParamSpec, cast

import procrastinate
from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector

from liuquan.kernel.sql import Statement

P = ParamSpec("P")
Work = Callable[P, None]
logger = logging.getLogger(__name__)

ATTEMPTS = 8
STALLED_AFTER_SECONDS = 30
KEPT_HOURS = 30 * 24
CONCURRENCY = 4


def job(name: str, *, every: str = "", attempts: int = ATTEMPTS) -> Callable[[Work[P]], Work[P]]:
    """Register a function as the job `name` ("module.verb"; the name stays when the code moves).

    `every` is a cron line of five columns, or six with seconds last; such a job takes no arguments, is never
    run twice at once and does not pile up. A job that fails is tried again after 2, 4, 8 … seconds.
    """
    retry = procrastinate.RetryStrategy(max_attempts=attempts, exponential_wait=2)

    def register(work: Work[P]) -> Work[P]:
        if not every:
            app.task(name=name, retry=retry)(work)
            return work

        def run_when_due(timestamp: int) -> None:  # the tick's moment; the work reads the clock itself
            cast("Callable[[], None]", work)()

        # The next tick is the retry: a waiting one would hold the queueing lock and swallow the ticks.
        task = app.task(name=name, lock=name, queueing_lock=name)(run_when_due)
        app.periodic(cron=every)(task)
        return work

    return register


def defer(name: str, **arguments: Any) -> None:
    """Have the job done once the present transaction is committed. Refuses a name nobody registered."""
    _known(name)
    with connection.cursor() as cursor:
        found = defer_cte(name, alias="deferred", source="(SELECT 1) AS once", values=arguments)
        cursor.execute(f"WITH {found.sql} SELECT 1", found.params)


def defer_cte(
    name: str,
    *,
    alias: str,
    source: str,
    columns: Mapping[str, str] | None = None,
    values: Mapping[str, Any] | None = None,
) -> Statement:
    """A part of a `WITH` that defers the job once for each row of `source`, an earlier part of it.

    `columns` gives arguments from the row (name → SQL expression), `values` gives fixed ones. The part
    changes data, so PostgreSQL runs it whether or not the rest mentions it; procrastinate's own function
    would be a plain SELECT there, and silently skipped where nobody reads it. Parameters are named after
    the alias.
    """
    _known(name)
    parameters: dict[str, Any] = {f"{alias}_name": name, f"{alias}_values": json.dumps(dict(values or {}))}
    pairs = []
    for number, (argument, expression) in enumerate((columns or {}).items()):
        parameters[f"{alias}_key_{number}"] = argument
        pairs.append(f"%({alias}_key_{number})s::text, {expression}")
    deferring = defer_each(
        name=f"%({alias}_name)s",
        arguments=f"%({alias}_values)s::jsonb || jsonb_build_object({', '.join(pairs)})",
        source=source,
    )
    return Statement(f"{alias} AS ({deferring})", parameters)


def defer_each(*, name: str, arguments: str, source: str) -> str:
    """SQL that defers a job for each row of `source`; `name` (text) and `arguments` (jsonb) are expressions
    over it. For rows of which each has a job of its own; whoever fills `source` has looked the names up."""
    return (
        "INSERT INTO procrastinate_jobs (queue_name, task_name, args) "
        f"SELECT 'default', {name}, {arguments} FROM {source} RETURNING id"
    )


def take(*names: str) -> list[tuple[str, dict[str, Any]]]:
    """Take the waiting jobs of these names off the queue, in their order: the name of each and its arguments.
    Whoever takes them does their work."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH taken AS (DELETE FROM procrastinate_jobs WHERE status = 'todo' AND task_name = ANY(%s) "
            "RETURNING id, task_name, args) SELECT task_name, args FROM taken ORDER BY id",
            [list(names)],
        )
        return [(name, json.loads(given) if isinstance(given, str) else given) for name, given in cursor]


def on_app_ready(ready: procrastinate.App) -> None:
    """Called by procrastinate when Django is up: register the kernel's own housekeeping."""
    recover = ready.task(name="kernel.recover_stalled", pass_context=True, queueing_lock="kernel.recover")
    ready.periodic(cron="* * * * *")(recover(_recover_in_worker))
    forget = ready.task(name="kernel.delete_old", pass_context=True, queueing_lock="kernel.delete_old")
    ready.periodic(cron="15 3 * * *")(forget(_delete_old_in_worker))


async def run_worker() -> None:
    """Work until told to stop (SIGTERM, SIGINT). Ends with an error when the database goes away."""
    connector = app.connector
    if not isinstance(connector, DjangoConnector):
        raise TypeError("the worker needs procrastinate's Django connector")
    with app.replace_connector(connector.get_worker_connector()) as working:
        async with working.open_async():
            await recover_stalled(working)
            await working.run_worker_async(concurrency=CONCURRENCY, delete_jobs="successful")


async def recover_stalled(
    working: procrastinate.App, *, seconds: float = STALLED_AFTER_SECONDS
) -> Iterable[int]:
    """Put back the jobs whose worker gave no sign for so many seconds; return their numbers."""
    stalled = list(await working.job_manager.get_stalled_jobs(seconds_since_heartbeat=seconds))
    for found in stalled:
        await working.job_manager.retry_job(found)
    if stalled:
        logger.warning("%d stalled jobs were put back", len(stalled))
    return [found.id for found in stalled if found.id is not None]


async def _recover_in_worker(context: procrastinate.JobContext, timestamp: int) -> None:
    await recover_stalled(context.app)


async def _delete_old_in_worker(context: procrastinate.JobContext, timestamp: int) -> None:
    await context.app.job_manager.delete_old_jobs(
        nb_hours=KEPT_HOURS, include_failed=True, include_cancelled=True, include_aborted=True
    )


def _known(name: str) -> None:
    if name not in app.tasks:
        raise LookupError(f"no job is registered as {name!r}: is its module's jobs.py imported?")
