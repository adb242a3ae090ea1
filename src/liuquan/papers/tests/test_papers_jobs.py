"""Papers that the page of an act did not issue."""

from __future__ import annotations

from datetime import UTC, datetime

from liuquan.casework import queries as cases
from liuquan.kernel import sql
from liuquan.papers import jobs
from liuquan.testing.cast import Cast

NOW = datetime(2026, 3, 9, 2, tzinfo=UTC)


def test_the_job_issues_the_papers_that_a_dead_page_did_not(city: str, cast: Cast) -> None:
    number = cast.accepted("food", at=NOW)  # nobody issued anything: the pages died
    waiting = sql.run("SELECT task_name, args FROM procrastinate_jobs WHERE status = 'todo' ORDER BY id")
    papers = [job["args"] for job in waiting if job["task_name"] == "papers.issue_papers"]
    assert len(papers) == 2
    assert cases.notices(number) == []
    for _ in range(2):  # a job may run twice
        for job in papers:
            jobs.issue_papers(**job)
    assert [n.kind for n in cases.notices(number)] == ["receipt", "acceptance"]
