"""The same document as JSON and as XML, as Open311 GeoReport v2 writes them. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final
from xml.etree import ElementTree

#: list → what one of its members is called in XML
_MEMBERS: Final = {
    "services": "service",
    "service_requests": "request",
    "errors": "error",
    "attributes": "attribute",
    "values": "value",
    "endpoints": "endpoint",
    "formats": "format",
}
#: control characters that XML 1.0 cannot hold
_UNFIT: Final = {code: None for code in range(32) if code not in (9, 10, 13)} | {0xFFFE: None, 0xFFFF: None}


def as_json(document: Any) -> str:
    """Chinese unescaped, UTF-8."""
    return json.dumps(document, ensure_ascii=False)


def as_xml(root: str, document: Any) -> str:
    """With the declaration that the specification asks for. `root`: what the document is called."""
    element = _element(root, document)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(element, encoding="unicode")


def _element(name: str, value: Any) -> ElementTree.Element:
    element = ElementTree.Element(name)
    if isinstance(value, Mapping):
        element.extend(_element(key, one) for key, one in value.items())
    elif isinstance(value, Sequence) and not isinstance(value, str):
        element.extend(_element(_MEMBERS[name], one) for one in value)
    elif isinstance(value, bool):
        element.text = "true" if value else "false"
    elif value is not None:
        element.text = str(value).translate(_UNFIT)
    return element
