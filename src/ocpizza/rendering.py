"""Templates: Jinja2, with filters for money and times as the French write them."""

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from babel.dates import format_date
from babel.numbers import format_currency, format_decimal, format_percent
from jinja2 import FunctionLoader, pass_context
from markupsafe import Markup
from pyramid_jinja2 import PARENT_RELATIVE_DELIM, Jinja2TemplateRenderer

from ocpizza.domain.contact import national_phone
from ocpizza.domain.hours import PARIS, business_day
from ocpizza.i18n import DOMAIN
from ocpizza.labels import LABELS

TEMPLATES = Path(__file__).parent / "templates"
ASSETS = "ocpizza:templates/"
LOCALES = {"fr": "fr_FR", "en": "en_GB"}


@lru_cache(maxsize=4096)
def euros(cents: int, locale: str = "fr_FR") -> str:
    """« 12,50 € » for 1250, with the spaces that typography asks for."""
    return format_currency(Decimal(cents) / 100, "EUR", locale=locale)


def percent(basis_points: int, locale: str = "fr_FR") -> str:
    """« 5,5 % » for 550."""
    return format_percent(Decimal(basis_points) / 10_000, "#,##0.# %", locale=locale)


def number(value: int, locale: str = "fr_FR") -> str:
    """« 12 500 » for 12500."""
    return format_decimal(value, locale=locale)


def clock(at: datetime) -> str:
    """« 19:42 », Europe/Paris."""
    return f"{at.astimezone(PARIS):%H:%M}"


def day(at: datetime, locale: str = "fr_FR") -> str:
    """« mardi 24 novembre », the calendar day in Paris."""
    return _day(at.astimezone(PARIS).date(), locale)


def long_day(at: datetime, locale: str = "fr_FR") -> str:
    """« 24 novembre 2026 », the calendar day in Paris, for what may be years ago."""
    return format_date(at.astimezone(PARIS).date(), "d MMMM y", locale=locale)


@lru_cache(maxsize=400)
def _day(date: date, locale: str) -> str:
    return format_date(date, "EEEE d MMMM", locale=locale)


def quantity(value: int, unit: str) -> str:
    """« 1,5 kg » for 1500 g, « 750 ml », « 12 » pieces."""
    larger = {"g": "kg", "ml": "l"}.get(unit)
    if larger and value >= 1000:
        return f"{format_decimal(Decimal(value) / 1000, '#,##0.##', locale='fr_FR')} {larger}"
    return f"{number(value)} {unit}" if larger else number(value)


@pass_context
def gettext(context, message: str, **variables) -> str:
    """`_(…)` in templates: a text of ours in the visitor's language, its variables escaped."""
    text = context["request"].localizer.translations.dugettext(DOMAIN, message)
    if context.eval_ctx.autoescape:
        text = Markup(text)  # noqa: S704  (the templates' own text)
    return text % variables if "%" in text else text


@pass_context
def translated(context, text) -> str:
    """A text of ours in the visitor's language."""
    return context["request"].localizer.translate(text)


@pass_context
def translated_label(context, value) -> str:
    """The word for a status, a mode, an allergen … in the visitor's language."""
    return translated(context, LABELS[value])


FILTERS = {
    "euros": euros,
    "percent": percent,
    "number": number,
    "clock": clock,
    "day": day,
    "long_day": long_day,
    "business_day": business_day,
    "quantity": quantity,
    "label": translated_label,
    "translated": translated,
}


def read_templates(environment) -> None:
    """Take every template into memory, compiled: no request reads one from the disk.

    An upgrade may replace the files under a running site. Raises TemplateSyntaxError.
    """
    sources = {
        path.relative_to(TEMPLATES).as_posix(): path.read_text(encoding="utf-8")
        for path in TEMPLATES.rglob("*.jinja2")
    }

    def source(name: str) -> str | None:
        # pyramid_jinja2 adds who asks; all our names start from the same folder.
        return sources.get(name.partition(PARENT_RELATIVE_DELIM)[0].removeprefix(ASSETS))

    environment.loader = FunctionLoader(source)
    for name in sources:
        environment.get_template(name)


def includeme(config):
    settings = config.registry.settings
    settings["jinja2.i18n.domain"] = "ocpizza"
    settings["jinja2.trim_blocks"] = True
    settings["jinja2.lstrip_blocks"] = True
    settings["jinja2.undefined"] = "strict"
    settings["jinja2.newstyle"] = True
    config.include("pyramid_jinja2")
    config.add_jinja2_renderer(".jinja2")
    config.commit()
    environment = config.get_jinja2_environment(name=".jinja2")
    environment.filters.update(FILTERS)
    # Jinja's own calls two more functions for each text, and pages have dozens.
    environment.globals.update({"_": gettext, "gettext": gettext})
    environment.globals["national_phone"] = national_phone
    read_templates(environment)
    config.add_renderer(".jinja2", lambda info: _renderer(environment, info.name))


def _renderer(environment, name: str) -> Jinja2TemplateRenderer:
    """The template of this name, found once; pyramid_jinja2 looks for it at every rendering."""
    template = environment.get_template(name)
    return Jinja2TemplateRenderer(lambda: template)
