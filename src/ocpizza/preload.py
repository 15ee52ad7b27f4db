"""Everything that a request may need, taken into memory before the first one.

An upgrade replaces the files of a running site: what is read late could be of another version, or
gone. (`rendering` keeps the templates in memory by itself.)
"""

import importlib
import pkgutil
from datetime import UTC, datetime

import phonenumbers
from sqlalchemy.orm import configure_mappers

import ocpizza
from ocpizza.amounts import euros, number, percent
from ocpizza.documents.code import draw_code
from ocpizza.documents.paper import NORMAL, STRONG, Paper
from ocpizza.documents.words import words_in
from ocpizza.domain.towns import all_towns
from ocpizza.domain.weak_passwords import common_passwords
from ocpizza.i18n.catalogues import LOCALES
from ocpizza.i18n.localizer import localizer
from ocpizza.mail.compose import templates
from ocpizza.moments import day

# What only some settings want; whoever sees them loads it (`error_reports.load`). And what only
# `ocpizza live` runs, with a library of its own.
ON_DEMAND = ("ocpizza.error_reports.post", "ocpizza.live.run", "ocpizza.live.server")


def preload() -> None:
    """Import every module of ours, and load what libraries put off until it is asked for."""
    for module in pkgutil.walk_packages(ocpizza.__path__, "ocpizza."):
        if module.name in ON_DEMAND:
            continue
        importlib.import_module(module.name)
    configure_mappers()
    _load_languages()
    templates()
    _rehearse_documents()
    phonenumbers.PhoneMetadata.load_all()
    common_passwords()
    all_towns()


def _rehearse_documents() -> None:
    """Fonts, and what their library imports only when it writes a file."""
    for language in LOCALES:
        words_in(language).date(datetime.now(UTC))
    paper = Paper("fr", "", "", "")
    paper.write_block([("Margherita", NORMAL), ("Regina", STRONG)])
    draw_code(paper, "https://www.ocpizza.fr", 0, 0, 20)
    paper.output()


def _load_languages() -> None:
    """Our texts, those of WTForms, and Babel's formats."""
    for language, locale in LOCALES.items():
        localizer(language)
        for write in (euros, percent, number):
            write(0, locale)
        day(datetime.now(UTC), locale)
