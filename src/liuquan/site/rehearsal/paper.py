"""A small valid PDF in place of what an applicant would upload."""

from __future__ import annotations

from functools import cache

_OBJECTS = (
    b"<</Type/Catalog/Pages 2 0 R>>",
    b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
    b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
    b"<</Length %d>>stream\n%s\nendstream",
    b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
)
_TEXT = b"BT /F 20 Tf 60 760 Td (Demonstration material) Tj 0 -30 Td (Nothing on this page is real.) Tj ET"


@cache
def demonstration_pdf() -> bytes:
    """One page that says it is a demonstration."""
    out, places = b"%PDF-1.4\n", []
    for number, template in enumerate(_OBJECTS, 1):
        body = template % (len(_TEXT), _TEXT) if b"%d" in template else template
        places.append(len(out))
        out += b"%d 0 obj%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1)
    tail = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(places) + 1, len(out))
    return out + head + table + tail
