"""Everything that a request may need, taken into memory before the first one.

An upgrade replaces the files of a running site: what is read late could be of another version, or
gone. (`rendering` keeps the templates in memory by itself.)
"""

import importlib
import pkgutil
from datetime import UTC, datetime

import phonenumbers

import ocpizza
from ocpizza.forms.base import BaseForm
from ocpizza.mail.compose import templates
from ocpizza.rendering import day, euros, number, percent


def preload() -> None:
    """Import every module of ours, and load what libraries put off until it is asked for."""
    for module in pkgutil.walk_packages(ocpizza.__path__, "ocpizza."):
        importlib.import_module(module.name)
    _load_french()
    templates()
    phonenumbers.PhoneMetadata.load_all()


def _load_french() -> None:
    """Babel's formats and the messages of WTForms."""
    for show, value in ((euros, 0), (percent, 0), (number, 0), (day, datetime.now(UTC))):
        show(value)
    BaseForm().validate()
