"""What others read of the hotline; every function returns only what its actor may see."""

from liuquan.hotline.queries import calls
from liuquan.hotline.queries.articles import (
    consultations,
    may_propose,
    may_publish,
    present,
    public_articles,
    quotable,
    search,
    to_review,
    versions,
)
from liuquan.hotline.queries.catalogue import centre, class_of, classes, limits, suggested, suggestions
from liuquan.hotline.queries.public import answer, answers, count_answers, open_requests, shown_requests
from liuquan.hotline.queries.replies import replies
from liuquan.hotline.queries.tickets import alike, facts, ticket

__all__ = [
    "alike",
    "answer",
    "answers",
    "calls",
    "centre",
    "class_of",
    "classes",
    "consultations",
    "count_answers",
    "facts",
    "limits",
    "may_propose",
    "may_publish",
    "open_requests",
    "present",
    "public_articles",
    "quotable",
    "replies",
    "search",
    "shown_requests",
    "suggested",
    "suggestions",
    "ticket",
    "to_review",
    "versions",
]
