"""What is served to browsers: small, well formed, inert."""

import re
from xml.etree import ElementTree

import pytest

from ocpizza.pictures import draw
from ocpizza.pictures.desserts import DESSERTS
from ocpizza.pictures.livery import LIVERIES
from ocpizza.pictures.pantry import TOPPINGS

HEAVIEST = sorted(TOPPINGS, key=lambda code: -sum(map(len, TOPPINGS[code].shapes)))
LOADED = [*HEAVIEST[:9], "sauce-tomate", "emmental", "oeuf", "miel"]
PICTURES = (
    [("pizza", [code, "sauce-tomate", "mozzarella"]) for code in TOPPINGS]
    + [("pizza", LOADED), ("pizza", list(TOPPINGS)), ("pizza", ["kiwi"])]
    + [("drink", [code]) for code in (*LIVERIES, "jus")]
    + [("dessert", [code]) for code in (*DESSERTS, "profiteroles")]
)
ALLOWED = {
    "svg",
    "defs",
    "g",
    "use",
    "path",
    "circle",
    "ellipse",
    "rect",
    "filter",
    "feDropShadow",
    "radialGradient",
    "stop",
}
HOSTILE = [
    "<script>alert(1)</script>",
    '"/><image href="https://evil.example/x.png"/>',
    "' onload='alert(1)",
    "]]>&xxe;",
    "zzz-not-an-ingredient",
    "é\u202e\x00",
]


@pytest.mark.parametrize(("kind", "codes"), PICTURES)
def test_a_picture_is_well_formed_and_square(kind, codes):
    root = ElementTree.fromstring(draw(kind, codes))
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert root.get("viewBox") == "0 0 400 400"


@pytest.mark.parametrize(("kind", "codes"), PICTURES)
def test_a_picture_holds_no_script_and_reaches_nothing_outside_itself(kind, codes):
    picture = draw(kind, codes)
    for element in ElementTree.fromstring(picture).iter():
        assert element.tag.partition("}")[2] in ALLOWED
        for name, value in element.attrib.items():
            assert not name.lower().startswith("on")
            assert name != "href" or value.startswith("#")
    assert all(target.startswith("#") for target in re.findall(r"url\((.*?)\)", picture))


@pytest.mark.parametrize(("kind", "codes"), PICTURES)
def test_every_reference_has_its_definition_and_ids_are_prefixed_and_unique(kind, codes):
    picture = draw(kind, codes)
    ids = re.findall(r'\bid="(.*?)"', picture)
    references = re.findall(r'href="#(.*?)"', picture) + re.findall(r"url\(#(.*?)\)", picture)
    assert len(ids) == len(set(ids))
    assert set(references) <= set(ids)
    assert all(re.fullmatch(r"p[0-9a-f]{5}\S+", one) for one in ids)


def test_even_a_heavily_loaded_pizza_stays_small():
    assert len(draw("pizza", LOADED).encode()) <= 25_000


@pytest.mark.parametrize("code", ["regina", *LIVERIES])
def test_coordinates_carry_no_needless_digits(code):
    kind = "drink" if code in LIVERIES else "pizza"
    assert not re.search(r"\d\.\d{3}", draw(kind, [code, "mozzarella"]))


@pytest.mark.parametrize("kind", ["pizza", "drink", "dessert"])
@pytest.mark.parametrize("code", HOSTILE)
def test_a_code_is_never_written_into_the_picture(kind, code):
    picture = draw(kind, [code])
    ElementTree.fromstring(picture)
    assert code not in picture
    assert "evil" not in picture
