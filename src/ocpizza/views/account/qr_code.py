"""A QR code in a page: an inline drawing, so that what it says is in no address and no cache."""

import segno
from markupsafe import Markup


def qr_code(text: str, title: str) -> Markup:
    """Return a drawing of dark squares on white, whatever the colours of the page are."""
    code = segno.make_qr(text, error="m")
    return Markup(  # noqa: S704  (segno escapes the title; the rest is squares)
        code.svg_inline(border=4, dark="#000", light="#fff", omitsize=True, title=title)
    )
