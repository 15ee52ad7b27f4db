"""Hours and days as each language writes them, Europe/Paris: « ce soir à 20 h », “6:30 pm”."""

from datetime import date, datetime, timedelta
from functools import lru_cache

from babel.dates import format_date

from ocpizza.domain.hours import PARIS, business_day
from ocpizza.i18n import Shown, _
from ocpizza.i18n.catalogues import LOCALES

FRENCH = LOCALES["fr"]
EVENING, MORNING = 19, 6
MIDNIGHT = {FRENCH: "minuit", "en_GB": "midnight"}


def clock(at: datetime, locale: str = FRENCH) -> str:
    """Return « 19 h 42 », « 18 h », « minuit »; “7:42 pm”, “6 pm”, “midnight” in English."""
    local = at.astimezone(PARIS)
    return hour(local.hour * 60 + local.minute, locale)


@lru_cache(maxsize=4096)
def hour(minute_of_day: int, locale: str = FRENCH) -> str:
    """Return the same of a minute of the day; 1500 is one o’clock in the night after it."""
    hours, minutes = divmod(minute_of_day % (24 * 60), 60)
    if not hours and not minutes:
        return MIDNIGHT[locale]
    if locale == FRENCH:
        return f"{hours}\u00a0h\u00a0{minutes:02}" if minutes else f"{hours}\u00a0h"
    if hours == 12 and not minutes:
        return "noon"
    twelve, half = hours % 12 or 12, "pm" if hours >= 12 else "am"
    return f"{twelve}:{minutes:02}\u00a0{half}" if minutes else f"{twelve}\u00a0{half}"


def day(at: datetime, locale: str = FRENCH) -> str:
    """Return « mardi 24 novembre », the calendar day in Paris; “Tuesday 24 November” in English."""
    return _day(at.astimezone(PARIS).date(), locale)


def calendar_day(day: date, locale: str = FRENCH) -> str:
    """Return the same of a date: « mardi 24 novembre »."""
    return _day(day, locale)


def full_day(day: date, locale: str = FRENCH) -> str:
    """Return « 24 novembre 2026 » for a date, of whatever year."""
    return _written(day, "d MMMM y", locale)


def day_of_month(day: date, locale: str = FRENCH) -> str:
    """Return « mar. 24 », for where the month is known; “Tue 24” in English."""
    return format_date(day, "EEE\u00a0d", locale=locale)


def month(first: date, locale: str = FRENCH) -> str:
    """Return « novembre 2026 », the month that a date is of."""
    return format_date(first, "MMMM y", locale=locale)


def long_day(at: datetime, locale: str = FRENCH) -> str:
    """Return the same of the calendar day in Paris, for what may be years ago."""
    return full_day(at.astimezone(PARIS).date(), locale)


def calendar_day_of_year(day: date, locale: str = FRENCH) -> str:
    """Return « vendredi 25 décembre 2026 », of a date that may be in another year."""
    return _written(day, "EEEE d MMMM y", locale)


def machine_time(at: datetime) -> str:
    """Return the moment as `<time datetime>` may say it: HTML knows no microseconds."""
    return at.isoformat(timespec="seconds")


def when(at: datetime, now: datetime) -> str:
    """Return « aujourd’hui à 18 h », « ce soir à 20 h », « demain à 11 h 30 », « mardi 24 novembre
    à … ».

    To be translated, like any text; for whoever reads it now, so not for mail or documents.
    """
    local = at.astimezone(PARIS)
    ahead = (local.date() - now.astimezone(PARIS).date()) // timedelta(days=1)
    time = {"time": Shown(clock, at)}
    if local.hour < MORNING and business_day(at) == business_day(now):
        return _("cette nuit à ${time}", mapping=time)
    if ahead == 0:
        this_evening = local.hour >= EVENING
        text = _("ce soir à ${time}") if this_evening else _("aujourd’hui à ${time}")
        return _(str(text), mapping=time)
    if ahead == 1:
        return _("demain à ${time}", mapping=time)
    if ahead == -1:
        return _("hier à ${time}", mapping=time)
    return _("${day} à ${time}", mapping=time | {"day": Shown(day, at)})


def about(at: datetime, now: datetime) -> str:
    """Return « vers 21 h », « demain », « d’un moment à l’autre »: when to expect something.

    To be translated, like any text. The half hour before it, for nobody knows it better.
    """
    same_date = at.astimezone(PARIS).date() == now.astimezone(PARIS).date()
    if business_day(at) != business_day(now) and not same_date:
        return _("demain")
    half = at - timedelta(minutes=at.minute % 30, seconds=at.second, microseconds=at.microsecond)
    if half <= now:
        return _("d’un moment à l’autre")
    return _("vers ${time}", mapping={"time": Shown(clock, half)})


@lru_cache(maxsize=400)
def _day(day: date, locale: str) -> str:
    return _written(day, "EEEE d MMMM", locale)


def _written(day: date, pattern: str, locale: str) -> str:
    # Babel writes « 1 janvier », which is « 1er janvier ».
    first = day.day == 1 and locale == FRENCH
    return format_date(day, pattern.replace("d", "d'er'") if first else pattern, locale=locale)
