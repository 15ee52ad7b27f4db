"""Where meats come from in words: the law's own, on menus, labels and in mail."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from babel import Locale

from ocpizza.domain.meat import EU, NOT_EU, MeatOrigin, Meats
from ocpizza.domain.sorting import reading_order
from ocpizza.i18n import _
from ocpizza.labels import label

Say = Callable[[str], str]
# What Babel lists beside countries: unions, and places to test with.
NO_COUNTRIES = {"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"}
REGIONS = {EU: _("UE"), NOT_EU: _("hors UE")}
UNKNOWN = {
    False: _("origine inconnue"),
    True: _("origine non précisée par le fournisseur"),
}
RAW = _("Viandes :")
PREPARED = _("Viandes préparées et charcuterie :")


@cache
def countries(locale: str) -> Mapping[str, str]:
    """Return every country's name in a language by its ISO code, in the order of the names."""
    named = Locale.parse(locale).territories.items()
    found = {
        code: name
        for code, name in named
        if len(code) == 2 and code.isalpha() and code not in NO_COUNTRIES
    }
    return dict(sorted(found.items(), key=lambda one: reading_order(one[1])))


def places(codes: Iterable[str], say: Say, locale: str) -> str:
    """Return « Irlande, France »; of a code that nobody knows, itself."""
    names = countries(locale)
    return ", ".join(say(REGIONS[one]) if one in REGIONS else names.get(one, one) for one in codes)


def origin_words(one: MeatOrigin, say: Say, locale: str) -> str:
    """Return what the law wants told of a meat's origin, or that nobody knows it."""
    if not one.known:
        return say(UNKNOWN[one.prepared])
    if one.one_country:
        place = places([one.one_country], say, locale)
        return say(_("origine : ${place}", mapping={"place": place}))
    before = dict.fromkeys((*one.born, *one.reared) if one.tells_birth else one.reared)
    told = {
        "before": places(before, say, locale),
        "slaughtered": places(one.slaughtered, say, locale),
    }
    if one.tells_birth:
        return say(_("né et élevé : ${before} ; abattu : ${slaughtered}", mapping=told))
    return say(_("élevé : ${before} ; abattu : ${slaughtered}", mapping=told))


def meat_lines(
    used: Iterable[tuple[Any, Meats]], say: Say, name: Callable[[Any], str], locale: str
) -> list[tuple[str, str]]:
    """Return (title, text) of what is bought raw, then of what is bought prepared.

    The law wants them apart (décret n° 2024-171, article 3).
    """
    known = [(one, each) for one, meats in used for each in meats]
    lines = []
    for title, prepared in ((RAW, False), (PREPARED, True)):
        pairs = [pair for pair in known if pair[1].prepared is prepared]
        if pairs:
            lines.append((say(title), ", ".join(_told(pairs, say, name, locale))))
    return lines


def _told(
    pairs: Iterable[tuple[Any, MeatOrigin]], say: Say, name: Callable[[Any], str], locale: str
) -> Iterator[str]:
    """Yield « jambon (porc, origine : Italie) »."""
    for ingredient, one in pairs:
        meat = say(label(one.meat)).lower()
        yield f"{name(ingredient)} ({meat}, {origin_words(one, say, locale)})"
