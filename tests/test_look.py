"""The tokens of app.css: WCAG 2.2 AA contrast in light, in dark and in the kitchen."""

import re
from importlib import resources

import pytest

CSS = resources.files("ocpizza").joinpath("static/app.css").read_text(encoding="utf-8")
TEXT, CONTROL = 4.5, 3.0  # WCAG 1.4.3; 1.4.11 and 2.4.13

# What is written or drawn: on which grounds, and how much it must stand out.
USES = """
char            page surface dough tomato-soft basil-soft amber-soft  text
char-soft       page surface dough                                    text
tomato-text     page surface dough tomato-soft                        text
basil           page surface dough basil-soft                         text
amber           page surface dough amber-soft                         text
on-tomato       tomato tomato-strong                                  text
page            char                                                  text
surface         basil tomato-text                                     text
control         page surface dough                                    control
tomato-text     page surface                                          control
tomato          page surface                                          control
focus           page surface dough tomato-soft basil-soft amber-soft  control
"""


def tokens(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{3,6})\b", block))


def block_after(opening: str) -> str:
    start = CSS.index(opening) + len(opening)
    return CSS[start : CSS.index("}", start)]


LIGHT = tokens(block_after(":root {"))
DARK = LIGHT | tokens(block_after("@media (prefers-color-scheme: dark) {\n  :root {"))
KITCHEN = tokens(block_after("\n.kitchen-page {"))
THEMES = {
    "light": LIGHT,
    "dark": DARK,
    "kitchen by day": LIGHT | KITCHEN,
    "kitchen by night": DARK | KITCHEN,
}


def luminance(colour: str) -> float:
    """Relative luminance, as WCAG 2 defines it."""
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_measured_as_wcag_does():
    assert contrast("#fff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", THEMES)
def test_whatever_is_drawn_stands_out(theme):
    colours = THEMES[theme]
    weak = []
    for line in USES.strip().splitlines():
        drawn, *grounds, kind = line.split()
        least = TEXT if kind == "text" else CONTROL
        for ground in grounds:
            if (found := contrast(colours[drawn], colours[ground])) < least:
                weak.append(f"{drawn} on {ground}: {found:.2f} < {least}")
    assert weak == []


def test_every_colour_of_the_light_theme_has_its_dark_one():
    dark = tokens(block_after("@media (prefers-color-scheme: dark) {\n  :root {"))
    same_in_both = {"on-tomato"}
    assert set(LIGHT) - set(dark) == same_in_both
    assert set(LIGHT) - set(KITCHEN) == same_in_both


def test_nothing_moves_but_where_motion_is_welcome():
    welcome = CSS.index("@media (prefers-reduced-motion: no-preference)")
    moves = [
        found.start() for found in re.finditer(r"\b(animation|transition|scroll-behavior):", CSS)
    ]
    assert moves
    end = CSS.index("@keyframes", welcome)
    assert all(welcome < place < end for place in moves)
