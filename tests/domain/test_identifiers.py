"""What members of staff sign in with, made of their names."""

import pytest

from ocpizza.domain.identifiers import IDENTIFIER, made_identifiers


@pytest.mark.parametrize(
    ("first", "last", "made"),
    [
        ("Ana", "Muñoz", "ana.munoz"),
        ("Jean-Noël", "L’Œuf", "jean-noel.l-oeuf"),
        ("李", "小龍", "equipe"),
        ("", "Ng", "ng"),
        ("a" * 90, "b", "a" * 60),
    ],
)
def test_an_identifier_is_made_of_the_names(first, last, made):
    identifiers = made_identifiers(first, last)
    assert [next(identifiers) for _ in range(3)] == [made, f"{made}2", f"{made}3"]
    assert IDENTIFIER.fullmatch(made)


@pytest.mark.parametrize("typed", ["", "ana munoz", "ana@example.org", "ana\x00", "a" * 101])
def test_what_could_not_be_typed_or_is_an_address_is_no_identifier(typed):
    assert not IDENTIFIER.fullmatch(typed)
