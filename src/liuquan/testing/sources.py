"""The source of a page as a browser reads it: where a template breaks its lines makes no difference."""

import re


def squeezed(html: str) -> str:
    """The source with every run of blanks as one blank; the ideographic space shows, and stays."""
    return re.sub(r"[ \t\r\n\f]+", " ", html).strip()
