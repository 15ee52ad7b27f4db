"""What an update says of a component that is right, and yet hardly what was meant."""

from pathlib import PurePosixPath

import pytest

from ocpizza.operations.update.controller import Component
from ocpizza.operations.update.notes import notes
from operations.update.pictures import jpeg, png

PRODUCTS = {("pizza", "regina"), ("drink", "soda-framboise")}
LARGE = jpeg(800, 800) + bytes(600_000)


def said(target: str, content: bytes = png(320, 320)) -> str:
    component = Component(2, PurePosixPath(target).name, PurePosixPath(target))
    return "; ".join(notes([component], {component.source: content}, PRODUCTS))


@pytest.mark.parametrize(
    ("target", "content", "note"),
    [
        ("city_002/static/Pizza_Regina.png", png(320, 320), ""),
        ("city_002/static/soda_framboise.jpg", jpeg(400, 900), ""),
        ("common/static/app.css", b"p {}", ""),
        ("common/static/menu.pdf", b"%PDF-", ""),
        ("common/static/favicon.ico", b"", ""),
        (
            "city_002/static/pizza_regena.png",
            png(),
            "pizza_regena.png: no product has this name, so it is shown where a template names it",
        ),
        (
            "city_002/static/regina.jpg",
            jpeg(640, 319),
            "regina.jpg: 640 × 319 pixels look blurred at 320 × 320",
        ),
        (
            "city_002/static/regina.jpg",
            LARGE,
            "regina.jpg: 0.6 MB for each visitor of the menu, 0.5 MB are plenty",
        ),
        ("city_001/templates/catalogue/menu.html", b"x", ""),
        ("city_001/templates/city_001/historic.html", b"x", ""),
        (
            "common/templates/catalogue/menus.html",
            b"x",
            "common/templates/catalogue/menus.html replaces none of ours: "
            "is it catalogue/menu.html?",
        ),
        ("city_001/historic.py", b"", ""),
        ("common/prices.psql", b"", ""),
    ],
)
def test_what_is_odd_is_told(target, content, note):
    assert said(target, content) == note
