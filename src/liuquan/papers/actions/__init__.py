"""Issuing the papers that acts require, and opening them."""

from liuquan.papers.actions.issuing import issue_missing, issue_now, issue_papers
from liuquan.papers.actions.opening import open_paper, open_papers

__all__ = ["issue_missing", "issue_now", "issue_papers", "open_paper", "open_papers"]
