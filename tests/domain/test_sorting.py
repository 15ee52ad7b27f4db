"""Lists for people are in the order in which people look for words."""

import ast
import random
import re
from pathlib import Path

import pytest

import ocpizza
from ocpizza.domain.sorting import reading_order

SOURCE = Path(ocpizza.__file__).parent
IN_ORDER = [
    "Abricot",
    "ail",
    "Ananas",
    "bœuf",
    "Boisson",
    "cote",
    "coté",
    "côte",
    "Crème",
    "crème brûlée",
    "Éclair",
    "emmental",
    "Œuf",
    "olive",
    "Zeste",
]
# Columns and attributes that hold people's words.
WORDS = {
    "name",
    "name_en",
    "first_name",
    "last_name",
    "full_name",
    "contact_name",
    "town",
    "street",
}
WORDS |= {"description", "label", "title", "size_name"}


@pytest.mark.parametrize("seed", range(3))
def test_accents_and_capitals_are_of_little_weight(seed):
    shuffled = random.Random(seed).sample(IN_ORDER, len(IN_ORDER))
    assert sorted(shuffled, key=reading_order) == sorted(IN_ORDER, key=reading_order)
    assert [one.casefold() for one in sorted(shuffled, key=reading_order)] == [
        one.casefold() for one in IN_ORDER
    ]


def test_spaces_apostrophes_and_composition_do_not_count():
    same = {reading_order(one)[0] for one in ("L’Été", "l'e\u0301te\u0301", " L’\u00c9t\u00e9 ")}
    assert len(same) == 1


def test_ligatures_are_read_as_their_letters():
    assert reading_order("Œuf, Læticia")[0] == reading_order("oeuf, laeticia")[0]


def offences(tree: ast.AST) -> list[int]:
    """Lines where words are sorted by the database or by their bytes."""
    found = []
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        called = getattr(call.func, "attr", getattr(call.func, "id", ""))
        if called == "order_by" or (called in ("sorted", "sort") and not _reads(call)):
            found += [call.lineno] if _words(call) else []
        for keyword in call.keywords:
            constant = isinstance(keyword.value, ast.Constant) and str(keyword.value.value)
            if keyword.arg == "order_by" and constant:
                found += [call.lineno] if WORDS & set(re.split(r"\W+", constant)) else []
    return found


def _given(call: ast.Call) -> list[ast.AST]:
    given = [*call.args, *(keyword.value for keyword in call.keywords)]
    return [node for one in given for node in ast.walk(one)]


def _reads(call: ast.Call) -> bool:
    names = {getattr(node, "id", "") for node in _given(call)}
    return bool(names & {"reading_order", "name_order", "_place"})


def _words(call: ast.Call) -> bool:
    named = {node.attr for node in _given(call) if isinstance(node, ast.Attribute)}
    looked_up = (node.value for node in _given(call) if isinstance(node, ast.Subscript))
    return bool(named & WORDS) or "names" in {getattr(node, "id", "") for node in looked_up}


@pytest.mark.parametrize("path", sorted(SOURCE.rglob("*.py")), ids=lambda path: path.stem)
def test_nothing_sorts_words_in_another_way(path):
    assert offences(ast.parse(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    "source",
    [
        "query.order_by(Restaurant.legal_entity_id, Restaurant.name)",
        "sorted(rows, key=lambda row: row.town)",
        "rows.sort(key=lambda row: row.last_name)",
        "sorted(names[one] for one in ids)",
        'relationship(order_by="Ingredient.name")',
    ],
)
def test_each_other_way_is_found(source):
    assert offences(ast.parse(source)) == [1]


@pytest.mark.parametrize("path", sorted(SOURCE.rglob("*.jinja2")), ids=lambda path: path.stem)
def test_templates_sort_nothing_but_postcodes(path):
    sorts = re.findall(r"(\S*)\s*\|\s*(?:dict)?sort\b", path.read_text(encoding="utf-8"))
    assert set(sorts) <= {"postcodes=point.postcodes"}
