"""What documents are written on: our fonts and colours; A4 with a heading and page numbers."""

from functools import cache
from io import BytesIO
from pathlib import Path
from typing import NamedTuple, cast

from fpdf import FPDF, ViewerPreferences
from fpdf.enums import Align, MethodReturnValue, XPos, YPos
from fpdf.fonts import TTFFont

from ocpizza.documents.printable import printable

FAMILY = "dejavu"
FONTS = Path(__file__).parent / "fonts"
MARGIN, WIDTH = 16.0, 178.0
BOTTOM = 22.0
POINT = 25.4 / 72
# No text holds it: `printable` takes controls out.
PAGES = "\x01\x02"
# The shop's own colours (app.css).
Colour = tuple[int, int, int]
TOMATO: Colour = (0xB9, 0x2D, 0x1B)
CHAR: Colour = (0x2B, 0x21, 0x1A)
SOFT: Colour = (0x65, 0x56, 0x48)
DOUGH: Colour = (0xF6, 0xE8, 0xD3)
RULE: Colour = (0xB0, 0x9A, 0x7C)


class Style(NamedTuple):
    """How a text looks; the size is in points."""

    size: float = 9.5
    bold: bool = False
    colour: Colour = CHAR

    @property
    def height(self) -> float:
        """The height of a line, in millimetres."""
        return self.size * POINT * 1.35


NORMAL, STRONG, SMALL = Style(), Style(bold=True), Style(8, colour=SOFT)
HEADING = Style(11.5, bold=True, colour=TOMATO)
Texts = list[tuple[str, Style]]
Wrapped = list[tuple[list[str], Style]]


@cache
def font_files() -> dict[str, bytes]:
    """Return the fonts by style, in memory: an upgrade may replace their files."""
    names = {"": "dejavu-condensed.ttf", "B": "dejavu-condensed-bold.ttf"}
    return {style: (FONTS / name).read_bytes() for style, name in names.items()}


class Sheet(FPDF):
    """Pages of this size (a name, or millimetres) that are written on in our fonts."""

    def __init__(self, size: str | tuple[float, float], language: str, title: str) -> None:
        super().__init__(format=size)
        fonts = [self._font(style, data) for style, data in font_files().items()]
        self.known = frozenset.intersection(*(frozenset(font.cmap) for font in fonts))
        self.set_lang(language)
        self.set_title(title)
        self.viewer_preferences = ViewerPreferences(display_doc_title=True)
        self.c_margin = 0
        self.set_auto_page_break(False)

    def _font(self, style: str, data: bytes) -> TTFFont:
        # `add_font` takes the path of a file; what reads it takes an open one as well.
        key, file = FAMILY + style, cast(Path, BytesIO(data))
        font = self.fonts[key] = TTFFont(self, file, key, style)
        return font

    def use(self, style: Style) -> None:
        """Write in this style from now on."""
        self.set_font(FAMILY, "B" if style.bold else "", style.size)
        self.set_text_color(*style.colour)

    def wrap(self, texts: Texts, width: float) -> Wrapped:
        """Return each text as the lines that it takes in this width, of printable signs only."""
        wrapped = []
        for text, style in texts:
            self.use(style)
            wrapped.append((self._lines(printable(text, self.known), width), style))
        return wrapped

    def _lines(self, text: str, width: float) -> list[str]:
        if self.get_string_width(text) <= width:
            # Most texts fit, and breaking into lines is slow.
            return [text]
        lines = self.multi_cell(width, text=text, dry_run=True, output=MethodReturnValue.LINES)
        return cast(list[str], lines)

    def put(self, wrapped: Wrapped, x: float, width: float, align: Align = Align.L) -> None:
        """Write wrapped texts from here down."""
        for lines, style in wrapped:
            self.use(style)
            for line in lines:
                self.set_x(x)
                self.cell(width, style.height, line, align=align, new_x=XPos.LEFT, new_y=YPos.NEXT)


class Paper(Sheet):
    """A4 with `running` at the top of all pages but the first, `small_print` and numbers below."""

    def __init__(self, language: str, title: str, running: str, small_print: str) -> None:
        super().__init__("A4", language, title)
        self.running, self.small_print = running, small_print
        self.alias_nb_pages(PAGES)
        self.set_margins(MARGIN, 14)
        self.add_page()

    @property
    def room(self) -> float:
        """What is left of the page, in millimetres."""
        return self.h - BOTTOM - self.y

    def header(self) -> None:
        if self.page_no() > 1:
            self.put(self.wrap([(self.running, SMALL)], WIDTH), MARGIN, WIDTH)
            self.rule()

    def footer(self) -> None:
        self.set_y(self.h - BOTTOM + 5)
        self.rule()
        y = self.y
        self.put(self.wrap([(self.small_print, SMALL)], WIDTH - 20), MARGIN, WIDTH - 20)
        self.set_y(y)
        self.use(SMALL)
        self.set_x(MARGIN)
        self.cell(WIDTH, SMALL.height, f"{self.page_no()} / {PAGES}", align=Align.R)

    def rule(self) -> None:
        """A line across the page, and a little room after it."""
        self.set_draw_color(*RULE)
        self.set_line_width(0.2)
        self.line(MARGIN, self.y, MARGIN + WIDTH, self.y)
        self.set_y(self.y + 1.5)

    def write_block(self, texts: Texts, x: float = MARGIN, width: float = WIDTH) -> None:
        """Write texts, on a new page where they do not fit on this one."""
        wrapped = self.wrap(texts, width)
        self.need(height(wrapped))
        self.put(wrapped, x, width)

    def need(self, height: float) -> None:
        """Begin a new page where less than this is left."""
        if height > self.room:
            self.add_page()


def height(wrapped: Wrapped) -> float:
    """Return what wrapped texts take, in millimetres."""
    return sum(len(lines) * style.height for lines, style in wrapped)
