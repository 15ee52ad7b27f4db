"""One word for one thing: docs/glossary.md says what tables, code, routes and texts say."""

import importlib
import re
from pathlib import Path

import pytest

import ocpizza.models  # (fills the metadata)
from ocpizza.db import Base
from ocpizza.routes import ROUTES

ROOT = Path(__file__).parents[1]
TEMPLATES = Path(ocpizza.__file__).parent / "templates"
LINES = (ROOT / "docs/glossary.md").read_text(encoding="utf-8").splitlines()
ROWS = [line.strip("|").split("|") for line in LINES if line.startswith("|")][2:]
NOUNS = [[cell.strip() for cell in row] for row in ROWS]
TABLES = [name for _, _, tables, *_ in NOUNS for name in re.findall(r"`(\w+)`", tables)]
PATTERNS = {name: pattern for name, pattern, _ in ROUTES}
CATALOGUE = Path(ocpizza.__file__).parent / "locale/en/LC_MESSAGES/ocpizza.po"
TEXTS = "".join([*PATTERNS.values(), CATALOGUE.read_text(encoding="utf-8")]).lower()


def test_every_table_is_in_one_line():
    assert sorted(TABLES) == sorted(Base.metadata.tables)


def test_no_word_means_two_things():
    for words in zip(*(row[:2] for row in NOUNS), strict=True):
        assert len(words) == len(set(words))


@pytest.mark.parametrize("row", NOUNS, ids=lambda row: row[1])
def test_a_line_names_what_there_is(row):
    french, _english, _tables, code, seen = row
    module, _, name = code.strip("`").rpartition(".")
    assert hasattr(importlib.import_module(f"ocpizza.{module}"), name)
    if seen == "–":
        return
    place = seen.strip("`")
    assert place in PATTERNS or (TEMPLATES / place).is_file(), place
    # What a page shows is called so on it.
    word = french.split()[0].lower()
    assert word in TEXTS or word.replace("é", "e").replace("è", "e").replace("ê", "e") in TEXTS
