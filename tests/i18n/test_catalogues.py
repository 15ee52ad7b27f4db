"""Every text is in every language, and the catalogues are what `make messages` writes."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from ocpizza.i18n.catalogues import FOLDER, FRENCH, LANGUAGES, catalogue

ROOT = Path(__file__).parents[2]
OTHERS = sorted(LANGUAGES.keys() - {FRENCH})
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\$\{\w+\}|%%")


def po(language: str) -> Path:
    return FOLDER / language / "LC_MESSAGES" / "ocpizza.po"


def read(path: Path, language: str | None = None) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=language)


def messages(language: str) -> list[Message]:
    return [message for message in read(po(language), language) if message.id]


def forms(text: str | tuple[str, ...]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


@pytest.fixture(scope="module")
def collected(tmp_path_factory) -> Path:
    """The catalogues after `make messages` in a copy of the source."""
    copy = tmp_path_factory.mktemp("source")
    for name in ("Makefile", "babel.cfg"):
        shutil.copy(ROOT / name, copy)
    shutil.copytree(ROOT / "src/ocpizza", copy / "src/ocpizza")
    # The tests run in an environment that is installed already.
    tools = ["-o", ".venv/test.installed", f"BIN={Path(sys.executable).parent}"]
    subprocess.run(["make", "-C", copy, *tools, "messages"], check=True, capture_output=True)
    return copy / "src/ocpizza/locale"


def test_every_text_of_the_source_is_in_the_catalogues(collected):
    found = {message.id for message in read(collected / "ocpizza.pot") if message.id}
    assert len(found) > 300
    for language in OTHERS:
        known = {message.id for message in messages(language)}
        assert known == found, "run `make messages`"


@pytest.mark.parametrize(
    "name", ["ocpizza.pot", *(f"{language}/LC_MESSAGES/ocpizza.po" for language in OTHERS)]
)
def test_the_catalogues_are_those_that_make_messages_writes(collected, name):
    assert (FOLDER / name).read_text() == (collected / name).read_text(), "run `make messages`"


@pytest.mark.parametrize("language", OTHERS)
def test_every_text_is_translated_by_somebody_who_knew_it(language):
    kept = read(po(language), language)
    assert [m.id for m in messages(language) if not all(forms(m.string))] == []
    assert [m.id for m in messages(language) if m.fuzzy] == []
    assert list(kept.obsolete) == []


@pytest.mark.parametrize("language", OTHERS)
def test_every_number_has_its_form(language):
    forms_wanted = read(po(language), language).num_plurals
    counted = [message for message in messages(language) if message.pluralizable]
    assert counted
    assert {len(message.string) for message in counted} == {forms_wanted}


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_names_the_same_values(language):
    for message in messages(language):
        wanted = sorted(PLACEHOLDER.findall(forms(message.id)[-1]))
        for text in forms(message.string)[1 if message.pluralizable else 0 :]:
            assert sorted(PLACEHOLDER.findall(text)) == wanted, message.id
        # “Once” may stand for 1.
        assert set(PLACEHOLDER.findall(forms(message.string)[0])) <= set(wanted), message.id


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_begins_and_ends_like_its_text(language):
    for message in messages(language):
        for french, text in zip(forms(message.id), forms(message.string), strict=True):
            assert (text[:1].isspace(), text[-1:].isspace()) == (
                french[:1].isspace(),
                french[-1:].isspace(),
            )
            assert text[-1] == french[-1] or {text[-1], french[-1]}.isdisjoint(".:?!"), text


def test_english_has_no_french_typography():
    for message in messages("en"):
        for text in forms(message.string):
            assert not re.search("[«»\u202f]|[\u00a0 ][:;!?]|'|\"|e-mail", text), text


def test_french_has_its_typography():
    french = catalogue(FRENCH)
    assert french.gettext("« Bon » : oui !") == "«\xa0Bon\xa0»\xa0: oui\xa0!"
    for message in messages("en"):
        for text in map(french.gettext, forms(message.id)):
            assert not re.search("'|\"| [:;!?»]|« ", text), text
