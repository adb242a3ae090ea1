"""Every form of the site, sent empty and sent with nonsense: where it is refused, its page says so first,
leads to each field, and has kept what was typed.

The forms are found on the pages that each role reaches from the addresses of the site (`testing.crawl`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

import pytest
from django.urls import resolve

from liuquan.testing.browsers import SetNow
from liuquan.testing.cases import SEEN, Cases
from liuquan.testing.city import undone
from liuquan.testing.crawl import ROLES, Element, Seen, client, crawl

_CONTROLS = ("input", "select", "textarea")
_LINES = ("text", "date", "number", "tel", "password")
_LOOKS_UP = ("look_up", "tick")  #: buttons of the intake that decide nothing
NONSENSE = "甲乙丙"


@dataclass(frozen=True)
class Form:
    """One way to send a form: its page, how and where it goes, what stands in it unseen, the lines to type
    in, the button."""

    page: Seen
    method: str
    to: str
    hidden: tuple[tuple[str, str], ...]
    names: tuple[str, ...]
    lines: tuple[str, ...]
    button: tuple[str, str]

    @property
    def kind(self) -> tuple[object, ...]:
        """Equal where a form of one template is sent by the same button."""
        found = resolve(urlsplit(self.to).path)
        return found.route, found.kwargs.get("action", ""), self.names, self.button

    def __str__(self) -> str:
        return f"{self.page.role} at {self.page.path} by {'='.join(self.button) or 'its button'}"


def forms(page: Seen) -> Iterator[Form]:
    """The forms of a page, once for each button."""
    for form in page.all("form"):
        inside = [one for one in page.elements if form in one.inside]
        controls = [one for one in inside if one.tag in _CONTROLS and one.attrs.get("name")]
        hidden = [one for one in controls if one.attrs.get("type") == "hidden"]
        names = {one.attrs["name"] for one in controls if one not in hidden}
        lines = {one.attrs["name"] for one in controls if one.attrs.get("type", "text") in _LINES}
        buttons = [one.attrs for one in inside if one.tag == "button"]
        to = urlsplit(urljoin("http://here" + page.path, form.attrs.get("action", "") or page.path))
        for button in buttons:
            yield Form(
                page,
                form.attrs.get("method", "get").lower(),
                to.path,
                tuple((one.attrs["name"], one.attrs.get("value", "")) for one in hidden),
                tuple(sorted(names)),
                tuple(sorted(lines & names - {one.attrs["name"] for one in controls if one.tag == "select"})),
                (button.get("name", ""), button.get("value", "")),
            )


def sent(cases: Cases, form: Form, typed: str) -> Seen:
    """What comes back when this stands in every line, and nothing is chosen."""
    browser = client(cases, form.page.role)
    given = {name: value for name, value in (*form.hidden, form.button) if name}
    whole = {**dict.fromkeys(form.names, ""), **dict.fromkeys(form.lines, typed), **given}
    with undone():
        answer = browser.post(form.to, whole) if form.method == "post" else browser.get(form.to, whole)
    return Seen(form.page.role, form.to, answer.status_code, answer.content.decode())


def refusals(found: list[tuple[Form, Seen]]) -> list[tuple[Form, Seen]]:
    """Those that were refused."""
    return [(form, page) for form, page in found if page.status >= 400 or 'class="wrong"' in page.html]


def lost(form: Form, page: Seen) -> Iterator[str]:
    """What was typed and is not on the refused page any more; and a password that is."""
    for one in page.elements:
        if one.tag in _CONTROLS and one.attrs.get("name") in form.lines:
            kept = one.attrs.get("value", "") if one.tag == "input" else one.text
            wanted = "" if one.attrs.get("type") == "password" else NONSENSE
            if kept != wanted:
                yield f"{one.attrs['name']} has {kept!r}"


def faults(form: Form, page: Seen) -> Iterator[str]:
    """What a page with a refused form does not do for the one who sent it. After looking something up the
    hand stays in its field."""
    title, boxes = page.all("title")[0].text, page.all("div", id="refused")
    if not title.startswith("错误："):
        yield f"the title is {title}"
    if len(boxes) != 1:
        yield "no summary"
        return
    box = boxes[0]
    takes_focus = next((one for one in page.elements if "autofocus" in one.attrs), None) is box
    if box.attrs.get("tabindex") != "-1" or not box.text or takes_focus is (form.button[0] in _LOOKS_UP):
        yield "the summary does not take the focus, or takes it from who types on"
    links = [one.attrs["href"].removeprefix("#") for one in page.all("a") if box in one.inside]
    linked = [one for one in links if not one.startswith("/")]
    beside = [one for one in page.elements if one.attrs.get("class") == "wrong"]
    if {f"{one}_error" for one in linked} != {one.attrs.get("id") for one in beside}:
        yield f"links to {linked}, but wrong are {[one.attrs.get('id') for one in beside]}"
    for key in linked:
        yield from _faults_of(page.by_id(key), key)


def _faults_of(control: Element | None, key: str) -> Iterator[str]:
    if control is None or control.tag not in _CONTROLS:
        yield f"no field {key}"
    elif control.attrs.get("aria-invalid") != "true":
        yield f"{key} is not marked as wrong"
    elif f"{key}_error" not in control.attrs.get("aria-describedby", "").split():
        yield f"{key} does not name its sentence"


@pytest.mark.slow
def test_every_form_that_is_refused_says_so_first_and_leads_to_the_fields(
    cases: Cases, set_now: SetNow
) -> None:
    set_now(SEEN)
    every: dict[object, Form] = {}
    for role in ROLES:
        for page in crawl(cases, role):
            for form in forms(page):
                every.setdefault(form.kind, form)
    empty = refusals([(form, sent(cases, form, "")) for form in every.values()])
    filled = refusals([(form, sent(cases, form, NONSENSE)) for form in every.values()])
    wrong = [
        f"{form} ({page.status}): {fault}" for form, page in empty + filled for fault in faults(form, page)
    ]
    wrong += [f"{form} ({page.status}): {fault}" for form, page in filled for fault in lost(form, page)]
    wrong += [f"{form} says {word}" for form, page in empty + filled for word in page.code_words()]
    assert not wrong, "\n".join(["", *wrong])
    assert len(empty) > 40
    assert len(filled) > 40
