"""The audit trail in words: what its facts are called, and how their values are written."""

from collections.abc import Callable
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NamedTuple

from ocpizza.amounts import euros, number, percent, quantity, weekday_names
from ocpizza.domain.contact import national_phone
from ocpizza.domain.meat import MeatOrigin
from ocpizza.domain.recipe import MILLICENTS
from ocpizza.i18n import _
from ocpizza.i18n.catalogues import LOCALES
from ocpizza.i18n.localizer import localizer
from ocpizza.labels import LABELS
from ocpizza.meat_words import origin_words
from ocpizza.models.ingredient import Unit
from ocpizza.models.meat import Meat
from ocpizza.models.staff_change import Act, StaffChange, Subject
from ocpizza.moments import calendar_day_of_year, clock, hour, long_day
from ocpizza.request import Request
from ocpizza.services.trail.record import Facts

SUBJECTS: dict[str, str] = {
    Subject.STAFF: _("Équipe"),
    Subject.PROMOTION: _("Promotions"),
    Subject.ORDER: _("Commandes"),
    Subject.RESTAURANT: _("Restaurant"),
    Subject.STOCK: _("Stock"),
    Subject.PRODUCT: _("Produits"),
    Subject.INGREDIENT: _("Ingrédients"),
    Subject.LEGAL_ENTITY: _("Sociétés"),
}
ACTS: dict[StrEnum, str] = {
    Act.ADDED: _("Ajout"),
    Act.CHANGED: _("Modification"),
    Act.DELETED: _("Suppression"),
}
FACTS: dict[str, str] = {
    # staff
    "identifier": _("Identifiant"),
    "first_name": _("Prénom"),
    "last_name": _("Nom"),
    "role": _("Rôle"),
    "restaurant": _("Restaurant"),
    "active": _("Active"),
    # restaurants
    "monday_hours": _("Lundi"),
    "tuesday_hours": _("Mardi"),
    "wednesday_hours": _("Mercredi"),
    "thursday_hours": _("Jeudi"),
    "friday_hours": _("Vendredi"),
    "saturday_hours": _("Samedi"),
    "sunday_hours": _("Dimanche"),
    "restaurant_code": _("Code"),
    "slug": _("Adresse dans la boutique"),
    "company": _("Société"),
    "registered_name": _("Dénomination et forme"),
    "siret": _("SIRET"),
    "vat_number": _("Numéro de TVA"),
    "payment_account": _("Compte Stripe"),
    "menu_of": _("Carte copiée de"),
    "first_day": _("Premier jour"),
    "last_day": _("Dernier jour"),
    "special_hours": _("Horaires"),
    "closing_note": _("Motif"),
    "shown_name": _("Nom affiché"),
    "street": _("Numéro et rue"),
    "postcode": _("Code postal"),
    "town": _("Ville"),
    "phone": _("Téléphone"),
    "email": _("E-mail"),
    "delivers": _("Livre à domicile"),
    "postcodes": _("Codes postaux livrés"),
    "delivery_fee_cents": _("Frais de livraison"),
    "minimum_order_cents": _("Minimum de commande"),
    "preparation_minutes": _("Préparation, en minutes"),
    "delivery_minutes": _("Trajet, en minutes"),
    "sells_alcohol": _("Vend de l’alcool"),
    "alcohol_from_minute": _("Alcool à partir de"),
    "alcohol_to_minute": _("Alcool jusqu’à"),
    "paused_at": _("Commandes en ligne suspendues jusqu’à"),
    "pause_note": _("Motif"),
    "account_active": _("Compte actif"),
    "refunded_cents": _("Remboursé"),
    "renewed": _("Mot de passe renouvelé"),
    "second_factor": _("Double authentification"),
    # stock, by the unit of the ingredient
    "alert_g": _("Seuil d’alerte"),
    "alert_ml": _("Seuil d’alerte"),
    "alert_piece": _("Seuil d’alerte"),
    # products and ingredients
    "product_name": _("Nom"),
    "shelf": _("Rayon"),
    "description": _("Description"),
    "description_en": _("Description en anglais"),
    "vat_class": _("TVA"),
    "available": _("En vente"),
    "sizes": _("Tailles"),
    "sellers": _("Vendu dans"),
    "photo_at": _("Photo"),
    "recipe": _("Recette"),
    "price_cents": _("Prix du groupe"),
    "own_price_cents": _("Prix de ce restaurant"),
    "sold_here": _("Vendu ici"),
    "composition": _("Composition"),
    "extras": _("Suppléments"),
    "diet": _("Régime"),
    "spicy": _("Épicé"),
    "unit_cost_g": _("Coût du kilo, hors taxe"),
    "unit_cost_ml": _("Coût du litre, hors taxe"),
    "unit_cost_piece": _("Coût de la pièce, hors taxe"),
    "meats": _("Viandes et leur origine"),
    "own_meats": _("Origine d’un fournisseur propre"),
    # promotions
    "code": _("Code"),
    "name": _("Titre"),
    "name_en": _("Titre en anglais"),
    "kind": _("Ce qu’elle offre"),
    "percent": _("Pourcentage"),
    "amount_cents": _("Montant"),
    "product": _("Produit offert"),
    "minimum_cents": _("Minimum d’achats"),
    "starts_at": _("Commence"),
    "ends_at": _("Se termine"),
    "from_minute": _("À partir de"),
    "to_minute": _("Jusqu’à"),
    "weekdays": _("Jours"),
    "restaurants": _("Restaurants"),
    "per_customer_limit": _("Fois par client"),
    "total_limit": _("Fois en tout"),
    "first_order_only": _("Première commande seulement"),
    "birthday_only": _("Anniversaire seulement"),
    "listed": _("Proposer dans le panier"),
}
# What one of a few words stands for, by the word.
WORDS: dict[object, str] = {str(each): text for each, text in LABELS.items()}


