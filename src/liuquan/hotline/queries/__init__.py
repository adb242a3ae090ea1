"""What others read of the hotline; every function returns only what its actor may see."""

from liuquan.hotline.queries import calls, mails, programmes
from liuquan.hotline.queries.articles import (
    consultations,
    hides,
    may_propose,
    may_publish,
    present,
    public_article,
    public_articles,
    quotable,
    search,
    to_review,
    versions,
)
from liuquan.hotline.queries.catalogue import centre, class_of, classes, limits, suggested, suggestions
from liuquan.hotline.queries.forum import thread
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
    "mails",
    "may_propose",
    "may_publish",
    "open_requests",
    "present",
    "hides",
    "public_article",
    "programmes",
    "public_articles",
    "quotable",
    "replies",
    "search",
    "shown_requests",
    "suggested",
    "suggestions",
    "thread",
    "ticket",
    "to_review",
    "versions",
]
