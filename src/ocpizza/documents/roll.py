"""A strip of 80 mm paper, as long as what is on it: what a page of CSS cannot be."""

from collections.abc import Callable

from fpdf.enums import Align

from ocpizza.documents.paper import Sheet, Style, Texts

ROLL, EDGE = 80.0, 4.0
PRINTED = ROLL - 2 * EDGE
# Millimetres: PDF knows no longer page, and printers cut none shorter.
LONGEST, SHORTEST = 5000.0, 60.0
BLACK = (0, 0, 0)


class Roll(Sheet):
    """The strip, black on white: thermal printers have no other colour."""

    def __init__(self, language: str, title: str, length: float) -> None:
        super().__init__((ROLL, length), language, title)
        self.set_margins(EDGE, EDGE)
        self.add_page()

    def write_down(self, texts: Texts) -> None:
        """Write texts below each other, leaving out those that are empty."""
        found = [(text, style) for text, style in texts if text]
        self.put(self.wrap(found, PRINTED), EDGE, PRINTED)

    def write_across(self, left: str, right: str, style: Style) -> None:
        """Write a text with what stands at the other edge, below it where both have no room."""
        top = self.y
        self.use(style)
        reserved = self.get_string_width(right) + 2
        self.put(self.wrap([(left, style)], PRINTED - reserved), EDGE, PRINTED - reserved)
        bottom = self.y
        self.set_y(top)
        self.put(self.wrap([(right, style)], PRINTED), EDGE, PRINTED, Align.R)
        self.set_y(max(bottom, self.y))

    def rule(self) -> None:
        """A line across the strip, with a little room around it."""
        self.set_draw_color(*BLACK)
        self.set_line_width(0.3)
        self.line(EDGE, self.y + 1.5, ROLL - EDGE, self.y + 1.5)
        self.set_y(self.y + 3)


def on_a_roll(language: str, title: str, write: Callable[[Roll], None]) -> bytes:
    """Return the PDF file of what `write` writes, its page as long as that is."""
    measured = Roll(language, title, LONGEST)
    write(measured)
    roll = Roll(language, title, max(measured.y + EDGE, SHORTEST))
    write(roll)
    return bytes(roll.output())
