"""Acting on applications: submit, act, issue the papers that follow, publish results, open the file."""

from liuquan.applications.actions.acting import act, publicise
from liuquan.applications.actions.opening import open_case_file, open_material, open_paper
from liuquan.applications.actions.paper_issue import issue_missing, issue_papers
from liuquan.applications.actions.service_defaults import record_service_default
from liuquan.applications.actions.submitting import submit

__all__ = [
    "act",
    "issue_missing",
    "issue_papers",
    "open_case_file",
    "open_material",
    "open_paper",
    "publicise",
    "record_service_default",
    "submit",
]
