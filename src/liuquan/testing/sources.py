"""The source of a page as a browser reads it: where a template breaks its lines makes no difference."""

import re
from html.parser import HTMLParser

_EMPTY = frozenset({"br", "hr", "img", "input", "link", "meta", "path", "line", "rect", "circle", "wbr"})


def squeezed(html: str) -> str:
    """The source with every run of blanks as one blank; the ideographic space shows, and stays."""
    return re.sub(r"[ \t\r\n\f]+", " ", html).strip()


def texts(html: str, attribute: str) -> dict[str, str]:
    """What stands in each element that has this attribute, as text, by the attribute's value. Of two with one
    value the later counts; elements within elements have their text in both."""
    reader = _Texts(attribute)
    reader.feed(html)
    return {value: squeezed("".join(said)) for value, said in reader.found}


def cells(html: str, attribute: str) -> list[tuple[str, dict[str, str]]]:
    """The rows of tables that have this attribute: its value, and the text of each cell by its label."""
    found = []
    for row in re.split(r"<tr\b", html)[1:]:
        head = row.partition(">")[0]
        value = re.search(rf'\b{attribute}="([^"]*)"', head)
        if value:
            found.append((value[1], texts(row.partition(">")[2].partition("</tr>")[0], "data-label")))
    return found


class _Texts(HTMLParser):
    """Gathers the text of the elements with one attribute."""

    def __init__(self, attribute: str) -> None:
        super().__init__()
        self.attribute = attribute
        self.open: list[tuple[str, list[str] | None]] = []
        self.found: list[tuple[str, list[str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        value = dict(attrs).get(self.attribute)
        said: list[str] | None = None
        if value is not None:
            said = []
            self.found.append((value, said))
        if tag not in _EMPTY:
            self.open.append((tag, said))

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        for _, said in self.open:
            if said is not None:
                said.append(data)
