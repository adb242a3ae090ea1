"""`{{ text|cited }}`: each citation in a line becomes the way to the article's own words.

Citations stand in one text with 、 or ； between them, as papers write them. What is no citation stays plain
text, and so does all of it where no page shows articles.
"""

import re

from django import template
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from liuquan.law import Citation, citation_in

register = template.Library()
_BETWEEN = re.compile(r"([、；])(?=\S)")


@register.filter
def cited(text: object) -> SafeString:
    """The text, escaped, with a link on every citation that names an article."""
    return mark_safe("".join(_link(part) for part in _BETWEEN.split(str(text or ""))))  # noqa: S308 - escaped below


def _link(part: str) -> SafeString:
    citation = citation_in(part)
    if citation is None or citation.article is None:
        return format_html("{}", part)
    try:
        address = reverse("law_article", args=[str(citation)])
    except NoReverseMatch:
        return format_html("{}", part)
    return format_html('<a href="{}">{}</a>', address, part)


@register.filter
def article_number(key: str) -> str:
    """An article's key as laws write it: "42" as 第四十二条, "120-1" as 第一百二十条之一."""
    number, _, suffix = key.partition("-")
    return str(Citation("", int(number), int(suffix) if suffix else None)).strip()
