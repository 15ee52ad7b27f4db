"""What people call an ingredient when they leave it out or add it."""

import pytest

from ocpizza.models.ingredient import Ingredient
from ocpizza.rendering import everyday_name


@pytest.mark.parametrize(
    ("language", "names", "said"),
    [
        ("fr", {"short_name": "mozzarella"}, "mozzarella"),
        ("en", {"short_name": "jambon", "short_name_en": "ham"}, "ham"),
        ("en", {"short_name": "jambon", "name_en": "Premium cooked ham"}, "premium cooked ham"),
        ("en", {"short_name": "mozzarella"}, "mozzarella"),
        ("fr", {"name": "Œuf frais"}, "œuf frais"),
        ("fr", {"name": "Émincé de poulet"}, "émincé de poulet"),
        ("fr", {"name": "BBQ"}, "BBQ"),
        ("fr", {"name": "Œ"}, "œ"),
    ],
)
def test_the_short_name_is_said_else_the_name_within_a_sentence(language, names, said):
    ingredient = Ingredient(**{"name": "Autre", "name_en": "", "short_name": ""} | names)
    assert everyday_name(language, ingredient) == said
