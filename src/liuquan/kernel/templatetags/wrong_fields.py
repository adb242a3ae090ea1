"""A form that was refused says so first: one list on top of its page, each line the way to a wrong field.

`{% wrong "id_name" label sentence %}`, in the components of fields: the sentence beside the field, and its
line in the list. `{% refused sentence citation %}`: what is wrong with the form as a whole. Both print
nothing for an empty sentence. `{% page_with_errors %}` begins `base.html` and goes to its end: where
something was wrong, the title begins with 错误 and the list stands first in `<main>`, with the focus of the
keyboard; it says nothing twice. `keeps_focus` in the context leaves the focus where it is: somebody looked
something up and types on. In a fragment, which has no page around it, only the sentences beside the fields
are shown.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django import template
from django.template.base import NodeList, Parser, Token
from django.template.context import Context
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from liuquan.kernel.templatetags.citations import cited

register = template.Library()
_FOUND, _TITLE, _TOP = "wrong_fields", "<title>", "<!--wrong-fields-->"


@dataclass
class Wrong:
    """What is wrong on one page: (sentence, basis) about a whole form, and (id, sentence) of its fields."""

    whole: list[tuple[str, SafeString]] = field(default_factory=list)
    fields: list[tuple[str, str]] = field(default_factory=list)


@register.simple_tag(takes_context=True)
def wrong(context: Context, target: str, label: str, sentence: object) -> SafeString:
    """The sentence beside the field whose control has this id; its line in the list names the field."""
    said = str(sentence or "").strip()
    if not said:
        return SafeString()
    found = context.get(_FOUND)
    if found is not None:
        named = str(label or "").strip()
        line = said if not named or named in said else f"{named}：{said}"
        found.fields.append((str(target), line))
    return format_html('<p class="wrong" id="{}_error">{}</p>', target, said)


@register.simple_tag(takes_context=True)
def refused(context: Context, sentence: object, citation: object = "") -> SafeString:
    """What is wrong with the form as a whole, for the list on top; here nothing is printed."""
    found, said = context.get(_FOUND), str(sentence or "").strip()
    if found is not None and said:
        basis = (
            format_html('<span class="muted">依据：{}</span>', cited(citation)) if citation else SafeString()
        )
        found.whole.append((said, basis))
    return SafeString()


class PageWithErrors(template.Node):
    """The page, drawn first; then what its fields said is put on top."""

    def __init__(self, nodelist: NodeList) -> None:
        self.nodelist = nodelist

    def render(self, context: Context) -> SafeString:
        """The page as it is where nothing was wrong."""
        found = Wrong()
        with context.push(**{_FOUND: found}):
            page = self.nodelist.render(context)
        if found.whole or found.fields:
            page = mark_safe(page.replace(_TITLE, f"{_TITLE}错误：", 1))  # noqa: S308 - our own words
        return mark_safe(page.replace(_TOP, _summary(found, focused=not context.get("keeps_focus")), 1))  # noqa: S308 - escaped below


@register.tag
def page_with_errors(parser: Parser, token: Token) -> PageWithErrors:
    """All that follows in this template."""
    return PageWithErrors(parser.parse())


def _summary(found: Wrong, *, focused: bool) -> str:
    if not found.whole and not found.fields:
        return ""
    told = []
    for sentence, basis in dict.fromkeys(found.whole):
        repeated = any(sentence.rstrip("。") in said for _, said in found.fields)
        told += [part for part in ("" if repeated else sentence, basis) if part]
    return format_html(
        '<div class="alert alert-error" id="refused" role="alert" tabindex="-1"{}>'
        '<span class="alert-shape" aria-hidden="true">✕</span><div>{}{}</div> </div>',
        " autofocus" if focused else "",
        format_html_join("", "<p>{}</p>", ((line,) for line in told)),
        _links(found.fields),
    )


def _links(fields: Iterable[tuple[str, str]]) -> SafeString:
    first: dict[str, str] = {}
    for target, said in fields:
        first.setdefault(said, target)
    lines = format_html_join(
        "", '<li><a href="#{}">{}</a></li>', ((target, said) for said, target in first.items())
    )
    return format_html("<p><strong>请改好下面几处再提交</strong></p><ul>{}</ul>", lines) if lines else lines
