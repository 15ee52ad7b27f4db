"""Templates: Jinja2, with filters that write money and times in the visitor's language."""

from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import datetime
from enum import StrEnum
from functools import partial
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType
from typing import TYPE_CHECKING, Any

from jinja2 import (
    Environment,
    FileSystemBytecodeCache,
    FileSystemLoader,
    ModuleLoader,
    pass_context,
)
from jinja2.runtime import Context
from markupsafe import Markup
from pyramid_jinja2 import Jinja2TemplateRenderer

from ocpizza.amounts import euros, number, percent, quantity, signed_quantity, weekday_names
from ocpizza.domain.contact import national_phone
from ocpizza.domain.hours import business_day
from ocpizza.domain.meat import MeatOrigin
from ocpizza.domain.plain_text import greeting_name, linkless_name, unlinked
from ocpizza.domain.sorting import reading_order
from ocpizza.i18n.catalogues import LOCALES
from ocpizza.kept_parts import kept_part
from ocpizza.labels import CARD_BRANDS, LABELS, PAYMENT_EVENTS
from ocpizza.meat_words import meat_lines, origin_words
from ocpizza.models.ingredient import Allergen
from ocpizza.models.payment import PaymentEvent
from ocpizza.moments import (
    about,
    calendar_day,
    clock,
    day,
    day_of_month,
    full_day,
    hour,
    long_day,
    machine_time,
    month,
    when,
)
from ocpizza.order_filters import ORDER_FILTERS, sum_rows

if TYPE_CHECKING:
    from pyramid.config import Configurator

TEMPLATES = Path(__file__).parent / "templates"
# The same, as the package brings them: compiling them is a quarter of the start.
COMPILED = TEMPLATES.with_name("compiled_templates")


def in_visitors_language(write: Callable[..., str]) -> Callable[..., str]:
    """Return a filter that gives `write` the locale of whoever the page is for."""

    @pass_context
    def written(context: Context, value: Any, *arguments: Any) -> str:
        return write(value, *arguments, locale=LOCALES[context["request"].locale_name])

    return written


@pass_context
def gettext(context: Context, message: str, **variables: Any) -> str:
    """`_(…)` in templates: a text of ours in the visitor's language, its variables escaped."""
    return _filled(context, context["request"].localizer.translations.gettext(message), variables)


@pass_context
def ngettext(context: Context, singular: str, plural: str, num: int, **variables: Any) -> str:
    """Return the text for a number, which stands for `%(num)s` in it."""
    text = context["request"].localizer.translations.ngettext(singular, plural, num)
    return _filled(context, text, {"num": num, **variables})


def _filled(context: Context, text: str, variables: dict[str, Any]) -> str:
    if context.eval_ctx.autoescape:
        text = Markup(text)  # noqa: S704  (the templates' own text)
    return text % variables if "%" in text else text


@pass_context
def translated(context: Context, text: str) -> str:
    """Return a text of ours in the visitor's language."""
    told: str = context["request"].localizer.translate(text)
    return told


@pass_context
def translated_label(context: Context, value: StrEnum) -> str:
    """Return the word for a status, a mode, an allergen … in the visitor's language."""
    return translated(context, LABELS[value])


def written_in(language: str, row: Any, field: str) -> str:
    """Return what the restaurant wrote in a language, else in French."""
    return getattr(row, f"{field}_{language}", "") or getattr(row, field)


def name_order(row: Any, language: str) -> tuple[str, str]:
    """Return the sort key of what has a name, for readers of a language."""
    return reading_order(written_in(language, row, "name"))


@pass_context
def payment_event(context: Context, note: str) -> str:
    """Return what the event of a payment tells, by its code."""
    return translated(context, PAYMENT_EVENTS[PaymentEvent(note)])


@pass_context
def when_read(context: Context, at: datetime) -> str:
    """Return « ce soir à 20 h », for a page that is read as soon as it is written."""
    return translated(context, when(at, context["request"].now))


@pass_context
def about_then(context: Context, at: datetime) -> str:
    """Return « vers 21 h » or « demain », for a page that is read as soon as it is written."""
    return translated(context, about(at, context["request"].now))


@pass_context
def data(context: Context, row: Any, field: str) -> str:
    """Return what the restaurant wrote, in the visitor's language where it did, else in French."""
    return written_in(context["request"].locale_name, row, field)


def everyday_name(language: str, ingredient: Any) -> str:
    """Return what people call an ingredient: « mozzarella » for « Mozzarella fior di latte »."""
    for ending in (f"_{language}", ""):
        short = getattr(ingredient, f"short_name{ending}", "")
        if name := short or _uncapitalised(getattr(ingredient, f"name{ending}", "")):
            return name
    return ""


def _uncapitalised(name: str) -> str:
    """Return a name as it stands within a sentence; « BBQ » stays as it is."""
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]


def capitalised(name: str) -> str:
    """Return a name at the start of a line; the rest of it stays as it is."""
    return name[:1].upper() + name[1:]


@pass_context
def everyday(context: Context, ingredient: Any) -> str:
    """Return what people call an ingredient, in the visitor's language."""
    return everyday_name(context["request"].locale_name, ingredient)


