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
        ("O’Neil Sean", "", "O’Neil"),
        ("Zoë Œuvrard", "", "Zoë"),
        ("", "", ""),
        # Nothing that a mail programme would make a link of, and nothing that is no name.
        ("www.exemple.fr gagnez", "", ""),
        ("Camille http://exemple.fr", "", ""),
        ("a@b.fr", "", ""),
        ("http://exemple.fr Martin", "http://exemple.fr", ""),
        ("=?utf-8?b?QQ==?= Martin", "", ""),
        ("x" * 31, "", ""),
        ("1234", "", ""),
    ],
)
def test_a_first_name_is_told_from_a_whole_one(whole, known, greeted):
    assert first_name(whole, known) == greeted
