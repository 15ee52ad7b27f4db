"""How somebody is greeted who typed a whole name."""

import pytest

from ocpizza.domain.first_name import first_name


@pytest.mark.parametrize(
    ("whole", "known", "greeted"),
    [
        ("Camille Martin", "", "Camille"),
        ("Camille", "", "Camille"),
        ("  camille   martin ", "", "camille"),
        ("Jean-Pierre Durand", "", "Jean-Pierre"),
        ("Anne de La Tour", "", "Anne"),
        ("Marie Claire Dupont", "Marie Claire", "Marie Claire"),
        ("Camille Martin", "Julia", "Camille"),
        ("MARTIN Camille", "", "Camille"),
        ("CAMILLE MARTIN", "", "CAMILLE"),
        ("Mme Martin", "", "Mme Martin"),
        ("M. Martin", "", "M. Martin"),
        ("Mme Martin Durand", "", "Mme Martin"),
        ("LE Thanh", "", "Thanh"),
        ("J Martin", "", "J"),
        ("Camille Martin 12", "", "Camille"),
        ("O’Neil Sean", "", "O’Neil"),
        ("x" * 30, "", "x" * 30),
        ("Zoë Œuvrard", "", "Zoë"),
        ("", "", ""),
        # Nothing that a mail programme would make a link of, and nothing that is no name.
        ("www.exemple.fr gagnez", "", ""),
        ("Camille http://exemple.fr", "", ""),
        ("a@b.fr", "", ""),
        ("http://exemple.fr Martin", "http://exemple.fr", ""),
        ("Marie http://exemple.fr", "Marie http://exemple.fr", ""),
        ("MARTIN DURAND exemple.fr", "", ""),
        ("=?utf-8?b?QQ==?= Martin", "", ""),
        ("x" * 31, "", ""),
        ("1234", "", ""),
    ],
)
def test_a_first_name_is_told_from_a_whole_one(whole, known, greeted):
    assert first_name(whole, known) == greeted


@pytest.mark.parametrize(
    "title", ["M.", "Mr", "Mrs", "Ms", "Mme", "Mlle", "Dr", "Me", "Monsieur", "Madame"]
)
def test_whoever_gave_a_title_is_greeted_by_it(title):
    assert first_name(f"{title} Martin") == f"{title} Martin"