@pass_context
def told_meats(context: Context, ingredients: Iterable[Any]) -> list[tuple[str, str]]:
    """Return where the meats of a menu's ingredients come from, as (title, text)."""
    request = context["request"]
    language = request.locale_name
    return meat_lines(
        ((one, one.meats) for one in ingredients),
        request.localizer.translate,
        partial(everyday_name, language),
        LOCALES[language],
    )


@pass_context
def told_origin(context: Context, one: MeatOrigin) -> str:
    """Return where a meat comes from, in the visitor's language."""
    request = context["request"]
    return origin_words(one, request.localizer.translate, LOCALES[request.locale_name])


def in_legal_order(allergens: Collection[Allergen]) -> list[Allergen]:
    """As the regulation lists them, and all our tables."""
    return [allergen for allergen in Allergen if allergen in allergens]


FILTERS = {
    "everyday": everyday,
    "in_legal_order": in_legal_order,
    "meats": told_meats,
    "origin": told_origin,
    "capitalised": capitalised,
    "payment_event": payment_event,
    "data": data,
    "euros": in_visitors_language(euros),
    "percent": in_visitors_language(percent),
    "number": in_visitors_language(number),
    "clock": in_visitors_language(clock),
    "hour": in_visitors_language(hour),
    "when": when_read,
    "about": about_then,
    "day": in_visitors_language(day),
    "calendar_day": in_visitors_language(calendar_day),
    "day_of_month": in_visitors_language(day_of_month),
    "full_day": in_visitors_language(full_day),
    "month": in_visitors_language(month),
    "long_day": in_visitors_language(long_day),
    "weekdays": in_visitors_language(weekday_names),
    "business_day": business_day,
    "machine_time": machine_time,
    "quantity": in_visitors_language(quantity),
    "signed_quantity": in_visitors_language(signed_quantity),
    "card_brand": CARD_BRANDS.get,
    "label": translated_label,
    "translated": translated,
    "greeting_name": greeting_name,
    "linkless_name": linkless_name,
    "unlinked": unlinked,
    **ORDER_FILTERS,
}
# Jinja's own call two more functions for each text, and pages have dozens.
GLOBALS = {
    "_": gettext,
    "gettext": gettext,
    "ngettext": ngettext,
    "kept_part": kept_part,
    "national_phone": national_phone,
    "sum_rows": sum_rows,
}


def read_templates(environment: Environment) -> None:
    """Take every template into memory, compiled: no request reads or compiles one.

    An upgrade may replace the files under a running site. Raises TemplateSyntaxError.
    """
    if COMPILED.exists():
        environment.loader = ModuleLoader(COMPILED)
    else:
        environment.loader = FileSystemLoader(TEMPLATES)
        environment.bytecode_cache = _cache()
    # Names start from one folder whoever asks; pyramid_jinja2 would compile one anew for each.
    environment.join_path = lambda template, parent: template  # type: ignore[method-assign]
    for name in template_names():
        environment.get_template(name)


class _Cache(FileSystemBytecodeCache):
    """What templates of a checkout were compiled to: that is half of what a start takes."""

    _how = Path(__file__).read_text(encoding="utf-8")

    def get_source_checksum(self, source: str) -> str:
        """What is compiled depends on the options above, too."""
        return super().get_source_checksum(self._how + source)


def _cache() -> FileSystemBytecodeCache | None:
    """Return one in a folder that nobody else writes to, if there may be one."""
    try:
        return _Cache()
    except (RuntimeError, OSError):
        return None


def template_names() -> Iterator[str]:
    """Return the name of every template of ours."""
    return (path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.jinja2"))


def package_code(environment: Environment, name: str) -> CodeType:
    """Return what a template of ours is compiled to, for another environment to make its own of."""
    if COMPILED.exists():
        file = COMPILED / ModuleLoader.get_module_filename(name)
        compiled = SourceFileLoader(file.stem, str(file)).get_code(file.stem)
        if compiled is not None:
            return compiled
    path = TEMPLATES / name
    source, cache = path.read_text(encoding="utf-8"), environment.bytecode_cache
    bucket = cache.get_bucket(environment, name, str(path), source) if cache else None
    return (bucket and bucket.code) or environment.compile(source, name, str(path))


def includeme(config: "Configurator") -> None:
    config.registry["kept_parts"] = {}
    settings = config.registry.settings
    settings["jinja2.trim_blocks"] = True
    settings["jinja2.lstrip_blocks"] = True
    settings["jinja2.undefined"] = "strict"
    settings["jinja2.newstyle"] = True
    config.include("pyramid_jinja2")
    config.add_jinja2_renderer(".jinja2")
    config.commit()
    environment = config.get_jinja2_environment(name=".jinja2")
    environment.filters.update(FILTERS)
    environment.globals.update(GLOBALS)
    read_templates(environment)
    config.add_renderer(".jinja2", lambda info: _renderer(environment, info.name))


def _renderer(environment: Environment, name: str) -> Jinja2TemplateRenderer:
    """Return the template of this name, found once; pyramid_jinja2 looks at every rendering."""
    template = environment.get_template(name)
    return Jinja2TemplateRenderer(lambda: template)
