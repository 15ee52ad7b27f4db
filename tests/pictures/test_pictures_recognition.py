"""The same toppings always give the same picture, and others another one."""

import hashlib
import itertools
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

import ocpizza
from ocpizza.pictures import ART_VERSION, draw

REGINA = ["sauce-tomate", "mozzarella", "jambon-blanc", "champignons", "olives-noires"]
# Pictures are cached for a year: a new drawing needs a new ART_VERSION, then a new line here.
GOLDEN = {
    1: "0060dc37244b7fb0b0bbb5d4a420ccfb7d0374909f9f51dd8d69bd753003d8a7",
    2: "b6857abe28e0dc26cee723a2f6b859835d18c68006550b8651c06f22d5dd9b73",
}
INGREDIENTS = [
    "sauce-tomate",
    "creme-fraiche",
    "sauce-barbecue",
    "pesto",
    "mozzarella",
    "emmental",
    "chevre",
    "gorgonzola",
    "reblochon",
    "parmesan",
    "raclette",
    "jambon-blanc",
    "jambon-cru",
    "chorizo",
    "lardons",
    "boeuf-hache",
    "poulet",
    "merguez",
    "pepperoni",
    "bresaola",
    "thon",
    "anchois",
    "saumon-fume",
    "crevettes",
    "champignons",
    "oignons-rouges",
    "poivrons",
    "olives-noires",
    "tomates-cerises",
    "tomates",
    "aubergines",
    "courgettes",
    "artichauts",
    "roquette",
    "epinards",
    "pommes-de-terre",
    "ananas",
    "capres",
    "ail",
    "basilic",
    "origan",
    "miel",
    "noix",
    "oeuf",
    "piment",
    "creme-truffe",
]
DRINKS = [
    "canette-cola-33cl",
    "canette-orange-33cl",
    "canette-citron-33cl",
    "canette-the-peche-33cl",
    "bouteille-eau-50cl",
    "bouteille-petillante-50cl",
    "bouteille-cola-150cl",
    "biere-blonde-33cl",
    "biere-blanche-33cl",
    "vin-rouge-75cl",
    "vin-rose-75cl",
]
DESSERTS = [
    "tiramisu",
    "panna-cotta",
    "fondant-chocolat",
    "tarte-citron",
    "glace-vanille",
    "mousse-chocolat",
    "cannoli",
]


def fingerprint(picture: str) -> str:
    return hashlib.sha256(picture.encode()).hexdigest()


@pytest.mark.parametrize("seed", range(5))
def test_order_and_repetition_of_toppings_do_not_change_the_picture(seed):
    shuffled = REGINA + REGINA[:2]
    random.Random(seed).shuffle(shuffled)
    assert draw("pizza", shuffled) == draw("pizza", REGINA)


def test_a_changed_drawing_needs_a_new_art_version():
    assert fingerprint(draw("pizza", REGINA)) == GOLDEN[ART_VERSION]


@pytest.mark.parametrize("hash_seed", ["0", "1", "4242"])
def test_another_process_draws_the_same_picture(hash_seed):
    program = (
        "import sys; from ocpizza.pictures import draw;"
        "sys.stdout.buffer.write(draw('pizza', set(sys.argv[1:])).encode())"
    )
    source = str(Path(next(iter(ocpizza.__path__))).parent)
    environment = os.environ | {"PYTHONHASHSEED": hash_seed, "PYTHONPATH": source}
    command = [sys.executable, "-c", program, *REGINA]
    drawn = subprocess.run(command, env=environment, capture_output=True, check=True).stdout
    assert drawn.decode() == draw("pizza", REGINA)


@pytest.mark.parametrize("code", [code for code in INGREDIENTS if code not in REGINA])
def test_one_more_topping_gives_another_picture(code):
    assert draw("pizza", [*REGINA, code]) != draw("pizza", REGINA)


def test_each_ingredient_alone_gives_a_picture_of_its_own():
    pictures = {draw("pizza", [code]) for code in INGREDIENTS}
    assert len(pictures) == len(INGREDIENTS) == 46


@pytest.mark.parametrize(("kind", "codes"), [("drink", DRINKS), ("dessert", DESSERTS)])
def test_each_drink_and_dessert_has_a_picture_of_its_own(kind, codes):
    pictures = [draw(kind, [code]) for code in codes]
    for one, other in itertools.combinations(pictures, 2):
        assert one != other


def test_a_kind_nobody_draws_is_refused():
    with pytest.raises(ValueError, match="kind"):
        draw("salad", ["roquette"])
