"""The official list of postcodes and towns, and what is taken from it."""

import runpy
from pathlib import Path

import pytest

from ocpizza.domain.towns import LIST, all_towns, only_town, towns_of

TOOL = Path(__file__).parents[2] / "tools" / "make_towns.py"


@pytest.mark.parametrize(
    ("postcode", "town"),
    [("75011", "Paris"), ("69003", "Lyon"), ("13001", "Marseille"), ("59000", "Lille")],
)
def test_a_postcode_of_one_town_tells_it(postcode, town):
    assert only_town(postcode) == town


def test_where_a_postcode_is_of_several_towns_one_chooses():
    assert only_town("01120") is None
    towns = ["Dagneux", "La Boisse", "Montluel", "Niévroz", "Pizay", "Sainte-Croix", "Thil"]
    assert towns_of("01120") == towns


@pytest.mark.parametrize("postcode", ["99999", "", "paris"])
def test_what_is_no_postcode_is_of_no_town(postcode):
    assert towns_of(postcode) == []
    assert only_town(postcode) is None


def test_the_list_is_in_order_and_written_as_one_writes_towns():
    assert LIST.read_text(encoding="utf-8").isascii() is False
    assert list(all_towns()) == sorted(all_towns())
    for postcode, names in all_towns().items():
        assert len(postcode) == 5
        assert postcode.isdigit()
        for name in names.split(";"):
            assert name == name.strip() != ""
            assert "Arrondissement" not in name
            assert "'" not in name


def test_the_tool_names_a_city_once_and_its_towns_in_order():
    rows = [
        {"codePostal": code, "nomCommune": name, "codeVoie": street}
        for code, name, street in (
            ("75001", "Paris 1er Arrondissement", "XXXX"),
            ("01400", "Sandrans", "A001"),
            ("01400", "L'Abergement-Clémenciat", "XXXX"),
            ("01400", "Sandrans", "A002"),
            *(("59000", "Lille", f"B{number:03}") for number in range(100)),
            ("59000", "Ronchin", "B100"),
        )
    ]
    lines = runpy.run_path(str(TOOL))["lines"]
    assert lines(rows) == "01400 L’Abergement-Clémenciat;Sandrans\n59000 Lille\n75001 Paris\n"
