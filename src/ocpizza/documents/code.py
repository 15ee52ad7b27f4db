"""A QR code drawn on paper: squares only, no picture."""

import segno

from ocpizza.documents.paper import CHAR, Paper

QUIET_ZONE = 4


def draw_code(paper: Paper, address: str, x: float, y: float, size: float) -> None:
    """Draw the QR code of an address in a square of this size; a tap on it goes there too."""
    code = segno.make_qr(address, error="m")
    rows = [bytes(row) for row in code.matrix]
    module = size / (len(rows) + 2 * QUIET_ZONE)
    paper.set_fill_color(*CHAR)
    for down, row in enumerate(rows):
        for start, length in runs(row):
            left, top = x + (QUIET_ZONE + start) * module, y + (QUIET_ZONE + down) * module
            paper.rect(left, top, length * module, module, style="F")
    paper.link(x, y, size, size, address)


def runs(row: bytes) -> list[tuple[int, int]]:
    """Return where dark modules begin and how many follow: one rectangle each, without seams."""
    found: list[tuple[int, int]] = []
    for place, dark in enumerate(row):
        if dark and place and row[place - 1]:
            start, length = found[-1]
            found[-1] = (start, length + 1)
        elif dark:
            found.append((place, 1))
    return found
