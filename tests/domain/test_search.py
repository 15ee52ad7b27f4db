"""What one types finds what one means."""

import pytest

from ocpizza.domain.search import found_by, words_of

MENU = {
    "regina": "Regina Jambon blanc, champignons, crème fraîche",
    "quatre-fromages": "Quatre fromages Mozzarella, gorgonzola, chèvre",
    "tonno": "Tonno Thon à l’huile d’olive, oignons rouges",
    "capri": "Capri Œuf, olives noires",
    "noix": "Chèvre miel Noix, miel",
    "cola": "Cola 33 cl Boissons",
}


def found(typed: str) -> set[str]:
    texts = [frozenset(words_of(text)) for text in MENU.values()]
    return {slug for slug, there in zip(MENU, found_by(typed, texts), strict=True) if there}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("regina", {"regina"}),
        ("REGINA", {"regina"}),
        ("reg", {"regina"}),
        ("creme fraiche", {"regina"}),
        ("crème", {"regina"}),
        ("chevre", {"quatre-fromages", "noix"}),
        ("fromage", {"quatre-fromages"}),
        ("oeuf", {"capri"}),
        ("œufs", {"capri"}),
        ("huile d'olive", {"tonno"}),
        ("l’oignon rouge", {"tonno"}),
        ("chèvre noix", {"noix"}),
        ("noix", {"noix"}),
        ("33", {"cola"}),
        ("", set(MENU)),
        ("le", set(MENU)),
        ("…!", set(MENU)),
    ],
)
def test_accents_capitals_and_plurals_do_not_matter(typed, meant):
    assert found(typed) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("regnia", {"regina"}),
        ("rejina", {"regina"}),
        ("champinion", {"regina"}),
        ("mozarela", {"quatre-fromages"}),
        ("gorgonzolla", {"quatre-fromages"}),
        ("gorgnoz", {"quatre-fromages"}),
        ("coca", {"cola"}),
    ],
)
def test_slips_of_the_finger_are_forgiven(typed, meant):
    assert found(typed) == meant


@pytest.mark.parametrize("typed", ["rex", "sushi", "regina sushi", "regina tonno"])
def test_what_is_not_there_is_not_found(typed):
    assert found(typed) == set()


def test_a_very_long_text_is_cut_short_not_refused():
    assert found("z" * 10_000) == set()
    assert found("regina " * 1000) == {"regina"}