class FactChange(NamedTuple):
    """One line of a change; None: it was not there, or is not any more."""

    title: str
    before: str | None
    after: str | None


def fact_changes(request: Request, change: StaffChange) -> list[FactChange]:
    """Return what changed, in the visitor's language, in the order in which it was written."""
    return facts_in_words(request, change.facts_before, change.facts_after)


def facts_in_words(request: Request, before: Facts | None, after: Facts | None) -> list[FactChange]:
    """Return the same of facts that nobody has written down."""
    return [
        FactChange(
            FACTS.get(name, name),
            None if before is None else fact_value(request, name, before.get(name)),
            None if after is None else fact_value(request, name, after.get(name)),
        )
        for name in before or after or ()
        # Of what comes or goes, what is said of it.
        if (before and after)
        or name.endswith("_hours")
        or (before or after or {}).get(name) not in (None, "", [])
    ]


def differences_in_words(request: Request, now: Facts, written: Facts) -> list[FactChange]:
    """Return what somebody has written otherwise than it is now, in the order of their form."""
    others = [name for name, value in written.items() if now[name] != value]
    before, after = ({name: facts[name] for name in others} for facts in (now, written))
    return facts_in_words(request, before, after)


def newer_words(request: Request, now: Facts, typed: Facts) -> dict[str, str]:
    """Return in words what is another thing now than was typed, by the fact's name."""
    return {
        name: fact_value(request, name, value)
        for name, value in now.items()
        if typed[name] != value
    }


def fact_value(request: Request, name: str, value: Any) -> str:
    """Return a value as people write it, by what its name ends in."""
    locale, translate = LOCALES[request.locale_name], request.localizer.translate
    if name == "restaurant" and value is None:
        return translate(_("Groupe"))
    if name.endswith("_hours") and value == []:
        return translate(_("fermé"))
    if value is None or value in ("", []):
        return translate(_("aucun"))
    if isinstance(value, bool):
        return translate(_("oui") if value else _("non"))
    if name in ("role", "kind", "shelf", "vat_class", "diet"):
        return translate(WORDS.get(value, value))
    write = next((write for ending, write in WRITERS.items() if name.endswith(ending)), None)
    if write:
        return write(value, locale)
    return ", ".join(value) if isinstance(value, list) else str(value)


def _spans(spans: list[list[int]], locale: str) -> str:
    return ", ".join(f"{hour(opens, locale)} – {hour(closes, locale)}" for opens, closes in spans)


def _sizes(written: list[list[Any]], locale: str) -> str:
    return ", ".join(
        f"{' / '.join(filter(None, (name, name_en)))} {percent(factor * 100, locale)}"
        for name, name_en, factor, _ in written
    )


def _composition(written: list[list[Any]], locale: str) -> str:
    return ", ".join(f"{name} {quantity(count, unit, locale)}" for name, count, unit, _ in written)


def _extras(written: list[list[Any]], locale: str) -> str:
    # One that is put away stands between brackets.
    return ", ".join(
        text if active else f"({text})"
        for name, count, unit, cents, active in written
        for text in [f"{name} {quantity(count, unit, locale)} {euros(cents, locale)}"]
    )


def _meats(written: list[list[Any]], locale: str) -> str:
    say = localizer(locale[:2]).translate
    return ", ".join(
        f"{say(LABELS[Meat(meat)])} ({origin_words(origin, say, locale)})"
        for meat, prepared, *countries in written
        for origin in [MeatOrigin(Meat(meat), prepared, *map(tuple, countries))]
    )


def _moment(written: str, locale: str) -> str:
    at = datetime.fromisoformat(written)
    return f"{long_day(at, locale)}, {clock(at, locale)}"


# How a value is written, by the end of its fact's name.
WRITERS: dict[str, Callable[[Any, str], str]] = {
    "_cents": euros,
    "_minute": hour,
    "_at": _moment,
    "percent": lambda value, locale: percent(value * 100, locale),
    "weekdays": weekday_names,
    "_hours": _spans,
    "_day": lambda value, locale: calendar_day_of_year(date.fromisoformat(value), locale),
    "phone": lambda value, _locale: national_phone(value),
    "_limit": number,
    "alert_g": lambda value, locale: quantity(value, Unit.GRAM, locale),
    "alert_ml": lambda value, locale: quantity(value, Unit.MILLILITRE, locale),
    "alert_piece": number,
    "composition": _composition,
    "extras": _extras,
    "meats": _meats,
    "sizes": _sizes,
    # Of a gram, a thousandth of a cent is a cent for the kilogram.
    "unit_cost_g": euros,
    "unit_cost_ml": euros,
    "unit_cost_piece": lambda value, locale: euros(value // MILLICENTS, locale),
}
